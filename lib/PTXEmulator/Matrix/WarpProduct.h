//===- WarpProduct.h - Matrix products of one warp --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_WARPPRODUCT_H
#define MOA_LIB_PTXEMULATOR_MATRIX_WARPPRODUCT_H

#include "Fragment.h"
#include "WholeWarp.h"

namespace moa::ptx {

struct MatrixShape {
  unsigned m = 0, n = 0, k = 0;
  bool operator==(const MatrixShape &) const = default;
  uint64_t multiplyAdds() const { return uint64_t(m) * n * k; }
};

/// Takes the modifier that is a shape, `m16n8k16`.
bool takeShape(Decoder &d, MatrixShape &shape);

/// D = A B + C.
struct ProductKind {
  MatrixShape shape;
  Element a, b;
  Type c = Type::None, d = Type::None;
  bool satfinite = false, isXor = false;
  Rounding rounding = Rounding::Nearest;
};

/// The result of an integer product: wraps or saturates.
inline int32_t addInteger(int32_t c, int32_t product, bool satfinite) {
  if (!satfinite)
    return static_cast<int32_t>(uint32_t(c) + uint32_t(product));
  int64_t sum = int64_t(c) + product;
  return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : int(sum);
}

/// Fragments as in Fragment.h.
void multiply(const ProductKind &kind, FragmentIn a, FragmentIn b, FragmentIn c,
              FragmentOut d);

/// An instruction on fragments in registers.
struct WarpProduct : InstExtra {
  ProductKind kind;
  bool rowA = true, rowB = false; ///< layouts, for m8n8k4 of f16
  std::vector<Slot> a, b, c, d;
  unsigned counter = 0; ///< of products of this shape and type
};

/// Takes the registers d, a, b, c. False after an error.
bool takeFragments(Decoder &d, WarpProduct &p);

/// Counts `times` products.
void countProducts(Warp &w, unsigned counter, uint64_t multiplyAdds);

/// Runs a WarpProduct.
void runWarpProduct(Warp &w, const Inst &in, Lanes lanes);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_WARPPRODUCT_H
