//===- Targets.cpp - Where a program can run -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of targets.
//
//===----------------------------------------------------------------------===//

#include "Targets.h"

#include "moa/Compiler/CpuKernel.h"
#include "moa/Conversion/LinalgToMoa/Passes.h"
#include "moa/Reference/Interpreter.h"

#include "mlir/Pass/PassManager.h"

using namespace moa;

using Results = FailureOr<SmallVector<HostArray>>;

static Results runReference(const RunOptions &options, func::FuncOp function,
                            ArrayRef<HostArray> arguments, Counters &counters) {
  // The interpreter knows moa; what linalg is it knows by conversion.
  PassManager manager(function.getContext());
  manager.addNestedPass<func::FuncOp>(createConvertLinalgToMoa());
  if (failed(manager.run(function->getParentOfType<ModuleOp>())))
    return failure();
  InterpreterOptions reference;
  reference.roundResults = !options.f64Out;
  reference.partitionSeed = options.partitionSeed;
  return interpret(function, arguments, reference,
                   options.counters.empty() ? nullptr : &counters);
}

static Results runCpu(const RunOptions &options, func::FuncOp function,
                      ArrayRef<HostArray> arguments, Counters &) {
  CpuKernelOptions cpu;
  cpu.convertLinalg = options.convertLinalg;
  auto kernel = CpuKernel::compile(function->getParentOfType<ModuleOp>(),
                                   function.getName(), cpu);
  if (!kernel)
    return reportError(llvm::toString(kernel.takeError()));
  auto results = (*kernel)->run(arguments);
  if (!results)
    return reportError(llvm::toString(results.takeError()));
  return std::move(*results);
}

namespace {
struct Target {
  StringRef name;
  /// Null where the target is not built in.
  Results (*run)(const RunOptions &, func::FuncOp, ArrayRef<HostArray>,
                 Counters &);
};
} // namespace

static constexpr Target targets[] = {
    {"reference", runReference},
    {"cpu", runCpu},
    {"cuda", nullptr},
    {"emulator", nullptr},
};

Results moa::runOnTarget(const RunOptions &options, func::FuncOp function,
                         ArrayRef<HostArray> arguments, Counters &counters) {
  std::string known;
  for (const Target &target : targets) {
    if (target.name == options.target) {
      if (target.run)
        return target.run(options, function, arguments, counters);
      return reportError("target '" + target.name + "' is not built in");
    }
    known += (known.empty() ? "'" : ", '") + target.name.str() + "'";
  }
  return reportError("there is no target '" + options.target +
                     "'; there are: " + known);
}
