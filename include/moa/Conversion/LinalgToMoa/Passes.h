//===- Passes.h - From linalg and tensor to moa -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_LINALGTOMOA_PASSES_H
#define MOA_CONVERSION_LINALGTOMOA_PASSES_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace moa {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "moa/Conversion/LinalgToMoa/Passes.h.inc"
} // namespace moa

#endif // MOA_CONVERSION_LINALGTOMOA_PASSES_H
