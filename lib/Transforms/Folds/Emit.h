//===- Emit.h - Expressions as scalar code ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_FOLDS_EMIT_H
#define MOA_LIB_TRANSFORMS_FOLDS_EMIT_H

#include "Translate.h"

#include "mlir/IR/IRMapping.h"

namespace moa {

/// Emits expressions over the values that a translator read, into a new fold.
/// Index expressions that were there before are copied as they were written.
class Emitter {
public:
  /// `source`: the fold from which the expressions were translated.
  Emitter(Translator &translator, FoldOp source, Location loc)
      : translator(translator), source(source), loc(loc) {}

  /// A place for code. Neutral code goes to the outermost one.
  struct Scope {
    explicit Scope(OpBuilder builder, Scope *parent = nullptr)
        : builder(builder), parent(parent) {}

    OpBuilder builder;
    Scope *parent;
    llvm::DenseMap<algebra::Ex, Value> values;
    IRMapping copies;
    /// The value of an atom.
    void bind(algebra::Ex atom, Value value) { values[atom] = value; }
  };

  /// The value of parameters that stand for no value of the source.
  void bindParameter(const void *tag, Value value) { parameters[tag] = value; }

  Value getParameter(const void *tag) const { return parameters.lookup(tag); }

  /// The value of `e` in `scope`, as a scalar of `type`.
  Value emit(algebra::Ex e, Scope &scope, Type type);

private:
  Value emitNode(algebra::Ex e, Scope &scope, uint8_t expected);
  Value emitOperation(algebra::Ex e, Scope &scope, uint8_t type);
  Value emitPower(Value base, algebra::Rational n, OpBuilder &b);
  Value emitComparison(algebra::Ex e, Scope &scope, uint8_t expected);
  Value emitCall(algebra::Ex e, Scope &scope);
  Value emitInnerSum(algebra::Ex e, Scope &scope, uint8_t type);
  Value copy(Value value, Scope &scope);
  Value constant(OpBuilder &b, algebra::Rational number, uint8_t type);
  bool isNeutral(algebra::Ex e);
  Type typeOf(uint8_t number);

  Translator &translator;
  FoldOp source;
  Location loc;
  llvm::DenseMap<const void *, Value> parameters;
  llvm::DenseMap<algebra::Ex, bool> neutral;
};

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_FOLDS_EMIT_H
