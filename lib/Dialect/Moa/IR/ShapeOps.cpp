//===- ShapeOps.cpp - iota, shape, reverse, transpose, reshape, ravel, cat -*-
// C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Guard.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Inference.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// iota
//===----------------------------------------------------------------------===//

LogicalResult IotaOp::verify() {
  RankedTensorType type = getType();
  if (static_cast<int64_t>(getAxis()) >= type.getRank())
    return emitOpError() << "axis " << getAxis() << " is out of range for rank "
                         << type.getRank();
  if (type.getElementType().isInteger(1))
    return emitOpError() << "cannot hold indices in elements of type i1";
  if (getExtents().size() != static_cast<size_t>(type.getNumDynamicDims()))
    return emitOpError() << "needs " << type.getNumDynamicDims()
                         << " operands, one for each dynamic extent of " << type
                         << ", but has " << getExtents().size();
  return success();
}

SmallVector<OpFoldResult> IotaOp::computeExtents(OpBuilder &builder,
                                                 Location loc) {
  return getMixedValues(getType().getShape(), getExtents(), builder);
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

LogicalResult ShapeOp::inferReturnTypes(MLIRContext *context,
                                        std::optional<Location>,
                                        ValueRange operands, DictionaryAttr,
                                        OpaqueProperties, RegionRange,
                                        SmallVectorImpl<Type> &types) {
  auto source = cast<RankedTensorType>(operands.front().getType());
  types.push_back(
      RankedTensorType::get({source.getRank()}, IndexType::get(context)));
  return success();
}

LogicalResult ShapeOp::verify() { return success(); }

SmallVector<OpFoldResult> ShapeOp::computeExtents(OpBuilder &builder,
                                                  Location loc) {
  return {builder.getIndexAttr(getSource().getType().getRank())};
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
    Value here =
        arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                              indices[0], math.value(math.constant(axis)));
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

SmallVector<OpFoldResult> ReverseOp::computeExtents(OpBuilder &builder,
                                                    Location loc) {
  return IndexMath(builder, loc).shapeOf(getSource());
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

LogicalResult
TransposeOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                              ValueRange operands, DictionaryAttr attributes,
                              OpaqueProperties properties, RegionRange regions,
                              SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands.front().getType());
  SmallVector<int64_t> shape;
  if (static_cast<int64_t>(adaptor.getPermutation().size()) != source.getRank())
    return emitOptionalError(loc, "'moa.transpose' op permutation has ",
                             adaptor.getPermutation().size(),
                             " entries for a source of rank ",
                             source.getRank());
  if (!isPermutationVector(adaptor.getPermutation()))
    return emitOptionalError(loc, "'moa.transpose' op permutation [",
                             adaptor.getPermutation(),
                             "] does not name each axis once");
  for (int64_t axis : adaptor.getPermutation())
    shape.push_back(source.getDimSize(axis));
  types.push_back(RankedTensorType::get(shape, source.getElementType()));
  return success();
}

LogicalResult TransposeOp::verify() { return success(); }

SmallVector<OpFoldResult> TransposeOp::computeExtents(OpBuilder &builder,
                                                      Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape;
  for (int64_t axis : getPermutation())
    shape.push_back(math.extentOf(getSource(), axis));
  return shape;
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

LogicalResult
ReshapeOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands.front().getType());
  for (int64_t extent : adaptor.getStaticExtents())
    if (!ShapedType::isDynamic(extent) && extent < 0)
      return emitOptionalError(loc, "'moa.reshape' op extent ", extent,
                               " is negative");
  types.push_back(RankedTensorType::get(adaptor.getStaticExtents(),
                                        source.getElementType()));
  return success();
}

LogicalResult ReshapeOp::verify() {
  if (failed(verifyDynamicIndexList(*this, "extents", getStaticExtents(),
                                    getExtents())))
    return failure();
  for (RankedTensorType type : {getSource().getType(), getType()})
    if (!countElements(type))
      return emitOpError() << "cannot number the elements of " << type
                           << " by 64-bit offsets";
  return success();
}

SmallVector<OpFoldResult> ReshapeOp::computeExtents(OpBuilder &builder,
                                                    Location loc) {
  SmallVector<OpFoldResult> extents =
      getMixedValues(getStaticExtents(), getExtents(), builder);
  return extents;
}

/// True if `source` is known to have all the elements that `result` needs.
static bool needsNoRepetition(RankedTensorType source,
                              RankedTensorType result) {
  return source.hasStaticShape() && result.hasStaticShape() &&
         result.getNumElements() <= source.getNumElements();
}

// psi_reshape
Value ReshapeOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                              ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> from = math.shapeOf(getSource());
  OpFoldResult offset =
      math.linearize(getAsOpFoldResult(indices), computeExtents(builder, loc));
  auto read = [&](OpBuilder &b, OpFoldResult at) -> Value {
    IndexMath inner(b, loc);
    return PsiOp::create(b, loc, getSource(),
                         inner.values(inner.delinearize(at, from)));
  };
  if (needsNoRepetition(getSource().getType(), getType()))
    return read(builder, offset);

  // The elements repeat; an empty source yields zeros.
  OpFoldResult size = math.product(from);
  Type type = getType().getElementType();
  return buildGuarded(
      builder, loc, math.less(math.constant(0), size),
      [&](OpBuilder &b, Location) {
        return read(b, IndexMath(b, loc).rem(offset, size));
      },
      [&](OpBuilder &b, Location) -> Value {
        return arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
      });
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getType().hasStaticShape() && getSource().getType() == getType())
    return getSource();
  return {};
}

//===----------------------------------------------------------------------===//
// ravel
//===----------------------------------------------------------------------===//

LogicalResult RavelOp::inferReturnTypes(MLIRContext *context,
                                        std::optional<Location> loc,
                                        ValueRange operands, DictionaryAttr,
                                        OpaqueProperties, RegionRange,
                                        SmallVectorImpl<Type> &types) {
  auto source = cast<RankedTensorType>(operands.front().getType());
  std::optional<int64_t> size = countElements(source);
  if (!size)
    return emitOptionalError(loc,
                             "'moa.ravel' op cannot number the elements of ",
                             source, " by 64-bit offsets");
  types.push_back(RankedTensorType::get({*size}, source.getElementType()));
  return success();
}

LogicalResult RavelOp::verify() { return success(); }

SmallVector<OpFoldResult> RavelOp::computeExtents(OpBuilder &builder,
                                                  Location loc) {
  IndexMath math(builder, loc);
  OpFoldResult size = math.product(math.shapeOf(getSource()));
  return {size};
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

LogicalResult
CatOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                        ValueRange operands, DictionaryAttr attributes,
                        OpaqueProperties properties, RegionRange regions,
                        SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  if (operands.empty())
    return emitOptionalError(loc, "'moa.cat' op needs at least one source");
  auto first = cast<RankedTensorType>(operands.front().getType());
  int64_t joined = adaptor.getAxis();
  if (joined >= first.getRank())
    return emitOptionalError(loc, "'moa.cat' op axis ", joined,
                             " is out of range for rank ", first.getRank());
  SmallVector<int64_t> shape(first.getShape());
  for (auto [number, operand] : llvm::enumerate(operands.drop_front())) {
    auto type = cast<RankedTensorType>(operand.getType());
    if (type.getRank() != first.getRank() ||
        type.getElementType() != first.getElementType())
      return emitOptionalError(loc, "'moa.cat' op source #", number + 1,
                               " of type ", type,
                               " must have rank and element type of ", first);
    for (auto [axis, extent] : llvm::enumerate(type.getShape())) {
      bool dynamic = ShapedType::isDynamic(extent);
      if (static_cast<int64_t>(axis) == joined) {
        if (dynamic || ShapedType::isDynamic(shape[axis]))
          shape[axis] = ShapedType::kDynamic;
        else if (llvm::AddOverflow(shape[axis], extent, shape[axis]))
          return emitOptionalError(loc, "'moa.cat' op extents along axis ",
                                   axis, " add up to more than 64 bits hold");
      } else if (ShapedType::isDynamic(shape[axis])) {
        shape[axis] = extent;
      } else if (!dynamic && extent != shape[axis]) {
        return emitOptionalError(loc, "'moa.cat' op source #", number + 1,
                                 " has extent ", extent, " along axis ", axis,
                                 ", but an earlier one has ", shape[axis]);
      }
    }
  }
  types.push_back(RankedTensorType::get(shape, first.getElementType()));
  return success();
}

LogicalResult CatOp::verify() { return success(); }

SmallVector<OpFoldResult> CatOp::computeExtents(OpBuilder &builder,
                                                Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape = math.shapeOf(getSources().front());
  for (Value source : getSources().drop_front()) {
    auto type = cast<RankedTensorType>(source.getType());
    for (auto [axis, extent] : llvm::enumerate(shape))
      if (axis == getAxis())
        extent = math.add(extent, math.extentOf(source, axis));
      else if (!type.isDynamicDim(axis)) // All are equal; this one is known.
        extent = math.constant(type.getDimSize(axis));
  }
  return shape;
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
  return buildGuarded(
      builder, loc, inFirst,
      [&](OpBuilder &b, Location) -> Value {
        return PsiOp::create(b, loc, sources.front(), indices);
      },
      [&](OpBuilder &b, Location) {
        IndexMath inner(b, loc);
        SmallVector<Value> rest(indices);
        rest[axis] = inner.value(inner.sub(indices[axis], extent));
        return buildCatElement(b, loc, sources.drop_front(), axis, rest);
      });
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
