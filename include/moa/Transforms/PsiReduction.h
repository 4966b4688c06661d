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

/// When psi-reduction stores intermediate arrays that nothing pins.
enum class Materialization { Auto, Never };

struct PsiReductionOptions {
  Materialization materialize = Materialization::Auto;
  /// What an extent that is not known is taken for.
  int64_t extent = 1024;
  /// Operations that moving one element costs.
  int64_t traffic = 8;
  /// Evaluations that one block of columns shares.
  int64_t columns = 1024;
};

/// Brings `function` to denotational normal form (pass `moa-psi-reduce`). Emits
/// an error and fails where an operation of the algebra has no psi-rule.
LogicalResult psiReduce(func::FuncOp function,
                        const PsiReductionOptions &options = {});

/// Puts a `moa.materialize` behind each intermediate array that is cheaper to
/// store than to compute where it is used.
void materializeCostly(func::FuncOp function,
                       const PsiReductionOptions &options);

} // namespace moa

#endif // MOA_TRANSFORMS_PSIREDUCTION_H
