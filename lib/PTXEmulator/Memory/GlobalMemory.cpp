//===- GlobalMemory.cpp - Device memory -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GlobalMemory.h"

#include <cstring>
#include <mutex>

using namespace moa::ptx;

static constexpr uint64_t gap = 4096, maxBuffer = uint64_t(1) << 36;

Allocation *GlobalMemory::allocate(uint64_t bytes, uint64_t align,
                                   std::string name, bool defined) {
  if (bytes > maxBuffer)
    return nullptr;
  auto a = std::make_unique<Allocation>();
  a->data.reset(new (std::nothrow) uint8_t[bytes + 16]());
  a->state.reset(new (std::nothrow) uint8_t[bytes + 16]());
  if (!a->data || !a->state)
    return nullptr;
  std::unique_lock<std::shared_mutex> lock(mutex);
  next = (next + align - 1) / align * align;
  a->name = std::move(name);
  a->base = next;
  a->size = bytes;
  if (defined)
    std::memset(a->state.get(), Defined, bytes);
  else
    std::memset(a->data.get(), 0xcd, bytes);
  next += bytes + gap;
  Allocation *result = a.get();
  allocations.emplace(result->base, std::move(a));
  return result;
}

bool GlobalMemory::release(uint64_t base) {
  std::unique_lock<std::shared_mutex> lock(mutex);
  return allocations.erase(base) != 0;
}

Allocation *GlobalMemory::find(uint64_t address) const {
  std::shared_lock<std::shared_mutex> lock(mutex);
  auto it = allocations.upper_bound(address);
  if (it == allocations.begin())
    return nullptr;
  Allocation *a = std::prev(it)->second.get();
  return address - a->base < a->size ? a : nullptr;
}

const Allocation *GlobalMemory::nearest(uint64_t address) const {
  std::shared_lock<std::shared_mutex> lock(mutex);
  auto it = allocations.upper_bound(address);
  const Allocation *above =
      it == allocations.end() ? nullptr : it->second.get();
  if (it == allocations.begin())
    return above;
  const Allocation *below = std::prev(it)->second.get();
  uint64_t past = address - (below->base + below->size);
  return above && above->base - address < past ? above : below;
}
