//===- MemoryModifiers.h - Modifiers of memory ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_MEMORYMODIFIERS_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_MEMORYMODIFIERS_H

#include "../Decode/Decoder.h"

namespace moa::ptx {

struct MemoryModifiers {
  Space space = Space::Generic;
  bool strong = false, acquire = false, release = false;
};

/// Takes space, order, scope and cache hints.
bool takeMemoryModifiers(Decoder &d, MemoryModifiers &m);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_MEMORYMODIFIERS_H
