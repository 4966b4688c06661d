//===- Prepare.cpp - Folds in the form that can be fused --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Prepare.h"
#include "Group.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// Whether nothing goes wrong where the operation should not have been reached.
static bool isSafe(Operation *op) {
  if (op->getNumRegions() != 0 || !isPure(op) || isa<PsiOp>(op))
    return false;
  // Upstream calls remainders pure, and maps that divide by a symbol.
  if (isa<arith::RemSIOp, arith::RemUIOp>(op))
    return getConstantIntValue(op->getOperand(1)).value_or(0) != 0;
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
    return apply.getAffineMap().getNumSymbols() == 0 ||
           !apply.getAffineMap().getResult(0).walk([](AffineExpr e) {
              auto binary = dyn_cast<AffineBinaryOpExpr>(e);
              bool divides = binary && (e.getKind() == AffineExprKind::Mod ||
                                        e.getKind() == AffineExprKind::FloorDiv ||
                                        e.getKind() == AffineExprKind::CeilDiv);
              return divides && !isa<AffineConstantExpr>(binary.getRHS())
                         ? WalkResult::interrupt()
                         : WalkResult::advance();
            }).wasInterrupted();
  return true;
}

static bool isPlain(Region &region) {
  return llvm::all_of(region.front().without_terminator(),
                      [](Operation &op) { return isSafe(&op); });
}

/// Computes both sides of a branch, and selects.
static void selectSides(scf::IfOp branch) {
  if (branch.getNumResults() == 0 || !isPlain(branch.getThenRegion()) ||
      !isPlain(branch.getElseRegion()))
    return;
  IRRewriter rewriter(branch);
  SmallVector<Value> sides[2], chosen;
  Region *regions[] = {&branch.getThenRegion(), &branch.getElseRegion()};
  for (int i : {0, 1}) {
    Operation *yield = regions[i]->front().getTerminator();
    llvm::append_range(sides[i], yield->getOperands());
    rewriter.eraseOp(yield);
    rewriter.inlineBlockBefore(&regions[i]->front(), branch);
  }
  for (auto [yes, no] : llvm::zip_equal(sides[0], sides[1]))
    chosen.push_back(arith::SelectOp::create(rewriter, branch.getLoc(),
                                             branch.getCondition(), yes, no));
  rewriter.replaceOp(branch, chosen);
}

//===----------------------------------------------------------------------===//
// Start values
//===----------------------------------------------------------------------===//

static bool hasCustom(FoldOp fold) {
  return llvm::any_of(llvm::seq(fold.getNumResults()), [&](unsigned i) {
    return fold.getReducer(i) == ReducerKind::Custom;
  });
}

/// Start values join the results behind the fold, and where elements use them.
static void peelStarts(FoldOp fold) {
  OpBuilder builder(fold);
  Location loc = fold.getLoc();
  SmallVector<ReducerKind> kinds;
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i)
    kinds.push_back(fold.getReducer(i));
  auto plain = FoldOp::create(builder, loc, fold.getLower(), fold.getUpper(),
                              fold.getResultTypes(), kinds);
  plain.getBody().takeBody(fold.getBody());
  OpBuilder inside = OpBuilder::atBlockBegin(&plain.getBody().front());
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i) {
    Value init = fold.getInits()[i], running = plain.getRunning()[i];
    if (!running.use_empty()) {
      Value whole = buildReduction(inside, loc, kinds[i], init, running);
      running.replaceAllUsesExcept(whole, whole.getDefiningOp());
    }
    fold.getResult(i).replaceAllUsesWith(
        buildReduction(builder, loc, kinds[i], init, plain.getResult(i)));
  }
  fold.erase();
}

//===----------------------------------------------------------------------===//
// Folds of folds
//===----------------------------------------------------------------------===//

/// The fold whose result is the element of `outer`, if both are one fold over
/// pairs and nothing else would be repeated.
static FoldOp getInner(FoldOp outer) {
  auto isSimple = [](FoldOp fold) {
    return fold->getNumResults() == 1 && fold.getInits().empty() &&
           !fold.hasCorrect() && !hasCustom(fold);
  };
  auto inner = outer.getElements()[0].getDefiningOp<FoldOp>();
  Block &body = outer.getBody().front();
  if (!inner || inner->getBlock() != &body || !isSimple(outer) ||
      !isSimple(inner) || inner.getReducer(0) != outer.getReducer(0) ||
      llvm::range_size(body.getOps<FoldOp>()) != 1)
    return {};
  for (Value bound : {inner.getLower(), inner.getUpper()})
    if (outer.getBody().isAncestor(bound.getParentRegion()) &&
        !getConstantIntValue(bound))
      return {};
  return inner;
}

static bool haveEqualRanges(FoldOp a, FoldOp b) {
  return areEqualIndices(a.getLower(), b.getLower()) &&
         areEqualIndices(a.getUpper(), b.getUpper());
}

namespace {
/// Flattens pairs of folds over the ranges of one of them.
class Flattener {
public:
  Flattener(FoldOp outer, FoldOp inner);
  void flatten(FoldOp outer, FoldOp inner);

private:
  OpFoldResult countOf(OpFoldResult lower, OpFoldResult upper);

  OpBuilder builder;
  IndexMath math;
  OpFoldResult outerLower, innerLower, innerCount;
  Value zero, total;
};
} // namespace

OpFoldResult Flattener::countOf(OpFoldResult lower, OpFoldResult upper) {
  OpFoldResult count = math.sub(upper, lower);
  auto value = dyn_cast<Value>(upper);
  bool isExtent = value && value.getDefiningOp<tensor::DimOp>() &&
                  isConstantIntValue(lower, 0);
  return isExtent ? upper : math.max(count, math.constant(0));
}

static OpFoldResult asBound(Value bound) {
  if (std::optional<int64_t> constant = getConstantIntValue(bound))
    return Builder(bound.getContext()).getIndexAttr(*constant);
  return bound;
}

Flattener::Flattener(FoldOp outer, FoldOp inner)
    : builder(outer), math(builder, outer.getLoc()),
      outerLower(asBound(outer.getLower())),
      innerLower(asBound(inner.getLower())) {
  innerCount = countOf(innerLower, asBound(inner.getUpper()));
  OpFoldResult outerCount = countOf(outerLower, asBound(outer.getUpper()));
  zero = math.value(math.constant(0));
  total = math.value(math.mul(outerCount, innerCount));
}

void Flattener::flatten(FoldOp outer, FoldOp inner) {
  OpBuilder before(outer);
  auto flat = FoldOp::create(before, outer.getLoc(), zero, total,
                             outer.getResultTypes(), {outer.getReducer(0)});
  OpBuilder body = OpBuilder::atBlockEnd(&flat.getBody().front());
  IndexMath inside(body, inner.getLoc());
  IRMapping mapping;
  OpFoldResult pair = flat.getIndex();
  mapping.map(outer.getIndex(), inside.value(inside.add(
                                    outerLower, inside.div(pair, innerCount))));
  mapping.map(inner.getIndex(), inside.value(inside.add(
                                    innerLower, inside.rem(pair, innerCount))));
  for (Operation &op : outer.getBody().front().without_terminator())
    if (&op != inner.getOperation())
      body.clone(op, mapping);
  for (Operation &op : inner.getBody().front().without_terminator())
    body.clone(op, mapping);
  YieldOp::create(body, inner.getLoc(),
                  mapping.lookupOrDefault(inner.getElements()[0]));
  outer.getResult(0).replaceAllUsesWith(flat.getResult(0));
  outer.erase();
}

/// Flattens pairs over the same ranges of which one uses another's result.
static bool flattenOnce(Block &block) {
  SmallVector<std::pair<FoldOp, FoldOp>> pairs;
  for (FoldOp outer : block.getOps<FoldOp>())
    if (FoldOp inner = getInner(outer))
      pairs.emplace_back(outer, inner);
  for (auto [outer, inner] : pairs) {
    SmallVector<std::pair<FoldOp, FoldOp>> same;
    bool uses = false;
    for (auto [other, otherInner] : pairs) {
      if (!haveEqualRanges(outer, other) || !haveEqualRanges(inner, otherInner))
        continue;
      same.emplace_back(other, otherInner);
      uses |= getUsedFolds(other).contains(outer);
    }
    if (!uses)
      continue;
    Flattener flattener(outer, inner);
    for (auto [other, otherInner] : same)
      flattener.flatten(other, otherInner);
    return true;
  }
  return false;
}

void moa::prepareFolds(Block &block) {
  SmallVector<scf::IfOp> branches;
  for (FoldOp fold : block.getOps<FoldOp>())
    fold.getBody().walk([&](scf::IfOp branch) { branches.push_back(branch); });
  for (scf::IfOp branch : branches)
    selectSides(branch);
  while (flattenOnce(block))
    ;
  SmallVector<FoldOp> folds(block.getOps<FoldOp>()), started;
  for (FoldOp fold : folds) {
    bool shares = llvm::any_of(folds, [&](FoldOp other) {
      return other != fold && haveEqualRanges(fold, other);
    });
    if (shares && !fold.getInits().empty() && !fold.hasCorrect() &&
        !hasCustom(fold))
      started.push_back(fold);
  }
  for (FoldOp fold : started)
    peelStarts(fold);
}
