//===- ShapeOps.cpp - iota, shape, reverse, transpose, reshape, ravel, cat -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Inference.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// iota
//===----------------------------------------------------------------------===//

LogicalResult IotaOp::verify() {
  RankedTensorType type = getType();
  if (static_cast<int64_t>(getAxis()) >= type.getRank())
    return emitOpError() << "axis " << getAxis()
                         << " is out of range for rank " << type.getRank();
  if (type.getElementType().isInteger(1))
    return emitOpError() << "cannot hold indices in elements of type i1";
  if (getExtents().size() != static_cast<size_t>(type.getNumDynamicDims()))
    return emitOpError() << "needs " << type.getNumDynamicDims()
                         << " operands, one for each dynamic extent of " << type
                         << ", but has " << getExtents().size();
  return success();
}

LogicalResult IotaOp::reifyResultShapes(OpBuilder &builder,
                                        ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(
      getMixedValues(getType().getShape(), getExtents(), builder));
  return success();
}

// psi_iota
Value IotaOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                           ValueRange indices) {
  Value index = indices[getAxis()];
  Type type = getType().getElementType();
  if (type.isIndex())
    return index;
  if (type.isInteger())
    return arith::IndexCastOp::create(builder, loc, type, index);
  Value wide =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), index);
  return arith::SIToFPOp::create(builder, loc, type, wide);
}

//===----------------------------------------------------------------------===//
// shape
//===----------------------------------------------------------------------===//

LogicalResult ShapeOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location>, ValueRange operands,
    DictionaryAttr, OpaqueProperties, RegionRange,
    SmallVectorImpl<Type> &types) {
  auto source = cast<RankedTensorType>(operands.front().getType());
  types.push_back(
      RankedTensorType::get({source.getRank()}, IndexType::get(context)));
  return success();
}

LogicalResult ShapeOp::verify() { return success(); }

LogicalResult ShapeOp::reifyResultShapes(OpBuilder &builder,
                                         ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back({builder.getIndexAttr(getSource().getType().getRank())});
  return success();
}

// psi_shape
Value ShapeOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                            ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape = math.shapeOf(getSource());
  if (std::optional<int64_t> axis = getConstantIntValue(indices[0]))
    if (*axis >= 0 && *axis < static_cast<int64_t>(shape.size()))
      return math.value(shape[*axis]);
  OpFoldResult result = math.constant(0);
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    Value here = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       indices[0],
                                       math.value(math.constant(axis)));
    result = math.select(here, extent, result);
  }
  return math.value(result);
}

OpFoldResult ShapeOp::fold(FoldAdaptor) {
  RankedTensorType type = getSource().getType();
  if (!type.hasStaticShape() || !getType().hasStaticShape())
    return {};
  return DenseIntElementsAttr::get(getType(), type.getShape());
}

//===----------------------------------------------------------------------===//
// reverse
//===----------------------------------------------------------------------===//

LogicalResult ReverseOp::verify() {
  return verifyAxes(*this, getAxes(), getType().getRank());
}

LogicalResult ReverseOp::reifyResultShapes(OpBuilder &builder,
                                           ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsSource(builder, getLoc(), getSource(), getType(), shapes);
}

// psi_reverse
Value ReverseOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                              ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<Value> source(indices);
  for (int64_t axis : getAxes()) {
    OpFoldResult last =
        math.sub(math.extentOf(getSource(), axis), math.constant(1));
    source[axis] = math.value(math.sub(last, indices[axis]));
  }
  return PsiOp::create(builder, loc, getSource(), source);
}

OpFoldResult ReverseOp::fold(FoldAdaptor) {
  if (getAxes().empty())
    return getSource();
  if (auto inner = getSource().getDefiningOp<ReverseOp>())
    if (inner.getAxes() == getAxes())
      return inner.getSource();
  return {};
}

//===----------------------------------------------------------------------===//
// transpose
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands.front().getType());
  SmallVector<int64_t> shape;
  if (static_cast<int64_t>(adaptor.getPermutation().size()) != source.getRank())
    return emitOptionalError(loc, "permutation has ",
                             adaptor.getPermutation().size(),
                             " entries for a source of rank ", source.getRank());
  if (!isPermutationVector(adaptor.getPermutation()))
    return emitOptionalError(loc, "permutation [", adaptor.getPermutation(),
                             "] does not name each axis once");
  for (int64_t axis : adaptor.getPermutation())
    shape.push_back(source.getDimSize(axis));
  types.push_back(RankedTensorType::get(shape, source.getElementType()));
  return success();
}

LogicalResult TransposeOp::verify() { return success(); }

LogicalResult
TransposeOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  IndexMath math(builder, getLoc());
  SmallVector<OpFoldResult> shape;
  for (int64_t axis : getPermutation())
    shape.push_back(math.extentOf(getSource(), axis));
  shapes.push_back(matchStaticExtents(builder, getLoc(), shape, getType()));
  return success();
}

// psi_transpose
Value TransposeOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                                ValueRange indices) {
  SmallVector<Value> source(indices.size());
  for (auto [axis, from] : llvm::enumerate(getPermutation()))
    source[from] = indices[axis];
  return PsiOp::create(builder, loc, getSource(), source);
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  if (getSource().getType() == getType() &&
      llvm::equal(getPermutation(), llvm::seq<int64_t>(getType().getRank())))
    return getSource();
  return {};
}

//===----------------------------------------------------------------------===//
// reshape
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location>, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands.front().getType());
  types.push_back(RankedTensorType::get(adaptor.getStaticExtents(),
                                        source.getElementType()));
  return success();
}

LogicalResult ReshapeOp::verify() {
  if (failed(verifyDynamicIndexList(*this, "extents", getStaticExtents(),
                                    getExtents())))
    return failure();
  for (int64_t extent : getStaticExtents())
    if (!ShapedType::isDynamic(extent) && extent < 0)
      return emitOpError() << "extent " << extent << " is negative";
  return success();
}

LogicalResult ReshapeOp::reifyResultShapes(OpBuilder &builder,
                                           ReifiedRankedShapedTypeDims &shapes) {
  SmallVector<OpFoldResult> extents =
      getMixedValues(getStaticExtents(), getExtents(), builder);
  shapes.push_back(matchStaticExtents(builder, getLoc(), extents, getType()));
  return success();
}

/// True if both types are known to have the same number of elements.
static bool haveSameSize(RankedTensorType a, RankedTensorType b) {
  return a.hasStaticShape() && b.hasStaticShape() &&
         a.getNumElements() == b.getNumElements();
}

// psi_reshape
Value ReshapeOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                              ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> from = math.shapeOf(getSource());
  ReifiedRankedShapedTypeDims to;
  (void)reifyResultShapes(builder, to);
  OpFoldResult offset = math.linearize(getAsOpFoldResult(indices), to.front());
  auto read = [&](OpBuilder &b, OpFoldResult at) -> Value {
    IndexMath inner(b, loc);
    return PsiOp::create(b, loc, getSource(),
                         inner.values(inner.delinearize(at, from)));
  };
  if (haveSameSize(getSource().getType(), getType()))
    return read(builder, offset);

  // The elements repeat; an empty source yields zeros.
  OpFoldResult size = math.product(from);
  if (std::optional<int64_t> count = getConstantIntValue(size);
      count && *count > 0)
    return read(builder, math.rem(offset, size));
  Type type = getType().getElementType();
  auto whole = scf::IfOp::create(
      builder, loc, math.less(math.constant(0), size),
      [&](OpBuilder &b, Location) {
        scf::YieldOp::create(b, loc,
                             read(b, IndexMath(b, loc).rem(offset, size)));
      },
      [&](OpBuilder &b, Location) {
        Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
        scf::YieldOp::create(b, loc, zero);
      });
  return whole.getResult(0);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getType().hasStaticShape() && getSource().getType() == getType())
    return getSource();
  return {};
}

//===----------------------------------------------------------------------===//
// ravel
//===----------------------------------------------------------------------===//

LogicalResult RavelOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location>, ValueRange operands,
    DictionaryAttr, OpaqueProperties, RegionRange,
    SmallVectorImpl<Type> &types) {
  auto source = cast<RankedTensorType>(operands.front().getType());
  int64_t size = source.hasStaticShape() ? source.getNumElements()
                                         : ShapedType::kDynamic;
  types.push_back(RankedTensorType::get({size}, source.getElementType()));
  return success();
}

LogicalResult RavelOp::verify() { return success(); }

LogicalResult RavelOp::reifyResultShapes(OpBuilder &builder,
                                         ReifiedRankedShapedTypeDims &shapes) {
  IndexMath math(builder, getLoc());
  OpFoldResult size = math.product(math.shapeOf(getSource()));
  shapes.push_back(matchStaticExtents(builder, getLoc(), {size}, getType()));
  return success();
}

// psi_ravel
Value RavelOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                            ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> source = math.delinearize(
      getAsOpFoldResult(indices.front()), math.shapeOf(getSource()));
  return PsiOp::create(builder, loc, getSource(), math.values(source));
}

OpFoldResult RavelOp::fold(FoldAdaptor) {
  return getSource().getType() == getType() ? getSource() : Value();
}

//===----------------------------------------------------------------------===//
// cat
//===----------------------------------------------------------------------===//

LogicalResult CatOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  if (operands.empty())
    return emitOptionalError(loc, "needs at least one source");
  auto first = cast<RankedTensorType>(operands.front().getType());
  int64_t joined = adaptor.getAxis();
  if (joined >= first.getRank())
    return emitOptionalError(loc, "axis ", joined,
                             " is out of range for rank ", first.getRank());
  SmallVector<int64_t> shape(first.getShape());
  for (auto [number, operand] : llvm::enumerate(operands.drop_front())) {
    auto type = cast<RankedTensorType>(operand.getType());
    if (type.getRank() != first.getRank() ||
        type.getElementType() != first.getElementType())
      return emitOptionalError(loc, "source #", number + 1, " of type ", type,
                               " must have rank and element type of ", first);
    for (auto [axis, extent] : llvm::enumerate(type.getShape())) {
      bool dynamic = ShapedType::isDynamic(extent);
      if (static_cast<int64_t>(axis) == joined)
        shape[axis] = dynamic || ShapedType::isDynamic(shape[axis])
                          ? ShapedType::kDynamic
                          : shape[axis] + extent;
      else if (ShapedType::isDynamic(shape[axis]))
        shape[axis] = extent;
      else if (!dynamic && extent != shape[axis])
        return emitOptionalError(loc, "source #", number + 1, " has extent ",
                                 extent, " along axis ", axis,
                                 ", but an earlier one has ", shape[axis]);
    }
  }
  types.push_back(RankedTensorType::get(shape, first.getElementType()));
  return success();
}

LogicalResult CatOp::verify() { return success(); }

LogicalResult CatOp::reifyResultShapes(OpBuilder &builder,
                                       ReifiedRankedShapedTypeDims &shapes) {
  IndexMath math(builder, getLoc());
  SmallVector<OpFoldResult> shape = math.shapeOf(getSources().front());
  for (Value source : getSources().drop_front())
    shape[getAxis()] =
        math.add(shape[getAxis()], math.extentOf(source, getAxis()));
  shapes.push_back(matchStaticExtents(builder, getLoc(), shape, getType()));
  return success();
}

SmallVector<EqualExtents> CatOp::getEqualExtents() {
  SmallVector<EqualExtents> equal;
  Value first = getSources().front();
  for (Value source : getSources().drop_front())
    for (int64_t axis : llvm::seq(getType().getRank()))
      if (axis != static_cast<int64_t>(getAxis()))
        equal.push_back({first, axis, source, axis});
  return equal;
}

/// The element at `indices` of the concatenation of `sources`.
static Value buildCatElement(OpBuilder &builder, Location loc,
                             ValueRange sources, int64_t axis,
                             ValueRange indices) {
  if (sources.size() == 1)
    return PsiOp::create(builder, loc, sources.front(), indices);
  IndexMath math(builder, loc);
  OpFoldResult extent = math.extentOf(sources.front(), axis);
  Value inFirst = math.less(indices[axis], extent);
  auto choice = scf::IfOp::create(
      builder, loc, inFirst,
      [&](OpBuilder &b, Location) {
        Value element = PsiOp::create(b, loc, sources.front(), indices);
        scf::YieldOp::create(b, loc, element);
      },
      [&](OpBuilder &b, Location) {
        IndexMath inner(b, loc);
        SmallVector<Value> rest(indices);
        rest[axis] = inner.value(inner.sub(indices[axis], extent));
        scf::YieldOp::create(
            b, loc, buildCatElement(b, loc, sources.drop_front(), axis, rest));
      });
  return choice.getResult(0);
}

// psi_cat
Value CatOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                          ValueRange indices) {
  return buildCatElement(builder, loc, getSources(), getAxis(), indices);
}

OpFoldResult CatOp::fold(FoldAdaptor) {
  if (getSources().size() == 1 && getSources().front().getType() == getType())
    return getSources().front();
  return {};
}
