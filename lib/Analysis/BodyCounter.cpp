//===- BodyCounter.cpp - Counts of scalar code ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts are made from the inside out: those of one round of a loop, summed
// over its axis. The loops around an access are kept on the way in.
//
//===----------------------------------------------------------------------===//

#include "BodyCounter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

void BodyCounter::Scope::loop(AtomId axis, const std::optional<Form> &from,
                              const std::optional<Form> &to) {
  counter.axes.push_back(axis);
  if (!from || !to) {
    counter.isExact = false;
    return;
  }
  Form variable = counter.space.fromAtom(axis);
  counter.domain.push_back(variable - *from + 1);
  counter.domain.push_back(*to - variable);
}

void BodyCounter::Scope::condition(const std::optional<Form> &form) {
  if (form)
    counter.domain.push_back(*form);
  else
    counter.isExact = false;
}

Tally BodyCounter::countRead(Value array, ValueRange indices) {
  array = IndexForms::rootOf(array);
  Access access;
  for (Value index : indices)
    access.index.push_back(forms.of(index));
  access.axes = axes;
  access.domain = domain;
  access.isExact = isExact;
  SmallVector<Access> &known = accesses[array];
  if (!llvm::is_contained(known, access))
    known.push_back(std::move(access));
  Tally tally;
  tally.addRead(array, CountRange(Form(space, 1)));
  return tally;
}

FailureOr<Tally> BodyCounter::countOp(Operation *op) {
  if (auto psi = dyn_cast<PsiOp>(op); psi && psi.isFull())
    return countRead(psi.getSource(), psi.getIndices());
  if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    return countRead(extract.getTensor(), extract.getIndices());
  if (isa<tensor::DimOp, memref::DimOp, tensor::RankOp>(op))
    return Tally();
  if (auto choice = dyn_cast<scf::IfOp>(op))
    return countIf(choice);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return countFor(loop);
  if (auto fold = dyn_cast<FoldOp>(op)) {
    Tally tally;
    for (unsigned number = 0; number < fold.getNumResults(); ++number) {
      FailureOr<Tally> result = countFoldResult(fold, number);
      if (failed(result))
        return failure();
      tally.add(*result);
    }
    return tally;
  }
  auto kinds = scalarKindsOf(op);
  if (!kinds)
    return op->emitOpError() << "has no counts";
  Tally tally;
  for (const ScalarKind &kind : *kinds)
    tally.addOp(kind, CountRange(Form(space, 1)));
  return tally;
}

FailureOr<Tally> BodyCounter::countPiece(const Piece &piece) {
  if (piece.result)
    return countFoldResult(cast<FoldOp>(piece.op), *piece.result);
  return countOp(piece.op);
}

FailureOr<Tally> BodyCounter::countBlock(Block &block) {
  Tally tally;
  for (Operation &op : block.without_terminator()) {
    FailureOr<Tally> part = countOp(&op);
    if (failed(part))
      return failure();
    tally.add(*part);
  }
  return tally;
}

FailureOr<Tally> BodyCounter::countIf(scf::IfOp op) {
  std::optional<Form> condition = forms.of(op.getCondition());
  Tally parts[2];
  for (bool holds : {false, true}) {
    Region &region = holds ? op.getThenRegion() : op.getElseRegion();
    if (region.empty())
      continue;
    Scope scope(*this);
    if (condition)
      scope.condition(holds ? *condition : Form(space, 1) - *condition);
    else
      scope.condition(std::nullopt);
    FailureOr<Tally> part = countBlock(region.front());
    if (failed(part))
      return failure();
    parts[holds] = std::move(*part);
  }
  if (!condition)
    return Tally::either(space, parts[0], parts[1]);
  Tally tally = parts[1].times(*condition);
  tally.add(parts[0].times(Form(space, 1) - *condition));
  return tally;
}

FailureOr<Tally> BodyCounter::countFor(scf::ForOp op) {
  std::optional<Form> from = forms.of(op.getLowerBound());
  std::optional<Form> to = forms.of(op.getUpperBound());
  std::optional<Form> step = forms.of(op.getStep());
  bool known = from && to && step && space.isNotNegative(*step - 1);
  AtomId axis = space.axis("t");
  Form zero(space);
  std::optional<Form> trips;
  if (known) {
    // Rounds are numbered from 0.
    trips = space.notNegative(space.floorDiv(*to - *from + *step - 1, *step));
    space.setRange(axis, zero, *trips);
    AtomId index = space.axis("k");
    forms.setAxis(op.getInductionVar(), index);
    Scope scope(*this);
    scope.loop(axis, zero, trips);
    Form value = *from + *step * space.fromAtom(axis);
    scope.loop(index, value, value + 1);
    FailureOr<Tally> body = countBlock(*op.getBody());
    if (failed(body))
      return failure();
    return body->sumOver(space, index, value, value + 1)
        .sumOver(space, axis, zero, *trips);
  }
  Scope scope(*this);
  scope.loop(axis, std::nullopt, std::nullopt);
  FailureOr<Tally> body = countBlock(*op.getBody());
  if (failed(body))
    return failure();
  return body->atMost(space, /*once=*/false);
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

FailureOr<Tally> BodyCounter::countReducer(FoldOp fold, unsigned number) {
  Tally tally;
  if (Region *combiner = fold.getCombiner(number))
    return countBlock(combiner->front());
  tally.addOp(scalarKindOf(fold.getReducer(number),
                           fold.getResult(number).getType()),
              CountRange(Form(space, 1)));
  return tally;
}

FailureOr<Tally>
BodyCounter::countElement(FoldOp fold, unsigned number, AtomId axis,
                          const std::optional<Form> &lower,
                          const std::optional<Form> &upper) {
  // What does not depend on the index runs once, if there is any index.
  Tally once, each;
  FailureOr<Tally> reducer = countReducer(fold, number);
  if (failed(reducer))
    return failure();
  each.add(*reducer);
  for (const Piece &piece :
       piecesFor(fold.getBody().front(), {cast<BlockArgument>(fold.getIndex())},
                 fold.getElements()[number])) {
    FailureOr<Tally> part = countPiece(piece);
    if (failed(part))
      return failure();
    (piece.level == 0 ? once : each).add(*part);
  }
  if (!lower || !upper) {
    Tally tally = once.atMost(space, /*once=*/true);
    tally.add(each.atMost(space, /*once=*/false));
    return tally;
  }
  Tally tally = once.times(space.positive(*upper - *lower));
  tally.add(each.sumOver(space, axis, *lower, *upper));
  return tally;
}

FailureOr<Tally> BodyCounter::countFoldResult(FoldOp fold, unsigned number) {
  std::optional<Form> lower = forms.of(fold.getLower());
  std::optional<Form> upper = forms.of(fold.getUpper());
  auto argument = cast<BlockArgument>(fold.getIndex());
  std::optional<Form> index = forms.of(argument);
  AtomId axis;
  if (index && index->atom()) {
    axis = *index->atom();
  } else {
    axis = space.axis("k");
    forms.setAxis(argument, axis);
    if (lower && upper)
      space.setRange(axis, *lower, *upper);
  }
  Scope scope(*this);
  scope.loop(axis, lower, upper);
  return countElement(fold, number, axis, lower, upper);
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

static bool hasAxis(ArrayOp op, unsigned result, unsigned axis) {
  return llvm::is_contained(op.getMap(result).getResults(),
                            getAffineDimExpr(axis, op.getContext()));
}

FailureOr<Tally> BodyCounter::countArray(ArrayOp op) {
  unsigned rank = op.getNumAxes(), numResults = op.getYieldedValues().size();
  SmallVector<Form> extents;
  SmallVector<AtomId> loops;
  static constexpr StringRef names[] = {"i", "j", "u", "v", "w"};
  for (OpFoldResult extent : op.getMixedExtents()) {
    extents.push_back(forms.of(extent));
    loops.push_back(space.axis(names[std::min<size_t>(loops.size(), 4)]));
    forms.setAxis(op.getAxes()[loops.size() - 1], loops.back());
  }
  // A result that lacks an axis is computed where that is 0, also where there
  // is no such index: the loop then has one round. It is computed at all if its
  // own axes have indices.
  SmallVector<Form> rounds;
  for (unsigned axis = 0; axis < rank; ++axis) {
    bool all = true;
    for (unsigned result = 0; result < numResults; ++result)
      all &= hasAxis(op, result, axis);
    rounds.push_back(all ? extents[axis]
                         : space.max(extents[axis], Form(space, 1)));
    space.setRange(loops[axis], Form(space), rounds.back());
  }
  auto isActive = [&](unsigned result) {
    Form active(space, 1);
    for (unsigned axis = 0; axis < rank; ++axis)
      if (hasAxis(op, result, axis))
        active = active * space.positive(extents[axis]);
    return active;
  };
  SmallVector<BlockArgument> variables(op.getAxes());
  Tally total;
  for (const Piece &piece : piecesFor(op.getBody().front(), variables,
                                      op.getYieldedValues())) {
    Scope scope(*this);
    Form idle(space, 1);
    for (unsigned result : piece.neededBy.set_bits())
      idle = idle * (Form(space, 1) - isActive(result));
    Form active = Form(space, 1) - idle;
    for (unsigned axis = 0; axis < rank; ++axis)
      scope.loop(loops[axis], Form(space), rounds[axis]);
    scope.condition(active);
    FailureOr<Tally> part = countPiece(piece);
    if (failed(part))
      return failure();
    for (unsigned axis = piece.level; axis-- > 0;)
      *part = part->sumOver(space, loops[axis], Form(space), rounds[axis]);
    total.add(part->times(active));
  }
  return total;
}
