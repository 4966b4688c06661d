//===- Options.h - The command line of moa-run -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What was asked for, and how errors about it are told.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_RUN_OPTIONS_H
#define MOA_TOOLS_MOA_RUN_OPTIONS_H

#include "moa/Support/HostArray.h"
#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace moa {

struct RunOptions {
  std::string file;
  /// Empty for the only function of the file.
  std::string entry;
  /// Paths of .npy files, or scalars as "f32:0.5".
  std::vector<std::string> arguments;
  /// Paths of .npy files for the first results.
  std::vector<std::string> outputs;
  std::string target;
  /// Passes to run before, as "builtin.module(func.func(moa-psi-reduce))".
  std::string passPipeline;
  /// Path for the counts, "-" for standard output, empty for none.
  std::string counters;
  bool f64Out = false;
  /// Of targets that compile for a GPU; empty for the device's own.
  std::string chip;
  /// Of the emulator, as moa-ptx takes them; empty for all.
  std::string checks;
  std::optional<uint64_t> partitionSeed;
};

/// Ends the program, with status 1, where the command line cannot be
/// understood.
RunOptions parseOptions(int argc, char **argv);

/// Says what options contradict each other.
LogicalResult checkOptions(const RunOptions &options);

/// Reads the arrays and scalars that `function` is to be called with.
FailureOr<SmallVector<HostArray>> readArguments(const RunOptions &options,
                                                func::FuncOp function);

/// Prints "moa-run: error: ..." and gives failure.
LogicalResult reportError(const llvm::Twine &message);

} // namespace moa

#endif // MOA_TOOLS_MOA_RUN_OPTIONS_H
