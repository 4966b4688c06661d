//===- ScalarTypes.h - Types of scalars as numbers --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_FOLDS_SCALARTYPES_H
#define MOA_LIB_TRANSFORMS_FOLDS_SCALARTYPES_H

#include "moa/Algebra/Expr.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include <optional>

namespace moa {

/// The algebra's number of a scalar type: wider types have higher numbers.
/// Nothing for a type that the algebra does not compute in.
std::optional<uint8_t> getTypeNumber(Type type);
/// The type of a number that `getTypeNumber` gave.
Type getNumberedType(MLIRContext *context, uint8_t number);
/// The first number of a float type.
uint8_t getFirstFloatNumber();
/// The number of i64.
uint8_t getCountNumber();

/// The algebra's name of a reducer.
algebra::Reducer getAlgebraReducer(ReducerKind kind);

/// `value` as a scalar of `type`: widened, narrowed or converted.
Value convertScalar(OpBuilder &builder, Location loc, Value value, Type type);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_FOLDS_SCALARTYPES_H
