//===- CpuKernel.h - Functions compiled for this machine -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a function of a moa program for the host with MLIR's execution
// engine, and calls it on host arrays.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_COMPILER_CPUKERNEL_H
#define MOA_COMPILER_CPUKERNEL_H

#include "moa/Support/HostArray.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>

namespace moa {

struct CpuKernelOptions {
  /// LLVM's optimization level, 0 to 3, of passes and code generator.
  unsigned optLevel = 2;
  /// As of `--moa-to-cpu`.
  int64_t columnBlock = 1024;
  bool convertLinalg = true;
};

/// A compiled function. It keeps nothing of the module that it was compiled
/// from. Several threads may run one kernel at the same time.
class CpuKernel {
public:
  /// Compiles `entry` of `module`, a public function whose arguments and results
  /// are ranked tensors and scalars, all of element types. The module, which may
  /// hold all levels of moa, is cloned, not changed.
  ///
  /// What the passes find wrong they report as diagnostics of the module's
  /// context; the error then says that the compilation failed. Other errors
  /// name the entry that is missing or the argument or result whose type cannot
  /// be passed.
  static llvm::Expected<std::unique_ptr<CpuKernel>>
  compile(mlir::ModuleOp module, llvm::StringRef entry,
          const CpuKernelOptions &options = {});

  ~CpuKernel();

  /// Calls the function: one array for each argument and for each result, of
  /// rank 0 for a scalar. Before that the shape preconditions of the function
  /// are checked. Errors tell of a wrong number of arguments, of the argument
  /// whose element type, rank or static extent is not that of the function, and
  /// of the precondition that does not hold.
  llvm::Expected<llvm::SmallVector<HostArray>>
  run(llvm::ArrayRef<HostArray> arguments) const;

private:
  struct Implementation;
  explicit CpuKernel(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation;
};

} // namespace moa

#endif // MOA_COMPILER_CPUKERNEL_H
