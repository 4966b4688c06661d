//===- Reducers.h - The monoids of reductions ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_REDUCERS_H
#define MOA_DIALECT_MOA_IR_REDUCERS_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// True if the reducer is defined on elements of `type`: `add`, `mul`, `max`
/// and `min` on floats and integers but not on i1, `and`, `or` and `xor` on
/// integers and i1, `custom` on all.
bool isLegalReducer(ReducerKind kind, Type type);

/// The identity of a named reducer: 0, 1, -inf or the smallest integer, +inf or
/// the largest, all bits, no bits.
TypedAttr getReducerIdentity(ReducerKind kind, Type type);

/// `accumulated +i next`. For `custom` the code of `combiner` is inlined, which
/// no other reducer needs.
Value buildReduction(OpBuilder &builder, Location loc, ReducerKind kind,
                     Value accumulated, Value next, Region *combiner = nullptr);

/// The value that a fold starts from: `init`, or the identity if it is null.
Value buildReductionStart(OpBuilder &builder, Location loc, ReducerKind kind,
                          Type type, Value init);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_REDUCERS_H
