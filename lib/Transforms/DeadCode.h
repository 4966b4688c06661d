//===- DeadCode.h - Removal of unused operations ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_DEADCODE_H
#define MOA_LIB_TRANSFORMS_DEADCODE_H

#include "mlir/IR/Operation.h"

namespace moa {

/// Erases every operation below `root` that has no effect and no user left, in
/// one sweep from the last to the first. (`runRegionDCE` takes what a dead
/// operation's region uses for alive, and so needs a sweep for each level.)
void eraseDeadCode(mlir::Operation *root);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_DEADCODE_H
