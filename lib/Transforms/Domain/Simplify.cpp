//===- Simplify.cpp - Conditions that bounds decide -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simplify.h"
#include "IndexSets.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace moa;

/// Puts the code of the side that is chosen in place of `branch`.
static void inlineSide(scf::IfOp branch, Region &side) {
  IRRewriter rewriter(branch);
  Block &block = side.front();
  Operation *yield = block.getTerminator();
  SmallVector<Value> values(yield->getOperands());
  rewriter.inlineBlockBefore(&block, branch);
  rewriter.replaceOp(branch, values);
  rewriter.eraseOp(yield);
}

/// What `and`, `or`, `xor` of truth values give if one of them is constant; null if
/// that is neither of the two.
static Value chooseLogic(Operation *op) {
  if (!op->getResult(0).getType().isInteger(1))
    return {};
  for (unsigned side : {0, 1}) {
    APInt value;
    Value constant = op->getOperand(side), other = op->getOperand(1 - side);
    if (!matchPattern(constant, m_ConstantInt(&value)))
      continue;
    if (isa<arith::XOrIOp>(op))
      return value.isZero() ? other : Value();
    return isa<arith::AndIOp>(op) == value.isZero() ? constant : other;
  }
  return {};
}

/// Chooses where the condition is constant. Nothing else is simplified.
static void choose(Operation *op) {
  APInt value;
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    if (matchPattern(select.getCondition(), m_ConstantInt(&value)))
      select.getResult().replaceAllUsesWith(
          value.isZero() ? select.getFalseValue() : select.getTrueValue());
  } else if (auto branch = dyn_cast<scf::IfOp>(op)) {
    if (matchPattern(branch.getCondition(), m_ConstantInt(&value)) &&
        branch.getNumResults() != 0)
      inlineSide(branch, value.isZero() ? branch.getElseRegion()
                                        : branch.getThenRegion());
  } else if (isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op)) {
    if (Value known = chooseLogic(op))
      op->getResult(0).replaceAllUsesWith(known);
  }
}

void moa::simplifyConditions(FoldOp fold) {
  IndexSets sets(fold);
  OpBuilder builder(fold);
  SmallVector<Operation *> conditions, choices;
  fold.getBody().walk([&](Operation *op) {
    if (op->getNumResults() == 1 && op->getResult(0).getType().isInteger(1) &&
        sets.varies(op->getResult(0)) && op->getNumRegions() == 0)
      conditions.push_back(op);
  });
  for (Operation *op : conditions)
    if (auto answer = sets.decide(op->getResult(0), sets.getRange()))
      op->getResult(0).replaceAllUsesWith(arith::ConstantOp::create(
          builder, op->getLoc(), builder.getBoolAttr(*answer)));
  fold.getBody().walk([&](Operation *op) { choices.push_back(op); });
  for (Operation *op : choices)
    choose(op);
}
