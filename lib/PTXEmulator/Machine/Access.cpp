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
  uint64_t size = owner ? owner->shared.data.size() : 0;
  if (offset < sharedReserved || bytes > size || offset > size - bytes) {
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
    if (!memory->races || a.racesNoted)
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

/// Adds `note` to the states of a word. True if all its bytes were defined.
template <class T> static bool noteWord(uint8_t *state, uint8_t note) {
  constexpr T ones = static_cast<T>(0x0101010101010101);
  static_assert(Defined == 1);
  std::atomic_ref<T> word(*reinterpret_cast<T *>(state));
  T old = word.load(std::memory_order_relaxed), want = ones * note;
  if ((old & want) != want)
    word.fetch_or(want, std::memory_order_relaxed);
  return (old & ones) == ones;
}

/// The same for an access; in words where its address allows.
static bool noteBytes(uint8_t *state, uint64_t address, unsigned bytes,
                      uint8_t note) {
  bool defined = true;
  if (address % 8 == 0)
    for (; bytes >= 8; bytes -= 8, state += 8)
      defined &= noteWord<uint64_t>(state, note);
  if (address % 4 == 0)
    for (; bytes >= 4; bytes -= 4, state += 4)
      defined &= noteWord<uint32_t>(state, note);
  for (; bytes; --bytes, ++state)
    defined &= noteWord<uint8_t>(state, note);
  return defined;
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
    if (!noteBytes(state, address, a.bytes, note) && reads &&
        checks.uninitialized)
      a.undefined |= 1u << l;
  });
  if (launch->globalRaces)
    noteGlobal(in, ok, a);
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
  if (launch->globalRaces)
    noteGlobal(in, lane, address, bytes, writes, false);
  return near;
}

/// The lanes that share a wavefront if no bank is wanted twice: their words,
/// and the most that one bank has to give.
static void countGroup(Counters &c, const Inst &in, Lanes lanes,
                       const Access &a) {
  // Of each bank, the words that are wanted.
  uint32_t wanted[banks][warpSize];
  unsigned load[banks] = {}, most = 0, count = 0;
  forLanes(lanes, [&](unsigned l) {
    for (unsigned i = 0; i < std::max(4u, a.bytes); i += 4) {
      uint32_t word = (a.address[l] + i) / 4, *of = wanted[word % banks];
      unsigned &many = load[word % banks];
      if (std::find(of, of + many, word) != of + many)
        continue;
      of[many++] = word;
      most = std::max(most, many);
      ++count;
    }
  });
  c.addWavefronts(in, most, (count + banks - 1) / banks);
}

/// The commonest case: accesses that do not meet in a bank, or in the same
/// place. `unit` words each.
static bool countsOne(Lanes lanes, const Access &a, unsigned unit) {
  uint64_t holder[banks];
  uint32_t taken = 0;
  unsigned places = banks / unit;
  for (; lanes; lanes &= lanes - 1) {
    uint64_t at = a.address[std::countr_zero(lanes)] / (4 * unit);
    unsigned place = at % places;
    if (taken >> place & 1 && holder[place] != at)
      return false;
    holder[place] = at;
    taken |= 1u << place;
  }
  return true;
}

/// The wavefronts of a shared access: a bank gives one word at a time.
/// Accesses of more than 4 bytes go in parts of the warp of 128 bytes.
static void countShared(Counters &c, const Inst &in, Lanes lanes,
                        const Access &a) {
  unsigned group = std::clamp(128 / std::max(a.bytes, 1u), 1u, 32u);
  unsigned unit = std::bit_floor(std::clamp(a.bytes / 4, 1u, banks));
  for (unsigned first = 0; first < warpSize; first += group) {
    Lanes part =
        lanes & (group == 32 ? allLanes : ((1u << group) - 1) << first);
    if (!part)
      continue;
    if (countsOne(part, a, unit)) {
      ++c.sharedWavefronts;
      ++c.sharedMinimum;
    } else {
      countGroup(c, in, part, a);
    }
  }
}

void Warp::count(const Inst &in, Lanes lanes, const Access &a) {
  if (!lanes)
    return;
  SpaceCounts &c = counters->spaces[a.space];
  uint64_t bytes = uint64_t(std::popcount(lanes)) * a.bytes, sectors = 0;
  if (Space(a.space) == Space::Global) {
    uint64_t seen[warpSize * 4];
    unsigned count = 0;
    uint64_t last = ~uint64_t(0);
    bool ascending = true;
    forLanes(lanes, [&](unsigned l) {
      uint64_t sector = a.address[l] / sectorBytes;
      if (sector == last)
        return;
      ascending &= last == ~uint64_t(0) || sector > last;
      seen[count++] = last = sector;
    });
    if (!ascending) {
      std::sort(seen, seen + count);
      count = std::unique(seen, seen + count) - seen;
    }
    sectors = count;
  } else if (Space(a.space) == Space::Shared) {
    countShared(*counters, in, lanes, a);
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
