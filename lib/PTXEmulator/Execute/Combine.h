//===- Combine.h - What atomics do with two values --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_COMBINE_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_COMBINE_H

#include "../Parse/Type.h"

#include <mutex>

namespace moa::ptx {

/// The new value at a place.
using Combine = uint64_t (*)(uint64_t old, uint64_t b, uint64_t c);

/// `add`, `min`, `exch` and so on; null where the type does not have it.
Combine combineNamed(std::string_view op, Type type);

/// Blocks run on several host threads: one lock for each part of memory.
std::mutex &atomicLock(const uint8_t *data);

/// Combines what is at `at`, whose lock is held; the old value.
uint64_t combineAt(uint8_t *at, unsigned bytes, Combine combine, uint64_t b,
                   uint64_t c);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_COMBINE_H
