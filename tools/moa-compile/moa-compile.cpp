//===- moa-compile.cpp - Compiles moa programs to files ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// moa-compile FILE.mlir --chip=sm_90a --entry F -o f.ptx -o f.cubin -o f.h
//
//===----------------------------------------------------------------------===//

#include "Outputs.h"

#include "moa/Compiler/Entries.h"
#include "moa/InitAll/InitAll.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace moa;

static LogicalResult compile(const CompileOptions &options) {
  DialectRegistry registry;
  registerEverything(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  std::string message;
  auto file = mlir::openInputFile(options.file, &message);
  if (!file)
    return reportError(message);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  mlir::SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module =
      mlir::parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return failure();
  if (llvm::Error error = selectEntries(*module, options.entries))
    return reportError(llvm::toString(std::move(error)));
  return writeOutputs(*module, options);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  FailureOr<CompileOptions> options = parseOptions(argc, argv);
  return failed(options) || failed(compile(*options));
}
