//===- IndexRange.h - Bounds of index expressions ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_INDEXRANGE_H
#define MOA_DIALECT_MOA_IR_INDEXRANGE_H

#include "moa/Support/LLVM.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

#include <optional>

namespace moa {

/// The values from `lower` to `upper`, both included.
struct IndexRange {
  int64_t lower;
  int64_t upper;
};

/// Constant bounds of an index value: a constant, an axis of an array or the
/// index of a fold whose extents are constants, an `affine.apply` of such.
/// Nothing if there are none.
std::optional<IndexRange> getIndexRange(Value value);

/// `map` in a simpler form that has the same values at `operands`, by their
/// ranges: `(4 i + j) floordiv 4` is `i` where `0 <= j < 4`.
AffineMap simplifyInRanges(AffineMap map, ValueRange operands);

/// The value of `map`, of one result, at `operands`: an `affine.apply` composed
/// with those that compute the operands and simplified by ranges, or less.
OpFoldResult applyInRanges(OpBuilder &builder, Location loc, AffineMap map,
                           ArrayRef<OpFoldResult> operands);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_INDEXRANGE_H
