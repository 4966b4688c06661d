//===- BoundBuilder.cpp - Bounds of indices as code -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BoundBuilder.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace moa;

/// What the body computes where the range is not empty; else nothing of it runs,
/// and reads may be out of bounds.
void BoundBuilder::hoistGuarded(ArrayRef<Value> values, ArrayRef<Operation *> ops) {
  Value some = math.less(fold.getLower(), fold.getUpper());
  auto copies = [&](OpBuilder &b, Location loc) {
    SmallVector<Value> results;
    IRMapping inside;
    for (Operation *op : ops)
      b.clone(*op, inside);
    for (Value value : values)
      results.push_back(inside.lookupOrDefault(value));
    scf::YieldOp::create(b, loc, results);
  };
  auto zeros = [&](OpBuilder &b, Location loc) {
    SmallVector<Value> results;
    for (Value value : values)
      results.push_back(
          arith::ConstantOp::create(b, loc, b.getZeroAttr(value.getType())));
    scf::YieldOp::create(b, loc, results);
  };
  auto branch = scf::IfOp::create(builder, fold.getLoc(), some, copies, zeros);
  hoisted.map(values, branch.getResults());
}

void BoundBuilder::hoist(ArrayRef<Bound> bounds) {
  SmallVector<Value> used, values;
  for (const Bound &bound : bounds)
    sets.getUsed(bound, used);
  auto isInside = [&](Value value) {
    return fold.getBody().isAncestor(value.getParentRegion());
  };
  llvm::SetVector<Operation *> cone;
  for (Value value : used)
    if (isInside(value) && !llvm::is_contained(values, value)) {
      values.push_back(value);
      cone.insert(value.getDefiningOp());
    }
  for (size_t next = 0; next < cone.size(); ++next)
    for (Value operand : cone[next]->getOperands())
      if (isInside(operand))
        cone.insert(operand.getDefiningOp());
  SmallVector<Operation *> ops;
  fold.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (cone.contains(op))
      ops.push_back(op);
  });
  if (llvm::all_of(ops, isSafeAnywhere))
    for (Operation *op : ops)
      builder.clone(*op, hoisted);
  else
    hoistGuarded(values, ops);
  // So that conditions and bounds speak of the same values.
  for (Value value : values)
    value.replaceUsesWithIf(hoisted.lookup(value), [&](OpOperand &use) {
      return fold.getBody().isAncestor(use.getOwner()->getParentRegion());
    });
}

OpFoldResult BoundBuilder::build(const Bound &bound) {
  if (bound.kind != Bound::Kind::Affine) {
    OpFoldResult a = build(bound.parts[0]), b = build(bound.parts[1]);
    return bound.kind == Bound::Kind::Max ? math.max(a, b) : math.min(a, b);
  }
  SmallVector<OpFoldResult> operands;
  for (Value operand : sets.getOperands()) {
    Value value = hoisted.lookupOrDefault(operand);
    bool isUsed = bound.expr.isFunctionOfDim(operands.size());
    if (isUsed && !value.getType().isIndex())
      value = arith::IndexCastOp::create(builder, fold.getLoc(),
                                         builder.getIndexType(), value);
    operands.push_back(isUsed ? OpFoldResult(value) : builder.getIndexAttr(0));
  }
  AffineMap map = AffineMap::get(operands.size(), 0, bound.expr);
  return affine::makeComposedFoldedAffineApply(builder, fold.getLoc(), map,
                                               operands);
}
