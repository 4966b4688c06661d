//===- Outputs.h - What moa-run gives back -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Results as files or on standard output, and counts.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_RUN_OUTPUTS_H
#define MOA_TOOLS_MOA_RUN_OUTPUTS_H

#include "Options.h"

namespace moa {

/// Checks, before anything runs, that the results and the places for them fit
/// together.
LogicalResult checkOutputs(const RunOptions &options, func::FuncOp function);

/// Writes the first results and the counts, as JSON, to their files: all of them, or none
/// where one cannot be written. Without --out all results are printed.
LogicalResult writeOutputs(const RunOptions &options,
                           ArrayRef<HostArray> results,
                           StringRef counts);

/// Prints "name: 2x2xf32 = [[1, 2], [3, 4]]"; of a large array the first
/// elements, the smallest, the largest and the mean.
void printArray(llvm::raw_ostream &os, StringRef name, const HostArray &array);

} // namespace moa

#endif // MOA_TOOLS_MOA_RUN_OUTPUTS_H
