//===- IndexOps.cpp - psi, take, drop, rotate, gather ----------*- C++ -*-===//
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
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// psi
//===----------------------------------------------------------------------===//

LogicalResult PsiOp::inferReturnTypes(MLIRContext *context,
                                      std::optional<Location> loc,
                                      ValueRange operands, DictionaryAttr,
                                      OpaqueProperties, RegionRange,
                                      SmallVectorImpl<Type> &types) {
  // The parser asks for the type before anything has been verified.
  auto source = dyn_cast<ShapedType>(operands.front().getType());
  if (!isa_and_nonnull<RankedTensorType, MemRefType>(source))
    return emitOptionalError(loc,
                             "'moa.psi' op selects from a ranked tensor or "
                             "a memref, not from ",
                             operands.front().getType());
  int64_t length = operands.size() - 1;
  if (length > source.getRank())
    return emitOptionalError(loc, "'moa.psi' op index of length ", length,
                             " is longer than the rank of ", source);
  if (length == source.getRank())
    types.push_back(source.getElementType());
  else if (isa<RankedTensorType>(source))
    types.push_back(RankedTensorType::get(source.getShape().drop_front(length),
                                          source.getElementType()));
  else
    return emitOptionalError(loc, "'moa.psi' op a buffer needs a full index: ",
                             length, " indices for ", source);
  return success();
}

bool PsiOp::isFull() {
  return static_cast<int64_t>(getIndices().size()) ==
         cast<ShapedType>(getSource().getType()).getRank();
}

void PsiOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  if (isa<MemRefType>(getSource().getType()))
    effects.emplace_back(MemoryEffects::Read::get(), &getSourceMutable());
}

LogicalResult PsiOp::reifyResultShapes(OpBuilder &builder,
                                       ReifiedRankedShapedTypeDims &shapes) {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type)
    return failure();
  IndexMath math(builder, getLoc());
  SmallVector<OpFoldResult> shape = math.shapeOf(getSource());
  shapes.push_back(matchStaticExtents(
      builder, getLoc(),
      ArrayRef<OpFoldResult>(shape).drop_front(getIndices().size()), type));
  return success();
}

// psi_psi
Value PsiOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                          ValueRange indices) {
  SmallVector<Value> whole(getIndices());
  llvm::append_range(whole, indices);
  return PsiOp::create(builder, loc, getSource(), whole);
}

OpFoldResult PsiOp::fold(FoldAdaptor adaptor) {
  if (getIndices().empty() && getSource().getType() == getType())
    return getSource();
  auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getSource());
  if (!elements)
    return {};
  auto type = dyn_cast<RankedTensorType>(getType());
  if (type && type.hasStaticShape() && elements.isSplat() &&
      elements.getNumElements() > 0)
    return elements.resizeSplat(type);
  if (!isFull())
    return {};
  if (elements.isSplat() && elements.getNumElements() > 0)
    return elements.getSplatValue<Attribute>();
  SmallVector<uint64_t> position;
  for (auto [axis, index] : llvm::enumerate(adaptor.getIndices())) {
    auto constant = dyn_cast_or_null<IntegerAttr>(index);
    if (!constant || constant.getInt() < 0 ||
        constant.getInt() >= elements.getType().getDimSize(axis))
      return {};
    position.push_back(constant.getInt());
  }
  return elements.getValues<Attribute>()[position];
}

//===----------------------------------------------------------------------===//
// take, drop: counts for leading axes
//===----------------------------------------------------------------------===//

/// Verifies that there are no more counts than axes, and an operand for each
/// dynamic one.
template <typename OpTy> static LogicalResult verifyCounts(OpTy op) {
  int64_t rank = op.getSource().getType().getRank();
  if (static_cast<int64_t>(op.getStaticCounts().size()) > rank)
    return op.emitOpError() << "has " << op.getStaticCounts().size()
                            << " counts for a source of rank " << rank;
  return verifyDynamicIndexList(op, "counts", op.getStaticCounts(),
                                op.getCounts());
}

template <typename OpTy>
static SmallVector<OpFoldResult> getMixedCounts(OpTy op, Builder &builder) {
  return getMixedValues(op.getStaticCounts(), op.getCounts(), builder);
}

LogicalResult
TakeOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands.front().getType());
  SmallVector<int64_t> shape(source.getShape());
  for (auto [axis, count] : llvm::enumerate(adaptor.getStaticCounts()))
    if (axis < shape.size())
      shape[axis] = ShapedType::isDynamic(count) ? count : std::abs(count);
  types.push_back(RankedTensorType::get(shape, source.getElementType()));
  return success();
}

LogicalResult TakeOp::verify() {
  Type element = getSource().getType().getElementType();
  if (getFill() && getFill().getType() != element)
    return emitOpError() << "fill must be " << element << ", but is "
                         << getFill().getType();
  return verifyCounts(*this);
}

SmallVector<OpFoldResult> TakeOp::computeExtents(OpBuilder &builder,
                                                 Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape = math.shapeOf(getSource());
  for (auto [axis, count] : llvm::enumerate(getMixedCounts(*this, builder)))
    shape[axis] = math.abs(count);
  return shape;
}

/// The index in an axis of `extent` that element `index` of a take of `count`
/// reads; it lies outside for an overtake.
static OpFoldResult takenIndex(IndexMath &math, Value index,
                               OpFoldResult extent, OpFoldResult count) {
  OpFoldResult fromEnd = math.add(index, math.add(extent, count));
  if (std::optional<int64_t> c = getConstantIntValue(count))
    return *c >= 0 ? OpFoldResult(index) : fromEnd;
  return math.value(math.select(math.less(count, math.constant(0)), fromEnd,
                                OpFoldResult(index)));
}

/// True if a take of `count` cannot reach outside an axis of `extent`.
static bool isWithin(OpFoldResult extent, OpFoldResult count) {
  std::optional<int64_t> n = getConstantIntValue(extent);
  std::optional<int64_t> c = getConstantIntValue(count);
  return extent == count || (n && c && std::abs(*c) <= *n) || (c && *c == 0);
}

// psi_take
Value TakeOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                           ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<Value> source(indices);
  Value inside;
  auto require = [&](Value condition) {
    inside = inside
                 ? builder.createOrFold<arith::AndIOp>(loc, inside, condition)
                 : condition;
  };
  for (auto [axis, count] : llvm::enumerate(getMixedCounts(*this, builder))) {
    OpFoldResult extent = math.extentOf(getSource(), axis);
    OpFoldResult from = takenIndex(math, indices[axis], extent, count);
    source[axis] = math.value(from);
    if (isWithin(extent, count))
      continue;
    std::optional<int64_t> c = getConstantIntValue(count);
    if (!c || *c >= 0)
      require(math.less(from, extent));
    if (!c || *c < 0)
      require(math.lessEqual(math.constant(0), from));
  }
  if (!inside)
    return PsiOp::create(builder, loc, getSource(), source);
  Type type = getType().getElementType();
  return buildGuarded(
      builder, loc, inside,
      [&](OpBuilder &b, Location) -> Value {
        return PsiOp::create(b, loc, getSource(), source);
      },
      [&](OpBuilder &b, Location) -> Value {
        if (getFill())
          return getFill();
        return arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
      });
}

OpFoldResult TakeOp::fold(FoldAdaptor) {
  bool whole = getSource().getType() == getType() && getType().hasStaticShape();
  return whole ? getSource() : Value();
}

LogicalResult
DropOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands.front().getType());
  SmallVector<int64_t> shape(source.getShape());
  for (auto [axis, count] : llvm::enumerate(adaptor.getStaticCounts())) {
    if (axis >= shape.size() || count == 0)
      continue;
    bool dynamic = ShapedType::isDynamic(count) || source.isDynamicDim(axis);
    shape[axis] = dynamic ? ShapedType::kDynamic
                          : std::max<int64_t>(0, shape[axis] - std::abs(count));
  }
  types.push_back(RankedTensorType::get(shape, source.getElementType()));
  return success();
}

LogicalResult DropOp::verify() { return verifyCounts(*this); }

SmallVector<OpFoldResult> DropOp::computeExtents(OpBuilder &builder,
                                                 Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> shape = math.shapeOf(getSource());
  for (auto [axis, count] : llvm::enumerate(getMixedCounts(*this, builder)))
    shape[axis] =
        math.max(math.constant(0), math.sub(shape[axis], math.abs(count)));
  return shape;
}

// psi_drop
Value DropOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                           ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<Value> source(indices);
  for (auto [axis, count] : llvm::enumerate(getMixedCounts(*this, builder)))
    source[axis] =
        math.value(math.add(indices[axis], math.max(count, math.constant(0))));
  return PsiOp::create(builder, loc, getSource(), source);
}

OpFoldResult DropOp::fold(FoldAdaptor) {
  bool none = llvm::all_of(getStaticCounts(), [](int64_t c) { return c == 0; });
  return none && getSource().getType() == getType() ? getSource() : Value();
}

//===----------------------------------------------------------------------===//
// rotate
//===----------------------------------------------------------------------===//

LogicalResult RotateOp::verify() { return verifyCounts(*this); }

SmallVector<OpFoldResult> RotateOp::computeExtents(OpBuilder &builder,
                                                   Location loc) {
  return IndexMath(builder, loc).shapeOf(getSource());
}

/// `(index + count) mod extent` for any count, without overflow: the count is
/// brought into `0 .. extent - 1` first.
static OpFoldResult rotatedIndex(IndexMath &math, OpFoldResult index,
                                 OpFoldResult count, OpFoldResult extent) {
  OpFoldResult sum = math.add(index, math.floorMod(count, extent));
  if (getConstantIntValue(extent))
    return math.rem(sum, extent);
  return math.select(math.less(sum, extent), sum, math.sub(sum, extent));
}

// psi_rotate
Value RotateOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                             ValueRange indices) {
  IndexMath math(builder, loc);
  SmallVector<Value> source(indices);
  for (auto [axis, count] : llvm::enumerate(getMixedCounts(*this, builder)))
    source[axis] = math.value(rotatedIndex(math, indices[axis], count,
                                           math.extentOf(getSource(), axis)));
  return PsiOp::create(builder, loc, getSource(), source);
}

OpFoldResult RotateOp::fold(FoldAdaptor) {
  bool none = llvm::all_of(getStaticCounts(), [](int64_t c) { return c == 0; });
  return none ? getSource() : Value();
}

//===----------------------------------------------------------------------===//
// gather
//===----------------------------------------------------------------------===//

LogicalResult
GatherOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto source = cast<RankedTensorType>(operands[0].getType());
  auto positions = cast<RankedTensorType>(operands[1].getType());
  int64_t axis = adaptor.getAxis();
  if (axis >= source.getRank())
    return emitOptionalError(loc, "'moa.gather' op axis ", axis,
                             " is out of range for rank ", source.getRank());
  SmallVector<int64_t> shape(source.getShape().take_front(axis));
  llvm::append_range(shape, positions.getShape());
  llvm::append_range(shape, source.getShape().drop_front(axis + 1));
  types.push_back(RankedTensorType::get(shape, source.getElementType()));
  return success();
}

LogicalResult GatherOp::verify() {
  Type type = getPositions().getType().getElementType();
  if (!type.isIntOrIndex() || type.isInteger(1))
    return emitOpError() << "positions must be i8, i32, i64 or index, but are "
                         << type;
  return success();
}

SmallVector<OpFoldResult> GatherOp::computeExtents(OpBuilder &builder,
                                                   Location loc) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> source = math.shapeOf(getSource());
  SmallVector<OpFoldResult> shape(source.begin(), source.begin() + getAxis());
  llvm::append_range(shape, math.shapeOf(getPositions()));
  shape.append(source.begin() + getAxis() + 1, source.end());
  return shape;
}

// psi_gather
Value GatherOp::buildElement(OpBuilder &builder, Location loc, unsigned,
                             ValueRange indices) {
  int64_t axis = getAxis(), rank = getPositions().getType().getRank();
  Value position =
      PsiOp::create(builder, loc, getPositions(), indices.slice(axis, rank));
  if (!position.getType().isIndex())
    position = arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                          position);
  SmallVector<Value> source(indices.take_front(axis));
  source.push_back(position);
  llvm::append_range(source, indices.drop_front(axis + rank));
  return PsiOp::create(builder, loc, getSource(), source);
}
