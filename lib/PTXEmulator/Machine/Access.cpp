//===- Access.cpp - Every access to memory goes through here ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From addresses of lanes to bytes of the host, with the checks of bounds,
// alignment, definedness and races, and the counts.
//
//===----------------------------------------------------------------------===//

#include "../Parse/Module.h"
#include "Machine.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

static constexpr unsigned sectorBytes = 32, banks = 32;

static const char *spaceName(uint8_t space) {
  static constexpr const char *names[] = {
      "generic", "register", "const", "global", "local", "param", "shared"};
  return names[space];
}

void Warp::addresses(const Inst &in, Lanes lanes, uint64_t *into) const {
  addresses(in.address, into);
  (void)lanes;
}

void Warp::addresses(const Address &a, uint64_t *into) const {
  switch (a.base) {
  case AddressBase::Absolute:
    std::fill_n(into, warpSize, uint64_t(a.offset));
    break;
  case AddressBase::Register: {
    const uint64_t *base = src(a.slot);
    for (unsigned l = 0; l < warpSize; ++l)
      into[l] = base[l] + a.offset;
    break;
  }
  case AddressBase::Frame: {
    const Frame &f = *splits[current].frame;
    for (unsigned l = 0; l < warpSize; ++l)
      into[l] = f.localBase[l] + a.offset;
    break;
  }
  case AddressBase::Block: {
    uint64_t base = special[unsigned(Special::SharedBase)][0];
    std::fill_n(into, warpSize, base + a.offset);
    break;
  }
  }
}

static Space windowOf(uint64_t address) {
  if (address >= sharedWindow && address < sharedWindowEnd)
    return Space::Shared;
  if (address >= localWindow && address < localWindowEnd)
    return Space::Local;
  if (address >= paramWindow && address < paramWindowEnd)
    return Space::Param;
  return Space::Global;
}

/// Gives a.data for the lanes that may go on, and returns these. Generic
/// addresses become ones of their space; lanes in several spaces are resolved
/// space by space.
Lanes Warp::access(const Inst &in, Lanes lanes, Access &a) {
  a.undefined = 0;
  lanes &= ~misaligned(in, lanes, a);
  if (Space(a.space) == Space::Generic) {
    Lanes bySpace[7] = {};
    forLanes(lanes, [&](unsigned l) {
      bySpace[unsigned(windowOf(a.address[l]))] |= 1u << l;
    });
    Lanes done = 0;
    for (Space s : {Space::Shared, Space::Local, Space::Param, Space::Global}) {
      Lanes part = bySpace[unsigned(s)];
      if (!part)
        continue;
      uint64_t base = s == Space::Shared  ? sharedWindow
                      : s == Space::Local ? localWindow
                                          : 0;
      forLanes(part, [&](unsigned l) { a.address[l] -= base; });
      a.space = uint8_t(s);
      done |= access(in, part, a);
    }
    return done;
  }
  Lanes ok;
  switch (Space(a.space)) {
  case Space::Shared:
    ok = resolveShared(in, lanes, a);
    break;
  case Space::Local:
    ok = resolveLocal(in, lanes, a);
    break;
  case Space::Param:
    ok = resolveParam(in, lanes, a);
    break;
  default:
    ok = resolveGlobal(in, lanes, a);
    break;
  }
  if (a.undefined && !a.mayBeUndefined) {
    unsigned l = std::countr_zero(a.undefined);
    fault(in, l,
          Space(a.space) == Space::Shared  ? "uninitialized-shared"
          : Space(a.space) == Space::Local ? "uninitialized-local"
                                           : "uninitialized-global",
          std::string("read of ") + spaceName(a.space) +
              " memory that nothing wrote",
          false, &a.address[l]);
  }
  count(in, ok, a);
  return ok;
}

Lanes Warp::misaligned(const Inst &in, Lanes lanes, const Access &a) {
  uint64_t mask = (a.align ? a.align : a.bytes) - 1;
  Lanes bad = 0;
  forLanes(lanes,
           [&](unsigned l) { bad |= Lanes((a.address[l] & mask) != 0) << l; });
  if (bad && launch->options.checks.alignment) {
    unsigned l = std::countr_zero(bad);
    fault(in, l, "misaligned",
          "the address is not a multiple of " + std::to_string(mask + 1), true,
          &a.address[l]);
    return bad;
  }
  return 0;
}

/// Where `bytes` bytes at a shared address are; no memory after a fault.
SharedPlace Warp::sharedPlace(const Inst &in, unsigned lane, uint64_t address,
                              uint64_t bytes, const char *what) {
  uint64_t rank = address >> sharedRankShift;
  uint64_t offset = address & ((1u << sharedRankShift) - 1);
  Block *owner = rank == block->rank ? block : block->peer(rank);
  if (!owner || offset < sharedReserved ||
      offset + bytes > owner->shared.data.size()) {
    fault(in, lane, "out-of-bounds",
          std::string(what) + " of " + std::to_string(bytes) +
              " bytes outside of the shared memory of the block (" +
              std::to_string(block->shared.data.size() - sharedReserved) +
              " bytes)",
          true, &address);
    return {};
  }
  if (owner != block && owner->hasEnded() && launch->options.checks.races)
    fault(in, lane, "shared-after-exit",
          std::string(what) + " of the shared memory of block " +
              std::to_string(rank) + " of the cluster, which has ended",
          false, &address);
  return {owner, &owner->shared, uint32_t(offset)};
}

Lanes Warp::resolveShared(const Inst &in, Lanes lanes, Access &a) {
  const Checks &checks = launch->options.checks;
  Lanes ok = 0;
  uint32_t thread = block->rank * launch->threadsPerBlock + id * warpSize;
  bool writes = a.kind != AccessKind::Load, reads = a.kind != AccessKind::Store;
  bool atomic = a.strong || a.kind == AccessKind::Atomic;
  forLanes(lanes, [&](unsigned l) {
    SharedPlace place =
        sharedPlace(in, l, a.address[l], a.bytes, writes ? "write" : "read");
    SharedMemory *memory = place.memory;
    if (!memory)
      return;
    ok |= 1u << l;
    uint32_t offset = place.offset;
    a.data[l] = memory->data.data() + offset;
    uint8_t *defined = memory->defined.data() + offset;
    if (reads && checks.uninitialized)
      for (unsigned i = 0; i < a.bytes; ++i)
        a.undefined |= Lanes(!defined[i]) << l;
    if (writes)
      std::memset(defined, 1, a.bytes);
    if (!memory->races)
      return;
    RaceSite other;
    if (memory->races->access(thread + l, offset, a.bytes, writes, atomic, &in,
                              other))
      race(in, l, a.address[l], writes, false, other);
    if (atomic)
      memory->clocks->atomic(thread + l, memory->races->place(offset), reads,
                             writes);
  });
  return ok;
}

void Warp::noteShared(const Inst &in, unsigned lane, const SharedPlace &place,
                      const Actor &actor, uint32_t bytes, bool writes,
                      bool atomic) {
  RaceSite other;
  if (place.memory->races &&
      place.memory->races->access(actor, place.offset, bytes, writes, atomic,
                                  &in, other))
    race(in, lane,
         uint64_t(place.block->rank) << sharedRankShift | place.offset, writes,
         clocks()->isAgent(actor.agent), other);
}

void Warp::noteOwn(const Inst &in, unsigned lane, const SharedPlace &place,
                   uint32_t bytes, bool writes) {
  RaceSite other;
  if (place.memory->races &&
      place.memory->races->access(thread(lane), place.offset, bytes, writes,
                                  false, &in, other))
    race(in, lane,
         uint64_t(place.block->rank) << sharedRankShift | place.offset, writes,
         false, other);
}

/// The words for an access that meets another one.
static std::string raceMessage(bool writes, bool isAsync, bool otherIsAsync,
                               const RaceSite &other) {
  if (other.proxy)
    return std::string("asynchronous ") + (writes ? "write" : "read") +
           " after a write without fence.proxy.async between the two";
  std::string text = std::string(isAsync ? "asynchronous " : "") +
                     (writes ? "write" : "read") + " not ordered after the " +
                     (otherIsAsync ? "asynchronous " : "") +
                     (other.wrote ? "write" : "read");
  if (otherIsAsync)
    return text + ", which may still be under way";
  return text + " by another thread";
}

void Warp::race(const Inst &in, unsigned lane, uint64_t address, bool writes,
                bool isAsync, const RaceSite &other) {
  const Inst &second = *static_cast<const Inst *>(other.inst);
  const ThreadClocks &times = *clocks();
  bool otherIsAsync = times.isAgent(other.thread);
  uint32_t perBlock = launch->threadsPerBlock;
  uint32_t thread = times.ownerOf(other.thread);
  Diagnostic d;
  d.kind = other.proxy               ? "missing-proxy-fence"
           : isAsync || otherIsAsync ? "async-race"
                                     : "shared-race";
  d.kernel = launch->program->kernel;
  d.message = raceMessage(writes, isAsync, otherIsAsync, other);
  d.site = site(in, lane);
  d.address = address;
  const Block &owner = *block->peer(thread / perBlock);
  d.others.push_back({second.line, std::string(second.text), owner.index,
                      int(thread % perBlock / warpSize),
                      int(thread % warpSize)});
  launch->report(std::move(d));
}

Lanes Warp::resolveLocal(const Inst &in, Lanes lanes, Access &a) {
  const Checks &checks = launch->options.checks;
  Lanes ok = 0;
  forLanes(lanes, [&](unsigned l) {
    uint64_t address = a.address[l];
    if (address < 16 || address + a.bytes > local[l].size()) {
      fault(in, l, "out-of-bounds",
            "access of " + std::to_string(a.bytes) +
                " bytes outside of the local memory of the thread",
            true, &a.address[l]);
      return;
    }
    ok |= 1u << l;
    a.data[l] = local[l].data() + address;
    uint8_t *state = localState[l].data() + address;
    if (a.kind != AccessKind::Store && checks.uninitialized)
      for (unsigned i = 0; i < a.bytes; ++i)
        a.undefined |= Lanes(!state[i]) << l;
    if (a.kind != AccessKind::Load)
      std::memset(state, 1, a.bytes);
  });
  return ok;
}

Lanes Warp::resolveParam(const Inst &in, Lanes lanes, Access &a) {
  Lanes ok = 0;
  forLanes(lanes, [&](unsigned l) {
    uint64_t offset = a.address[l] - paramWindow;
    if (a.kind != AccessKind::Load ||
        offset + a.bytes > launch->params.size() ||
        a.address[l] < paramWindow) {
      fault(in, l, "out-of-bounds",
            a.kind != AccessKind::Load
                ? "write to the parameters of a kernel"
                : "read outside of the parameters of the kernel",
            true, &a.address[l]);
      return;
    }
    ok |= 1u << l;
    a.data[l] = launch->params.data() + offset;
  });
  return ok;
}

Lanes Warp::resolveGlobal(const Inst &in, Lanes lanes, Access &a) {
  const Checks &checks = launch->options.checks;
  Lanes ok = 0;
  bool writes = a.kind != AccessKind::Load, reads = a.kind != AccessKind::Store;
  uint8_t note = (writes ? WasWritten | Defined : 0) | (reads ? WasRead : 0);
  Allocation *last = nullptr;
  forLanes(lanes, [&](unsigned l) {
    uint64_t address = a.address[l];
    if (!last || address - last->base >= last->size)
      last = launch->memory->find(address);
    if (!last || address - last->base + a.bytes > last->size ||
        (writes && last->readOnly)) {
      outOfBounds(in, l, address, a, last);
      return;
    }
    ok |= 1u << l;
    uint64_t offset = address - last->base;
    a.data[l] = last->data.get() + offset;
    uint8_t *state = last->state.get() + offset;
    for (unsigned i = 0; i < a.bytes; ++i) {
      std::atomic_ref<uint8_t> byte(state[i]);
      uint8_t old = byte.load(std::memory_order_relaxed);
      if (reads && !(old & Defined) && checks.uninitialized)
        a.undefined |= 1u << l;
      if ((old & note) != note)
        byte.fetch_or(note, std::memory_order_relaxed);
    }
  });
  return ok;
}

void Warp::outOfBounds(const Inst &in, unsigned lane, uint64_t address,
                       const Access &a, const Allocation *holds) {
  const Allocation *near = holds ? holds : launch->memory->nearest(address);
  std::string message =
      std::string(a.kind == AccessKind::Load ? "read" : "write") + " of " +
      std::to_string(a.bytes) + " bytes";
  if (holds && holds->readOnly)
    message += " in constant memory '" + holds->name + "'";
  else if (address < 65536)
    message += " at a null pointer";
  else if (near)
    message += " outside of every buffer; the nearest is '" + near->name +
               "' of " + std::to_string(near->size) + " bytes, " +
               (address >= near->base ? std::to_string(address - near->base) +
                                            " bytes from its start"
                                      : std::to_string(near->base - address) +
                                            " bytes before its start");
  fault(in, lane, "out-of-bounds", message, true, &address);
}

Allocation *Warp::globalRange(const Inst &in, unsigned lane, uint64_t address,
                              uint64_t bytes, bool writes, Allocation *near) {
  if (!near || address - near->base >= near->size)
    near = launch->memory->find(address);
  if (!near || address - near->base + bytes > near->size ||
      (writes && near->readOnly)) {
    Access a;
    a.kind = writes ? AccessKind::Store : AccessKind::Load;
    a.bytes = unsigned(bytes);
    outOfBounds(in, lane, address, a, near);
    return nullptr;
  }
  uint64_t sectors =
      bytes ? (address + bytes - 1) / sectorBytes - address / sectorBytes + 1
            : 0;
  SpaceCounts &c = counters->spaces[unsigned(Space::Global)];
  (writes ? c.storeBytes : c.loadBytes) += bytes;
  (writes ? c.storeSectors : c.loadSectors) += sectors;
  uint8_t note = writes ? WasWritten : WasRead;
  uint8_t *state = near->state.get() + (address - near->base);
  for (uint64_t i = 0; i < bytes; ++i) {
    std::atomic_ref<uint8_t> byte(state[i]);
    if (!(byte.load(std::memory_order_relaxed) & note))
      byte.fetch_or(note, std::memory_order_relaxed);
  }
  return near;
}

/// The wavefronts of a shared access: a bank gives one word at a time.
/// Accesses of 8 and 16 bytes go in halves and quarters of the warp, and so on.
static void countShared(Counters &c, Lanes lanes, const Access &a) {
  unsigned group = std::clamp(128 / std::max(a.bytes, 1u), 1u, 32u);
  for (unsigned first = 0; first < warpSize; first += group) {
    Lanes part =
        lanes & (group == 32 ? allLanes : ((1u << group) - 1) << first);
    if (!part)
      continue;
    uint64_t words[warpSize * 4];
    unsigned count = 0;
    forLanes(part, [&](unsigned l) {
      for (unsigned i = 0; i < std::max(4u, a.bytes); i += 4)
        words[count++] = (a.address[l] + i) / 4;
    });
    std::sort(words, words + count);
    count = std::unique(words, words + count) - words;
    unsigned load[banks] = {}, most = 0;
    for (unsigned i = 0; i < count; ++i)
      most = std::max(most, ++load[words[i] % banks]);
    c.sharedWavefronts += most;
    c.sharedMinimum += (count + banks - 1) / banks;
  }
}

void Warp::count(const Inst &, Lanes lanes, const Access &a) {
  if (!lanes)
    return;
  SpaceCounts &c = counters->spaces[a.space];
  uint64_t bytes = uint64_t(std::popcount(lanes)) * a.bytes, sectors = 0;
  if (Space(a.space) == Space::Global) {
    uint64_t seen[warpSize * 4];
    unsigned count = 0;
    uint64_t last = ~uint64_t(0);
    forLanes(lanes, [&](unsigned l) {
      uint64_t sector = a.address[l] / sectorBytes;
      if (sector != last)
        seen[count++] = last = sector;
    });
    std::sort(seen, seen + count);
    sectors = std::unique(seen, seen + count) - seen;
  } else if (Space(a.space) == Space::Shared) {
    countShared(*counters, lanes, a);
  }
  if (a.kind != AccessKind::Store) {
    c.loadInstructions += std::popcount(lanes);
    c.loadBytes += bytes;
    c.loadSectors += sectors;
    ++c.loadRequests;
  }
  if (a.kind != AccessKind::Load) {
    c.storeInstructions += std::popcount(lanes);
    c.storeBytes += bytes;
    c.storeSectors += sectors;
    ++c.storeRequests;
  }
}
