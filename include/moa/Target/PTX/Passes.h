//===- Passes.h - The chip of kernels, and what it takes --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_PTX_PASSES_H
#define MOA_TARGET_PTX_PASSES_H

#include "moa/Support/LLVM.h"
#include "moa/Target/PTX/BinaryFormat.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace moa {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "moa/Target/PTX/Passes.h.inc"

} // namespace moa

#endif // MOA_TARGET_PTX_PASSES_H
