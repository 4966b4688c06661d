//===- Mbarrier.cpp - mbarrier ----------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Families.h"
#include "SharedOperand.h"

#include <cstring>

using namespace moa::ptx;

namespace {

/// A state token: what mbarrier.arrive returns.
uint64_t tokenOf(const Mbarrier &m) {
  return uint64_t(0x2b) << 56 | uint64_t(m.phase) << 20 | m.pending;
}
bool isToken(uint64_t token) { return token >> 56 == 0x2b; }
uint32_t phaseOf(uint64_t token) { return uint32_t(token >> 20); }
uint32_t pendingOf(uint64_t token) { return token & mbarrierMaxCount; }

enum Arrival : uint32_t { ExpectTx = 1, NoComplete = 2, Drop = 4, Relaxed = 8 };

bool countIsValid(Warp &w, const Inst &in, unsigned lane, uint64_t count,
                  uint64_t least) {
  if (count >= least && count <= mbarrierMaxCount)
    return true;
  w.fault(in, lane, "mbarrier-count",
          "a count of " + std::to_string(count) + "; it must be " +
              std::to_string(least) + " to " + std::to_string(mbarrierMaxCount),
          true);
  return false;
}

void runInit(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *count = w.src(in.src[0]);
  forSharedPlaces(w, in, lanes, mbarrierBytes, [&](unsigned l, SharedPlace p) {
    if (!countIsValid(w, in, l, uint32_t(count[l]), 1))
      return;
    uint8_t *state = p.memory->defined.data() + p.offset;
    bool valid = p.memory->barriers.count(p.offset);
    for (unsigned i = 0; i < mbarrierBytes; ++i)
      valid &= state[i] == SharedMbarrier;
    if (valid && w.launch->options.checks.async)
      w.fault(in, l, "mbarrier-reinit",
              "there is an mbarrier here already: it needs mbarrier.inval "
              "first",
              false);
    w.noteOwn(in, l, p, mbarrierBytes, true);
    Mbarrier m;
    m.expected = m.pending = uint32_t(count[l]);
    m.init = &in;
    m.initThread = w.thread(l);
    m.initTime = w.clocks() ? w.clocks()->now(m.initThread) : 0;
    p.memory->barriers[p.offset] = std::move(m);
    std::memset(state, SharedMbarrier, mbarrierBytes);
    ++w.block->progress;
  });
}

void runInval(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t at[warpSize];
  sharedAddresses(w, in, in.address, Space(in.mode), lanes, at);
  forLanes(lanes, [&](unsigned l) {
    Block *owner;
    if (w.launch->stop || !w.mbarrier(in, l, at[l], owner))
      return;
    uint32_t offset = at[l] & ((1u << sharedRankShift) - 1);
    owner->shared.barriers.erase(offset);
    std::memset(owner->shared.defined.data() + offset, SharedUndefined,
                mbarrierBytes);
    w.noteOwn(in, l, {owner, &owner->shared, offset}, mbarrierBytes, true);
  });
}

struct MbarrierInfo : InstExtra {
  Space space = Space::Generic;
  uint32_t arrival = 0;
  Slot count = noSlot, tx = noSlot;
  bool isTry = false, isParity = false;
};

/// tx-count += bytes.
bool expectTx(Warp &w, const Inst &in, unsigned lane, Mbarrier &m,
              uint64_t bytes) {
  m.tx += int64_t(bytes);
  if (bytes <= mbarrierMaxCount && m.tx <= int64_t(mbarrierMaxCount))
    return true;
  w.fault(in, lane, "mbarrier-tx",
          "a tx-count of " + std::to_string(m.tx) + "; it may be up to " +
              std::to_string(mbarrierMaxCount),
          true);
  return false;
}

/// What an arriving thread publishes.
Knowledge publishedBy(Warp &w, unsigned lane, bool relaxed) {
  ThreadClocks *clocks = w.clocks();
  if (!clocks)
    return nullptr;
  uint32_t t = w.thread(lane);
  return relaxed ? clocks->fenced(t) : clocks->release(t);
}

void runArrive(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const MbarrierInfo &>(*in.extra);
  uint64_t at[warpSize];
  sharedAddresses(w, in, in.address, info.space, lanes, at);
  const uint64_t *counts = info.count == noSlot ? nullptr : w.src(info.count);
  const uint64_t *tx = info.tx == noSlot ? nullptr : w.src(info.tx);
  uint64_t *state = in.dst == noSlot ? nullptr : w.dst(in.dst);
  w.counters->barriers += 1;
  forLanes(lanes, [&](unsigned l) {
    Block *owner;
    if (w.launch->stop)
      return;
    Mbarrier *m = w.mbarrier(in, l, at[l], owner);
    uint64_t count = counts ? uint32_t(counts[l]) : 1;
    if (!m || !countIsValid(w, in, l, count, 1) ||
        (tx && !expectTx(w, in, l, *m, uint32_t(tx[l]))))
      return;
    if (state)
      state[l] = tokenOf(*m);
    if (info.arrival & NoComplete && count >= m->pending) {
      w.fault(in, l, "mbarrier-count",
              "an arrival with .noComplete would complete the phase", true,
              &at[l]);
      return;
    }
    if (info.arrival & Drop)
      m->dropped += uint32_t(count);
    w.arrive(in, l, *owner, *m, uint32_t(count),
             publishedBy(w, l, info.arrival & Relaxed));
  });
}

/// expect_tx and complete_tx, without an arrival.
template <bool isExpect> void runTx(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const MbarrierInfo &>(*in.extra);
  uint64_t at[warpSize];
  sharedAddresses(w, in, in.address, info.space, lanes, at);
  const uint64_t *tx = w.src(info.tx);
  forLanes(lanes, [&](unsigned l) {
    Block *owner;
    if (w.launch->stop)
      return;
    Mbarrier *m = w.mbarrier(in, l, at[l], owner);
    if (!m)
      return;
    if (isExpect)
      expectTx(w, in, l, *m, uint32_t(tx[l]));
    else
      w.completeTx(in, l, *owner, at[l] & ((1u << sharedRankShift) - 1),
                   m->phase, uint32_t(tx[l]));
  });
}

/// Makes the copies that report to an mbarrier.
void makeCopies(Mbarrier &m) {
  std::vector<Deferred> copies = std::move(m.copies);
  m.copies.clear();
  for (const Deferred &copy : copies)
    copy();
}

/// Whether the phase a lane asks for is complete.
bool phaseIsComplete(Warp &w, const Inst &in, unsigned lane, const Mbarrier &m,
                     uint64_t asked, bool isParity) {
  if (isParity)
    return (m.phase & 1) != (asked & 1);
  if (!isToken(asked) || m.phase - phaseOf(asked) > 1) {
    w.fault(in, lane, "mbarrier-state",
            isToken(asked) ? "the state is of a phase long past"
                           : "this is not the state of an mbarrier",
            true);
    return false;
  }
  return m.phase != phaseOf(asked);
}

/// Rounds that try_wait sleeps at most.
constexpr unsigned maxSleep = 100;

/// try_wait fails once and then, at the same place, sleeps until the phase is
/// complete, or nothing else moves, or for some time: a program that does not
/// ask again goes wrong here as it would on a device. test_wait sleeps when it
/// asks again and nothing has happened.
bool mayGoOn(Warp &w, const Inst &in, bool isTry, uint64_t address) {
  Split &s = w.split();
  Cluster &c = *w.block->cluster;
  bool timedOut = s.step && (c.stalls || s.step >= maxSleep);
  uint64_t events = c.events();
  bool sleeps = isTry ? w.lastTry == &in : w.lastPoll == events;
  if (!timedOut && (s.step || sleeps)) {
    ++s.step;
    s.ticket = address;
    w.wait(Split::State::Arrived);
    return false;
  }
  c.timeouts += timedOut && c.stalls;
  w.lastPoll = events;
  w.lastTry = isTry ? &in : nullptr;
  return true;
}

void runWait(Warp &w, const Inst &in, Lanes lanes) {
  if (!lanes)
    return w.advance();
  const auto &info = static_cast<const MbarrierInfo &>(*in.extra);
  uint64_t at[warpSize];
  if (!sharedAddresses(w, in, in.address, info.space, lanes, at))
    return;
  const uint64_t *asked = w.src(in.src[0]);
  ThreadClocks *clocks = w.clocks();
  Lanes done = 0;
  bool bad = false;
  forLanes(lanes, [&](unsigned l) {
    Block *owner;
    Mbarrier *m = bad ? nullptr : w.mbarrier(in, l, at[l], owner);
    if (m && !m->copies.empty()) {
      makeCopies(*m);
      m = w.mbarrier(in, l, at[l], owner);
    }
    bad |= !m;
    if (m && phaseIsComplete(w, in, l, *m, asked[l], info.isParity))
      done |= 1u << l;
    if (!(done >> l & 1) || !clocks)
      return;
    if (info.arrival & Relaxed)
      clocks->acquireAtFence(w.thread(l), m->known);
    else
      clocks->acquire(w.thread(l), m->known);
  });
  if (bad || w.launch->stop)
    return;
  if (!done && !mayGoOn(w, in, info.isTry, at[std::countr_zero(lanes)]))
    return;
  if (done)
    w.lastTry = nullptr;
  w.split().step = 0;
  w.setPredicate(in.dst, lanes, done);
  w.advance();
}

void runPendingCount(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *state = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    if (!isToken(state[l]))
      w.fault(in, l, "mbarrier-state", "this is not the state of an mbarrier",
              true);
    d[l] = pendingOf(state[l]);
  });
}

bool decodeArrive(Decoder &d, MbarrierInfo &info, bool isRemote) {
  if (d.take("expect_tx"))
    info.arrival |= ExpectTx;
  if (d.take("noComplete"))
    info.arrival |= NoComplete;
  if (!d.operands(1, 3))
    return false;
  bool hasState = d.operand(0).kind != Operand::Kind::Address;
  size_t first = hasState ? 1 : 0;
  if (!d.operands(first + 1 + (info.arrival & (ExpectTx | NoComplete) ? 1 : 0),
                  first + 2) ||
      !d.address(d.operand(first)))
    return false;
  if (d.operandCount() > first + 1)
    (info.arrival & ExpectTx ? info.tx : info.count) =
        d.source(d.operand(first + 1), Type::U32);
  if (hasState && d.operand(0).kind != Operand::Kind::Sink) {
    if (isRemote)
      return d.error("an arrival at .shared::cluster gives no state");
    d.in.dst = d.destination(d.operand(0));
  }
  d.in.run = runArrive;
  return true;
}

bool decodeWait(Decoder &d, MbarrierInfo &info) {
  info.isParity = d.take("parity");
  if (!d.operands(3, info.isTry ? 4 : 3) || !d.address(d.operand(1)))
    return false;
  d.in.src[0] = d.source(d.operand(2), info.isParity ? Type::U32 : Type::B64);
  if (d.operandCount() == 4)
    d.source(d.operand(3), Type::U32);
  d.in.dst = d.predicateDestination(d.operand(0));
  d.in.run = runWait;
  d.in.flags |= Control | AtMbarrier;
  return true;
}

bool decodeMbarrier(Decoder &d) {
  auto info = std::make_unique<MbarrierInfo>();
  int what =
      d.takeOne({"init", "inval", "arrive", "arrive_drop", "expect_tx",
                 "complete_tx", "test_wait", "try_wait", "pending_count"});
  if (what < 0)
    return d.error("unknown mbarrier operation");
  // `arrive.expect_tx`: the second word is taken below.
  bool isArrive = d.has("arrive") || d.has("arrive_drop");
  if (d.take("relaxed"))
    info->arrival |= Relaxed;
  d.takeOne({"release", "acquire"});
  d.takeOne({"cta", "cluster"});
  bool isRemote = d.take("shared::cluster");
  info->space = isRemote || d.take("shared") || d.take("shared::cta")
                    ? Space::Shared
                    : Space::Generic;
  if (!d.take("b64"))
    return d.error("an mbarrier is of type .b64");
  d.in.mode = uint32_t(info->space);
  bool ok = false;
  if (isArrive) {
    if (d.has("arrive_drop"))
      info->arrival |= Drop;
    ok = decodeArrive(d, *info, isRemote);
  } else if (what == 0) {
    ok = d.operands(2, 2) && d.address(d.operand(0));
    d.in.src[0] = ok ? d.source(d.operand(1), Type::U32) : noSlot;
    d.in.run = runInit;
  } else if (what == 1) {
    ok = d.operands(1, 1) && d.address(d.operand(0));
    d.in.run = runInval;
  } else if (what == 4 || what == 5) {
    ok = d.operands(2, 2) && d.address(d.operand(0));
    info->tx = ok ? d.source(d.operand(1), Type::U32) : noSlot;
    d.in.run = what == 4 ? runTx<true> : runTx<false>;
  } else if (what == 6 || what == 7) {
    info->isTry = what == 7;
    ok = decodeWait(d, *info);
  } else {
    ok = d.operands(2, 2) && d.sources(1, 1, Type::B64);
    d.in.dst = ok ? d.destination(d.operand(0)) : noSlot;
    d.in.run = runPendingCount;
  }
  d.in.extra = std::move(info);
  return ok && !d.failed();
}

} // namespace

void moa::ptx::addMbarrier(InstructionTable &t) {
  t["mbarrier"] = decodeMbarrier;
}
