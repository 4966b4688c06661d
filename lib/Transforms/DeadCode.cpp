//===- DeadCode.cpp - Removal of unused operations -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeadCode.h"

#include "moa/Support/LLVM.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace moa;

void moa::eraseDeadCode(Operation *root) {
  // Before its parent comes what is nested, before a value its users.
  SmallVector<Operation *> ops;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (op != root && isOpTriviallyDead(op))
      op->erase();
}
