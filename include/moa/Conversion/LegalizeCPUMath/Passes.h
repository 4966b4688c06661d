//===- Passes.h - Scalar code as LLVM's CPU targets have it -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_LEGALIZECPUMATH_PASSES_H
#define MOA_CONVERSION_LEGALIZECPUMATH_PASSES_H

#include "moa/Support/LLVM.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace moa {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "moa/Conversion/LegalizeCPUMath/Passes.h.inc"
} // namespace moa

#endif // MOA_CONVERSION_LEGALIZECPUMATH_PASSES_H
