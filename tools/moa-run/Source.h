//===- Source.h - The program that moa-run runs -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parsed module and its functions.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_RUN_SOURCE_H
#define MOA_TOOLS_MOA_RUN_SOURCE_H

#include "Options.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"

#include "llvm/Support/SourceMgr.h"

namespace moa {

/// A parsed file. While it lives, diagnostics of the context go to standard
/// error with the lines that they are about.
class Source {
public:
  explicit Source(MLIRContext &context)
      : context(context), handler(manager, &context) {}

  /// Parses and verifies the file.
  LogicalResult load(const RunOptions &options);

  /// Runs a pass pipeline in the notation of moa-opt, if it is not empty.
  LogicalResult runPasses(StringRef pipeline);

  /// The function of that name, or the only one with a body if it is empty. An
  /// error lists what functions there are.
  FailureOr<func::FuncOp> findEntry(StringRef name);

private:
  MLIRContext &context;
  llvm::SourceMgr manager;
  SourceMgrDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
};

} // namespace moa

#endif // MOA_TOOLS_MOA_RUN_SOURCE_H
