//===- RuntimeChecks.h - Preconditions checked at run time -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `RuntimeVerifiableOpInterface` emits: a `cf.assert` for each
// precondition that is not known to hold.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_RUNTIMECHECKS_H
#define MOA_DIALECT_MOA_IR_RUNTIMECHECKS_H

#include "moa/Dialect/Moa/IR/IndexMath.h"

namespace moa {

/// Turns an operation and what is wrong with it into an error message.
using RuntimeMessageFn = function_ref<std::string(Operation *, StringRef)>;

/// Emits the preconditions of one operation. None is emitted that holds for
/// certain. Operations in a region of the dialect have none: scalar code has no
/// side effects, and the array around it has the preconditions.
class RuntimeChecks {
public:
  RuntimeChecks(Operation *op, OpBuilder &builder, Location loc,
                RuntimeMessageFn message);
  /// Erases what was computed for checks that turned out not to be needed.
  ~RuntimeChecks();

  /// `condition` is an i1.
  void require(Value condition, const Twine &what);
  void requireNonNegative(OpFoldResult a, const Twine &what);
  void requireEqual(OpFoldResult a, OpFoldResult b, const Twine &what);
  /// The extents of an array called `name` have the static extents of `type`.
  void requireType(ArrayRef<OpFoldResult> extents, ShapedType type,
                   const Twine &name);

  IndexMath &getMath() { return math; }
  OpBuilder &getBuilder() { return builder; }

private:
  Operation *op;
  OpBuilder &builder;
  Location loc;
  RuntimeMessageFn message;
  IndexMath math;
  /// What stood before the checks in their block; null if nothing did.
  Operation *before;
};

/// The checks of an operation of the algebra: its own preconditions, and that
/// the extents of its result, which `computeExtents` builds, fit its type.
void generateAlgebraChecks(
    Operation *op, OpBuilder &builder, Location loc, RuntimeMessageFn message,
    function_ref<SmallVector<OpFoldResult>()> computeExtents);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_RUNTIMECHECKS_H
