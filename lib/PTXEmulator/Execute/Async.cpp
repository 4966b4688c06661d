//===- Async.cpp - cp.async and its groups ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BulkDecode.h"
#include "Families.h"
#include "SharedOperand.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

namespace {

struct AsyncCopy : InstExtra {
  Address from;
  Space fromSpace = Space::Global;
  Slot sourceSize = noSlot, ignore = noSlot;
};

/// How many bytes of the source each lane copies.
void sourceSizes(Warp &w, const Inst &in, Lanes lanes, uint64_t *sizes) {
  const auto &info = static_cast<const AsyncCopy &>(*in.extra);
  uint64_t bytes = uint64_t(in.imm);
  std::fill_n(sizes, warpSize, bytes);
  if (info.ignore != noSlot) {
    Lanes ignored = w.predicate(in, 0);
    forLanes(lanes & ignored, [&](unsigned l) { sizes[l] = 0; });
  }
  if (info.sourceSize == noSlot)
    return;
  const uint64_t *given = w.src(info.sourceSize);
  forLanes(lanes, [&](unsigned l) {
    sizes[l] = uint32_t(given[l]);
    if (sizes[l] > bytes)
      w.fault(in, l, "async-size",
              "a source of " + std::to_string(sizes[l]) +
                  " bytes for a copy of " + std::to_string(bytes),
              true);
  });
}

/// Checks and counts the reads of the source; the lanes that may go on.
Lanes touchSource(Warp &w, const Inst &in, Lanes lanes, const uint64_t *from,
                  const uint64_t *sizes) {
  const auto &info = static_cast<const AsyncCopy &>(*in.extra);
  uint64_t bytes = uint64_t(in.imm);
  Lanes ok = 0, left = lanes;
  while (left) {
    uint64_t size = sizes[std::countr_zero(left)];
    Lanes same = 0;
    forLanes(left, [&](unsigned l) { same |= Lanes(sizes[l] == size) << l; });
    left &= ~same;
    if (size == 0) {
      ok |= same;
      continue;
    }
    Access a;
    a.kind = AccessKind::Load;
    a.space = uint8_t(info.fromSpace);
    a.mayBeUndefined = true;
    a.bytes = unsigned(size);
    a.align = unsigned(bytes);
    std::copy_n(from, warpSize, a.address);
    ok |= w.access(in, same, a);
  }
  return ok;
}

void runCopy(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const AsyncCopy &>(*in.extra);
  uint64_t bytes = uint64_t(in.imm), from[warpSize], sizes[warpSize];
  w.addresses(info.from, from);
  sourceSizes(w, in, lanes, sizes);
  if (w.launch->stop)
    return;
  Lanes ok = touchSource(w, in, lanes, from, sizes);
  w.count(CopyKind::CpAsync, uint64_t(std::popcount(ok)) * bytes);
  Access stored;
  stored.kind = AccessKind::Store;
  stored.space = uint8_t(Space::Shared);
  stored.bytes = unsigned(bytes);
  forSharedPlaces(w, in, ok, bytes, [&](unsigned l, SharedPlace p) {
    auto &stream = w.copiesOf(l).small;
    ++stream.issued;
    stream.copies.push_back(
        {&in, p.memory, p.offset, uint8_t(bytes), uint8_t(sizes[l]), from[l]});
    w.noteShared(in, l, p, w.actorOf(l, stream), uint32_t(bytes), true);
    std::memset(p.memory->defined.data() + p.offset, SharedUndefined, bytes);
    stored.address[l] = p.offset;
  });
  if (!w.launch->stop)
    w.count(in, ok, stored);
}

void runCommit(Warp &w, const Inst &, Lanes lanes) {
  forLanes(lanes, [&](unsigned l) { w.copiesOf(l).small.commit(); });
}

void runWaitGroup(Warp &w, const Inst &in, Lanes lanes) {
  forLanes(lanes, [&](unsigned l) {
    auto &stream = w.copiesOf(l).small;
    if (in.mode) // wait_all
      stream.commit();
    w.makeSmallCopies(l, stream.waitFor(in.mode ? 0 : uint64_t(in.imm)), true);
  });
}

/// The mbarrier gets an arrival when the cp.async of the thread so far are
/// complete. Without .noinc it waits for one more, so that the sum is the same.
void runArriveOn(Warp &w, const Inst &in, Lanes lanes) {
  bool noInc = in.imm;
  uint64_t at[warpSize];
  if (!sharedAddresses(w, in, in.address, Space(in.mode), lanes, at))
    return;
  w.counters->barriers += 1;
  forLanes(lanes, [&](unsigned l) {
    Block *owner;
    Mbarrier *m = w.launch->stop ? nullptr : w.mbarrier(in, l, at[l], owner);
    if (!m)
      return;
    if (!noInc && m->pending == mbarrierMaxCount) {
      w.fault(in, l, "mbarrier-count",
              "more pending arrivals than there may be", true, &at[l]);
      return;
    }
    m->pending += !noInc;
    auto &stream = w.copiesOf(l).small;
    uint32_t last = stream.issued, agent = stream.agent;
    m->copies.push_back([&w, &in, l, owner, last, agent, address = at[l]] {
      w.makeSmallCopies(l, last, false);
      Block *same;
      Mbarrier *m = w.launch->stop ? nullptr : w.mbarrier(in, l, address, same);
      if (m)
        w.arrive(in, l, *owner, *m, 1,
                 agent ? ThreadClocks::with(nullptr, agent, last) : nullptr);
    });
    ++owner->progress;
  });
}

bool decodeArriveOn(Decoder &d) {
  d.take("arrive");
  d.in.imm = d.take("noinc");
  bool isShared = d.take("shared") || d.take("shared::cta");
  d.in.mode = uint32_t(isShared ? Space::Shared : Space::Generic);
  d.in.run = runArriveOn;
  return d.take("b64") && d.operands(1, 1) && d.address(d.operand(0));
}

bool decodeWaitGroup(Decoder &d, bool all) {
  d.in.run = runWaitGroup;
  d.in.mode = all;
  if (all)
    return d.operands(0, 0);
  if (!d.operands(1, 1) || !d.integer(d.operand(0), d.in.imm))
    return false;
  return d.in.imm >= 0 || d.error("a number of groups is not negative");
}

/// cp.async.ca.shared.global [to], [from], size{, source size or predicate}
bool decodeCopy(Decoder &d) {
  int cache = d.takeOne({"ca", "cg"});
  if (cache < 0 || !(d.take("shared") || d.take("shared::cta")) ||
      !d.take("global"))
    return d.error("malformed 'cp.async'");
  bool hint = d.take("L2::cache_hint");
  d.takeOne({"L2::64B", "L2::128B", "L2::256B"});
  auto info = std::make_unique<AsyncCopy>();
  if (!d.operands(3 + hint, 4 + hint) || !d.address(d.operand(0)) ||
      !d.address(d.operand(1), info->from) ||
      !d.integer(d.operand(2), d.in.imm))
    return false;
  int64_t size = d.in.imm;
  if (cache == 1 ? size != 16 : size != 4 && size != 8 && size != 16)
    return d.error(cache == 1 ? "'cp.async.cg' copies 16 bytes"
                              : "'cp.async' copies 4, 8 or 16 bytes");
  if (d.operandCount() == 4u + hint) {
    const Operand &o = d.operand(3);
    if (d.registerType(o) == Type::Pred)
      info->ignore = d.in.src[0] = d.predicateSource(0, o);
    else
      info->sourceSize = d.source(o, Type::U32);
  }
  if (hint && d.source(d.operand(d.operandCount() - 1), Type::B64) == noSlot)
    return false;
  d.in.mode = uint32_t(Space::Shared);
  d.in.run = runCopy;
  d.in.extra = std::move(info);
  return !d.failed();
}

bool decodeCp(Decoder &d) {
  if (!d.take("async"))
    return d.error("malformed 'cp'");
  bool reduces = d.take("reduce");
  if (d.take("bulk"))
    return decodeBulk(d, reduces);
  if (reduces)
    return d.error("malformed 'cp.reduce'");
  if (d.take("mbarrier"))
    return decodeArriveOn(d);
  if (d.take("commit_group")) {
    d.in.run = runCommit;
    return d.operands(0, 0);
  }
  if (d.take("wait_all"))
    return decodeWaitGroup(d, true);
  if (d.take("wait_group"))
    return decodeWaitGroup(d, false);
  return decodeCopy(d);
}

} // namespace

void moa::ptx::addAsync(InstructionTable &t) { t["cp"] = decodeCp; }
