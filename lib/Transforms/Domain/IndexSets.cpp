//===- IndexSets.cpp - Predicates on a fold's index as intervals -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IndexSets.h"

#include "moa/Dialect/Moa/IR/Dependence.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace moa;

IndexSets::IndexSets(FoldOp fold) : fold(fold), context(fold.getContext()) {
  operands.insert(fold.getIndex());
  range = {{boundOf(fold.getLower())}, {boundOf(fold.getUpper())}};
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

bool IndexSets::varies(Value value) {
  if (!fold.getBody().isAncestor(value.getParentRegion()))
    return false;
  if (auto it = varying.find(value); it != varying.end())
    return it->second;
  // A running value depends on what is computed from it.
  bool answer = varying[value] = isa<BlockArgument>(value);
  if (!answer)
    forEachDependence(value, [&](Value v) { answer |= varies(v); });
  return varying[value] = answer;
}

bool moa::isSafeAnywhere(Operation *op) {
  // A read is safe where its index is in bounds.
  return isPure(op) && !isa<PsiOp>(op);
}

/// True if the value can be computed in front of the fold, wherever the fold
/// has an index at all.
bool IndexSets::isHoistable(Value value) {
  if (!fold.getBody().isAncestor(value.getParentRegion()))
    return true;
  Operation *op = value.getDefiningOp();
  if (varies(value) || !op || op->getNumRegions() != 0)
    return false;
  bool runsAlways = op->getBlock() == &fold.getBody().front();
  if (!runsAlways && !isSafeAnywhere(op))
    return false;
  return llvm::all_of(op->getOperands(),
                      [&](Value operand) { return isHoistable(operand); });
}

AffineExpr IndexSets::term(Value value) {
  operands.insert(value);
  auto *at = llvm::find(operands, value);
  return getAffineDimExpr(at - operands.begin(), context);
}

/// The map of an `affine.apply` over our operands.
std::optional<AffineExpr> IndexSets::inlineApply(Operation *op) {
  auto apply = cast<affine::AffineApplyOp>(op);
  SmallVector<AffineExpr> dims, symbols;
  AffineMap map = apply.getAffineMap();
  for (auto [number, operand] : llvm::enumerate(apply.getMapOperands())) {
    std::optional<AffineExpr> expr = express(operand);
    if (!expr)
      return std::nullopt;
    (number < map.getNumDims() ? dims : symbols).push_back(*expr);
  }
  return map.getResult(0).replaceDimsAndSymbols(dims, symbols);
}

/// An index as an affine expression; nothing if it is none of the fold's index.
std::optional<AffineExpr> IndexSets::express(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return getAffineConstantExpr(*constant, context);
  if (value == fold.getIndex())
    return getAffineDimExpr(0, context);
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<affine::AffineApplyOp>(op))
    if (std::optional<AffineExpr> expr = inlineApply(op))
      return expr;
  if (isa_and_nonnull<arith::AddIOp, arith::SubIOp>(op)) {
    auto a = express(op->getOperand(0)), b = express(op->getOperand(1));
    if (a && b)
      return isa<arith::AddIOp>(op) ? *a + *b : *a - *b;
  }
  if (isa_and_nonnull<arith::MulIOp>(op)) {
    auto a = express(op->getOperand(0)), b = express(op->getOperand(1));
    if (a && b && (isa<AffineConstantExpr>(*a) || isa<AffineConstantExpr>(*b)))
      return *a * *b;
  }
  // Indices fit into 64 bits.
  if (auto cast = dyn_cast_or_null<arith::IndexCastOp>(op)) {
    Type other = cast.getIn().getType().isIndex() ? cast.getType()
                                                  : cast.getIn().getType();
    if (other.isInteger(64))
      if (auto a = express(cast.getIn()))
        return a;
  }
  bool isIndex = value.getType().isIndex() || value.getType().isInteger(64);
  if (!isIndex || !isHoistable(value))
    return std::nullopt;
  return term(value);
}

/// A bound as it stands in the fold.
Bound IndexSets::boundOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<arith::MaxSIOp>(op))
    return Bound::max(boundOf(op->getOperand(0)), boundOf(op->getOperand(1)));
  if (isa_and_nonnull<arith::MinSIOp>(op))
    return Bound::min(boundOf(op->getOperand(0)), boundOf(op->getOperand(1)));
  return Bound::of(*express(value));
}

void IndexSets::getUsed(const Bound &bound, SmallVectorImpl<Value> &used) {
  for (const Bound &part : bound.parts)
    getUsed(part, used);
  if (bound.kind == Bound::Kind::Affine)
    for (auto [number, operand] : llvm::enumerate(operands))
      if (bound.expr.isFunctionOfDim(number))
        used.push_back(operand);
}

/// `expr` as `a * dim + rest`, if it is linear in the dim.
static std::optional<std::pair<int64_t, AffineExpr>> splitDim(AffineExpr expr,
                                                              unsigned dim) {
  if (!expr.isFunctionOfDim(dim))
    return std::pair(int64_t(0), expr);
  AffineExpr zero = getAffineConstantExpr(0, expr.getContext());
  if (isa<AffineDimExpr>(expr))
    return std::pair(int64_t(1), zero);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  auto a = splitDim(binary.getLHS(), dim), b = splitDim(binary.getRHS(), dim);
  if (!a || !b)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return std::pair(a->first + b->first, a->second + b->second);
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (expr.getKind() != AffineExprKind::Mul || !factor)
    return std::nullopt;
  return std::pair(a->first * factor.getValue(), a->second * factor);
}

//===----------------------------------------------------------------------===//
// Comparison of bounds
//===----------------------------------------------------------------------===//

/// The smallest or largest value of an axis of an array or of a fold around.
std::optional<AffineExpr> IndexSets::getExtreme(Value axis, bool largest) {
  auto argument = dyn_cast<BlockArgument>(axis);
  Operation *parent = argument ? argument.getOwner()->getParentOp() : nullptr;
  if (auto array = dyn_cast_or_null<ArrayOp>(parent)) {
    if (!largest)
      return getAffineConstantExpr(0, context);
    OpFoldResult extent = array.getMixedExtents()[argument.getArgNumber()];
    if (std::optional<int64_t> constant = getConstantIntValue(extent))
      return getAffineConstantExpr(*constant - 1, context);
    return *express(cast<Value>(extent)) - 1;
  }
  auto outer = dyn_cast_or_null<FoldOp>(parent);
  if (!outer || outer == fold || axis != outer.getIndex())
    return std::nullopt;
  if (largest)
    return *express(outer.getUpper()) - 1;
  return express(outer.getLower());
}

/// True if `expr` is at least 0 for all axes in their ranges.
bool IndexSets::isNotNegative(AffineExpr expr) {
  auto isExtent = [](Value value) {
    return value.getDefiningOp<tensor::DimOp>() ||
           value.getDefiningOp<memref::DimOp>();
  };
  // Axes first: their ranges bring in extents. Inner ones come with outer ones.
  for (int round = 0; round < 4; ++round) {
    for (unsigned dim = 1; dim < operands.size(); ++dim) {
      expr = simplifyAffineExpr(expr, operands.size(), 0);
      auto split = splitDim(expr, dim);
      if (!split || split->first == 0)
        continue;
      if (auto extreme = getExtreme(operands[dim], split->first < 0))
        expr = split->second + *extreme * split->first;
      else if (round == 3 && split->first > 0 && isExtent(operands[dim]))
        expr = split->second;
    }
  }
  expr = simplifyAffineExpr(expr, operands.size(), 0);
  auto constant = dyn_cast<AffineConstantExpr>(expr);
  return constant && constant.getValue() >= 0;
}

bool IndexSets::isAtMost(const Bound &a, const Bound &b) {
  using Kind = Bound::Kind;
  auto partOfA = [&](const Bound &part) { return isAtMost(part, b); };
  auto partOfB = [&](const Bound &part) { return isAtMost(a, part); };
  if (a.kind == Kind::Max)
    return llvm::all_of(a.parts, partOfA);
  if (b.kind == Kind::Min)
    return llvm::all_of(b.parts, partOfB);
  if (a.kind == Kind::Min && llvm::any_of(a.parts, partOfA))
    return true;
  if (b.kind == Kind::Max && llvm::any_of(b.parts, partOfB))
    return true;
  if (a.kind != Kind::Affine || b.kind != Kind::Affine)
    return false;
  return isNotNegative(b.expr - a.expr);
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

/// The indices at which `expr <= 0`.
IndexSet IndexSets::solve(AffineExpr expr) {
  expr = simplifyAffineExpr(expr, operands.size(), 0);
  if (auto split = splitDim(expr, 0)) {
    auto [factor, rest] = *split;
    if (factor > 0)
      return {{}, Bound::of((-rest).floorDiv(factor) + 1), true};
    if (factor < 0)
      return {Bound::of(rest.ceilDiv(-factor)), {}, true};
    return {};
  }
  // rest + f * (inner floordiv c) <= 0, for f = 1 or -1.
  SmallVector<AffineExpr> pending{expr};
  AffineExpr rest = getAffineConstantExpr(0, context), quotient;
  while (!pending.empty()) {
    AffineExpr next = pending.pop_back_val();
    if (!next.isFunctionOfDim(0)) {
      rest = rest + next;
    } else if (next.getKind() == AffineExprKind::Add) {
      pending.push_back(cast<AffineBinaryOpExpr>(next).getLHS());
      pending.push_back(cast<AffineBinaryOpExpr>(next).getRHS());
    } else if (quotient) {
      return {};
    } else {
      quotient = next;
    }
  }
  int64_t factor = 1;
  if (quotient.getKind() == AffineExprKind::Mul) {
    auto product = cast<AffineBinaryOpExpr>(quotient);
    auto constant = dyn_cast<AffineConstantExpr>(product.getRHS());
    factor = constant ? constant.getValue() : 0;
    quotient = product.getLHS();
  }
  if (quotient.getKind() != AffineExprKind::FloorDiv || std::abs(factor) != 1)
    return {};
  auto division = cast<AffineBinaryOpExpr>(quotient);
  auto divisor = dyn_cast<AffineConstantExpr>(division.getRHS());
  if (!divisor || divisor.getValue() <= 0)
    return {};
  AffineExpr inner = division.getLHS(), scaled = rest * divisor;
  if (factor > 0)
    return solve(inner + scaled - (divisor.getValue() - 1));
  return solve(scaled - inner);
}

static IndexSet intersect(IndexSet a, IndexSet b) {
  IndexSet both{a.lower, a.upper, a.exact && b.exact};
  if (b.lower)
    both.lower = a.lower ? Bound::max(*a.lower, *b.lower) : *b.lower;
  if (b.upper)
    both.upper = a.upper ? Bound::min(*a.upper, *b.upper) : *b.upper;
  return both;
}

/// The smallest interval that includes both.
static IndexSet unite(IndexSet a, IndexSet b) {
  IndexSet hull;
  bool noLower = !a.lower && !b.lower, noUpper = !a.upper && !b.upper;
  hull.exact = a.exact && b.exact && (noLower || noUpper);
  if (a.lower && b.lower)
    hull.lower = Bound::min(*a.lower, *b.lower);
  if (a.upper && b.upper)
    hull.upper = Bound::max(*a.upper, *b.upper);
  return hull;
}

IndexSet IndexSets::getComparison(Operation *op, bool wanted) {
  auto compare = cast<arith::CmpIOp>(op);
  auto a = express(compare.getLhs()), b = express(compare.getRhs());
  if (!a || !b)
    return {};
  arith::CmpIPredicate predicate = compare.getPredicate();
  if (!wanted)
    predicate = arith::invertPredicate(predicate);
  switch (predicate) {
  case arith::CmpIPredicate::slt:
    return solve(*a - *b + 1);
  case arith::CmpIPredicate::sle:
    return solve(*a - *b);
  case arith::CmpIPredicate::sgt:
    return solve(*b - *a + 1);
  case arith::CmpIPredicate::sge:
    return solve(*b - *a);
  case arith::CmpIPredicate::eq:
    return intersect(solve(*a - *b), solve(*b - *a));
  default:
    return {};
  }
}

IndexSet IndexSets::get(Value condition, bool wanted) {
  Operation *op = condition.getDefiningOp();
  if (!op)
    return {};
  if (isa<arith::CmpIOp>(op))
    return getComparison(op, wanted);
  if (!isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op))
    return {};
  Value a = op->getOperand(0), b = op->getOperand(1);
  if (isa<arith::XOrIOp>(op)) {
    std::optional<int64_t> flip = getConstantIntValue(b);
    return flip ? get(a, *flip == 0 ? wanted : !wanted) : IndexSet();
  }
  IndexSet x = get(a, wanted), y = get(b, wanted);
  return isa<arith::AndIOp>(op) == wanted ? intersect(x, y) : unite(x, y);
}

std::optional<bool> IndexSets::decide(Value condition, const BoundedRange &range) {
  auto reaches = [&](const SmallVector<Bound> &list, auto test) {
    return llvm::any_of(list, test);
  };
  IndexSet set = get(condition);
  // No index is in a set that ends where the range begins.
  if (set.upper && reaches(range.lower, [&](const Bound &bound) {
        return isAtMost(*set.upper, bound);
      }))
    return false;
  if (set.lower && reaches(range.upper, [&](const Bound &bound) {
        return isAtMost(bound, *set.lower);
      }))
    return false;
  if (!set.exact)
    return std::nullopt;
  bool all = true;
  if (set.lower)
    all &= reaches(range.lower, [&](const Bound &bound) {
      return isAtMost(*set.lower, bound);
    });
  if (set.upper)
    all &= reaches(range.upper, [&](const Bound &bound) {
      return isAtMost(bound, *set.upper);
    });
  return all ? std::optional(true) : std::nullopt;
}
