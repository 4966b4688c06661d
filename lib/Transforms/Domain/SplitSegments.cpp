//===- SplitSegments.cpp - The pass moa-split-segments ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The element of a concatenation is piecewise in the index: a branch on `k < n`.
// A fold over it becomes two, each over the indices of one side; the second
// starts from the state of the first.
//
//===----------------------------------------------------------------------===//

#include "../DeadCode.h"
#include "Absence.h"
#include "BoundBuilder.h"
#include "Simplify.h"

#include "moa/Dialect/Moa/IR/Dependence.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/CSE.h"

namespace moa {
#define GEN_PASS_DEF_MOASPLITSEGMENTS
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

/// The first result whose element needs the final values of others, in a fold
/// that cannot go on from a state.
static std::optional<unsigned> findObstacle(FoldOp fold) {
  if (fold.hasCorrect())
    return std::nullopt;
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i) {
    auto used = getUsedArguments(fold.getElements()[i], fold.getBody().front());
    for (BlockArgument running : fold.getRunning())
      if (used.contains(running))
        return i;
  }
  return std::nullopt;
}

/// Where the branch cuts the range in two: the first index of the second part.
static std::optional<Bound> findCut(scf::IfOp branch, FoldOp fold,
                                    IndexSets &sets) {
  Value condition = branch.getCondition();
  if (!sets.varies(condition) || sets.decide(condition, sets.getRange()))
    return std::nullopt;
  IndexSet set = sets.get(condition);
  if (!set.exact || set.lower.has_value() == set.upper.has_value())
    return std::nullopt;
  Bound cut = set.lower ? *set.lower : *set.upper;
  // A mask is for moa-tighten-bounds.
  BoundedRange below = sets.getRange(), above = sets.getRange();
  below.upper.push_back(cut);
  above.lower.push_back(cut);
  if (PartialValues(fold, sets, below).areAllAbsent() ||
      PartialValues(fold, sets, above).areAllAbsent())
    return std::nullopt;
  return cut;
}

/// A mask of two intervals, such as the first keys and a window: where one of them
/// begins or ends on one side.
static std::optional<Bound> findCut(arith::OrIOp either, FoldOp fold,
                                    IndexSets &sets) {
  Value condition = either.getResult();
  if (!condition.getType().isInteger(1) || !sets.varies(condition) ||
      sets.get(condition).exact || sets.decide(condition, sets.getRange()))
    return std::nullopt;
  PartialValues masked(fold, sets, sets.getRange());
  masked.assume(condition, false);
  if (!masked.areAllAbsent())
    return std::nullopt;
  for (Value side : either->getOperands()) {
    IndexSet set = sets.get(side);
    if (set.exact && set.lower.has_value() != set.upper.has_value() &&
        !sets.decide(side, sets.getRange()))
      return set.lower ? set.lower : set.upper;
  }
  return std::nullopt;
}

static std::optional<Bound> findCut(FoldOp fold, IndexSets &sets) {
  std::optional<Bound> cut;
  fold.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto branch = dyn_cast<scf::IfOp>(op))
      cut = findCut(branch, fold, sets);
    else if (auto either = dyn_cast<arith::OrIOp>(op))
      cut = findCut(either, fold, sets);
    return cut ? WalkResult::interrupt() : WalkResult::advance();
  });
  return cut;
}

/// The same fold, from the state `starts`; takes the body and correction.
static FoldOp buildContinuation(FoldOp fold, Value lower, ValueRange starts) {
  OpBuilder builder(fold);
  SmallVector<ReducerKind> kinds;
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i)
    kinds.push_back(fold.getReducer(i));
  auto rest = FoldOp::create(builder, fold.getLoc(), lower, fold.getUpper(),
                             fold.getResultTypes(), kinds, starts);
  rest->setDiscardableAttrs(fold->getDiscardableAttrDictionary());
  rest.getBody().takeBody(fold.getBody());
  rest.getCorrect().takeBody(fold.getCorrect());
  for (auto [to, from] : llvm::zip_equal(rest.getCombiners(), fold.getCombiners()))
    to.takeBody(from);
  fold->replaceAllUsesWith(rest);
  fold.erase();
  return rest;
}

/// Cuts a fold until none of its parts can be cut.
static void splitFold(FoldOp fold, SmallVectorImpl<FoldOp> &parts) {
  while (true) {
    IndexSets sets(fold);
    std::optional<Bound> cut = findCut(fold, sets);
    if (!cut)
      return parts.push_back(fold);
    if (std::optional<unsigned> result = findObstacle(fold)) {
      fold.emitRemark() << "is not split into segments: result #" << *result
                        << " uses earlier results, and there is no `correct` "
                           "region";
      return parts.push_back(fold);
    }
    OpBuilder builder(fold);
    IndexMath math(builder, fold.getLoc());
    BoundBuilder bounds(fold, sets, builder);
    bounds.hoist(*cut);
    OpFoldResult middle = bounds.build(*cut);
    const BoundedRange &range = sets.getRange();
    Value end = sets.isAtMost(*cut, range.upper.front())
                    ? math.value(middle)
                    : math.value(math.min(middle, fold.getUpper()));
    Value begin = sets.isAtMost(range.lower.front(), *cut)
                      ? math.value(middle)
                      : math.value(math.max(middle, fold.getLower()));
    auto first = cast<FoldOp>(builder.clone(*fold));
    first.getUpperMutable().assign(end);
    FoldOp rest = buildContinuation(fold, begin, first.getResults());
    simplifyConditions(first);
    simplifyConditions(rest);
    splitFold(first, parts);
    fold = rest;
  }
}

/// Cuts the folds of a region, then those that are nested in their parts: there a
/// branch on the outer index is decided, and what is left may be a mask.
static void splitFolds(Region &region) {
  SmallVector<FoldOp> folds;
  region.walk<WalkOrder::PreOrder>([&](FoldOp fold) {
    folds.push_back(fold);
    return WalkResult::skip();
  });
  for (FoldOp fold : folds) {
    Location loc = fold.getLoc();
    SmallVector<FoldOp> parts;
    splitFold(fold, parts);
    for (FoldOp part : parts)
      splitFolds(part.getBody());
    if (parts.size() > 1)
      remark::passed(loc, remark::RemarkOpts::name("Segments")
                              .category("moa-split-segments"))
          << remark::add("the fold runs over {0} segments, one after another",
                         parts.size());
  }
}

namespace {
struct SplitSegmentsPass
    : public moa::impl::MoaSplitSegmentsBase<SplitSegmentsPass> {
  void runOnOperation() override {
    simplify();
    splitFolds(getOperation().getBody());
    simplify();
    eraseDeadCode(getOperation());
  }

  void simplify() {
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(getOperation());
    eliminateCommonSubExpressions(rewriter, dominance, getOperation());
  }
};
} // namespace
