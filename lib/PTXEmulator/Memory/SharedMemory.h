//===- SharedMemory.h - Shared memory of one block --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_SHAREDMEMORY_H
#define MOA_LIB_PTXEMULATOR_MEMORY_SHAREDMEMORY_H

#include "Mbarrier.h"

#include <vector>

namespace moa::ptx {

/// Shared addresses: bits 24 and up are the rank of the block in its cluster,
/// below is the offset. The first bytes belong to nobody, so that address 0 is
/// an error.
inline constexpr uint32_t sharedReserved = 1024;
inline constexpr unsigned sharedRankShift = 24;

/// Of each byte. A store to an mbarrier makes it an ordinary byte.
enum SharedState : uint8_t { SharedUndefined, SharedDefined, SharedMbarrier };

struct SharedMemory {
  std::vector<uint8_t> data, defined;
  std::unordered_map<uint32_t, Mbarrier> barriers; ///< by offset
  std::unique_ptr<RaceDetector> races;
  ThreadClocks *clocks = nullptr; ///< of the cluster; null: races unchecked

  /// `bytes` counts from sharedReserved.
  void create(uint32_t bytes, ThreadClocks *threadClocks) {
    data.assign(bytes + sharedReserved, 0xcd);
    defined.assign(bytes + sharedReserved, 0);
    clocks = threadClocks;
    races.reset();
    if (clocks)
      races = std::make_unique<RaceDetector>(*clocks, data.size());
  }
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_SHAREDMEMORY_H
