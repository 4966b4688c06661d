//===- TightenBounds.cpp - The pass moa-tighten-bounds ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The domain of a fold is its range. A condition on the index belongs to it if,
// where it does not hold, all elements are identities.
//
//===----------------------------------------------------------------------===//

#include "../DeadCode.h"
#include "Absence.h"
#include "BoundBuilder.h"
#include "Simplify.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/CSE.h"

namespace moa {
#define GEN_PASS_DEF_MOATIGHTENBOUNDS
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {
/// Tightens the bounds of one fold.
class Tightener {
public:
  explicit Tightener(FoldOp fold) : fold(fold), sets(fold) {}

  void run();

private:
  void collect();
  void tryBounds(const std::optional<Bound> &bound, bool isUpper);
  void remarkOther(Value condition);

  FoldOp fold;
  IndexSets sets;
  SmallVector<Bound> lower, upper;
};
} // namespace

//===----------------------------------------------------------------------===//
// The bounds
//===----------------------------------------------------------------------===//

/// Takes the parts of a bound behind which no element is.
void Tightener::tryBounds(const std::optional<Bound> &bound, bool isUpper) {
  if (!bound)
    return;
  Bound::Kind joins = isUpper ? Bound::Kind::Min : Bound::Kind::Max;
  if (bound->kind == joins) {
    for (const Bound &part : bound->parts)
      tryBounds(part, isUpper);
    return;
  }
  auto implies = [&](const Bound &a, const Bound &b) {
    return isUpper ? sets.isAtMost(a, b) : sets.isAtMost(b, a);
  };
  SmallVector<Bound> &list = isUpper ? upper : lower;
  const BoundedRange &range = sets.getRange();
  const Bound &given = (isUpper ? range.upper : range.lower).front();
  if (implies(given, *bound) || llvm::any_of(list, [&](const Bound &other) {
        return implies(other, *bound);
      }))
    return;
  BoundedRange outside = range;
  (isUpper ? outside.lower : outside.upper).push_back(*bound);
  if (!PartialValues(fold, sets, outside).areAllAbsent())
    return;
  llvm::erase_if(list, [&](const Bound &other) {
    return implies(*bound, other);
  });
  list.push_back(*bound);
}

/// Says which conditions mask elements, but are no bounds.
void Tightener::remarkOther(Value condition) {
  PartialValues values(fold, sets, sets.getRange());
  values.assume(condition, false);
  if (sets.varies(condition) && values.areAllAbsent())
    remark::missed(condition.getLoc(), remark::RemarkOpts::name("MaskStays")
                                           .category("moa-tighten-bounds"))
        << remark::add("a condition that masks elements of the fold is no affine "
                       "bound of its index; it stays in the element");
}

void Tightener::collect() {
  fold.getBody().walk([&](Operation *op) {
    if (op->getNumResults() != 1 || !op->getResult(0).getType().isInteger(1))
      return;
    Value condition = op->getResult(0);
    IndexSet yes = sets.get(condition), no = sets.get(condition, false);
    bool none = !yes.lower && !yes.upper && !no.lower && !no.upper;
    if (none && !isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op))
      remarkOther(condition);
    for (const IndexSet &set : {yes, no}) {
      tryBounds(set.lower, /*isUpper=*/false);
      tryBounds(set.upper, /*isUpper=*/true);
    }
  });
}

void Tightener::run() {
  collect();
  if (lower.empty() && upper.empty())
    return;
  OpBuilder builder(fold);
  IndexMath math(builder, fold.getLoc());
  BoundBuilder bounds(fold, sets, builder);
  bounds.hoist(llvm::to_vector(llvm::concat<Bound>(lower, upper)));
  // A given bound that a new one implies is not needed.
  const BoundedRange &range = sets.getRange();
  OpFoldResult first = fold.getLower(), end = fold.getUpper();
  for (const Bound &bound : lower) {
    bool implied = sets.isAtMost(range.lower.front(), bound);
    first = implied && first == OpFoldResult(fold.getLower())
                ? bounds.build(bound)
                : math.max(first, bounds.build(bound));
  }
  for (const Bound &bound : upper) {
    bool implied = sets.isAtMost(bound, range.upper.front());
    end = implied && end == OpFoldResult(fold.getUpper())
              ? bounds.build(bound)
              : math.min(end, bounds.build(bound));
  }
  fold.getLowerMutable().assign(math.value(first));
  fold.getUpperMutable().assign(math.value(end));
  remark::passed(fold.getLoc(), remark::RemarkOpts::name("Tightened")
                                    .category("moa-tighten-bounds"))
      << remark::add("{0} conditions on the index of the fold became bounds",
                     lower.size() + upper.size());
}

namespace {
struct TightenBoundsPass
    : public moa::impl::MoaTightenBoundsBase<TightenBoundsPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(getOperation());
    // Equal conditions become one.
    eliminateCommonSubExpressions(rewriter, dominance, getOperation());
    SmallVector<FoldOp> folds;
    getOperation()->walk<WalkOrder::PreOrder>(
        [&](FoldOp fold) { folds.push_back(fold); });
    for (FoldOp fold : folds) {
      Tightener(fold).run();
      simplifyConditions(fold);
    }
    eraseDeadCode(getOperation());
  }
};
} // namespace
