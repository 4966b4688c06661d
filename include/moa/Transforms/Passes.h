//===- Passes.h - Passes over levels 0 to 2 --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TRANSFORMS_PASSES_H
#define MOA_TRANSFORMS_PASSES_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "moa/Transforms/PsiReduction.h"

#include "mlir/Pass/Pass.h"

namespace moa {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "moa/Transforms/Passes.h.inc"

} // namespace moa

#endif // MOA_TRANSFORMS_PASSES_H
