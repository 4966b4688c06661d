//===- Mbarrier.h - Barriers in shared memory -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An mbarrier counts arrivals of threads and bytes of copies. The copies that
// report to it are made when somebody looks whether the phase is complete, as
// late as a program may rely on them: what reads too early, or overwrites the
// source too early, computes something else.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_MBARRIER_H
#define MOA_LIB_PTXEMULATOR_MEMORY_MBARRIER_H

#include "RaceDetector.h"

#include <functional>

namespace moa::ptx {

/// A copy that was asked for and is made later.
using Deferred = std::function<void()>;

inline constexpr uint32_t mbarrierMaxCount = (1u << 20) - 1;
inline constexpr uint32_t mbarrierBytes = 8;

struct Mbarrier {
  uint32_t expected = 0; ///< arrivals of this phase
  uint32_t pending = 0;  ///< of them, those still to come
  uint32_t dropped = 0;  ///< fewer in later phases
  int64_t tx = 0;        ///< bytes expected and not yet copied
  uint32_t phase = 0;
  uint32_t agent = 0;  ///< of the copies that report here; 0: none yet
  Knowledge published; ///< by those that arrived in this phase
  Knowledge known;     ///< to those that wait for the phase before
  std::vector<Deferred> copies;
  const void *init = nullptr; ///< the instruction that made it
  uint32_t initThread = 0, initTime = 0;

  bool isComplete() const { return pending == 0 && tx == 0; }
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_MBARRIER_H
