//===- PsiReduction.h - Reduction of elements by the psi-rules -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TRANSFORMS_PSIREDUCTION_H
#define MOA_TRANSFORMS_PSIREDUCTION_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace moa {

/// Brings `function` to denotational normal form (pass `moa-psi-reduce`). Emits
/// an error and fails where an operation of the algebra has no psi-rule.
LogicalResult psiReduce(func::FuncOp function);

} // namespace moa

#endif // MOA_TRANSFORMS_PSIREDUCTION_H
