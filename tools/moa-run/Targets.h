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

#include "moa/Reference/Counters.h"

namespace moa {

/// Calls `function` on the target that the options name. An error about a
/// target that there is not, or that is not built in, says which there are. The
/// reference fills `counters`.
FailureOr<SmallVector<HostArray>> runOnTarget(const RunOptions &options,
                                              func::FuncOp function,
                                              ArrayRef<HostArray> arguments,
                                              Counters &counters);

} // namespace moa

#endif // MOA_TOOLS_MOA_RUN_TARGETS_H
