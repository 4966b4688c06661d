//===- Targets.h - Where a program can run -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The targets of moa-run by name.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_RUN_TARGETS_H
#define MOA_TOOLS_MOA_RUN_TARGETS_H

#include "Options.h"

namespace moa {

/// Calls `function` on the target that the options name. An error about a
/// target that there is not says which there are. Targets that count fill
/// `counts`, JSON text, where counts are asked for.
FailureOr<SmallVector<HostArray>> runOnTarget(const RunOptions &options,
                                              func::FuncOp function,
                                              ArrayRef<HostArray> arguments,
                                              std::string &counts);

} // namespace moa

#endif // MOA_TOOLS_MOA_RUN_TARGETS_H
