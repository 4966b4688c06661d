//===- Passes.h - From loops to GPU kernels ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_ONFTOGPU_PASSES_H
#define MOA_CONVERSION_ONFTOGPU_PASSES_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace moa {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "moa/Conversion/ONFToGPU/Passes.h.inc"

} // namespace moa

#endif // MOA_CONVERSION_ONFTOGPU_PASSES_H
