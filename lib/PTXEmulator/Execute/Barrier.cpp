//===- Barrier.cpp - Barriers of a block and of a cluster -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Families.h"

using namespace moa::ptx;

namespace {

enum Kind : uint32_t { Sync, Arrive, RedPopc, RedAnd, RedOr };
enum : uint32_t { KindMask = 7, AlignedBit = 8, CountBit = 16 };

/// Everybody has come: those who wait go on.
void complete(Warp &w, Barrier &b) {
  b.resultCount = b.count, b.resultAll = b.all, b.resultAny = b.any;
  b.count = 0, b.all = true, b.any = false;
  b.arrived = b.expected = 0;
  ++b.generation;
  ++w.block->progress;
  if (ThreadClocks *clocks = w.clocks()) {
    if (b.published && !b.threads.empty())
      clocks->acquire(b.threads[0], b.published);
    clocks->join(b.threads);
  }
  b.threads.clear();
  b.published = nullptr;
}

bool isComplete(Warp &w, const Barrier &b) {
  uint32_t expected = b.expected ? b.expected : w.block->liveThreads();
  return b.arrived >= expected;
}

void goOn(Warp &w, const Inst &in, Lanes lanes, const Barrier &b) {
  w.split().step = 0;
  switch (in.mode & KindMask) {
  case RedPopc: {
    uint64_t *d = w.dst(in.dst);
    forLanes(lanes, [&](unsigned l) { d[l] = b.resultCount; });
    break;
  }
  case RedAnd:
    w.setPredicate(in.dst, lanes, b.resultAll ? allLanes : 0);
    break;
  case RedOr:
    w.setPredicate(in.dst, lanes, b.resultAny ? allLanes : 0);
    break;
  default:
    break;
  }
  w.advance();
}

/// The checks before lanes arrive; false after a fault.
bool mayArrive(Warp &w, const Inst &in, Lanes lanes, uint64_t id,
               uint64_t expected) {
  int first = std::countr_zero(lanes);
  if (id > 15) {
    w.fault(in, first, "barrier-id",
            "barrier " + std::to_string(id) + "; there are 0 to 15", true);
    return false;
  }
  if (in.mode & CountBit && (expected == 0 || expected % warpSize ||
                             expected > w.launch->warpsPerBlock * warpSize)) {
    w.fault(in, first, "barrier-count",
            "a count of " + std::to_string(expected) +
                " threads for a block of " +
                std::to_string(w.launch->threadsPerBlock),
            true);
    return false;
  }
  Barrier &b = w.block->barriers[id];
  if (b.arrived && b.expected != (in.mode & CountBit ? expected : 0)) {
    w.fault(in, first, "barrier-count",
            "others wait at this barrier for " + std::to_string(b.expected) +
                " threads, here it is " +
                std::to_string(in.mode & CountBit ? expected : 0) +
                " (0: all of the block)",
            true);
    return false;
  }
  return true;
}

void runBarrier(Warp &w, const Inst &in, Lanes lanes) {
  if (!lanes)
    return w.advance();
  uint64_t id = w.src(in.src[0])[std::countr_zero(lanes)];
  uint64_t expected =
      in.mode & CountBit ? w.src(in.src[1])[std::countr_zero(lanes)] : 0;
  Split &s = w.split();
  if (s.step) {
    Barrier &b = w.block->barriers[id];
    if (b.generation == s.ticket && isComplete(w, b))
      complete(w, b);
    if (b.generation != s.ticket)
      return goOn(w, in, lanes, b);
    return w.wait(Split::State::Arrived);
  }
  bool aligned = in.mode & AlignedBit;
  if (aligned && lanes != w.alive() && w.launch->options.checks.convergence) {
    if (w.splits.size() > 1 && lanes == s.lanes)
      return w.wait(Split::State::Pending);
    w.fault(in, std::countr_zero(lanes), "divergent-aligned",
            "only some lanes of the warp execute an aligned barrier", true);
    return;
  }
  if (!mayArrive(w, in, lanes, id, expected))
    return;
  Barrier &b = w.block->barriers[id];
  b.expected = expected;
  b.arrived +=
      aligned && (in.mode & CountBit) ? warpSize : std::popcount(lanes);
  ++w.block->progress;
  w.counters->barriers += 1;
  uint32_t kind = in.mode & KindMask;
  if (kind >= RedPopc) {
    Lanes p = w.predicate(in, 2) & lanes;
    b.count += std::popcount(p);
    b.all &= p == lanes;
    b.any |= p != 0;
  }
  ThreadClocks *clocks = w.clocks();
  if (kind == Arrive) {
    if (clocks)
      forLanes(lanes, [&](unsigned l) {
        Knowledge k = clocks->release(w.thread(l));
        b.published = clocks->merged(b.published, k);
      });
    if (isComplete(w, b))
      complete(w, b);
    return w.advance();
  }
  forLanes(lanes, [&](unsigned l) { b.threads.push_back(w.thread(l)); });
  uint64_t ticket = b.generation;
  if (isComplete(w, b)) {
    complete(w, b);
    return goOn(w, in, lanes, b);
  }
  s.step = 1;
  s.ticket = ticket;
  w.wait(Split::State::Arrived);
}

uint32_t liveInCluster(const Cluster &c) {
  uint32_t count = 0;
  for (const auto &block : c.blocks)
    count += block->liveThreads();
  return count;
}

void finishClusterBarrier(Cluster &c) {
  ++c.barrierPhase;
  c.barrierArrived = 0;
  c.barrierKnown = std::move(c.barrierPublished);
  c.barrierPublished = nullptr;
  for (auto &block : c.blocks)
    ++block->progress;
}

void runClusterArrive(Warp &w, const Inst &in, Lanes lanes) {
  Cluster &c = *w.block->cluster;
  forLanes(lanes, [&](unsigned l) {
    if (w.clusterTicket[l]) {
      w.fault(in, l, "cluster-barrier", "a second arrive without a wait", true);
      return;
    }
    w.clusterTicket[l] = c.barrierPhase + 1;
    if (c.clocks)
      c.barrierPublished =
          c.clocks->merged(c.barrierPublished, c.clocks->release(w.thread(l)));
  });
  c.barrierArrived += std::popcount(lanes);
  ++w.block->progress;
  w.counters->barriers += 1;
  if (c.barrierArrived >= liveInCluster(c))
    finishClusterBarrier(c);
}

void runClusterWait(Warp &w, const Inst &in, Lanes lanes) {
  if (!lanes)
    return w.advance();
  Cluster &c = *w.block->cluster;
  if (c.barrierArrived && c.barrierArrived >= liveInCluster(c))
    finishClusterBarrier(c);
  bool ready = true;
  forLanes(lanes, [&](unsigned l) {
    if (!w.clusterTicket[l])
      w.fault(in, l, "cluster-barrier", "a wait without an arrive", true);
    ready &= w.clusterTicket[l] <= c.barrierPhase;
  });
  if (!ready)
    return w.wait(Split::State::Pending);
  forLanes(lanes, [&](unsigned l) {
    w.clusterTicket[l] = 0;
    if (c.clocks)
      c.clocks->acquire(w.thread(l), c.barrierKnown);
  });
  w.advance();
}

bool decodeClusterBarrier(Decoder &d) {
  int what = d.takeOne({"arrive", "wait"});
  d.takeOne({"release", "relaxed", "acquire"});
  d.take("aligned");
  if (what < 0 || !d.operands(0, 0))
    return d.error("malformed 'barrier.cluster'");
  d.in.run = what == 0 ? runClusterArrive : runClusterWait;
  if (what == 1)
    d.in.flags |= Control;
  return true;
}

bool decodeBarrier(Decoder &d) {
  bool isBar = d.ast->opcode == "bar";
  if (isBar && d.take("warp")) {
    d.take("sync");
    return decodeWarpSync(d);
  }
  if (d.take("cluster"))
    return decodeClusterBarrier(d);
  d.take("cta");
  bool aligned = d.take("aligned") || isBar;
  int kind = d.takeOne({"sync", "arrive", "red"});
  if (kind < 0)
    return d.error("malformed barrier");
  bool isRed = kind == 2;
  if (isRed)
    kind += d.takeOne({"popc", "and", "or"});
  d.takeType();
  d.in.mode = uint32_t(kind) | (aligned ? AlignedBit : 0);
  d.in.flags |= Control | (aligned ? Aligned : 0);
  d.in.run = runBarrier;
  size_t first = isRed, count = d.operandCount() - first - isRed;
  if (!d.operands(1 + 2 * isRed, 2 + 2 * isRed))
    return false;
  d.in.src[0] = d.source(d.operand(first), Type::U32);
  if (count == 2) {
    d.in.mode |= CountBit;
    d.in.src[1] = d.source(d.operand(first + 1), Type::U32);
  } else if (kind == Arrive) {
    return d.error("an arrival needs a count");
  }
  if (isRed) {
    d.in.src[2] = d.predicateSource(2, d.operand(d.operandCount() - 1));
    d.in.dst = kind == RedPopc ? d.destination(d.operand(0))
                               : d.predicateDestination(d.operand(0));
  }
  return !d.failed();
}

} // namespace

void moa::ptx::addBarrier(InstructionTable &t) {
  t["bar"] = decodeBarrier;
  t["barrier"] = decodeBarrier;
}
