//===- FoldBuilder.h - Building folds of one result ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_FOLDBUILDER_H
#define MOA_DIALECT_MOA_IR_FOLDBUILDER_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// What a fold of one result accumulates with.
struct Reduction {
  ReducerKind kind;
  /// The start value, or null for the reducer's identity.
  Value init;
  /// The code of a `custom` reducer; it is copied.
  Region *combiner = nullptr;
};

/// Builds a naive `moa.fold` over `lower <= k < upper` whose elements, of type
/// `type`, `element` builds inside it. Returns the result.
Value buildFold(OpBuilder &builder, Location loc, const Reduction &reduction,
                Type type, OpFoldResult lower, OpFoldResult upper,
                function_ref<Value(OpBuilder &, Value)> element);

/// The same over several axes of the given extents from 0, in row-major order.
/// `element` receives one index for each.
Value buildFoldOverAxes(
    OpBuilder &builder, Location loc, const Reduction &reduction, Type type,
    ArrayRef<OpFoldResult> extents,
    function_ref<Value(OpBuilder &, ValueRange)> element);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_FOLDBUILDER_H
