//===- Guard.h - Elements that exist under a condition only ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_GUARD_H
#define MOA_DIALECT_MOA_IR_GUARD_H

#include "moa/Support/LLVM.h"

#include "mlir/IR/Builders.h"

namespace moa {

/// Builds code for one value.
using BuildElementFn = function_ref<Value(OpBuilder &, Location)>;

/// `condition ? onTrue : onFalse`, where only the chosen code runs: an
/// `scf.if`, or the chosen code alone if the condition is constant. What is
/// never chosen is never built, so that no access out of bounds comes into
/// being.
Value buildGuarded(OpBuilder &builder, Location loc, Value condition,
                   BuildElementFn onTrue, BuildElementFn onFalse);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_GUARD_H
