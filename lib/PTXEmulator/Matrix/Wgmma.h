//===- Wgmma.h - Matrix products of a warpgroup -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_WGMMA_H
#define MOA_LIB_PTXEMULATOR_MATRIX_WGMMA_H

#include "SharedMatrix.h"
#include "WarpProduct.h"

namespace moa::ptx {

/// D = A B + D by four warps; each has 16 of the 64 rows of A and D.
struct GroupProduct : InstExtra {
  MatrixShape shape;
  Element a, b;
  Type d = Type::None;
  bool satfinite = false;
  bool fromRegisters = false; ///< A
  bool negateA = false, negateB = false;
  bool mnMajorA = false, mnMajorB = false;
  std::vector<Slot> accumulators, registersOfA;
  unsigned counter = 0;
};

/// Decodes wgmma.mma_async; the first two words are taken.
bool decodeGroupProduct(Decoder &d);

/// Multiplies for the four warps from `first` on, which all stand at `in`.
/// False after a fault.
bool multiplyGroup(Warp *const *warps, Warp &issuer, const Inst &in,
                   const GroupProduct &p, bool add, uint64_t descriptorA,
                   uint64_t descriptorB, const Actor &actor);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_WGMMA_H
