//===- IndexMath.cpp - Index arithmetic of shapes and psi-rules -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/IndexRange.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

/// The attribute of a value that is an `arith.constant`, else the value.
static OpFoldResult foldConstant(OpFoldResult a) {
  if (std::optional<int64_t> c = getConstantIntValue(a))
    return IntegerAttr::get(IndexType::get(a.getContext()), *c);
  return a;
}

OpFoldResult IndexMath::linear(AffineExpr expr,
                               ArrayRef<OpFoldResult> operands) {
  SmallVector<OpFoldResult> folded =
      llvm::map_to_vector(operands, foldConstant);
  AffineMap map = AffineMap::get(operands.size(), 0, expr);
  return applyInRanges(builder, loc, map, folded);
}

OpFoldResult IndexMath::add(OpFoldResult a, OpFoldResult b) {
  AffineExpr x, y;
  bindDims(builder.getContext(), x, y);
  return linear(x + y, {a, b});
}

OpFoldResult IndexMath::sub(OpFoldResult a, OpFoldResult b) {
  AffineExpr x, y;
  bindDims(builder.getContext(), x, y);
  return linear(x - y, {a, b});
}

OpFoldResult IndexMath::mul(OpFoldResult a, OpFoldResult b) {
  AffineExpr x = builder.getAffineDimExpr(0);
  if (std::optional<int64_t> c = getConstantIntValue(a))
    std::swap(a, b);
  if (std::optional<int64_t> c = getConstantIntValue(b))
    return linear(x * *c, {a});
  return builder.createOrFold<arith::MulIOp>(loc, value(a), value(b));
}

OpFoldResult IndexMath::div(OpFoldResult a, OpFoldResult b) {
  std::optional<int64_t> c = getConstantIntValue(b);
  if (c && *c > 0)
    return linear(builder.getAffineDimExpr(0).floorDiv(*c), {a});
  return builder.createOrFold<arith::DivUIOp>(loc, value(a), value(b));
}

OpFoldResult IndexMath::rem(OpFoldResult a, OpFoldResult b) {
  std::optional<int64_t> c = getConstantIntValue(b);
  if (c && *c > 0)
    return linear(builder.getAffineDimExpr(0) % *c, {a});
  return builder.createOrFold<arith::RemUIOp>(loc, value(a), value(b));
}

OpFoldResult IndexMath::floorMod(OpFoldResult a, OpFoldResult b) {
  std::optional<int64_t> c = getConstantIntValue(b);
  if (c && *c > 0)
    return linear(builder.getAffineDimExpr(0) % *c, {a});
  // The remainder by truncating division lies in (-b, b); one wrap mends it.
  Value r = builder.createOrFold<arith::RemSIOp>(loc, value(a), value(b));
  return select(less(r, constant(0)), add(r, b), OpFoldResult(r));
}

OpFoldResult IndexMath::max(OpFoldResult a, OpFoldResult b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    return constant(std::max(*x, *y));
  if (a == b)
    return a;
  return builder.createOrFold<arith::MaxSIOp>(loc, value(a), value(b));
}

OpFoldResult IndexMath::min(OpFoldResult a, OpFoldResult b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    return constant(std::min(*x, *y));
  if (a == b)
    return a;
  return builder.createOrFold<arith::MinSIOp>(loc, value(a), value(b));
}

OpFoldResult IndexMath::abs(OpFoldResult a) {
  return max(a, sub(constant(0), a));
}

OpFoldResult IndexMath::product(ArrayRef<OpFoldResult> factors) {
  OpFoldResult result = constant(1);
  for (OpFoldResult factor : factors)
    result = mul(result, factor);
  return result;
}

Value IndexMath::compare(arith::CmpIPredicate predicate, OpFoldResult a,
                         OpFoldResult b) {
  return builder.createOrFold<arith::CmpIOp>(loc, predicate, value(a),
                                             value(b));
}

Value IndexMath::less(OpFoldResult a, OpFoldResult b) {
  return compare(arith::CmpIPredicate::slt, a, b);
}

Value IndexMath::lessEqual(OpFoldResult a, OpFoldResult b) {
  return compare(arith::CmpIPredicate::sle, a, b);
}

Value IndexMath::equal(OpFoldResult a, OpFoldResult b) {
  return compare(arith::CmpIPredicate::eq, a, b);
}

Value IndexMath::select(Value condition, OpFoldResult a, OpFoldResult b) {
  return builder.createOrFold<arith::SelectOp>(loc, condition, value(a),
                                               value(b));
}

OpFoldResult IndexMath::linearize(ArrayRef<OpFoldResult> indices,
                                  ArrayRef<OpFoldResult> shape) {
  OpFoldResult offset = constant(0);
  for (auto [index, extent] : llvm::zip_equal(indices, shape))
    offset = add(mul(offset, extent), index);
  return offset;
}

SmallVector<OpFoldResult> IndexMath::delinearize(OpFoldResult offset,
                                                 ArrayRef<OpFoldResult> shape) {
  SmallVector<OpFoldResult> indices(shape.size());
  for (size_t axis = shape.size(); axis-- > 1;) {
    indices[axis] = rem(offset, shape[axis]);
    offset = div(offset, shape[axis]);
  }
  if (!shape.empty())
    indices[0] = offset;
  return indices;
}

OpFoldResult IndexMath::extentOf(Value array, int64_t axis) {
  auto type = cast<ShapedType>(array.getType());
  if (!type.isDynamicDim(axis))
    return constant(type.getDimSize(axis));
  if (isa<MemRefType>(type))
    return builder.createOrFold<memref::DimOp>(loc, array, axis);
  return builder.createOrFold<tensor::DimOp>(loc, array, axis);
}

SmallVector<OpFoldResult> IndexMath::shapeOf(Value array) {
  SmallVector<OpFoldResult> shape;
  for (int64_t axis : llvm::seq(cast<ShapedType>(array.getType()).getRank()))
    shape.push_back(extentOf(array, axis));
  return shape;
}

Value IndexMath::value(OpFoldResult a) {
  return getValueOrCreateConstantIndexOp(builder, loc, a);
}

SmallVector<Value> IndexMath::values(ArrayRef<OpFoldResult> list) {
  return llvm::map_to_vector(list, [&](OpFoldResult a) { return value(a); });
}

SmallVector<OpFoldResult>
moa::matchStaticExtents(OpBuilder &builder, Location loc,
                        ArrayRef<OpFoldResult> extents, ShapedType type) {
  SmallVector<OpFoldResult> result;
  for (auto [extent, size] : llvm::zip_equal(extents, type.getShape())) {
    if (!ShapedType::isDynamic(size))
      result.push_back(builder.getIndexAttr(size));
    else
      result.push_back(getValueOrCreateConstantIndexOp(builder, loc, extent));
  }
  return result;
}
