//===- Dependence.cpp - Which axes a value depends on ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Dependence.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace moa;

static void visitFoldResult(FoldOp fold, unsigned result,
                            function_ref<void(Value)> visit) {
  visit(fold.getLower());
  visit(fold.getUpper());
  if (!fold.getInits().empty())
    visit(fold.getInits()[result]);
  visit(fold.getElements()[result]);
  if (Region *combiner = fold.getCombiner(result))
    llvm::for_each(combiner->front().getTerminator()->getOperands(), visit);
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

void moa::forEachDependence(Value value, function_ref<void(Value)> visit) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (OpResult result = getStateResult(argument))
      visit(result);
    return;
  }
  auto result = cast<OpResult>(value);
  Operation *op = result.getOwner();
  if (auto fold = dyn_cast<FoldOp>(op))
    return visitFoldResult(fold, result.getResultNumber(), visit);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return visitIfResult(branch, result.getResultNumber(), visit);
  op->walk([&](Operation *nested) {
    llvm::for_each(nested->getOperands(), visit);
  });
}

/// True if `argument` is the index of a fold or an axis of an array.
static bool isAxis(BlockArgument argument) {
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto fold = dyn_cast_or_null<FoldOp>(parent))
    return argument == fold.getIndex();
  return isa_and_nonnull<ArrayOp>(parent);
}

const AxisSet &AxisSets::get(Value value) {
  auto it = known.find(value);
  if (it != known.end())
    return it->second;
  AxisSet set;
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (isAxis(argument))
      set.insert(argument);
  forEachDependence(value, [&](Value dependence) {
    const AxisSet &other = get(dependence);
    set.insert(other.begin(), other.end());
  });
  if (auto fold = value.getDefiningOp<FoldOp>())
    set.remove(cast<BlockArgument>(fold.getIndex()));
  return known.try_emplace(value, std::move(set)).first->second;
}

llvm::SmallPtrSet<Value, 8> moa::getUsedArguments(Value value, Block &block) {
  llvm::SmallPtrSet<Value, 8> used;
  llvm::DenseSet<Value> visited;
  SmallVector<Value> worklist{value};
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!visited.insert(next).second)
      continue;
    if (next.getParentBlock() == &block && isa<BlockArgument>(next))
      used.insert(next);
    else
      forEachDependence(next, [&](Value v) { worklist.push_back(v); });
  }
  return used;
}
