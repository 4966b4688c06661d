//===- Outputs.cpp - What moa-compile writes --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Outputs.h"

#include "moa/Compiler/CpuModule.h"
#include "moa/Compiler/GpuModule.h"
#include "moa/Support/AtomicFile.h"

#include "llvm/Support/Path.h"

using namespace moa;

using Content = llvm::Expected<std::string>;

static std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os);
  return text;
}

/// The first line of a header.
static std::string titleOf(const CompileOptions &options) {
  std::string title = "Functions of " +
                      llvm::sys::path::filename(options.file).str() +
                      ", compiled for ";
  if (options.target == CompileTarget::Cuda)
    return title + options.chip;
  return title + (options.triple.empty() ? "the CPU" : options.triple);
}

/// What the include guard is named after.
static std::string guardOf(const Output &output,
                           const CompileOptions &options) {
  if (output.path == "-")
    return llvm::sys::path::stem(options.file).str() + ".h";
  return llvm::sys::path::filename(output.path).str();
}

static Content makeGpuOutput(GpuModule &gpu, const Output &output,
                             const CompileOptions &options) {
  switch (output.kind) {
  case OutputKind::Ptx:
    return gpu.ptx();
  case OutputKind::Cubin:
    return gpu.cubin();
  case OutputKind::Fatbin:
    return gpu.fatbin();
  case OutputKind::Header:
    return gpu.header(titleOf(options), guardOf(output, options));
  case OutputKind::Llvm:
    return gpu.llvmIr();
  case OutputKind::Mlir:
    return print(gpu.getModule());
  case OutputKind::Object:
    break;
  }
  llvm_unreachable("not an output for GPUs");
}

static Content makeCpuOutput(CpuModule &cpu, const Output &output,
                             const CompileOptions &options) {
  switch (output.kind) {
  case OutputKind::Object:
    return cpu.object();
  case OutputKind::Header:
    return cpu.header(titleOf(options), guardOf(output, options));
  case OutputKind::Llvm:
    return cpu.llvmIr();
  case OutputKind::Mlir:
    return print(cpu.getModule());
  case OutputKind::Ptx:
  case OutputKind::Cubin:
  case OutputKind::Fatbin:
    break;
  }
  llvm_unreachable("not an output for CPUs");
}

/// Writes the outputs from the first on; the last one is put in its place
/// first, so that where one fails none is left.
static llvm::Error writeFiles(ArrayRef<Output> outputs,
                              ArrayRef<std::string> contents) {
  if (outputs.empty())
    return llvm::Error::success();
  auto writeRest = [&] {
    return writeFiles(outputs.drop_front(), contents.drop_front());
  };
  if (outputs.front().path == "-") {
    if (llvm::Error error = writeRest())
      return error;
    llvm::outs() << contents.front();
    llvm::outs().flush();
    return llvm::Error::success();
  }
  return writeFileAtomically(outputs.front().path, [&](raw_ostream &os) {
    os << contents.front();
    return writeRest();
  });
}

static void tellUsage(ArrayRef<KernelUsage> usage) {
  for (const KernelUsage &kernel : usage)
    llvm::errs() << "kernel " << kernel.kernel << ": " << kernel.registers
                 << " registers, " << kernel.stack << " bytes stack, "
                 << kernel.spillStores << " bytes spill stores, "
                 << kernel.spillLoads << " bytes spill loads, "
                 << kernel.sharedMemory << " bytes shared memory\n";
}

static void tellSizes(const CompileOptions &options,
                      ArrayRef<std::string> contents) {
  for (auto [output, content] : llvm::zip_equal(options.outputs, contents))
    llvm::errs() << "wrote " << output.path << ": " << content.size()
                 << " bytes\n";
}

/// Makes each output by `make`, then writes them all.
static LogicalResult
makeAndWrite(const CompileOptions &options,
             llvm::function_ref<Content(const Output &)> make) {
  SmallVector<std::string> contents;
  for (const Output &output : options.outputs) {
    Content content = make(output);
    if (!content)
      return reportError(llvm::toString(content.takeError()));
    contents.push_back(std::move(*content));
  }
  if (llvm::Error error = writeFiles(options.outputs, contents))
    return reportError(llvm::toString(std::move(error)));
  if (options.verbose)
    tellSizes(options, contents);
  return success();
}

static LogicalResult writeGpuOutputs(ModuleOp module,
                                     const CompileOptions &options) {
  GpuModuleOptions gpuOptions;
  gpuOptions.chip = options.chip;
  gpuOptions.blockSize = options.blockSize;
  gpuOptions.cudaRoot = options.cudaRoot;
  if (options.columnBlock > 0)
    gpuOptions.columnBlock = options.columnBlock;
  auto gpu = GpuModule::compile(module, gpuOptions);
  if (!gpu)
    return reportError(llvm::toString(gpu.takeError()));
  if (options.verbose) {
    SmallVector<KernelUsage> usage;
    Content cubin = gpu->cubin(&usage);
    if (!cubin)
      return reportError(llvm::toString(cubin.takeError()));
    tellUsage(usage);
  }
  return makeAndWrite(options, [&](const Output &output) {
    return makeGpuOutput(*gpu, output, options);
  });
}

static LogicalResult writeCpuOutputs(ModuleOp module,
                                     const CompileOptions &options) {
  CpuModuleOptions cpuOptions;
  cpuOptions.triple = options.triple;
  cpuOptions.processor = options.processor;
  cpuOptions.optLevel = options.optLevel;
  if (options.columnBlock > 0)
    cpuOptions.columnBlock = options.columnBlock;
  auto cpu = CpuModule::compile(module, cpuOptions);
  if (!cpu)
    return reportError(llvm::toString(cpu.takeError()));
  return makeAndWrite(options, [&](const Output &output) {
    return makeCpuOutput(*cpu, output, options);
  });
}

LogicalResult moa::writeOutputs(ModuleOp module,
                                const CompileOptions &options) {
  return options.target == CompileTarget::Cuda
             ? writeGpuOutputs(module, options)
             : writeCpuOutputs(module, options);
}
