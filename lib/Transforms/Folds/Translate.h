//===- Translate.h - Scalar code as expressions -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the algebra has an operation for becomes that; the rest is opaque. Code
// that does not depend on results may be any; of what does, an operation that
// is not of the algebra becomes a call, which is refused where it mixes the
// index and results.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_FOLDS_TRANSLATE_H
#define MOA_LIB_TRANSFORMS_FOLDS_TRANSLATE_H

#include "moa/Algebra/Expr.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace moa {

/// Translates values of one fold's body, and of the block that it stands in.
class Translator {
public:
  struct Options {
    /// Operations that round, to be taken for the identity.
    llvm::StringSet<> approximate;
    /// `select(a == 0, 1, a)` is `a` made total.
    bool zeroPivots = false;
  };

  /// `fold` is the fold whose index and body are meant. Values in `results` are
  /// results, with the expressions given.
  Translator(algebra::Context &context, FoldOp fold, Options options)
      : context(context), fold(fold), options(std::move(options)) {}

  void setResult(Value value, algebra::Ex symbol, ReducerKind kind);
  /// The expression of a scalar; null if it has a type, or uses results in a
  /// way, that the algebra cannot express. `failedAt` tells where.
  algebra::Ex get(Value value);
  Value failedAt = {};

  /// The value that an index expression was translated from; null if none.
  Value getOrigin(algebra::Ex e) const { return origins.lookup(e); }
  /// What a call's operands stand for, in order.
  ArrayRef<Value> getCallOperands(Operation *op) const {
    return callOperands.find(op)->second;
  }
  /// True if the value depends on a result.
  bool usesResults(Value value);
  /// True if it depends on the index of the fold, or of a fold inside.
  bool varies(Value value);

private:
  algebra::Ex translate(Value value);
  algebra::Ex translateArith(Operation *op);
  algebra::Ex translateQuotient(Operation *op);
  algebra::Ex translateSelect(Operation *op);
  algebra::Ex translateComparison(Operation *op);
  algebra::Ex translatePower(Operation *op);
  algebra::Ex translateInnerFold(FoldOp inner);
  algebra::Ex translateCall(Value value);
  algebra::Ex translateConstant(Value value);
  algebra::Ex translateExtent(Value value);
  algebra::Ex atom(Value value);
  bool depends(Value value, bool onResults);
  bool isExtent(Value value);
  std::optional<int64_t> staticExtent();

  algebra::Context &context;
  FoldOp fold;
  Options options;
  llvm::DenseMap<Value, algebra::Ex> memo;
  llvm::DenseMap<algebra::Ex, Value> origins;
  llvm::DenseMap<Value, bool> dependsOnResults, dependsOnIndex;
  /// By the number of the result.
  llvm::DenseMap<unsigned, ReducerKind> kinds;
  llvm::DenseMap<Operation *, SmallVector<Value>> callOperands;
};

/// A short name of a value for remarks: what reads it, or what computes it.
std::string describe(Value value);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_FOLDS_TRANSLATE_H
