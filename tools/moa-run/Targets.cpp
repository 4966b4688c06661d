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

#include "moa-runtime/launch.h"
#include "moa/Compiler/CpuKernel.h"
#include "moa/Compiler/GpuKernel.h"
#include "moa/Reference/Counters.h"
#include "moa/Reference/Interpreter.h"

using namespace moa;

using Results = FailureOr<SmallVector<HostArray>>;

static Results runReference(const RunOptions &options, func::FuncOp function,
                            ArrayRef<HostArray> arguments,
                            std::string &counts) {
  InterpreterOptions reference;
  reference.roundResults = !options.f64Out;
  reference.partitionSeed = options.partitionSeed;
  Counters counters;
  Results results = interpret(function, arguments, reference,
                              options.counters.empty() ? nullptr : &counters);
  llvm::raw_string_ostream os(counts);
  counters.writeJSON(os);
  return results;
}

static Results runCpu(const RunOptions &, func::FuncOp function,
                      ArrayRef<HostArray> arguments, std::string &) {
  auto kernel = CpuKernel::compile(function->getParentOfType<ModuleOp>(),
                                   function.getName());
  if (!kernel)
    return reportError(llvm::toString(kernel.takeError()));
  auto results = (*kernel)->run(arguments);
  if (!results)
    return reportError(llvm::toString(results.takeError()));
  return std::move(*results);
}

namespace {
/// A device that is closed when it goes.
struct OpenDevice {
  ~OpenDevice() {
    if (device)
      provider->close(device);
  }
  const moa_provider *provider;
  moa_device *device = nullptr;
};
} // namespace

static Results runDevice(const RunOptions &options, func::FuncOp function,
                         ArrayRef<HostArray> arguments, std::string &counts) {
  moa_register_provider(moa_provider_emulator());
  char message[256];
  OpenDevice open{
      moa_find_provider(options.target.c_str(), message, sizeof message)};
  if (!open.provider)
    return reportError(message);
  auto failed = [&] { return reportError(open.provider->last_error()); };
  if (open.provider->open(0, &open.device) != MOA_OK)
    return failed();
  if (!options.checks.empty() &&
      open.provider->set_option(open.device, "checks",
                                options.checks.c_str()) != MOA_OK)
    return failed();
  GpuModuleOptions compilation;
  compilation.chip = options.chip;
  auto kernel =
      GpuKernel::compile(function->getParentOfType<ModuleOp>(),
                         function.getName(), compilation, open.provider,
                         open.device);
  if (!kernel)
    return reportError(llvm::toString(kernel.takeError()));
  auto results = (*kernel)->run(arguments);
  if (!results)
    return reportError(llvm::toString(results.takeError()));
  if (!options.counters.empty())
    counts = open.provider->take_reports(open.device);
  return std::move(*results);
}

namespace {
struct Target {
  StringRef name;
  Results (*run)(const RunOptions &, func::FuncOp, ArrayRef<HostArray>,
                 std::string &);
};
} // namespace

static constexpr Target targets[] = {
    {"reference", runReference},
    {"cpu", runCpu},
    {"cuda", runDevice},
    {"emulator", runDevice},
};

Results moa::runOnTarget(const RunOptions &options, func::FuncOp function,
                         ArrayRef<HostArray> arguments, std::string &counts) {
  std::string known;
  for (const Target &target : targets) {
    if (target.name == options.target)
      return target.run(options, function, arguments, counts);
    known += (known.empty() ? "'" : ", '") + target.name.str() + "'";
  }
  return reportError("there is no target '" + options.target +
                     "'; there are: " + known);
}
