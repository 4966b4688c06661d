//===- MapOps.cpp - map, select, outer -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Broadcast.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Inference.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace moa;

static SmallVector<Type> elementTypes(ValueRange arrays) {
  return llvm::map_to_vector(
      arrays, [](Value v) { return getElementTypeOrSelf(v.getType()); });
}

/// The text of an error about extents that do not broadcast.
static InFlightDiagnostic emitBroadcastError(Operation *op, int64_t axis) {
  return op->emitOpError()
         << "sources have different static extents along axis " << axis
         << " from the last";
}

//===----------------------------------------------------------------------===//
// map
//===----------------------------------------------------------------------===//

LogicalResult MapOp::verify() {
  if (getSources().empty())
    return emitOpError() << "needs at least one source";
  int64_t axis = 0;
  FailureOr<SmallVector<int64_t>> shape = broadcastShapes(getSources(), &axis);
  if (failed(shape))
    return emitBroadcastError(*this, axis);
  return verifyResultType(*this, getType(), *shape, getType().getElementType(),
                          "result");
}

SmallVector<int64_t> MapOp::inferShape() {
  return *broadcastShapes(getSources());
}

OpFoldResult MapOp::fold(FoldAdaptor) {
  // The identity on one source.
  auto yield = dyn_cast<YieldOp>(getBody().front().front());
  auto argument =
      yield ? dyn_cast<BlockArgument>(yield.getOperand(0)) : BlockArgument();
  if (!argument || argument.getOwner() != &getBody().front())
    return {};
  Value source = getSources()[argument.getArgNumber()];
  return source.getType() == getType() ? source : Value();
}

LogicalResult MapOp::verifyRegions() {
  return verifyScalarRegion(*this, getBody(), "body",
                            elementTypes(getSources()),
                            {getType().getElementType()});
}

void MapOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn set) {
  nameElements(region, set);
}

SmallVector<OpFoldResult> MapOp::computeExtents(OpBuilder &builder,
                                                Location loc) {
  return reifyBroadcast(builder, loc, getSources());
}

SmallVector<EqualExtents> MapOp::getEqualExtents() {
  return getEqualBroadcastExtents(getSources());
}

// psi_map
Value MapOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                          ValueRange indices) {
  SmallVector<Value> arguments;
  for (Value source : getSources())
    arguments.push_back(buildBroadcastElement(builder, loc, source, indices));
  return inlineScalarRegion(builder, getBody(), arguments).front();
}

//===----------------------------------------------------------------------===//
// select
//===----------------------------------------------------------------------===//

LogicalResult SelectOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> loc,
                                         ValueRange operands, DictionaryAttr,
                                         OpaqueProperties, RegionRange,
                                         SmallVectorImpl<Type> &types) {
  int64_t axis = 0;
  FailureOr<SmallVector<int64_t>> shape = broadcastShapes(operands, &axis);
  if (failed(shape))
    return emitOptionalError(loc,
                             "'moa.select' op sources have different static "
                             "extents along axis ",
                             axis, " from the last");
  types.push_back(
      RankedTensorType::get(*shape, getElementTypeOrSelf(operands[1])));
  return success();
}

LogicalResult SelectOp::verify() {
  if (!getMask().getType().getElementType().isInteger(1))
    return emitOpError() << "mask must have elements of type i1, but is "
                         << getMask().getType();
  if (getOnTrue().getType().getElementType() !=
      getOnFalse().getType().getElementType())
    return emitOpError() << "chooses between different element types: "
                         << getOnTrue().getType() << " and "
                         << getOnFalse().getType();
  return success();
}

SmallVector<OpFoldResult> SelectOp::computeExtents(OpBuilder &builder,
                                                   Location loc) {
  return reifyBroadcast(builder, loc, getOperands());
}

SmallVector<EqualExtents> SelectOp::getEqualExtents() {
  return getEqualBroadcastExtents(getOperands());
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  Value chosen;
  if (getOnTrue() == getOnFalse())
    chosen = getOnTrue();
  else if (auto mask = dyn_cast_or_null<SplatElementsAttr>(adaptor.getMask()))
    chosen = mask.getSplatValue<bool>() ? getOnTrue() : getOnFalse();
  return chosen && chosen.getType() == getType() ? chosen : Value();
}

// psi_select
Value SelectOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                             ValueRange indices) {
  auto element = [&](Value source) {
    return buildBroadcastElement(builder, loc, source, indices);
  };
  Value mask = element(getMask());
  Value onTrue = element(getOnTrue());
  return arith::SelectOp::create(builder, loc, mask, onTrue,
                                 element(getOnFalse()));
}

//===----------------------------------------------------------------------===//
// outer
//===----------------------------------------------------------------------===//

LogicalResult OuterOp::verify() {
  return verifyResultType(*this, getType(), inferShape(),
                          getType().getElementType(), "result");
}

SmallVector<int64_t> OuterOp::inferShape() {
  SmallVector<int64_t> shape(getLhs().getType().getShape());
  llvm::append_range(shape, getRhs().getType().getShape());
  return shape;
}

LogicalResult OuterOp::verifyRegions() {
  return verifyScalarRegion(*this, getBody(), "body",
                            elementTypes(getOperands()),
                            {getType().getElementType()});
}

void OuterOp::getAsmBlockArgumentNames(Region &region,
                                       OpAsmSetValueNameFn set) {
  nameElements(region, set);
}

SmallVector<OpFoldResult> OuterOp::computeExtents(OpBuilder &builder,
                                                  Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape = math.shapeOf(getLhs());
  llvm::append_range(shape, math.shapeOf(getRhs()));
  return shape;
}

// psi_outer
Value OuterOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                            ValueRange indices) {
  int64_t split = getLhs().getType().getRank();
  Value lhs = PsiOp::create(builder, loc, getLhs(), indices.take_front(split));
  Value rhs = PsiOp::create(builder, loc, getRhs(), indices.drop_front(split));
  return inlineScalarRegion(builder, getBody(), {lhs, rhs}).front();
}
