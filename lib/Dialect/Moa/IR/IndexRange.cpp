//===- IndexRange.cpp - Bounds of index expressions -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/IndexRange.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/AffineExprVisitor.h"

#include "llvm/Support/MathExtras.h"

using namespace moa;

using Bounds = std::optional<IndexRange>;

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// From `lower` to `upper`, not included, if there is anything.
static Bounds rangeBetween(std::optional<int64_t> lower,
                          std::optional<int64_t> upper) {
  if (!lower || !upper || *lower >= *upper)
    return std::nullopt;
  return IndexRange{*lower, *upper - 1};
}

static Bounds rangeOfArgument(BlockArgument argument) {
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto array = dyn_cast_or_null<ArrayOp>(parent)) {
    int64_t extent = array.getStaticExtents()[argument.getArgNumber()];
    return ShapedType::isDynamic(extent) ? Bounds() : rangeBetween(0, extent);
  }
  auto fold = dyn_cast_or_null<FoldOp>(parent);
  if (fold && argument == fold.getIndex())
    return rangeBetween(getConstantIntValue(fold.getLower()),
                        getConstantIntValue(fold.getUpper()));
  return std::nullopt;
}

static Bounds add(IndexRange a, IndexRange b) {
  int64_t lower, upper;
  if (llvm::AddOverflow(a.lower, b.lower, lower) ||
      llvm::AddOverflow(a.upper, b.upper, upper))
    return std::nullopt;
  return IndexRange{lower, upper};
}

static Bounds multiply(IndexRange a, int64_t factor) {
  int64_t x, y;
  if (llvm::MulOverflow(a.lower, factor, x) ||
      llvm::MulOverflow(a.upper, factor, y))
    return std::nullopt;
  return IndexRange{std::min(x, y), std::max(x, y)};
}

/// The range of `expr`, where dimensions, then symbols, have the given ranges.
static Bounds rangeOf(AffineExpr expr, unsigned numDims, ArrayRef<Bounds> known) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return IndexRange{constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return known[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return known[numDims + symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Bounds a = rangeOf(binary.getLHS(), numDims, known);
  if (binary.getKind() == AffineExprKind::Add) {
    Bounds b = rangeOf(binary.getRHS(), numDims, known);
    return a && b ? add(*a, *b) : std::nullopt;
  }
  auto right = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!right)
    return std::nullopt;
  int64_t c = right.getValue();
  switch (binary.getKind()) {
  case AffineExprKind::Mul:
    return a ? multiply(*a, c) : std::nullopt;
  case AffineExprKind::FloorDiv:
    if (!a || c <= 0)
      return std::nullopt;
    return IndexRange{llvm::divideFloorSigned(a->lower, c),
                      llvm::divideFloorSigned(a->upper, c)};
  case AffineExprKind::Mod:
    if (c <= 0)
      return std::nullopt;
    if (a && a->lower >= 0 && a->upper < c)
      return a;
    return IndexRange{0, c - 1};
  default:
    return std::nullopt;
  }
}

Bounds moa::getIndexRange(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return IndexRange{*constant, *constant};
  if (auto argument = dyn_cast<BlockArgument>(value))
    return rangeOfArgument(argument);
  auto apply = value.getDefiningOp<affine::AffineApplyOp>();
  if (!apply)
    return std::nullopt;
  SmallVector<Bounds> known;
  for (Value operand : apply.getMapOperands())
    known.push_back(getIndexRange(operand));
  AffineMap map = apply.getAffineMap();
  return rangeOf(map.getResult(0), map.getNumDims(), known);
}

//===----------------------------------------------------------------------===//
// Simplification
//===----------------------------------------------------------------------===//

namespace {
/// Divides sums: what the divisor divides leaves the quotient, and a rest with
/// known quotient vanishes.
class RangeSimplifier {
public:
  RangeSimplifier(unsigned numDims, ArrayRef<Bounds> known)
      : numDims(numDims), known(known) {}

  AffineExpr simplify(AffineExpr expr);

private:
  AffineExpr divide(AffineExpr expr, int64_t divisor);
  AffineExpr remainder(AffineExpr expr, int64_t divisor);
  /// Splits `expr` in a sum of multiples of `divisor`, divided by it, and the
  /// rest. Returns the rest's quotient if it is known.
  std::optional<int64_t> split(AffineExpr expr, int64_t divisor,
                               AffineExpr &quotient, AffineExpr &rest);

  unsigned numDims;
  ArrayRef<Bounds> known;
};
} // namespace

/// The summands of `expr`.
static void collectSummands(AffineExpr expr,
                            SmallVectorImpl<AffineExpr> &summands) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || binary.getKind() != AffineExprKind::Add) {
    summands.push_back(expr);
    return;
  }
  collectSummands(binary.getLHS(), summands);
  collectSummands(binary.getRHS(), summands);
}

std::optional<int64_t> RangeSimplifier::split(AffineExpr expr, int64_t divisor,
                                              AffineExpr &quotient,
                                              AffineExpr &rest) {
  quotient = rest = getAffineConstantExpr(0, expr.getContext());
  SmallVector<AffineExpr> summands;
  collectSummands(expr, summands);
  for (AffineExpr summand : summands) {
    if (summand.isMultipleOf(divisor))
      quotient = quotient + summand.floorDiv(divisor);
    else
      rest = rest + summand;
  }
  Bounds range = rangeOf(rest, numDims, known);
  if (!range)
    return std::nullopt;
  int64_t first = llvm::divideFloorSigned(range->lower, divisor);
  if (first != llvm::divideFloorSigned(range->upper, divisor))
    return std::nullopt;
  return first;
}

AffineExpr RangeSimplifier::divide(AffineExpr expr, int64_t divisor) {
  if (auto inner = dyn_cast<AffineBinaryOpExpr>(expr);
      inner && inner.getKind() == AffineExprKind::FloorDiv)
    if (auto first = dyn_cast<AffineConstantExpr>(inner.getRHS()))
      if (int64_t product;
          first.getValue() > 0 &&
          !llvm::MulOverflow(first.getValue(), divisor, product))
        return divide(inner.getLHS(), product);
  AffineExpr quotient, rest;
  if (std::optional<int64_t> constant = split(expr, divisor, quotient, rest))
    return quotient + *constant;
  return expr.floorDiv(divisor);
}

AffineExpr RangeSimplifier::remainder(AffineExpr expr, int64_t divisor) {
  AffineExpr quotient, rest;
  if (std::optional<int64_t> constant = split(expr, divisor, quotient, rest))
    return rest - *constant * divisor;
  return rest % divisor;
}

AffineExpr RangeSimplifier::simplify(AffineExpr expr) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return expr;
  AffineExpr left = simplify(binary.getLHS());
  AffineExpr right = simplify(binary.getRHS());
  auto constant = dyn_cast<AffineConstantExpr>(right);
  bool isPositive = constant && constant.getValue() > 0;
  if (isPositive && binary.getKind() == AffineExprKind::FloorDiv)
    return divide(left, constant.getValue());
  if (isPositive && binary.getKind() == AffineExprKind::Mod)
    return remainder(left, constant.getValue());
  return getAffineBinaryOpExpr(binary.getKind(), left, right);
}

AffineMap moa::simplifyInRanges(AffineMap map, ValueRange operands) {
  SmallVector<Bounds> known;
  for (Value operand : operands)
    known.push_back(getIndexRange(operand));
  RangeSimplifier simplifier(map.getNumDims(), known);
  SmallVector<AffineExpr> results;
  for (AffineExpr expr : map.getResults())
    results.push_back(simplifier.simplify(expr));
  return AffineMap::get(map.getNumDims(), map.getNumSymbols(), results,
                        map.getContext());
}

OpFoldResult moa::applyInRanges(OpBuilder &builder, Location loc, AffineMap map,
                                ArrayRef<OpFoldResult> operands) {
  OpFoldResult index = affine::makeComposedFoldedAffineApply(
      builder, loc, map, operands, /*composeAffineMin=*/false);
  auto value = dyn_cast<Value>(index);
  auto apply = value ? value.getDefiningOp<affine::AffineApplyOp>() : nullptr;
  if (!apply || !apply->use_empty())
    return index;
  AffineMap simpler = simplifyInRanges(apply.getAffineMap(),
                                       apply.getMapOperands());
  if (simpler == apply.getAffineMap())
    return index;
  OpFoldResult result = affine::makeComposedFoldedAffineApply(
      builder, loc, simpler, getAsOpFoldResult(apply.getMapOperands()),
      /*composeAffineMin=*/false);
  if (result != index)
    apply->erase();
  return result;
}
