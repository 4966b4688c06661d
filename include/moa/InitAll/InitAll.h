//===- InitAll.h - The one list of dialects and passes ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_INITALL_INITALL_H
#define MOA_INITALL_INITALL_H

#include "moa/Support/LLVM.h"

namespace moa {

/// Registers moa and the interfaces that it implements for upstream operations.
/// What a plugin needs: the host has registered upstream.
void registerMoa(DialectRegistry &registry);

/// Registers the passes and pipelines of moa.
void registerMoaPasses();

/// Everything: all dialects, extensions and passes of upstream MLIR, and moa.
void registerEverything(DialectRegistry &registry);

} // namespace moa

#endif // MOA_INITALL_INITALL_H
