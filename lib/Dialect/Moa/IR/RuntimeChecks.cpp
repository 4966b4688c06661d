//===- RuntimeChecks.cpp - Preconditions checked at run time ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/RuntimeChecks.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// RuntimeChecks
//===----------------------------------------------------------------------===//

RuntimeChecks::RuntimeChecks(Operation *op, OpBuilder &builder, Location loc,
                             RuntimeMessageFn message)
    : op(op), builder(builder), loc(loc), message(message), math(builder, loc) {
  Block::iterator point = builder.getInsertionPoint();
  before = point == builder.getBlock()->begin() ? nullptr : &*std::prev(point);
}

RuntimeChecks::~RuntimeChecks() {
  Block::iterator point = builder.getInsertionPoint();
  while (point != builder.getBlock()->begin()) {
    Operation *last = &*std::prev(point);
    if (last == before)
      return;
    if (isOpTriviallyDead(last))
      last->erase();
    else
      point = Block::iterator(last);
  }
}

void RuntimeChecks::require(Value condition, const Twine &what) {
  if (!matchPattern(condition, m_NonZero()))
    cf::AssertOp::create(builder, loc, condition, message(op, what.str()));
}

void RuntimeChecks::requireNonNegative(OpFoldResult a, const Twine &what) {
  require(math.lessEqual(math.constant(0), a), what + " is negative");
}

/// True if both are the same value, or computed alike: the same extent of the
/// same array, say.
static bool areSame(OpFoldResult a, OpFoldResult b) {
  if (a == b)
    return true;
  auto x = dyn_cast<Value>(a), y = dyn_cast<Value>(b);
  return x && y && x.getDefiningOp() && y.getDefiningOp() &&
         OperationEquivalence::isEquivalentTo(
             x.getDefiningOp(), y.getDefiningOp(),
             [](Value left, Value right) {
               return success(areSame(left, right));
             },
             /*markEquivalent=*/nullptr, OperationEquivalence::IgnoreLocations);
}

void RuntimeChecks::requireEqual(OpFoldResult a, OpFoldResult b,
                                 const Twine &what) {
  if (!areSame(a, b))
    require(math.equal(a, b), what);
}

void RuntimeChecks::requireType(ArrayRef<OpFoldResult> extents, ShapedType type,
                                const Twine &name) {
  for (auto [axis, extent] : llvm::enumerate(extents)) {
    int64_t size = type.getDimSize(axis);
    if (!ShapedType::isDynamic(size))
      requireEqual(extent, math.constant(size),
                   "extent of " + name + " along axis " + Twine(axis) +
                       " is not the " + Twine(size) + " of its type");
  }
}

/// True for scalar code: it stands in a region of an operation of the dialect.
static bool isInScalarRegion(Operation *op) {
  while ((op = op->getParentOp()))
    if (isa_and_nonnull<MoaDialect>(op->getDialect()))
      return true;
  return false;
}

//===----------------------------------------------------------------------===//
// The algebra
//===----------------------------------------------------------------------===//

/// The dynamic extents of an operation that takes them as operands.
static void requireExtents(RuntimeChecks &checks, ValueRange extents) {
  for (auto [number, extent] : llvm::enumerate(extents))
    checks.requireNonNegative(extent, "extent operand #" + Twine(number));
}

/// The extents of operands that must be equal.
static void requireEqualExtents(RuntimeChecks &checks, PsiOpInterface op) {
  IndexMath &math = checks.getMath();
  auto numberOf = [&](Value value) {
    return std::to_string(llvm::find(op->getOperands(), value).getIndex());
  };
  for (const EqualExtents &pair : op.getEqualExtents()) {
    OpFoldResult a = math.extentOf(pair.a, pair.axisA);
    OpFoldResult b = math.extentOf(pair.b, pair.axisB);
    checks.requireEqual(a, b,
                        "extent of operand #" + numberOf(pair.a) +
                            " along axis " + Twine(pair.axisA) +
                            " and of operand #" + numberOf(pair.b) +
                            " along axis " + Twine(pair.axisB) + " differ");
  }
}

void moa::generateAlgebraChecks(
    Operation *op, OpBuilder &builder, Location loc, RuntimeMessageFn message,
    function_ref<SmallVector<OpFoldResult>()> computeExtents) {
  if (isInScalarRegion(op))
    return;
  RuntimeChecks checks(op, builder, loc, message);
  if (auto iota = dyn_cast<IotaOp>(op))
    requireExtents(checks, iota.getExtents());
  else if (auto reshape = dyn_cast<ReshapeOp>(op))
    requireExtents(checks, reshape.getExtents());
  requireEqualExtents(checks, cast<PsiOpInterface>(op));
  checks.requireType(computeExtents(),
                     cast<RankedTensorType>(op->getResult(0).getType()),
                     "the result");
}

//===----------------------------------------------------------------------===//
// psi, attention, array
//===----------------------------------------------------------------------===//

void PsiOp::generateRuntimeVerification(OpBuilder &builder, Location loc,
                                        RuntimeMessageFn message) {
  if (isInScalarRegion(*this))
    return;
  RuntimeChecks checks(*this, builder, loc, message);
  IndexMath &math = checks.getMath();
  for (auto [axis, index] : llvm::enumerate(getIndices())) {
    // Read as unsigned, a negative index is above every extent.
    Value inBounds = builder.createOrFold<arith::CmpIOp>(
        loc, arith::CmpIPredicate::ult, index,
        math.value(math.extentOf(getSource(), axis)));
    checks.require(inBounds, "index #" + Twine(axis) +
                                 " is out of bounds along axis " + Twine(axis));
  }
}

/// Query heads are a multiple of key heads; no query head needs no key head.
static void requireHeads(RuntimeChecks &checks, OpFoldResult queryHeads,
                         OpFoldResult keyHeads) {
  IndexMath &math = checks.getMath();
  // Without key heads there is no group, and the product is 0.
  OpFoldResult groupSize =
      math.div(queryHeads, math.max(keyHeads, math.constant(1)));
  checks.requireEqual(
      math.mul(groupSize, keyHeads), queryHeads,
      "number of query heads is not a multiple of the key heads");
}

void AttentionOp::generateRuntimeVerification(OpBuilder &builder, Location loc,
                                              RuntimeMessageFn message) {
  if (isInScalarRegion(*this))
    return;
  RuntimeChecks checks(*this, builder, loc, message);
  IndexMath &math = checks.getMath();
  SmallVector<OpFoldResult> q = math.shapeOf(getQuery()),
                            k = math.shapeOf(getKey()),
                            v = math.shapeOf(getValue());
  size_t rank = q.size();
  checks.requireEqual(q[rank - 1], k[rank - 1],
                      "key dimension of query and key differs");
  checks.requireEqual(k[rank - 2], v[rank - 2],
                      "number of keys and values differs");
  if (rank == 4) {
    checks.requireEqual(q[0], k[0], "batch of query and key differs");
    checks.requireEqual(k[0], v[0], "batch of key and value differs");
  }
  if (rank > 2) {
    checks.requireEqual(k[rank - 3], v[rank - 3],
                        "number of key and value heads differs");
    requireHeads(checks, q[rank - 3], k[rank - 3]);
  }
  if (getWindowLeft())
    checks.requireNonNegative(getWindowLeft(), "window_left");
  if (getWindowRight())
    checks.requireNonNegative(getWindowRight(), "window_right");

  SmallVector<OpFoldResult> shape(q.begin(), std::prev(q.end()));
  if (getLse())
    checks.requireType(shape, cast<ShapedType>(getLse().getType()), "lse");
  shape.push_back(v.back());
  checks.requireType(shape, getOutput().getType(), "output");
}

void ArrayOp::generateRuntimeVerification(OpBuilder &builder, Location loc,
                                          RuntimeMessageFn message) {
  if (isInScalarRegion(*this))
    return;
  RuntimeChecks checks(*this, builder, loc, message);
  requireExtents(checks, getExtents());
  SmallVector<OpFoldResult> extents = getMixedExtents();
  auto shapeOf = [&](unsigned result) {
    return llvm::map_to_vector(
        getMap(result).getResults(), [&](AffineExpr axis) {
          return extents[cast<AffineDimExpr>(axis).getPosition()];
        });
  };
  for (auto [number, type] : llvm::enumerate(getResultTypes()))
    checks.requireType(shapeOf(number), cast<ShapedType>(type),
                       "result #" + Twine(number));
  for (auto [number, out] : llvm::enumerate(getOuts()))
    for (auto [axis, extent] : llvm::enumerate(shapeOf(number)))
      checks.requireEqual(extent, checks.getMath().extentOf(out, axis),
                          "destination #" + Twine(number) +
                              " differs in extent along axis " + Twine(axis));
}
