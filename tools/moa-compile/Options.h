//===- Options.h - The command line of moa-compile --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_COMPILE_OPTIONS_H
#define MOA_TOOLS_MOA_COMPILE_OPTIONS_H

#include "moa/Support/LLVM.h"

#include <string>

namespace moa {

/// What an output holds.
enum class OutputKind { Ptx, Cubin, Fatbin, Object, Header, Llvm, Mlir };

/// For whom the functions are compiled. `Any` stands for "not said".
enum class CompileTarget { Any, Cpu, Cuda };

struct Output {
  std::string path;
  OutputKind kind;
};

struct CompileOptions {
  std::string file;
  CompileTarget target = CompileTarget::Any;
  SmallVector<std::string> entries;
  SmallVector<Output> outputs;
  bool verbose = false;
  // For GPUs.
  std::string chip;
  std::string cudaRoot;
  int64_t blockSize;
  // For the CPU.
  std::string triple;
  std::string processor;
  unsigned optLevel;
  /// 0: the default of the target.
  int64_t columnBlock;
};

/// Writes "moa-compile: error: ..." and fails.
LogicalResult reportError(const llvm::Twine &message);

/// The command line; fails, with a message, where it makes no sense.
FailureOr<CompileOptions> parseOptions(int argc, char **argv);

} // namespace moa

#endif // MOA_TOOLS_MOA_COMPILE_OPTIONS_H
