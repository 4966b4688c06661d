//===- HostModule.h - The compilation that all CPU outputs share -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_COMPILER_HOSTMODULE_H
#define MOA_LIB_COMPILER_HOSTMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace moa {

/// A clone of `module`, lowered to the LLVM dialect by `--moa-to-cpu`, and ready
/// for translation. If `entry` is not empty only what that function needs is
/// kept. An error says that the passes failed, which have reported why.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
lowerForHost(mlir::ModuleOp module, llvm::StringRef entry, int64_t columnBlock);

/// Hides all functions but `entry`, so that dead ones can go.
void keepOnly(mlir::ModuleOp module, llvm::StringRef entry);

/// Drops what only moa reads of functions in the LLVM dialect, where LLVM would
/// warn of it.
void dropMarks(mlir::ModuleOp module);

/// A code generator for `triple` and `cpu`; the empty triple is the host's, and
/// the processor "native" stands for the host's with all its features. Errors
/// name a target that this LLVM does not have, and an `optLevel` beyond 3.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(llvm::StringRef triple, llvm::StringRef cpu,
                    unsigned optLevel);

} // namespace moa

#endif // MOA_LIB_COMPILER_HOSTMODULE_H
