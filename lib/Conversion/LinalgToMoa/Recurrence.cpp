//===- Recurrence.cpp - What a structured operation accumulates -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Recurrence.h"

#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/RegionUtils.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

/// What `op` uses, in its regions too.
static SmallVector<Value> usedBy(Operation *op) {
  llvm::SetVector<Value> used(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), used);
  return used.takeVector();
}

bool moa::dependsOn(Value value, ArrayRef<Value> values) {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist{value};
  while (!worklist.empty()) {
    Value at = worklist.pop_back_val();
    if (!seen.insert(at).second)
      continue;
    if (llvm::is_contained(values, at))
      return true;
    if (Operation *op = at.getDefiningOp())
      llvm::append_range(worklist, usedBy(op));
  }
  return false;
}

namespace {
/// The reducer that a binary operation applies, and how.
struct Step {
  ReducerKind kind;
  bool ignoresNaN = false;
  /// The second operand is subtracted.
  bool isSubtraction = false;
};
} // namespace

static std::optional<Step> classify(Operation *op) {
  using K = ReducerKind;
  using R = std::optional<Step>;
  return llvm::TypeSwitch<Operation *, R>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Step{K::Add}; })
      .Case<arith::SubFOp, arith::SubIOp>(
          [](auto) { return Step{K::Add, false, true}; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Step{K::Mul}; })
      .Case<arith::MaximumFOp, arith::MaxSIOp>(
          [](auto) { return Step{K::Max}; })
      .Case<arith::MinimumFOp, arith::MinSIOp>(
          [](auto) { return Step{K::Min}; })
      .Case<arith::MaxNumFOp>([](auto) { return Step{K::Max, true}; })
      .Case<arith::MinNumFOp>([](auto) { return Step{K::Min, true}; })
      .Case<arith::AndIOp>([](auto) { return Step{K::And}; })
      .Case<arith::OrIOp>([](auto) { return Step{K::Or}; })
      .Case<arith::XOrIOp>([](auto) { return Step{K::Xor}; })
      .Default([](Operation *) { return R(); });
}

namespace {
/// Follows the accumulator from the value that is yielded back to itself.
class ChainMatcher {
public:
  ChainMatcher(Value accumulator, ArrayRef<Value> running)
      : accumulator(accumulator), running(running) {}

  bool match(Value value, const SmallVector<std::pair<Value, bool>> &where);
  Recurrence take() { return {kind.value(), std::move(terms)}; }
  bool hasTerms() const { return kind.has_value(); }

private:
  bool addTerm(ReducerKind reducer, Term term);
  bool matchSelect(arith::SelectOp op,
                   const SmallVector<std::pair<Value, bool>> &where);
  bool isFree(Value value) { return !dependsOn(value, running); }

  Value accumulator;
  ArrayRef<Value> running;
  std::optional<ReducerKind> kind;
  SmallVector<Term> terms;
};
} // namespace

bool ChainMatcher::addTerm(ReducerKind reducer, Term term) {
  if ((kind && *kind != reducer) || !isFree(term.a) ||
      (term.b && !isFree(term.b)) ||
      !isLegalReducer(reducer, accumulator.getType()))
    return false;
  kind = reducer;
  terms.push_back(std::move(term));
  return true;
}

bool ChainMatcher::matchSelect(
    arith::SelectOp op, const SmallVector<std::pair<Value, bool>> &where) {
  if (!isFree(op.getCondition()))
    return false;
  SmallVector<std::pair<Value, bool>> onTrue(where), onFalse(where);
  onTrue.push_back({op.getCondition(), true});
  onFalse.push_back({op.getCondition(), false});
  return match(op.getTrueValue(), onTrue) && match(op.getFalseValue(), onFalse);
}

bool ChainMatcher::match(Value value,
                         const SmallVector<std::pair<Value, bool>> &where) {
  if (value == accumulator)
    return true;
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return matchSelect(select, where);
  if (auto fma = dyn_cast<math::FmaOp>(op))
    return addTerm(ReducerKind::Add,
                   {fma.getA(), fma.getB(), false, false, where}) &&
           match(fma.getC(), where);
  std::optional<Step> step = classify(op);
  if (!step)
    return false;
  Value carried = op->getOperand(0), other = op->getOperand(1);
  if (!step->isSubtraction && isFree(carried))
    std::swap(carried, other);
  return addTerm(step->kind, {other, Value(), step->isSubtraction,
                              step->ignoresNaN, where}) &&
         match(carried, where);
}

/// The values that code on the way from `accumulator` to `next` uses beside it,
/// but constants.
static llvm::SetVector<Value> valuesBeside(Value next, Value accumulator) {
  llvm::SetVector<Value> beside;
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist{next};
  while (!worklist.empty()) {
    Value at = worklist.pop_back_val();
    if (at == accumulator || !seen.insert(at).second)
      continue;
    if (!dependsOn(at, accumulator)) {
      Operation *op = at.getDefiningOp();
      if (!op || !op->hasTrait<OpTrait::ConstantLike>())
        beside.insert(at);
      continue;
    }
    llvm::append_range(worklist, usedBy(at.getDefiningOp()));
  }
  return beside;
}

FailureOr<Recurrence> moa::matchRecurrence(Value next, Value accumulator,
                                           ArrayRef<Value> running,
                                           std::string &reason) {
  ChainMatcher chain(accumulator, running);
  if (chain.match(next, {}) && chain.hasTerms())
    return chain.take();
  SmallVector<Value> others;
  for (Value value : running)
    if (value != accumulator)
      others.push_back(value);
  if (dependsOn(next, others)) {
    reason = "its accumulator depends on another one";
    return failure();
  }
  if (!dependsOn(next, accumulator)) {
    reason = "it keeps the last of several values";
    return failure();
  }
  llvm::SetVector<Value> beside = valuesBeside(next, accumulator);
  if (beside.size() != 1 ||
      beside.front().getType() != accumulator.getType()) {
    reason = "no reducer and no function of two values combines its "
             "accumulator with the next element";
    return failure();
  }
  return Recurrence{ReducerKind::Custom,
                    {Term{beside.front(), Value(), false, false, {}}}};
}
