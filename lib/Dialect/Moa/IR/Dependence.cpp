//===- Dependence.cpp - Which axes a value depends on ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Dependence.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace moa;

/// A start value, and if the fold has a `correct` region what expresses it against
/// the earlier results.
static void visitStart(FoldOp fold, unsigned result,
                       function_ref<void(Value)> visit) {
  visit(fold.getInits()[result]);
  if (!fold.hasCorrect())
    return;
  Block &correct = fold.getCorrect().front();
  auto used = getUsedArguments(fold.getCorrected()[result], correct);
  for (unsigned earlier = 0; earlier < result; ++earlier)
    if (used.contains(fold.getOldState()[earlier]) ||
        used.contains(fold.getNewState()[earlier]))
      visit(fold.getResult(earlier));
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(fold.getCorrect(), captured);
  llvm::for_each(captured, visit);
}

static void visitFoldResult(FoldOp fold, unsigned result,
                            function_ref<void(Value)> visit) {
  visit(fold.getLower());
  visit(fold.getUpper());
  if (!fold.getInits().empty())
    visitStart(fold, result, visit);
  visit(fold.getElements()[result]);
  if (Region *combiner = fold.getCombiner(result)) {
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(*combiner, captured);
    llvm::for_each(captured, visit);
  }
}

static void visitIfResult(scf::IfOp branch, unsigned result,
                          function_ref<void(Value)> visit) {
  visit(branch.getCondition());
  for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()})
    if (!region->empty())
      visit(region->front().getTerminator()->getOperand(result));
}

/// The result of the fold for whose state `argument` stands: as a running value
/// in the body, as an old or a new value in `correct`. Else null.
static OpResult getStateResult(BlockArgument argument) {
  Region *region = argument.getOwner()->getParent();
  auto fold = dyn_cast_or_null<FoldOp>(argument.getOwner()->getParentOp());
  if (!fold)
    return {};
  unsigned number = argument.getArgNumber();
  if (region == &fold.getBody())
    return number > 0 ? fold->getResult(number - 1) : OpResult();
  if (region == &fold.getCorrect())
    return fold->getResult(number % fold.getNumResults());
  return {};
}

/// A block argument of another operation than a fold or an array: an iteration
/// argument of a loop, say. It may depend on all that goes into the operation.
static void visitOther(BlockArgument argument,
                       function_ref<void(Value)> visit) {
  Operation *parent = argument.getOwner()->getParentOp();
  if (!parent || parent->hasTrait<OpTrait::IsIsolatedFromAbove>())
    return;
  llvm::for_each(parent->getOperands(), visit);
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(parent->getRegions(), captured);
  llvm::for_each(captured, visit);
}

static void visitArgument(BlockArgument argument,
                          function_ref<void(Value)> visit) {
  if (OpResult result = getStateResult(argument))
    visit(result);
  else if (!isa_and_nonnull<ArrayOp, FoldOp>(
               argument.getOwner()->getParentOp()))
    visitOther(argument, visit);
}

void moa::forEachDependence(Value value, function_ref<void(Value)> visit) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return visitArgument(argument, visit);
  auto result = cast<OpResult>(value);
  Operation *op = result.getOwner();
  if (auto fold = dyn_cast<FoldOp>(op))
    return visitFoldResult(fold, result.getResultNumber(), visit);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return visitIfResult(branch, result.getResultNumber(), visit);
  llvm::for_each(op->getOperands(), visit);
  if (op->getNumRegions() == 0)
    return;
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::for_each(captured, visit);
}

/// True if `argument` is the index of a fold or an axis of an array.
static bool isAxis(BlockArgument argument) {
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto fold = dyn_cast_or_null<FoldOp>(parent))
    return argument == fold.getIndex();
  return isa_and_nonnull<ArrayOp>(parent);
}

/// The set of `value` from the sets of what it depends on.
AxisSet AxisSets::compute(Value value) {
  AxisSet set;
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (isAxis(argument))
      set.insert(argument);
  forEachDependence(value, [&](Value dependence) {
    const AxisSet &other = *known.find(dependence)->second;
    set.insert(other.begin(), other.end());
  });
  if (auto fold = value.getDefiningOp<FoldOp>())
    set.remove(cast<BlockArgument>(fold.getIndex()));
  return set;
}

const AxisSet &AxisSets::get(Value value) {
  // Depth first with a stack of its own: chains of scalar code may be long.
  SmallVector<Value> stack{value};
  while (!stack.empty()) {
    Value next = stack.back();
    if (known.contains(next)) {
      stack.pop_back();
      continue;
    }
    size_t size = stack.size();
    forEachDependence(next, [&](Value dependence) {
      if (!known.contains(dependence))
        stack.push_back(dependence);
    });
    if (stack.size() != size)
      continue;
    known.try_emplace(next, std::make_unique<AxisSet>(compute(next)));
    stack.pop_back();
  }
  return *known.find(value)->second;
}

llvm::SmallPtrSet<Value, 8> moa::getUsedArguments(Value value, Block &block) {
  llvm::SmallPtrSet<Value, 8> used;
  llvm::DenseSet<Value> visited;
  SmallVector<Value> worklist{value};
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    // What is defined outside cannot depend on the arguments.
    if (!visited.insert(next).second ||
        !block.getParent()->isAncestor(next.getParentRegion()))
      continue;
    if (next.getParentBlock() == &block && isa<BlockArgument>(next))
      used.insert(next);
    else
      forEachDependence(next, [&](Value v) { worklist.push_back(v); });
  }
  return used;
}
