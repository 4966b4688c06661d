//===- Bulk.cpp - Bulk copies, as pieces of memory --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bulk.h"

#include "../Parse/Module.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

static constexpr uint32_t chunkBytes = 16;
/// Bytes that shared memory takes or gives at a time.
static constexpr uint32_t wavefrontBytes = 128;

/// Where the swizzle puts an address: bits 4 to 6 are changed by bits 7 to 9.
static uint32_t swizzled(uint32_t address, unsigned swizzle) {
  uint32_t bits = swizzle == 128  ? 7
                  : swizzle == 64 ? 3
                  : swizzle == 32 ? 1
                                  : 0;
  return address ^ (address >> 7 & bits) << 4;
}

/// Calls f(shared offset, offset in the piece, bytes) for the parts of a piece
/// that stay together in shared memory.
template <class F>
static void forParts(const BulkPlan &plan, const Piece &piece, uint32_t base,
                     F f) {
  bool whole = !plan.swizzle && plan.byteMask == 0xffff;
  for (uint32_t done = 0; done < piece.bytes;) {
    uint32_t at = base + piece.at + done;
    uint32_t count = piece.bytes - done;
    if (!whole)
      count = std::min(count, chunkBytes - at % chunkBytes);
    f(swizzled(at, plan.swizzle), done, count);
    done += count;
  }
}

/// Global memory of the pieces must be there. Counts it.
static bool touchPieces(Warp &w, const Inst &in, unsigned lane,
                        const BulkPlan &plan, bool writes) {
  Allocation *near = nullptr;
  for (const Piece &p : plan.pieces)
    if (p.inside && p.bytes &&
        !(near = w.globalRange(in, lane, p.global, p.bytes, writes, near)))
      return false;
  SpaceCounts &c = w.counters->spaces[unsigned(Space::Global)];
  ++(writes ? c.storeRequests : c.loadRequests);
  ++(writes ? c.storeInstructions : c.loadInstructions);
  return true;
}

/// Counts an access of a copy to shared memory.
static void countShared(Warp &w, uint64_t bytes, bool writes) {
  SpaceCounts &c = w.counters->spaces[unsigned(Space::Shared)];
  ++(writes ? c.storeRequests : c.loadRequests);
  ++(writes ? c.storeInstructions : c.loadInstructions);
  (writes ? c.storeBytes : c.loadBytes) += bytes;
  uint64_t wavefronts = (bytes + wavefrontBytes - 1) / wavefrontBytes;
  w.counters->sharedWavefronts += wavefronts;
  w.counters->sharedMinimum += wavefronts;
}

/// Makes the copy of the pieces to shared memory.
static void load(Warp &w, const BulkPlan &plan, SharedMemory &memory,
                 uint32_t base) {
  Allocation *near = nullptr;
  for (const Piece &p : plan.pieces) {
    if (p.inside && (!near || p.global - near->base >= near->size))
      near = w.launch->memory->find(p.global);
    // A buffer that was freed in between leaves undefined bytes.
    bool isThere =
        p.inside && near && p.global - near->base + p.bytes <= near->size;
    forParts(plan, p, base, [&](uint32_t at, uint32_t from, uint32_t count) {
      uint8_t *to = memory.data.data() + at;
      uint8_t *state = memory.defined.data() + at;
      std::memset(state, p.inside && !isThere ? SharedUndefined : SharedDefined,
                  count);
      if (isThere) {
        uint64_t offset = p.global - near->base + from;
        std::memcpy(to, near->data.get() + offset, count);
        for (uint32_t i = 0; i < count; ++i)
          if (!(near->state[offset + i] & Defined))
            state[i] = SharedUndefined;
      } else if (!p.inside) {
        for (uint32_t i = 0; i < count; ++i)
          to[i] =
              plan.fill.empty() ? 0 : plan.fill[(from + i) % plan.fill.size()];
      }
    });
  }
}

static uint32_t offsetOf(uint64_t address) {
  return address & ((1u << sharedRankShift) - 1);
}

/// One destination of a load: a block and its mbarrier.
static void issueLoadTo(Warp &w, const Inst &in, unsigned lane,
                        const SharedPlan &plan, uint64_t to, uint64_t barrier) {
  SharedPlace place = w.sharedPlace(in, lane, to, plan->bytes, "copy");
  Block *owner = nullptr;
  Mbarrier *m = place.memory ? w.mbarrier(in, lane, barrier, owner) : nullptr;
  if (!m)
    return;
  w.noteShared(in, lane, place, w.actorOf(lane, *m, true), plan->bytes, true);
  std::memset(place.memory->defined.data() + place.offset, SharedUndefined,
              plan->bytes);
  countShared(w, plan->bytes, true);
  w.count(plan->isTensor ? CopyKind::TensorLoad : CopyKind::BulkLoad,
          plan->bytes);
  m->copies.push_back([&w, &in, lane, plan, place, owner,
                       offset = offsetOf(barrier), phase = m->phase] {
    load(w, *plan, *place.memory, place.offset);
    w.completeTx(in, lane, *owner, offset, phase, plan->bytes);
  });
  ++owner->progress;
}

void moa::ptx::issueLoad(Warp &w, const Inst &in, unsigned lane,
                         SharedPlan plan, uint64_t to, uint64_t barrier,
                         uint32_t blocks) {
  if (!touchPieces(w, in, lane, *plan, false))
    return;
  if (!blocks)
    return issueLoadTo(w, in, lane, plan, to, barrier);
  for (; blocks && !w.launch->stop; blocks &= blocks - 1) {
    uint64_t rank = uint64_t(std::countr_zero(blocks)) << sharedRankShift;
    issueLoadTo(w, in, lane, plan, rank | offsetOf(to),
                rank | offsetOf(barrier));
  }
}

static void store(const BulkPlan &plan, const Piece &p, uint8_t *to,
                  uint8_t *state, const SharedMemory &memory, uint32_t base,
                  Reduction reduction) {
  forParts(plan, p, base, [&](uint32_t at, uint32_t from, uint32_t count) {
    const uint8_t *source = memory.data.data() + at;
    for (uint32_t i = 0; i < count; i += reduction.bytes) {
      if (!(plan.byteMask >> ((p.at + from + i) % chunkBytes) & 1))
        continue;
      uint8_t *place = to + from + i;
      if (reduction.combine) {
        uint64_t value = 0;
        std::memcpy(&value, source + i, reduction.bytes);
        std::lock_guard<std::mutex> lock(atomicLock(place));
        combineAt(place, reduction.bytes, reduction.combine, value, 0);
      } else {
        *place = source[i];
      }
      for (unsigned k = 0; k < reduction.bytes; ++k)
        std::atomic_ref<uint8_t>(state[from + i + k])
            .fetch_or(Defined, std::memory_order_relaxed);
    }
  });
}

/// The bytes of the pieces that are stored must be defined. Elsewhere a box may
/// have anything.
static void checkDefined(Warp &w, const Inst &in, unsigned lane,
                         const BulkPlan &plan, const SharedPlace &place) {
  if (!w.launch->options.checks.uninitialized)
    return;
  const uint8_t *state = place.memory->defined.data();
  for (const Piece &p : plan.pieces) {
    bool defined = true;
    uint64_t address = 0;
    if (p.inside)
      forParts(plan, p, place.offset, [&](uint32_t at, uint32_t, uint32_t n) {
        for (uint32_t i = 0; i < n && defined; ++i)
          if (!state[at + i]) {
            defined = false;
            address = uint64_t(place.block->rank) << sharedRankShift | (at + i);
          }
      });
    if (defined)
      continue;
    w.fault(in, int(lane), "uninitialized-shared",
            "copy of shared memory that nothing wrote", false, &address);
    return;
  }
}

void moa::ptx::issueStore(Warp &w, const Inst &in, unsigned lane,
                          SharedPlan plan, uint64_t from, Reduction reduction) {
  if (!touchPieces(w, in, lane, *plan, true))
    return;
  SharedPlace place = w.sharedPlace(in, lane, from, plan->bytes, "copy");
  if (!place.memory)
    return;
  auto &stream = w.copiesOf(lane).bulk;
  ++stream.issued;
  w.noteShared(in, lane, place, w.actorOf(lane, stream), plan->bytes, false);
  countShared(w, plan->bytes, false);
  w.count(plan->isTensor ? CopyKind::TensorStore : CopyKind::BulkStore,
          plan->bytes);
  stream.copies.push_back([&w, &in, lane, plan, place, reduction] {
    checkDefined(w, in, lane, *plan, place);
    for (const Piece &p : plan->pieces) {
      if (!p.inside || !p.bytes)
        continue;
      Allocation *a = w.launch->memory->find(p.global);
      if (!a || p.global - a->base + p.bytes > a->size) {
        w.fault(in, int(lane), "out-of-bounds",
                "the buffer was freed before the copy was complete", true,
                &p.global);
        return;
      }
      uint64_t offset = p.global - a->base;
      store(*plan, p, a->data.get() + offset, a->state.get() + offset,
            *place.memory, place.offset, reduction);
    }
  });
}

void moa::ptx::issueMove(Warp &w, const Inst &in, unsigned lane, uint64_t to,
                         uint64_t from, uint32_t bytes, uint64_t barrier,
                         Reduction reduction) {
  SharedPlace target = w.sharedPlace(in, lane, to, bytes, "copy");
  SharedPlace source = w.sharedPlace(in, lane, from, bytes, "copy");
  Block *owner = nullptr;
  Mbarrier *m = target.memory && source.memory
                    ? w.mbarrier(in, lane, barrier, owner)
                    : nullptr;
  if (!m)
    return;
  Actor actor = w.actorOf(lane, *m, true);
  w.noteShared(in, lane, source, actor, bytes, false);
  // Elements that others combine with as well are not overwritten.
  w.noteShared(in, lane, target, actor, bytes, true, reduction.combine);
  countShared(w, bytes, false);
  countShared(w, bytes, true);
  w.count(CopyKind::BulkMove, bytes);
  uint8_t *state = target.memory->defined.data() + target.offset;
  if (!reduction.combine)
    std::memset(state, SharedUndefined, bytes);
  m->copies.push_back([&w, &in, lane, target, source, bytes, owner, reduction,
                       state, offset = offsetOf(barrier), phase = m->phase] {
    uint8_t *t = target.memory->data.data() + target.offset;
    const uint8_t *s = source.memory->data.data() + source.offset;
    if (!reduction.combine) {
      std::memcpy(t, s, bytes);
      std::memcpy(state, source.memory->defined.data() + source.offset, bytes);
    }
    for (uint32_t i = 0; reduction.combine && i < bytes; i += reduction.bytes) {
      uint64_t value = 0;
      std::memcpy(&value, s + i, reduction.bytes);
      combineAt(t + i, reduction.bytes, reduction.combine, value, 0);
    }
    w.completeTx(in, lane, *owner, offset, phase, bytes);
  });
  ++owner->progress;
}
