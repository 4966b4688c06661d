//===- GlobalMemory.h - Device memory ---------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Buffers at made-up addresses with gaps between them, so that each access out
// of bounds is seen. One byte of state for each byte of a buffer.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_GLOBALMEMORY_H
#define MOA_LIB_PTXEMULATOR_MEMORY_GLOBALMEMORY_H

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>

namespace moa::ptx {

/// Windows of the generic address space. Kernel parameters, constants and
/// functions have addresses of their own, outside of every buffer.
inline constexpr uint64_t sharedWindow = 0x00f000000000;
inline constexpr uint64_t sharedWindowEnd = 0x00f100000000;
inline constexpr uint64_t localWindow = 0x00f200000000;
inline constexpr uint64_t localWindowEnd = 0x00f300000000;
inline constexpr uint64_t paramWindow = 0x00f400000000;
inline constexpr uint64_t paramWindowEnd = 0x00f400010000;
inline constexpr uint64_t functionWindow = 0x00f500000000;
/// Beyond the addresses that programs of the host have, so that an address tells
/// which memory it is of.
inline constexpr uint64_t globalStart = 0x800000000000;

/// Of each byte of a buffer.
enum ByteState : uint8_t {
  Defined = 1,
  WasRead = 2, ///< since the launch began
  WasWritten = 4,
};

struct Allocation {
  std::string name;
  uint64_t base = 0, size = 0;
  bool readOnly = false, user = false;
  std::unique_ptr<uint8_t[]> data;
  std::unique_ptr<uint8_t[]> state;
};

class GlobalMemory {
public:
  /// Null where there is not that much memory.
  Allocation *allocate(uint64_t bytes, uint64_t align, std::string name,
                       bool defined);
  bool release(uint64_t base);
  /// The buffer that holds `address`, or null.
  Allocation *find(uint64_t address) const;
  /// The buffer that ends nearest below or begins nearest above, for messages.
  const Allocation *nearest(uint64_t address) const;

  template <class F> void forEach(F f) {
    std::shared_lock<std::shared_mutex> lock(mutex);
    for (auto &[base, allocation] : allocations)
      f(*allocation);
  }

private:
  mutable std::shared_mutex mutex;
  std::map<uint64_t, std::unique_ptr<Allocation>> allocations;
  uint64_t next = globalStart;
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_GLOBALMEMORY_H
