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
#include "Simplify.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
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
  explicit Tightener(FoldOp fold)
      : fold(fold), sets(fold), builder(fold), math(builder, fold.getLoc()) {}

  void run();

private:
  void collect();
  void tryBounds(const std::optional<Bound> &bound, bool isUpper);
  void remarkOther(Value condition);
  void hoistOperands();
  void hoistGuarded(ArrayRef<Value> values, ArrayRef<Operation *> ops);
  OpFoldResult build(const Bound &bound);

  FoldOp fold;
  IndexSets sets;
  OpBuilder builder;
  IndexMath math;
  SmallVector<Bound> lower, upper;
  /// What stands for operands that are computed in the body.
  IRMapping hoisted;
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
  const IndexRange &range = sets.getRange();
  const Bound &given = (isUpper ? range.upper : range.lower).front();
  if (implies(given, *bound) || llvm::any_of(list, [&](const Bound &other) {
        return implies(other, *bound);
      }))
    return;
  IndexRange outside = range;
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

//===----------------------------------------------------------------------===//
// Their code
//===----------------------------------------------------------------------===//

/// What the body computes where the range is not empty; else nothing of it runs,
/// and reads may be out of bounds.
void Tightener::hoistGuarded(ArrayRef<Value> values, ArrayRef<Operation *> ops) {
  Value some = math.less(fold.getLower(), fold.getUpper());
  auto build = [&](OpBuilder &b, Location loc) {
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
  auto branch = scf::IfOp::create(builder, fold.getLoc(), some, build, zeros);
  hoisted.map(values, branch.getResults());
}

/// Moves what the bounds need in front of the fold.
void Tightener::hoistOperands() {
  SmallVector<Value> used, values;
  for (const Bound &bound : llvm::concat<Bound>(lower, upper))
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

OpFoldResult Tightener::build(const Bound &bound) {
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

void Tightener::run() {
  collect();
  if (lower.empty() && upper.empty())
    return;
  hoistOperands();
  // A given bound that a new one implies is not needed.
  const IndexRange &range = sets.getRange();
  OpFoldResult first = fold.getLower(), end = fold.getUpper();
  for (const Bound &bound : lower) {
    bool implied = sets.isAtMost(range.lower.front(), bound);
    first = implied && first == OpFoldResult(fold.getLower())
                ? build(bound)
                : math.max(first, build(bound));
  }
  for (const Bound &bound : upper) {
    bool implied = sets.isAtMost(bound, range.upper.front());
    end = implied && end == OpFoldResult(fold.getUpper())
              ? build(bound)
              : math.min(end, build(bound));
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
