//===- FoldDomain.cpp - Ranges of folds over tiles --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/FoldDomain.h"

#include "moa/Dialect/Moa/IR/Dependence.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;

namespace {
/// Smallest and largest values of indices over a tile.
class TileExtremes {
public:
  TileExtremes(OpBuilder &builder, Location loc, ArrayRef<TileAxis> axes)
      : math(builder, loc), axes(axes) {}

  FailureOr<OpFoldResult> get(Value value, bool largest);

  IndexMath math;

private:
  bool isFixed(Value value);
  FailureOr<OpFoldResult> get(AffineExpr expr, affine::AffineApplyOp apply,
                              bool largest);

  ArrayRef<TileAxis> axes;
  AxisSets sets;
};
} // namespace

/// True if the value is the same for the whole tile.
bool TileExtremes::isFixed(Value value) {
  const AxisSet &used = sets.get(value);
  return llvm::none_of(axes, [&](const TileAxis &tile) {
    return used.contains(cast<BlockArgument>(tile.axis));
  });
}

FailureOr<OpFoldResult> TileExtremes::get(AffineExpr expr,
                                          affine::AffineApplyOp apply,
                                          bool largest) {
  unsigned dims = apply.getAffineMap().getNumDims();
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return math.constant(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return get(apply.getMapOperands()[dim.getPosition()], largest);
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return get(apply.getMapOperands()[dims + symbol.getPosition()], largest);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  if (expr.getKind() == AffineExprKind::Add) {
    auto a = get(binary.getLHS(), apply, largest),
         b = get(binary.getRHS(), apply, largest);
    if (failed(a) || failed(b))
      return failure();
    return math.add(*a, *b);
  }
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!factor)
    return failure();
  if (expr.getKind() == AffineExprKind::Mul) {
    auto a = get(binary.getLHS(), apply, largest == (factor.getValue() >= 0));
    if (failed(a))
      return failure();
    return math.mul(*a, math.constant(factor.getValue()));
  }
  if (expr.getKind() == AffineExprKind::FloorDiv && factor.getValue() > 0) {
    auto a = get(binary.getLHS(), apply, largest);
    if (failed(a))
      return failure();
    return math.div(*a, math.constant(factor.getValue()));
  }
  return failure();
}

FailureOr<OpFoldResult> TileExtremes::get(Value value, bool largest) {
  if (isFixed(value))
    return OpFoldResult(value);
  for (const TileAxis &tile : axes)
    if (value == tile.axis)
      return largest ? tile.last : tile.first;
  if (auto apply = value.getDefiningOp<affine::AffineApplyOp>())
    return get(apply.getAffineMap().getResult(0), apply, largest);
  Operation *op = value.getDefiningOp();
  if (!isa_and_nonnull<arith::MaxSIOp, arith::MinSIOp>(op))
    return failure();
  auto a = get(op->getOperand(0), largest), b = get(op->getOperand(1), largest);
  if (failed(a) || failed(b))
    return failure();
  return isa<arith::MaxSIOp>(op) ? math.max(*a, *b) : math.min(*a, *b);
}

FailureOr<TileRange> moa::buildTileRange(OpBuilder &builder, FoldOp fold,
                                         ArrayRef<TileAxis> axes) {
  TileExtremes extremes(builder, fold.getLoc(), axes);
  auto begin = extremes.get(fold.getLower(), /*largest=*/false),
       mainBegin = extremes.get(fold.getLower(), /*largest=*/true),
       mainEnd = extremes.get(fold.getUpper(), /*largest=*/false),
       end = extremes.get(fold.getUpper(), /*largest=*/true);
  if (failed(begin) || failed(mainBegin) || failed(mainEnd) || failed(end))
    return failure();
  // The main loop may have no index; then it stands between the edges.
  IndexMath &math = extremes.math;
  OpFoldResult from = math.max(*begin, math.min(*mainBegin, *end));
  return TileRange{*begin, from, math.max(from, *mainEnd), *end};
}
