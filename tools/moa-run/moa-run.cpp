//===- moa-run.cpp - Runs moa programs on NumPy arrays -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// moa-run FILE.mlir --entry F --arg q.npy --arg f32:0.5 ... --out o.npy
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Outputs.h"
#include "Source.h"
#include "Targets.h"

#include "moa/InitAll/InitAll.h"

#include "mlir/IR/MLIRContext.h"

#include "llvm/Support/InitLLVM.h"

using namespace moa;

static LogicalResult runProgram(const RunOptions &options) {
  DialectRegistry registry;
  registerEverything(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  Source source(context);
  if (failed(checkOptions(options)) || failed(source.load(options)))
    return failure();
  FailureOr<func::FuncOp> function = source.findEntry(options.entry);
  if (failed(function) || failed(checkOutputs(options, *function)))
    return failure();
  FailureOr<SmallVector<HostArray>> arguments =
      readArguments(options, *function);
  if (failed(arguments) || failed(source.runPasses(options.passPipeline)))
    return failure();
  // The passes may have put another function in its place.
  function = source.findEntry(options.entry);
  if (failed(function))
    return failure();
  std::string counts;
  FailureOr<SmallVector<HostArray>> results =
      runOnTarget(options, *function, *arguments, counts);
  if (failed(results))
    return failure();
  return writeOutputs(options, *results, counts);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  return failed(runProgram(parseOptions(argc, argv)));
}
