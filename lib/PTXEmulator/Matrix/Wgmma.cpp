//===- Wgmma.cpp - wgmma ----------------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The four warps of a warpgroup meet at each wgmma.mma_async; the last one
// multiplies for all. It reads shared memory in the name of an agent of the
// warpgroup, whose reads are over when wgmma.wait_group has waited for their
// group; what becomes of the registers until then is in AsyncRegisters.cpp.
//
//===----------------------------------------------------------------------===//

#include "Wgmma.h"
#include "../Execute/Families.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

constexpr unsigned groupWarps = 4, groupAll = 15;

/// The warpgroup of `w`, or null after a fault.
Warpgroup *groupOf(Warp &w, const Inst &in) {
  Block &block = *w.block;
  unsigned index = w.id / groupWarps;
  if (block.warps.size() < (index + 1) * groupWarps) {
    w.fault(in, 0, "divergent-aligned",
            "the warpgroup has only " +
                std::to_string(block.warps.size() % groupWarps) + " warps",
            true);
    return nullptr;
  }
  if (block.warpgroups.size() <= index)
    block.warpgroups.resize(index + 1);
  return &block.warpgroups[index];
}

/// What the lanes of a warp must agree on. False after a fault.
bool uniform(Warp &w, const Inst &in, uint64_t *operands) {
  static constexpr const char *names[] = {"scale-d", "the descriptor of A",
                                          "the descriptor of B"};
  for (unsigned i = 0; i < 3; ++i) {
    operands[i] = 0;
    if (in.src[i] == noSlot)
      continue;
    if (i == 0) {
      Lanes p = w.predicate(in, 0);
      operands[0] = p == allLanes;
      if (p == 0 || p == allLanes)
        continue;
    } else {
      const uint64_t *values = w.src(in.src[i]);
      operands[i] = values[0];
      if (std::all_of(values, values + warpSize,
                      [&](uint64_t v) { return v == values[0]; }))
        continue;
    }
    w.fault(in, 0, "operands-differ",
            std::string("the lanes do not agree on ") + names[i], true);
    return false;
  }
  return true;
}

/// The warps that have come stand at the same instruction with the same
/// operands. False after a fault.
bool agrees(Warp &w, const Inst &in, const Warpgroup &group,
            const uint64_t *operands) {
  if (group.inst != &in) {
    w.fault(in, 0, "divergent-aligned",
            "another warp of the warpgroup is at the wgmma of line " +
                std::to_string(group.inst->line),
            true);
    return false;
  }
  if (!std::equal(operands, operands + 3, group.operands)) {
    w.fault(in, 0, "operands-differ",
            "the warps of the warpgroup do not agree on scale-d or on a "
            "descriptor",
            true);
    return false;
  }
  return true;
}

/// Whether a warp that others wait for can still come; false after a fault.
bool canCome(Warp &w, const Inst &in, const Warpgroup &group) {
  unsigned first = w.id / groupWarps * groupWarps;
  for (unsigned i = 0; i < groupWarps; ++i) {
    const Warp &other = *w.block->warps[first + i];
    if (group.came >> i & 1 || other.alive() == allLanes)
      continue;
    w.fault(in, 0, "divergent-aligned",
            "threads of warp " + std::to_string(other.id) +
                " of the warpgroup have ended without this wgmma",
            true);
    return false;
  }
  return true;
}

bool accumulatorsDefined(Warp &w, const Inst &in, const GroupProduct &p,
                         bool add) {
  bool good = true;
  for (Slot slot : p.accumulators) {
    Lanes missing = ~w.frame().defined[slot];
    if (add && missing && good && w.launch->options.checks.uninitialized) {
      w.fault(in, std::countr_zero(missing), "uninitialized-register",
              "an accumulator was never written", false);
      good = false;
    }
    w.setDefined(slot, allLanes);
  }
  return good;
}

/// Everybody has come.
void multiply(Warp &w, const Inst &in, Warpgroup &group) {
  const auto &p = static_cast<const GroupProduct &>(*in.extra);
  Block &block = *w.block;
  unsigned first = w.id / groupWarps * groupWarps;
  Warp *warps[groupWarps];
  for (unsigned i = 0; i < groupWarps; ++i)
    warps[i] = block.warps[first + i].get();
  Actor actor;
  if (ThreadClocks *clocks = w.clocks()) {
    actor.issuer = warps[0]->thread(0);
    if (!group.agent)
      group.agent = clocks->newAgent(actor.issuer);
    actor.agent = *group.agent;
    actor.time = w.wgmma.committed + 1;
    actor.asyncProxy = true;
  }
  multiplyGroup(warps, w, in, p, group.operands[0], group.operands[1],
                group.operands[2], actor);
  countProducts(w, p.counter, p.shape.multiplyAdds());
  group.inst = nullptr;
  group.came = 0;
  ++group.generation;
  ++block.progress;
}

void runProduct(Warp &w, const Inst &in, Lanes lanes) {
  Split &s = w.split();
  if (s.step) {
    Warpgroup &group = *groupOf(w, in);
    if (group.generation == s.ticket)
      return canCome(w, in, group) ? w.wait(Split::State::Arrived) : void();
    s.step = 0;
    return w.advance();
  }
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &p = static_cast<const GroupProduct &>(*in.extra);
  Warpgroup *group = groupOf(w, in);
  uint64_t operands[3];
  if (!group || !uniform(w, in, operands))
    return;
  if (!group->inst) {
    group->inst = &in;
    std::copy_n(operands, 3, group->operands);
  }
  if (!agrees(w, in, *group, operands))
    return;
  w.claimRegisters(in, p.registersOfA, false, p.counter);
  w.claimRegisters(in, p.accumulators, true, p.counter);
  accumulatorsDefined(w, in, p, operands[0]);
  group->came |= 1u << w.id % groupWarps;
  ++w.block->progress;
  if (group->came == groupAll) {
    multiply(w, in, *group);
    return w.advance();
  }
  s.step = 1;
  s.ticket = group->generation;
  w.wait(Split::State::Arrived);
}

void runFence(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  ++w.wgmma.fences;
  w.advance();
}

void runCommit(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  ++w.wgmma.committed;
  w.advance();
}

void runWait(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  WgmmaGroups &g = w.wgmma;
  uint32_t most = static_cast<uint32_t>(in.imm);
  if (g.committed > most)
    g.completed = std::max(g.completed, g.committed - most);
  Block &block = *w.block;
  unsigned index = w.id / groupWarps;
  if (ThreadClocks *clocks = w.clocks(); clocks &&
                                         index < block.warpgroups.size() &&
                                         block.warpgroups[index].agent)
    for (unsigned l = 0; l < warpSize; ++l)
      clocks->learn(w.thread(l), *block.warpgroups[index].agent, g.completed);
  w.advance();
}

bool decodeWgmma(Decoder &d) {
  int which = d.takeOne({"mma_async", "fence", "commit_group", "wait_group"});
  if (which == 0) {
    d.in.run = runProduct;
    return decodeGroupProduct(d);
  }
  if (which < 0 || !takeAligned(d))
    return d.error("malformed 'wgmma'");
  d.program.usesWgmma = true;
  d.in.run = which == 1 ? runFence : which == 2 ? runCommit : runWait;
  if (which < 3)
    return d.operands(0, 0);
  if (!d.operands(1, 1) || !d.integer(d.operand(0), d.in.imm))
    return false;
  return (d.in.imm >= 0 && d.in.imm <= 7) ||
         d.error("wgmma.wait_group takes 0 to 7");
}

} // namespace

void moa::ptx::addWgmma(InstructionTable &t) { t["wgmma"] = decodeWgmma; }
