//===- ReduceOps.cpp - reduce, scan, inner ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/FoldBuilder.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Inference.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/IR/TypeUtilities.h"

using namespace moa;

/// What `moa.reduce`, `moa.scan` and `moa.inner` say of their reducer.
template <typename OpTy> static Reduction getReduction(OpTy op) {
  return {op.getReducer(), op.getInit(), &op.getCombiner()};
}

//===----------------------------------------------------------------------===//
// reduce
//===----------------------------------------------------------------------===//

/// The entries of `list`, one for each axis of the source, that stay.
template <typename T>
static SmallVector<T> dropReduced(ReduceOp op, ArrayRef<T> list) {
  SmallVector<T> kept;
  for (auto [axis, entry] : llvm::enumerate(list))
    if (!llvm::is_contained(op.getAxes(), static_cast<int64_t>(axis)))
      kept.push_back(entry);
  return kept;
}

LogicalResult ReduceOp::verify() {
  RankedTensorType source = getSource().getType();
  if (failed(verifyAxes(*this, getAxes(), source.getRank())))
    return failure();
  Type element = source.getElementType();
  if (failed(
          verifyResultType(*this, getType(), inferShape(), element, "result")))
    return failure();
  return verifyReduction(*this, getReducer(), element, getInit(),
                         getCombiner());
}

SmallVector<int64_t> ReduceOp::inferShape() {
  return dropReduced(*this, getSource().getType().getShape());
}

LogicalResult ReduceOp::verifyRegions() {
  return verifyCombiner(*this, getType().getElementType(), getCombiner());
}

void ReduceOp::getAsmBlockArgumentNames(Region &region,
                                        OpAsmSetValueNameFn set) {
  nameArguments(region, set, {"acc", "next"});
}

SmallVector<OpFoldResult> ReduceOp::computeExtents(OpBuilder &builder,
                                                   Location loc) {
  SmallVector<OpFoldResult> source =
      IndexMath(builder, loc).shapeOf(getSource());
  return dropReduced<OpFoldResult>(*this, source);
}

// psi_reduce
Value ReduceOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                             ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> extents;
  for (int64_t axis : getAxes())
    extents.push_back(math.extentOf(getSource(), axis));
  return buildFoldOverAxes(
      builder, loc, getReduction(*this), getType().getElementType(), extents,
      [&](OpBuilder &b, ValueRange folded) -> Value {
        SmallVector<Value> source;
        for (int64_t axis : llvm::seq(getSource().getType().getRank())) {
          bool reduced = llvm::is_contained(getAxes(), axis);
          ValueRange &from = reduced ? folded : indices;
          source.push_back(from.front());
          from = from.drop_front();
        }
        return PsiOp::create(b, loc, getSource(), source);
      });
}

//===----------------------------------------------------------------------===//
// scan
//===----------------------------------------------------------------------===//

LogicalResult ScanOp::verify() {
  int64_t rank = getType().getRank();
  if (static_cast<int64_t>(getAxis()) >= rank)
    return emitOpError() << "axis " << getAxis() << " is out of range for rank "
                         << rank;
  return verifyReduction(*this, getReducer(), getType().getElementType(),
                         getInit(), getCombiner());
}

LogicalResult ScanOp::verifyRegions() {
  return verifyCombiner(*this, getType().getElementType(), getCombiner());
}

void ScanOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn set) {
  nameArguments(region, set, {"acc", "next"});
}

SmallVector<OpFoldResult> ScanOp::computeExtents(OpBuilder &builder,
                                                 Location loc) {
  return IndexMath(builder, loc).shapeOf(getSource());
}

// psi_scan
Value ScanOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                           ValueRange indices) {
  IndexMath math(builder, loc);
  OpFoldResult here = indices[getAxis()];
  OpFoldResult next = math.add(here, math.constant(1));
  OpFoldResult lower = math.constant(0);
  OpFoldResult upper = getExclusive() ? here : next;
  if (getReverse()) {
    lower = getExclusive() ? next : here;
    upper = math.extentOf(getSource(), getAxis());
  }
  return buildFold(builder, loc, getReduction(*this),
                   getType().getElementType(), lower, upper,
                   [&](OpBuilder &b, Value k) -> Value {
                     SmallVector<Value> source(indices);
                     source[getAxis()] = k;
                     return PsiOp::create(b, loc, getSource(), source);
                   });
}

//===----------------------------------------------------------------------===//
// inner
//===----------------------------------------------------------------------===//

LogicalResult InnerOp::verify() {
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType();
  if (lhs.getRank() == 0 || rhs.getRank() == 0)
    return emitOpError() << "contracts the last axis of the first with the "
                            "first of the second, but one has rank 0";
  int64_t last = lhs.getShape().back(), first = rhs.getShape().front();
  if (failed(verifyCompatibleShape(ArrayRef(last), ArrayRef(first))))
    return emitOpError() << "contracts extent " << last << " with extent "
                         << first;
  Type element = getType().getElementType();
  if (failed(
          verifyResultType(*this, getType(), inferShape(), element, "result")))
    return failure();
  return verifyReduction(*this, getReducer(), element, getInit(),
                         getCombiner());
}

SmallVector<int64_t> InnerOp::inferShape() {
  SmallVector<int64_t> shape(getLhs().getType().getShape().drop_back());
  llvm::append_range(shape, getRhs().getType().getShape().drop_front());
  return shape;
}

LogicalResult InnerOp::verifyRegions() {
  Type element = getType().getElementType();
  SmallVector<Type> arguments{getLhs().getType().getElementType(),
                              getRhs().getType().getElementType()};
  if (failed(
          verifyScalarRegion(*this, getBody(), "body", arguments, {element})))
    return failure();
  return verifyCombiner(*this, element, getCombiner());
}

void InnerOp::getAsmBlockArgumentNames(Region &region,
                                       OpAsmSetValueNameFn set) {
  if (&region == &getBody())
    nameElements(region, set);
  else
    nameArguments(region, set, {"acc", "next"});
}

SmallVector<OpFoldResult> InnerOp::computeExtents(OpBuilder &builder,
                                                  Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape = math.shapeOf(getLhs());
  shape.pop_back();
  llvm::append_range(shape, llvm::drop_begin(math.shapeOf(getRhs())));
  return shape;
}

SmallVector<EqualExtents> InnerOp::getEqualExtents() {
  return {{getLhs(), getLhs().getType().getRank() - 1, getRhs(), 0}};
}

// psi_inner
Value InnerOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                            ValueRange indices) {
  IndexMath math(builder, loc);
  int64_t outer = getLhs().getType().getRank() - 1;
  // The static one of the two extents, which are equal.
  OpFoldResult extent = math.extentOf(getLhs(), outer);
  if (!getRhs().getType().isDynamicDim(0))
    extent = math.extentOf(getRhs(), 0);
  return buildFold(
      builder, loc, getReduction(*this), getType().getElementType(),
      math.constant(0), extent, [&](OpBuilder &b, Value k) {
        SmallVector<Value> left(indices.take_front(outer)), right{k};
        left.push_back(k);
        llvm::append_range(right, indices.drop_front(outer));
        Value x = PsiOp::create(b, loc, getLhs(), left);
        Value y = PsiOp::create(b, loc, getRhs(), right);
        return inlineScalarRegion(b, getBody(), {x, y}).front();
      });
}
