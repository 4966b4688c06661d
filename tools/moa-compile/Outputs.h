//===- Outputs.h - What moa-compile writes ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_COMPILE_OUTPUTS_H
#define MOA_TOOLS_MOA_COMPILE_OUTPUTS_H

#include "Options.h"

#include "mlir/IR/BuiltinOps.h"

namespace moa {

/// Makes the outputs that `options` ask for, then writes them: all or none.
/// With
/// `--verbose` tells about them on standard error.
LogicalResult writeOutputs(ModuleOp module, const CompileOptions &options);

} // namespace moa

#endif // MOA_TOOLS_MOA_COMPILE_OUTPUTS_H
