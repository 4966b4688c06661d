//===- Broadcast.cpp - Broadcasting of pointwise operations ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Broadcast.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;

static RankedTensorType arrayType(Value source) {
  return cast<RankedTensorType>(source.getType());
}

static int64_t broadcastRank(ValueRange sources) {
  int64_t rank = 0;
  for (Value source : sources)
    rank = std::max(rank, arrayType(source).getRank());
  return rank;
}

/// The extent of `source` at result axis `axis`; 1 where it has no such axis.
static int64_t alignedExtent(Value source, int64_t axis, int64_t rank) {
  int64_t own = axis - (rank - arrayType(source).getRank());
  return own < 0 ? 1 : arrayType(source).getDimSize(own);
}

FailureOr<SmallVector<int64_t>> moa::broadcastShapes(ValueRange sources,
                                                     int64_t *axis) {
  int64_t rank = broadcastRank(sources);
  SmallVector<int64_t> shape(rank, 1);
  for (int64_t a = rank; a-- > 0;) {
    for (Value source : sources) {
      int64_t extent = alignedExtent(source, a, rank);
      if (extent == 1 || extent == shape[a])
        continue;
      if (shape[a] == 1 || ShapedType::isDynamic(shape[a])) {
        shape[a] = extent;
      } else if (!ShapedType::isDynamic(extent)) {
        if (axis)
          *axis = rank - 1 - a;
        return failure();
      }
    }
  }
  return shape;
}

SmallVector<OpFoldResult> moa::reifyBroadcast(OpBuilder &builder, Location loc,
                                              ValueRange sources) {
  IndexMath math(builder, loc);
  int64_t rank = broadcastRank(sources);
  SmallVector<OpFoldResult> shape;
  for (int64_t a : llvm::seq(rank)) {
    Value best;
    int64_t extent = 1;
    for (Value source : sources) {
      int64_t e = alignedExtent(source, a, rank);
      bool better = e != 1 && (extent == 1 || (ShapedType::isDynamic(extent) &&
                                               !ShapedType::isDynamic(e)));
      if (better) {
        best = source;
        extent = e;
      }
    }
    if (!ShapedType::isDynamic(extent))
      shape.push_back(math.constant(extent));
    else
      shape.push_back(
          math.extentOf(best, a - (rank - arrayType(best).getRank())));
  }
  return shape;
}

SmallVector<EqualExtents> moa::getEqualBroadcastExtents(ValueRange sources) {
  SmallVector<EqualExtents> equal;
  int64_t rank = broadcastRank(sources);
  auto ownAxis = [&](Value source, int64_t axis) {
    return axis - (rank - arrayType(source).getRank());
  };
  for (int64_t axis : llvm::seq(rank)) {
    Value first;
    for (Value source : sources) {
      if (alignedExtent(source, axis, rank) == 1)
        continue;
      if (first)
        equal.push_back(
            {first, ownAxis(first, axis), source, ownAxis(source, axis)});
      else
        first = source;
    }
  }
  return equal;
}

Value moa::buildBroadcastElement(OpBuilder &builder, Location loc, Value source,
                                 ValueRange indices) {
  RankedTensorType type = arrayType(source);
  SmallVector<Value> own(indices.take_back(type.getRank()));
  for (auto [axis, index] : llvm::enumerate(own))
    if (type.getDimSize(axis) == 1)
      index = arith::ConstantIndexOp::create(builder, loc, 0);
  return PsiOp::create(builder, loc, source, own);
}
