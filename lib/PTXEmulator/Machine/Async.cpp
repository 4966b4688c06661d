//===- Async.cpp - Copies and mbarriers -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

#include <cstring>

using namespace moa::ptx;

LaneCopies &Warp::copiesOf(unsigned lane) {
  if (!copies)
    copies = std::make_unique<LaneCopies[]>(warpSize);
  return copies[lane];
}

template <class T> Actor Warp::actorOf(unsigned lane, CopyStream<T> &stream) {
  uint32_t t = thread(lane);
  ThreadClocks *times = clocks();
  if (!times)
    return {t, t, 0, false};
  if (!stream.agent)
    stream.agent = times->newAgent(t);
  return {t, stream.agent, stream.issued, !std::is_same_v<T, SmallCopy>};
}
template Actor Warp::actorOf(unsigned lane, CopyStream<SmallCopy> &stream);
template Actor Warp::actorOf(unsigned lane, CopyStream<Deferred> &stream);

/// Copies what is in global memory now, and which bytes of it are defined.
static void make(Warp &w, const SmallCopy &c) {
  uint8_t *to = c.to->data.data() + c.offset;
  uint8_t *defined = c.to->defined.data() + c.offset;
  std::memset(to, 0, c.bytes);
  std::memset(defined, SharedDefined, c.bytes);
  if (!c.sourceBytes)
    return;
  // A buffer that was freed in between leaves undefined bytes.
  const Allocation *a = w.launch->memory->find(c.from);
  if (!a || c.from - a->base + c.sourceBytes > a->size) {
    std::memset(defined, SharedUndefined, c.sourceBytes);
    return;
  }
  uint64_t at = c.from - a->base;
  std::memcpy(to, a->data.get() + at, c.sourceBytes);
  for (unsigned i = 0; i < c.sourceBytes; ++i)
    defined[i] = a->state[at + i] & Defined ? SharedDefined : SharedUndefined;
}

void Warp::makeSmallCopies(unsigned lane, uint32_t last, bool waits) {
  CopyStream<SmallCopy> &stream = copiesOf(lane).small;
  stream.make(last, [&](const SmallCopy &c) { make(*this, c); });
  if (waits && last && stream.agent)
    clocks()->learn(thread(lane), stream.agent, last);
}

void Warp::makeBulkCopies(unsigned lane, uint32_t last, bool waits) {
  CopyStream<Deferred> &stream = copiesOf(lane).bulk;
  stream.make(last, [&](const Deferred &copy) { copy(); });
  if (waits && last)
    stream.waited = last;
  if (waits && last && stream.agent)
    clocks()->learn(thread(lane), stream.agent, last);
}

/// A copy may still read the shared memory of a block that has ended.
void Warp::checkUnfinished(Lanes lanes) {
  if (!launch->options.checks.async || launch->stop)
    return;
  forLanes(lanes, [&](unsigned l) {
    const auto &stream = copies[l].bulk;
    if (stream.waited < stream.issued)
      fault(frame().code->insts[split().pc], int(l), "async-unfinished",
            "the thread ends and has not waited for " +
                std::to_string(stream.issued - stream.waited) +
                " of its copies from shared memory",
            false);
  });
}

Mbarrier *Warp::mbarrier(const Inst &in, unsigned lane, uint64_t address,
                         Block *&owner) {
  if (address % mbarrierBytes) {
    fault(in, lane, "misaligned", "an mbarrier is at a multiple of 8", true,
          &address);
    return nullptr;
  }
  SharedPlace place =
      sharedPlace(in, lane, address, mbarrierBytes, "an mbarrier operation");
  if (!place.memory)
    return nullptr;
  owner = place.block;
  auto it = place.memory->barriers.find(place.offset);
  if (it == place.memory->barriers.end()) {
    fault(in, lane, "mbarrier-uninitialized",
          "there is no mbarrier here: no mbarrier.init, or mbarrier.inval "
          "since then",
          true, &address);
    return nullptr;
  }
  Mbarrier &m = it->second;
  const Checks &checks = launch->options.checks;
  const uint8_t *state = place.memory->defined.data() + place.offset;
  for (unsigned i = 0; i < mbarrierBytes && checks.async; ++i)
    if (state[i] != SharedMbarrier) {
      fault(in, lane, "mbarrier-overwritten",
            "something else was stored over this mbarrier", true, &address);
      return nullptr;
    }
  ThreadClocks *times = clocks();
  if (times && !times->knows(thread(lane), m.initThread, m.initTime))
    race(in, lane, address, true, false, {m.init, m.initThread, true, false});
  return &m;
}

Actor Warp::actorOf(unsigned lane, Mbarrier &m, bool asyncProxy) {
  uint32_t t = thread(lane);
  ThreadClocks *times = clocks();
  if (!times)
    return {t, t, 0, asyncProxy};
  if (!m.agent)
    m.agent = times->newAgent(t);
  times->setOwner(m.agent, t);
  return {t, m.agent, m.phase + 1, asyncProxy};
}

/// Begins the next phase if this one is complete.
static void settle(Block &owner, Mbarrier &m) {
  ++owner.progress;
  if (!m.isComplete())
    return;
  ++m.phase;
  m.expected -= m.dropped;
  m.dropped = 0;
  m.pending = m.expected;
  if (ThreadClocks *times = owner.cluster->clocks.get()) {
    m.known = times->merged(m.known, m.published);
    if (m.agent)
      m.known = ThreadClocks::with(m.known, m.agent, m.phase);
    m.published = nullptr;
  }
}

bool Warp::arrive(const Inst &in, unsigned lane, Block &owner, Mbarrier &m,
                  uint32_t count, const Knowledge &knowledge) {
  if (count > m.pending) {
    fault(in, lane, "mbarrier-count",
          "an arrival of " + std::to_string(count) +
              ", and the phase waits for " + std::to_string(m.pending),
          true);
    return false;
  }
  if (ThreadClocks *times = clocks(); times && knowledge)
    m.published = times->merged(m.published, knowledge);
  m.pending -= count;
  settle(owner, m);
  return true;
}

void Warp::completeTx(const Inst &in, unsigned lane, Block &owner,
                      uint32_t offset, uint32_t phase, uint64_t bytes) {
  auto it = owner.shared.barriers.find(offset);
  uint64_t address = uint64_t(owner.rank) << sharedRankShift | offset;
  if (it == owner.shared.barriers.end()) {
    fault(in, lane, "mbarrier-uninitialized",
          "the mbarrier went before its copy was complete", true, &address);
    return;
  }
  Mbarrier &m = it->second;
  if (m.phase != phase && launch->options.checks.async)
    fault(in, lane, "mbarrier-tx",
          "the phase of the mbarrier completed before this copy of " +
              std::to_string(bytes) + " bytes, which it did not expect",
          true, &address);
  m.tx -= int64_t(bytes);
  settle(owner, m);
}
