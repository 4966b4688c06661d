//===- Warp.cpp - shfl, vote, match, redux, elect, activemask ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Collective.h"
#include "Families.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

enum Shuffle : uint32_t { Up, Down, Butterfly, Index };

void shuffle(Warp &w, const Inst &in, Meeting &m) {
  Lanes bad = 0;
  forLanes(m.lanes, [&](unsigned l) {
    unsigned b = m.b[l] & 31, clamp = m.c[l] & 31, segment = m.c[l] >> 8 & 31;
    unsigned most = (l & segment) | (clamp & ~segment), least = l & segment;
    int j = 0;
    bool in_range = false;
    switch (Shuffle(in.mode >> ModeShift)) {
    case Up:
      j = int(l) - int(b);
      in_range = j >= int(most);
      break;
    case Down:
      j = l + b;
      in_range = j <= int(most);
      break;
    case Butterfly:
      j = l ^ b;
      in_range = j <= int(most);
      break;
    case Index:
      j = least | (b & ~segment & 31);
      in_range = j <= int(most);
      break;
    }
    if (!in_range)
      j = l;
    if (!(m.lanes >> j & 1) || !(m.mask[l] >> j & 1))
      bad |= 1u << l;
    m.result[l] = m.a[j];
    m.resultP |= Lanes(in_range) << l;
  });
  if (bad && w.launch->options.checks.convergence)
    w.fault(in, std::countr_zero(bad), "shuffle-inactive-lane",
            "the value of a lane that takes no part", false);
}

bool decodeShfl(Decoder &d) {
  if (!d.take("sync"))
    return d.unsupported("'shfl' without .sync");
  int mode = d.takeOne({"up", "down", "bfly", "idx"});
  d.takeType();
  if (mode < 0 || !d.operands(5, 5) || !d.sources(1, 4, Type::B32))
    return d.error("malformed 'shfl'");
  d.in.flags |= Control | Propagates;
  d.in.mode = uint32_t(mode) << ModeShift;
  d.in.run = runCollective<shuffle>;
  d.in.dst = d.destination(d.operand(0));
  if (!d.operand(0).second.empty())
    d.in.dst2 = d.predicateDestination(d.operand(0).second[0]);
  return !d.failed();
}

enum Vote : uint32_t { All, Any, Uni, Ballot };

void vote(Warp &, const Inst &in, Meeting &m) {
  forLanes(m.lanes, [&](unsigned l) {
    Lanes group = Lanes(m.mask[l]) & m.lanes, yes = m.p & group;
    m.result[l] = yes;
    bool r = false;
    switch (Vote(in.mode >> ModeShift)) {
    case All:
      r = yes == group;
      break;
    case Any:
      r = yes != 0;
      break;
    case Uni:
      r = yes == group || yes == 0;
      break;
    case Ballot:
      break;
    }
    m.resultP |= Lanes(r) << l;
  });
}

bool decodeVote(Decoder &d) {
  if (!d.take("sync"))
    return d.unsupported("'vote' without .sync");
  int mode = d.takeOne({"all", "any", "uni", "ballot"});
  d.takeType();
  if (mode < 0 || !d.operands(3, 3))
    return d.error("malformed 'vote'");
  d.in.flags |= Control;
  d.in.mode = uint32_t(mode) << ModeShift | PredicateIn |
              (mode == Ballot ? 0 : PredicateOut);
  d.in.run = runCollective<vote>;
  d.in.src[0] = d.predicateSource(0, d.operand(1));
  d.in.src[3] = d.source(d.operand(2), Type::B32);
  d.in.dst = mode == Ballot ? d.destination(d.operand(0))
                            : d.predicateDestination(d.operand(0));
  return !d.failed();
}

void matchLanes(Warp &, const Inst &in, Meeting &m) {
  bool all = in.mode >> ModeShift;
  forLanes(m.lanes, [&](unsigned l) {
    Lanes group = Lanes(m.mask[l]) & m.lanes, same = 0;
    forLanes(group, [&](unsigned k) { same |= Lanes(m.a[k] == m.a[l]) << k; });
    m.result[l] = all ? (same == group ? same : 0) : same;
    m.resultP |= Lanes(same == group) << l;
  });
}

bool decodeMatch(Decoder &d) {
  int mode = d.takeOne({"any", "all"});
  Type type = (d.take("sync"), d.takeType());
  if (mode < 0 || !d.operands(3, 3))
    return d.error("malformed 'match'");
  d.in.flags |= Control;
  d.in.mode = uint32_t(mode) << ModeShift;
  d.in.run = runCollective<matchLanes>;
  d.in.src[0] = d.source(d.operand(1), type);
  d.in.src[3] = d.source(d.operand(2), Type::B32);
  d.in.dst = d.destination(d.operand(0));
  if (!d.operand(0).second.empty())
    d.in.dst2 = d.predicateDestination(d.operand(0).second[0]);
  return !d.failed();
}

enum Redux : uint32_t { RAdd, RMin, RMax, RAnd, ROr, RXor };
enum : uint32_t { SignedBit = 8, FloatBit = 16, AbsBit = 32, NaNBit = 64 };

uint64_t reduce(uint32_t mode, uint64_t a, uint64_t b) {
  Redux op = Redux(mode & 7);
  if (mode & FloatBit) {
    float x = asFloat(a), y = asFloat(b);
    if (std::isnan(x) || std::isnan(y)) {
      if (mode & NaNBit)
        return 0x7fffffff;
      return std::isnan(x) ? b : a;
    }
    return (op == RMin) == (x < y) ? a : b;
  }
  bool less =
      mode & SignedBit ? int32_t(a) < int32_t(b) : uint32_t(a) < uint32_t(b);
  switch (op) {
  case RAdd:
    return uint32_t(a + b);
  case RMin:
    return less ? a : b;
  case RMax:
    return less ? b : a;
  case RAnd:
    return a & b;
  case ROr:
    return a | b;
  case RXor:
    return a ^ b;
  }
  return 0;
}

void redux(Warp &, const Inst &in, Meeting &m) {
  uint32_t mode = in.mode >> ModeShift;
  forLanes(m.lanes, [&](unsigned l) {
    Lanes group = Lanes(m.mask[l]) & m.lanes;
    bool first = true;
    uint64_t r = 0;
    forLanes(group, [&](unsigned k) {
      uint64_t v = mode & AbsBit ? m.a[k] & 0x7fffffff : m.a[k];
      r = first ? v : reduce(mode, r, v);
      first = false;
    });
    m.result[l] = r;
  });
}

bool decodeRedux(Decoder &d) {
  d.take("sync");
  int op = d.takeOne({"add", "min", "max", "and", "or", "xor"});
  bool abs = d.take("abs"), nan = d.take("NaN");
  Type type = d.takeType();
  if (op < 0 || !d.operands(3, 3))
    return d.error("malformed 'redux'");
  d.in.flags |= Control;
  d.in.mode =
      (uint32_t(op) | (isSigned(type) ? SignedBit : 0) |
       (isFloat(type) ? FloatBit : 0) | (abs ? AbsBit : 0) | (nan ? NaNBit : 0))
      << ModeShift;
  d.in.run = runCollective<redux>;
  d.in.src[0] = d.source(d.operand(1), type);
  d.in.src[3] = d.source(d.operand(2), Type::B32);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

void elect(Warp &, const Inst &, Meeting &m) {
  forLanes(m.lanes, [&](unsigned l) {
    unsigned leader = std::countr_zero(Lanes(m.mask[l]) & m.lanes);
    m.result[l] = leader;
    m.resultP |= Lanes(leader == l) << l;
  });
}

bool decodeElect(Decoder &d) {
  d.take("sync");
  if (!d.operands(2, 2) || d.operand(0).second.empty())
    return d.error("malformed 'elect'");
  d.in.flags |= Control;
  d.in.run = runCollective<elect>;
  d.in.src[3] = d.source(d.operand(1), Type::B32);
  if (d.operand(0).kind != Operand::Kind::Sink)
    d.in.dst = d.destination(d.operand(0));
  d.in.dst2 = d.predicateDestination(d.operand(0).second[0]);
  return !d.failed();
}

/// bar.warp.sync: memory before it is seen after it, by the lanes that meet.
void warpSync(Warp &w, const Inst &, Meeting &m) {
  ThreadClocks *clocks = w.clocks();
  if (!clocks)
    return;
  Lanes left = m.lanes;
  while (left) {
    Lanes group = Lanes(m.mask[std::countr_zero(left)]) & m.lanes;
    std::vector<uint32_t> threads;
    forLanes(group, [&](unsigned l) { threads.push_back(w.thread(l)); });
    clocks->join(threads);
    left &= ~group;
  }
}

void runActivemask(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = lanes; });
}

} // namespace

/// bar.warp.sync membermask; `warp` and `sync` are taken.
bool moa::ptx::decodeWarpSync(Decoder &d) {
  if (!d.operands(1, 1))
    return false;
  d.in.flags |= Control;
  d.in.run = runCollective<warpSync>;
  d.in.src[3] = d.source(d.operand(0), Type::B32);
  return !d.failed();
}

void moa::ptx::addWarp(InstructionTable &t) {
  t["shfl"] = decodeShfl;
  t["vote"] = decodeVote;
  t["match"] = decodeMatch;
  t["redux"] = decodeRedux;
  t["elect"] = decodeElect;
  t["activemask"] = [](Decoder &d) {
    d.takeType();
    d.in.run = runActivemask;
    return d.operands(1, 1) &&
           (d.in.dst = d.destination(d.operand(0))) != noSlot;
  };
}
