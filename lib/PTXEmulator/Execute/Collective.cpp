//===- Collective.cpp - What lanes do together ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Collective.h"

using namespace moa::ptx;

static constexpr uint8_t served = 3; ///< Split::step of one done by another

/// The operands of the split `s`, which stands at `in`.
static void bring(Warp &w, const Inst &in, const Split &s, Lanes lanes,
                  Meeting &m) {
  auto at = [&](Slot slot) {
    return slot >= 0 ? s.frame->registers.get() + size_t(slot) * warpSize
                     : w.outside(slot);
  };
  uint64_t *into[] = {m.a, m.b, m.c, m.mask};
  for (unsigned i = 0; i < 4; ++i) {
    if (in.src[i] == noSlot || (i == 0 && in.mode & PredicateIn))
      continue;
    const uint64_t *from = at(in.src[i]);
    forLanes(lanes, [&](unsigned l) { into[i][l] = from[l]; });
  }
  if (in.mode & PredicateIn) {
    Lanes p = Lanes(at(in.src[0])[0]);
    m.p |= (in.negated & 1 ? ~p : p) & lanes;
  }
  m.lanes |= lanes;
}

static void takeAway(const Inst &in, const Split &s, Lanes lanes,
                     const Meeting &m) {
  auto predicate = [&](Slot slot) {
    uint64_t &word = s.frame->registers[size_t(slot) * warpSize];
    word = (word & ~uint64_t(lanes)) | (m.resultP & lanes);
    s.frame->defined[slot] |= lanes;
  };
  if (in.dst2 != noSlot)
    predicate(in.dst2);
  if (in.dst == noSlot)
    return;
  if (in.mode & PredicateOut)
    return predicate(in.dst);
  uint64_t *d = s.frame->registers.get() + size_t(in.dst) * warpSize;
  forLanes(lanes, [&](unsigned l) { d[l] = m.result[l]; });
}

static Lanes guarded(Warp &w, const Inst &in, const Split &s) {
  if (in.guard == noSlot)
    return s.lanes;
  Lanes guard = in.guard >= 0
                    ? Lanes(s.frame->registers[size_t(in.guard) * warpSize])
                    : Lanes(w.outside(in.guard)[0]);
  return s.lanes & (in.guardNegated ? ~guard : guard);
}

void moa::ptx::meet(Warp &w, const Inst &in, Lanes lanes,
                    MeetingFunction function) {
  if (!lanes)
    return w.advance();
  if (w.split().step == served) {
    w.split().step = 0;
    return w.advance();
  }
  Meeting m;
  bring(w, in, w.split(), lanes, m);
  Lanes needed = 0, outside = 0;
  forLanes(lanes, [&](unsigned l) {
    needed |= Lanes(m.mask[l]);
    outside |= Lanes(!(m.mask[l] >> l & 1)) << l;
  });
  if (outside && w.launch->options.checks.convergence) {
    w.fault(in, std::countr_zero(outside), "lane-outside-mask",
            "a lane that is not in its membermask", true);
    return;
  }
  needed &= w.alive();
  std::vector<unsigned> others;
  if (needed & ~lanes) {
    // Lanes that wait at other instructions of the same kind.
    for (unsigned i = 0; i < w.splits.size(); ++i) {
      Split &s = w.splits[i];
      const Inst &other = s.frame->code->insts[s.pc];
      if (i == w.current || s.state != Split::State::Pending ||
          other.run != in.run || other.mode != in.mode || s.step)
        continue;
      Lanes here = guarded(w, other, s);
      bring(w, other, s, here, m);
      others.push_back(i);
    }
    if (needed & ~m.lanes)
      return w.wait(Split::State::Pending);
  }
  function(w, in, m);
  takeAway(in, w.split(), lanes, m);
  for (unsigned i : others) {
    Split &s = w.splits[i];
    const Inst &other = s.frame->code->insts[s.pc];
    takeAway(other, s, guarded(w, other, s), m);
    s.step = served;
    s.state = Split::State::Ready;
    ++w.block->progress;
  }
  w.reschedule |= !others.empty();
  w.advance();
}
