//===- GpuModule.h - Functions compiled for a GPU ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles functions of a moa program for NVIDIA chips, and hands out the
// result in each of its forms. No GPU is needed.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_COMPILER_GPUMODULE_H
#define MOA_COMPILER_GPUMODULE_H

#include "moa/Target/PTX/Ptxas.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace moa {

struct GpuModuleOptions {
  /// sm_80, sm_90a, ...: one of `knownChips()`.
  std::string chip = "sm_80";
  /// As of `--moa-to-gpu`.
  int64_t blockSize = 128;
  int64_t columnBlock = 64;
  std::string cudaRoot;
};

/// The kernels of a program, and what the host needs to launch them. What the
/// passes find wrong they report as diagnostics of the context; errors then say
/// that the compilation failed.
class GpuModule {
public:
  /// Compiles the public functions of `module`, which may hold all levels of
  /// moa. It is cloned, not changed.
  static llvm::Expected<GpuModule> compile(mlir::ModuleOp module,
                                           const GpuModuleOptions &options);

  /// Host functions, and kernels in the NVVM dialect.
  mlir::ModuleOp getModule() const { return *module; }

  /// The kernels in LLVM's language, before functions of libdevice are linked.
  llvm::Expected<std::string> llvmIr() const;
  /// The kernels as PTX text.
  llvm::Expected<std::string> ptx();
  /// The kernels as machine code; `usage` is filled with what ptxas tells.
  llvm::Expected<std::string>
  cubin(llvm::SmallVectorImpl<KernelUsage> *usage = nullptr);
  /// Host functions in the LLVM dialect with the PTX text, which load and launch
  /// the kernels through MLIR's mgpu functions.
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> hostModule();
  /// PTX text and machine code in one.
  llvm::Expected<std::string> fatbin();
  /// The C header that computes the launches, as of `writeCHeader`.
  llvm::Expected<std::string> header(llvm::StringRef title,
                                     llvm::StringRef guard) const;

private:
  GpuModule(mlir::OwningOpRef<mlir::ModuleOp> module,
            const GpuModuleOptions &options)
      : module(std::move(module)), options(options) {}

  mlir::OwningOpRef<mlir::ModuleOp> module;
  GpuModuleOptions options;
  std::string ptxText;
};

} // namespace moa

#endif // MOA_COMPILER_GPUMODULE_H
