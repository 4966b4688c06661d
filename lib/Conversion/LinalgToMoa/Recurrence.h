//===- Recurrence.h - What a structured operation accumulates ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_LINALGTOMOA_RECURRENCE_H
#define MOA_LIB_CONVERSION_LINALGTOMOA_RECURRENCE_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// One thing that is accumulated, out of values of the body: `a`, or `a * b`.
struct Term {
  Value a;
  Value b;
  bool isNegated = false;
  /// NaN counts as absent (`arith.maxnumf`).
  bool ignoresNaN = false;
  /// Accumulated only where all of these have that value.
  SmallVector<std::pair<Value, bool>> conditions;
};

/// How one accumulator is carried on: `acc = acc +i term +i term ..`.
struct Recurrence {
  ReducerKind kind;
  SmallVector<Term> terms;
  /// With reducer `custom`: the body computes the new accumulator from the old
  /// one and one other value, `terms[0].a`.
};

/// The recurrence of `accumulator`, a block argument, whose next value is
/// `next`. `running` are all accumulators of the body; a term depends on none of
/// them. Failure, with `reason`, if there is none.
FailureOr<Recurrence> matchRecurrence(Value next, Value accumulator,
                                      ArrayRef<Value> running,
                                      std::string &reason);

/// True if `value` is computed from one of `values`, inside the block of which
/// they are arguments.
bool dependsOn(Value value, ArrayRef<Value> values);

} // namespace moa

#endif // MOA_LIB_CONVERSION_LINALGTOMOA_RECURRENCE_H
