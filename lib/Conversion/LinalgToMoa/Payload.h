//===- Payload.h - The scalar code of a structured operation ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_LINALGTOMOA_PAYLOAD_H
#define MOA_LIB_CONVERSION_LINALGTOMOA_PAYLOAD_H

#include "ExtentFacts.h"
#include "Recurrence.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"

namespace moa {

/// The type of arrays and scalars as far as moa has it.
bool isConvertible(Type type);

/// Why the body of `op` cannot be scalar code of moa; empty if it can.
std::string findObstacle(linalg::LinalgOp op);

/// The value of every element of `array` if it is known to have one: a splat, a
/// fill, an array without contents (which may be anything, so 0).
Value findUniformElement(OpBuilder &builder, Location loc, Value array);

/// The element of `array` at `map` of `loops`.
Value buildElementAt(OpBuilder &builder, Location loc, Value array,
                     AffineMap map, ValueRange loops);

/// Builds values of a structured operation's body for one iteration.
class Payload {
public:
  /// `loops` are the indices of the iteration, `extents` those of the loops.
  Payload(OpBuilder &builder, linalg::LinalgOp op, ValueRange loops,
          ArrayRef<OpFoldResult> extents, ExtentFacts &facts)
      : builder(builder), op(op), loops(loops), extents(extents),
        facts(facts) {}

  /// The value that `value`, of the body, has in this iteration. A block
  /// argument is the element of its operand.
  Value emit(Value value);
  /// What is accumulated, all terms in one.
  Value emitTerms(const Recurrence &recurrence);
  /// Takes `to` for `from` from now on.
  void set(Value from, Value to) { mapping.map(from, to); }

private:
  Value emitTerm(const Term &term, ReducerKind kind);
  Value emitOp(Operation *nested, Value result);
  /// An index that broadcasts a dynamic extent, where nothing is broadcast.
  Value findLoopIndex(Operation *nested);

  OpBuilder &builder;
  linalg::LinalgOp op;
  ValueRange loops;
  ArrayRef<OpFoldResult> extents;
  ExtentFacts &facts;
  IRMapping mapping;
};

} // namespace moa

#endif // MOA_LIB_CONVERSION_LINALGTOMOA_PAYLOAD_H
