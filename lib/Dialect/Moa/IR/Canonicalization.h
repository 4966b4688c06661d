//===- Canonicalization.h - Steps of canonicalization -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to this library: what the canonicalization patterns of the operations
// share.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_DIALECT_MOA_IR_CANONICALIZATION_H
#define MOA_LIB_DIALECT_MOA_IR_CANONICALIZATION_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/IR/PatternMatch.h"

namespace moa {

/// Replaces `op`, which has one result, by `value`, cast to the type of the
/// result if it has another one.
void replaceWithCast(PatternRewriter &rewriter, Operation *op, Value value);

/// Gives result `number` of `op` the type `type`, which knows more, and its
/// users a cast back.
void refineResult(PatternRewriter &rewriter, Operation *op, unsigned number,
                  Type type);

/// What is known of an array that has both shapes.
RankedTensorType meetShapes(RankedTensorType type, ArrayRef<int64_t> shape);

/// True if `op` is valid on its own: its operands, attributes and types fit. No
/// diagnostic is emitted.
bool isValid(Operation *op);

/// Makes constants among `mixed` static. Failure if there are none, or none
/// that may: negative ones only if `allowNegative`.
LogicalResult makeConstantsStatic(SmallVectorImpl<OpFoldResult> &mixed,
                                  bool allowNegative);

} // namespace moa

#endif // MOA_LIB_DIALECT_MOA_IR_CANONICALIZATION_H
