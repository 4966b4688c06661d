//===- Group.cpp - Folds that can share one range ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Group.h"
#include "ScalarTypes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace moa;

bool moa::canFuse(FoldOp fold) {
  if (!fold.getInits().empty())
    return false;
  for (auto [i, type] : llvm::enumerate(fold.getResultTypes()))
    if (fold.getReducer(i) == ReducerKind::Custom || !getTypeNumber(type))
      return false;
  return true;
}

bool moa::areEqualIndices(Value a, Value b) {
  if (a == b || isEqualConstantIntOrValue(a, b))
    return true;
  auto equal = ValueBoundsConstraintSet::areEqual(a, b);
  return succeeded(equal) && *equal;
}

/// The arrays that a fold reads.
static llvm::SmallPtrSet<Value, 4> getSources(FoldOp fold) {
  llvm::SmallPtrSet<Value, 4> sources;
  fold->walk([&](PsiOp psi) { sources.insert(psi.getSource()); });
  return sources;
}

/// True if `op` or what is nested in it uses a value of `values`.
static bool usesAny(Operation *op, const llvm::DenseSet<Value> &values) {
  return op
      ->walk([&](Operation *nested) {
        bool found = llvm::any_of(nested->getOperands(), [&](Value operand) {
          return values.contains(operand);
        });
        return found ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static bool isScalarOp(Operation *op) {
  return isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) &&
         op->getNumResults() == 1 && op->getNumRegions() == 0;
}

SetVector<Operation *> moa::getUsedFolds(FoldOp fold) {
  SetVector<Operation *> visited;
  SmallVector<Operation *> worklist{fold};
  while (!worklist.empty()) {
    worklist.pop_back_val()->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands()) {
        Operation *op = operand.getDefiningOp();
        if (!op || op->getBlock() != fold->getBlock() || !visited.insert(op))
          continue;
        if (isScalarOp(op))
          worklist.push_back(op);
      }
    });
  }
  visited.remove_if([](Operation *op) { return !isa<FoldOp>(op); });
  return visited;
}

/// Collects the group with every fold in `wanted` that can be part of it.
static FoldGroup collect(FoldOp first,
                         const llvm::SmallPtrSet<Operation *, 4> &wanted) {
  FoldGroup group{{first}, {}};
  llvm::SmallPtrSet<Value, 4> sources = getSources(first);
  // What uses the results through scalar code, and in another way.
  llvm::DenseSet<Value> reached(first->result_begin(), first->result_end());
  llvm::DenseSet<Value> blocked;
  SmallVector<Operation *> between;
  for (Operation *op = first->getNextNode(); op; op = op->getNextNode()) {
    bool isBlocked = usesAny(op, blocked), isReached = usesAny(op, reached);
    auto fold = dyn_cast<FoldOp>(op);
    if (fold && !isBlocked && canFuse(fold) &&
        areEqualIndices(fold.getLower(), first.getLower()) &&
        areEqualIndices(fold.getUpper(), first.getUpper())) {
      llvm::SmallPtrSet<Value, 4> more = getSources(fold);
      bool shares =
          llvm::any_of(more, [&](Value v) { return sources.contains(v); });
      if (isReached || shares || wanted.contains(op)) {
        group.folds.push_back(fold);
        group.between = between;
        sources.insert(more.begin(), more.end());
        reached.insert(op->result_begin(), op->result_end());
        continue;
      }
    }
    if (!isBlocked && !isReached)
      continue;
    // What has effects cannot be moved behind the fold.
    if (!isMemoryEffectFree(op))
      break;
    between.push_back(op);
    auto &set = !isBlocked && isScalarOp(op) ? reached : blocked;
    set.insert(op->result_begin(), op->result_end());
  }
  return group;
}

FoldGroup moa::collectFoldGroup(FoldOp first) {
  // A fold that a member uses is wanted too, though it shares nothing.
  llvm::SmallPtrSet<Operation *, 4> wanted;
  while (true) {
    FoldGroup group = collect(first, wanted);
    size_t size = wanted.size();
    for (FoldOp fold : group.folds)
      for (Operation *used : getUsedFolds(fold))
        if (first->isBeforeInBlock(used))
          wanted.insert(used);
    if (wanted.size() == size)
      return group;
  }
}
