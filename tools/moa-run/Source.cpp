//===- Source.cpp - The program that moa-run runs -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing, passes, and the choice of the function.
//
//===----------------------------------------------------------------------===//

#include "Source.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/Support/ToolOutputFile.h"

using namespace moa;

LogicalResult Source::load(const RunOptions &options) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer =
      mlir::openInputFile(options.file, &message);
  if (!buffer)
    return reportError(message);
  manager.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  module = mlir::parseSourceFile<ModuleOp>(manager, ParserConfig(&context));
  return success(static_cast<bool>(module));
}

LogicalResult Source::runPasses(StringRef pipeline) {
  if (pipeline.empty())
    return success();
  std::string message;
  llvm::raw_string_ostream stream(message);
  FailureOr<OpPassManager> parsed = mlir::parsePassPipeline(pipeline, stream);
  if (failed(parsed))
    return reportError("--pass-pipeline: " + StringRef(message).rtrim());
  PassManager manager(&context, parsed->getOpAnchorName());
  static_cast<OpPassManager &>(manager) = std::move(*parsed);
  if (manager.getOpAnchorName() != ModuleOp::getOperationName())
    return reportError("--pass-pipeline must be 'builtin.module(...)'");
  return manager.run(*module);
}

FailureOr<func::FuncOp> Source::findEntry(StringRef name) {
  SmallVector<func::FuncOp> functions;
  for (auto function : module->getOps<func::FuncOp>())
    if (!function.isExternal())
      functions.push_back(function);
  if (name.empty() && functions.size() == 1)
    return functions.front();
  std::string names;
  for (func::FuncOp function : functions) {
    if (function.getName() == name)
      return function;
    names += (names.empty() ? "'" : ", '") + function.getName().str() + "'";
  }
  std::string those = names.empty() ? "none" : names;
  if (name.empty())
    return reportError("--entry must say which function to run; there are: " +
                       those);
  return reportError("there is no function '" + name +
                     "' with a body; there are: " + those);
}
