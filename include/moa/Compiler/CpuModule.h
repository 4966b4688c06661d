//===- CpuModule.h - Functions compiled to an object file -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles functions of a moa program ahead of time, for this machine or another
// one, and hands out the result in each of its forms.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_COMPILER_CPUMODULE_H
#define MOA_COMPILER_CPUMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace moa {

struct CpuModuleOptions {
  /// LLVM's name of the target machine; empty for this one.
  std::string triple;
  /// The processor: empty for the target's generic one, "native" for this one.
  std::string processor;
  /// 0 to 3.
  unsigned optLevel = 2;
  /// As of `--moa-to-cpu`.
  int64_t columnBlock = 1024;
};

/// The functions of a program in the LLVM dialect. What the passes find wrong
/// they report as diagnostics of the context; errors then say that the
/// compilation failed.
class CpuModule {
public:
  /// Compiles the public functions of `module`, which may hold all levels of
  /// moa. It is cloned, not changed.
  static llvm::Expected<CpuModule> compile(mlir::ModuleOp module,
                                           const CpuModuleOptions &options);

  /// The functions in the LLVM dialect.
  mlir::ModuleOp getModule() const { return *module; }

  /// The optimized functions in LLVM's language.
  llvm::Expected<std::string> llvmIr() const;
  /// An object file with a function `_mlir_ciface_F` for each function `F`. It
  /// needs libm.
  llvm::Expected<std::string> object() const;
  /// The C header of the object file, as of `writeCHeader`.
  llvm::Expected<std::string> header(llvm::StringRef title,
                                     llvm::StringRef guard) const;

private:
  CpuModule(mlir::OwningOpRef<mlir::ModuleOp> module,
            mlir::OwningOpRef<mlir::ModuleOp> loops,
            const CpuModuleOptions &options)
      : module(std::move(module)), loops(std::move(loops)), options(options) {}

  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// The same as loops on buffers: what the header is made from.
  mlir::OwningOpRef<mlir::ModuleOp> loops;
  CpuModuleOptions options;
};

} // namespace moa

#endif // MOA_COMPILER_CPUMODULE_H
