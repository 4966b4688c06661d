//===- IndexSets.h - Predicates on a fold's index as intervals --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A predicate on the index of a fold is an interval if it is made of affine
// comparisons: `k <= i` has the end `i + 1`. Bounds are affine expressions over
// values that do not depend on the index, and maxima and minima of such.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_DOMAIN_INDEXSETS_H
#define MOA_LIB_TRANSFORMS_DOMAIN_INDEXSETS_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/SetVector.h"

#include <optional>
#include <vector>

namespace moa {

/// A bound of an index: an expression, or the maximum or minimum of parts.
struct Bound {
  enum class Kind { Affine, Max, Min } kind = Kind::Affine;
  /// Over the operands of `IndexSets`.
  AffineExpr expr;
  std::vector<Bound> parts;

  static Bound of(AffineExpr expr) { return {Kind::Affine, expr, {}}; }
  static Bound max(Bound a, Bound b) { return {Kind::Max, {}, {a, b}}; }
  static Bound min(Bound a, Bound b) { return {Kind::Min, {}, {a, b}}; }
};

/// The indices `lower <= k < upper`; open where there is no bound. If not
/// `exact` the set meant is a subset.
struct IndexSet {
  std::optional<Bound> lower, upper;
  bool exact = false;
};

/// What is known about an index: it is at least each of `lower` and less than
/// each of `upper`.
struct BoundedRange {
  SmallVector<Bound> lower, upper;
};

/// True for an operation that may run where its fold has no index at all.
bool isSafeAnywhere(Operation *op);

/// Sets of indices of one fold.
class IndexSets {
public:
  explicit IndexSets(FoldOp fold);

  /// The indices at which `condition`, an i1, is `wanted`.
  IndexSet get(Value condition, bool wanted = true);
  /// Whether `condition` holds at all or at no indices of `range`, if either can
  /// be shown.
  std::optional<bool> decide(Value condition, const BoundedRange &range);
  /// The fold's own range.
  const BoundedRange &getRange() const { return range; }
  /// True if `a <= b` can be shown.
  bool isAtMost(const Bound &a, const Bound &b);
  /// True if the value depends on the fold's index or state, or on an index of
  /// something inside.
  bool varies(Value value);
  /// The values that the dims of expressions stand for; the first is the index.
  ArrayRef<Value> getOperands() const { return operands.getArrayRef(); }
  /// The operands that `bound` uses.
  void getUsed(const Bound &bound, SmallVectorImpl<Value> &used);

private:
  std::optional<AffineExpr> express(Value value);
  std::optional<AffineExpr> inlineApply(Operation *op);
  AffineExpr term(Value value);
  Bound boundOf(Value value);
  IndexSet getComparison(Operation *op, bool wanted);
  IndexSet solve(AffineExpr atMostZero);
  bool isNotNegative(AffineExpr expr);
  std::optional<AffineExpr> getExtreme(Value axis, bool largest);
  bool isHoistable(Value value);

  FoldOp fold;
  MLIRContext *context;
  llvm::SmallSetVector<Value, 8> operands;
  llvm::DenseMap<Value, bool> varying;
  BoundedRange range;
};

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_DOMAIN_INDEXSETS_H
