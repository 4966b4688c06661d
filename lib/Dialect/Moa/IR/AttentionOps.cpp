//===- AttentionOps.cpp - attention ----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Inference.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/IR/TypeUtilities.h"

using namespace moa;

FloatType AttentionOp::getScoreType() {
  if (getQuery().getType().getElementType().isF64())
    return Float64Type::get(getContext());
  return Float32Type::get(getContext());
}

int64_t AttentionOp::getNumLeadingAxes() {
  return getQuery().getType().getRank() - 2;
}

/// Verifies that two extents can be equal.
static LogicalResult verifySameExtent(Operation *op, StringRef what,
                                      int64_t left, int64_t right) {
  if (succeeded(verifyCompatibleShape(ArrayRef(left), ArrayRef(right))))
    return success();
  return op->emitOpError() << what << " differs: " << left << " and " << right;
}

/// Verifies ranks, element types and the extents that the arrays share.
static LogicalResult verifyArrays(AttentionOp op) {
  RankedTensorType q = op.getQuery().getType(), k = op.getKey().getType(),
                   v = op.getValue().getType();
  int64_t rank = q.getRank();
  if (rank < 2 || rank > 4)
    return op.emitOpError() << "query must have rank 2, 3 or 4, but is " << q;
  Type element = q.getElementType();
  if (!isa<FloatType>(element))
    return op.emitOpError() << "needs float elements, but query is " << q;
  for (auto [name, type] : {std::pair("key", k), std::pair("value", v)})
    if (type.getRank() != rank || type.getElementType() != element)
      return op.emitOpError() << name << " must have rank and element type of "
                              << q << ", but is " << type;
  auto qs = q.getShape(), ks = k.getShape(), vs = v.getShape();
  if (failed(verifySameExtent(op, "key dimension of query and key",
                              qs[rank - 1], ks[rank - 1])) ||
      failed(verifySameExtent(op, "number of keys and values", ks[rank - 2],
                              vs[rank - 2])))
    return failure();
  if (rank == 4 &&
      (failed(verifySameExtent(op, "batch of query and key", qs[0], ks[0])) ||
       failed(verifySameExtent(op, "batch of key and value", ks[0], vs[0]))))
    return failure();
  if (rank == 2)
    return success();
  int64_t hq = qs[rank - 3], hk = ks[rank - 3], hv = vs[rank - 3];
  if (failed(verifySameExtent(op, "number of key and value heads", hk, hv)))
    return failure();
  bool known = !ShapedType::isDynamic(hq) && !ShapedType::isDynamic(hk);
  if (known && (hk == 0 ? hq != 0 : hq % hk != 0))
    return op.emitOpError()
           << "number of query heads (" << hq
           << ") must be a multiple of the key heads (" << hk << ")";
  return success();
}

static LogicalResult verifyResults(AttentionOp op) {
  RankedTensorType q = op.getQuery().getType(), v = op.getValue().getType();
  SmallVector<int64_t> shape(q.getShape().drop_back());
  if (op.getLse() &&
      failed(verifyResultType(op, cast<RankedTensorType>(op.getLse().getType()),
                              shape, op.getScoreType(), "lse")))
    return failure();
  shape.push_back(v.getShape().back());
  return verifyResultType(op, op.getOutput().getType(), shape,
                          v.getElementType(), "output");
}

LogicalResult AttentionOp::verify() {
  if (failed(verifyArrays(*this)) || failed(verifyResults(*this)))
    return failure();
  Type score = getScoreType();
  if (getScale() && getScale().getType() != score)
    return emitOpError() << "scale must have the score type " << score
                         << ", but is " << getScale().getType();
  return success();
}

LogicalResult AttentionOp::verifyRegions() {
  Type score = getScoreType();
  SmallVector<Type> indices(getQuery().getType().getRank(),
                            IndexType::get(getContext()));
  SmallVector<Type> scored{score};
  llvm::append_range(scored, indices);
  if (!getScore().empty() &&
      failed(verifyScalarRegion(*this, getScore(), "score", scored, {score})))
    return failure();
  Type truth = IntegerType::get(getContext(), 1);
  if (!getMask().empty())
    return verifyScalarRegion(*this, getMask(), "mask", indices, {truth});
  return success();
}

void AttentionOp::getAsmBlockArgumentNames(Region &region,
                                           OpAsmSetValueNameFn set) {
  static const StringRef all[] = {"b", "h", "i", "j"};
  SmallVector<StringRef> names(
      ArrayRef<StringRef>(all).take_back(getQuery().getType().getRank()));
  if (&region == &getScore())
    names.insert(names.begin(), "s");
  nameArguments(region, set, names);
}

void AttentionOp::getAsmResultNames(OpAsmSetValueNameFn set) {
  set(getOutput(), "output");
  if (getLse())
    set(getLse(), "lse");
}

LogicalResult
AttentionOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  IndexMath math(builder, getLoc());
  SmallVector<OpFoldResult> shape = math.shapeOf(getQuery());
  int64_t last = shape.size() - 1;
  shape[last] = math.extentOf(getValue(), last);
  shapes.push_back(
      matchStaticExtents(builder, getLoc(), shape, getOutput().getType()));
  if (getLse()) {
    shape.pop_back();
    shapes.push_back(matchStaticExtents(builder, getLoc(), shape,
                                        cast<ShapedType>(getLse().getType())));
  }
  return success();
}
