//===- GpuKernel.h - Functions that run on a device -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a function of a moa program for a device of the launch table, and
// calls it on host arrays: they are copied to the device, compiled host code
// computes the launches, and the results are copied back.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_COMPILER_GPUKERNEL_H
#define MOA_COMPILER_GPUKERNEL_H

#include "moa-runtime/launch.h"
#include "moa/Compiler/GpuModule.h"
#include "moa/Support/HostArray.h"

#include <memory>

namespace moa {

/// A function compiled for a device, which must live longer. Only the thread
/// that compiled it may run and destroy it.
class GpuKernel {
public:
  /// Compiles `entry` of `module`, as CpuKernel does, and loads the kernels. An
  /// empty chip in the options is the device's own.
  static llvm::Expected<std::unique_ptr<GpuKernel>>
  compile(mlir::ModuleOp module, llvm::StringRef entry,
          GpuModuleOptions options, const moa_provider *provider,
          moa_device *device);

  ~GpuKernel();

  /// Calls the function. Errors are those of CpuKernel, and what the device
  /// tells.
  llvm::Expected<llvm::SmallVector<HostArray>>
  run(llvm::ArrayRef<HostArray> arguments) const;

private:
  struct Implementation;
  explicit GpuKernel(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation;
};

} // namespace moa

#endif // MOA_COMPILER_GPUKERNEL_H
