//===- Cluster.cpp - Blocks that run together -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

#include <algorithm>
#include <cstdio>

using namespace moa::ptx;

/// Warp-instructions that a warp runs before the next one has its turn.
static constexpr uint64_t warpTurn = 4096;
/// Rounds in which nothing moves before the blocks are taken for dead.
static constexpr uint64_t patience = 4;
/// How often all of them wait in vain for an mbarrier before they are.
static constexpr uint64_t waitPatience = 1000;

static Dim3 divide(const Dim3 &a, const Dim3 &b) {
  return {a[0] / b[0], a[1] / b[1], a[2] / b[2]};
}

static Dim3 unflatten(uint64_t index, const Dim3 &extent) {
  return {uint32_t(index % extent[0]), uint32_t(index / extent[0] % extent[1]),
          uint32_t(index / extent[0] / extent[1])};
}

Cluster::Cluster(Launch &launch, Counters *counters, uint64_t index)
    : launch(&launch), counters(counters) {
  const Dim3 &shape = launch.cluster;
  uint32_t count = shape[0] * shape[1] * shape[2];
  Dim3 clusterIndex = unflatten(index, divide(launch.grid, shape));
  if (launch.options.checks.races)
    clocks = std::make_unique<ThreadClocks>(count * launch.threadsPerBlock);
  uint64_t bytes = launch.program->sharedStatic + launch.dynamicShared;
  for (uint32_t rank = 0; rank < count; ++rank) {
    auto block = std::make_unique<Block>();
    Dim3 inside = unflatten(rank, shape);
    for (unsigned i = 0; i < 3; ++i)
      block->index[i] = clusterIndex[i] * shape[i] + inside[i];
    block->launch = &launch;
    block->cluster = this;
    block->rank = rank;
    block->shared.create(bytes, clocks.get());
    makeWarps(*block);
    blocks.push_back(std::move(block));
  }
}

static void fillSpecials(Warp &w) {
  const Launch &launch = *w.launch;
  const Block &b = *w.block;
  auto set = [&](Special s, uint64_t value) {
    std::fill_n(w.special[unsigned(s)], warpSize, value);
  };
  auto set3 = [&](Special x, const Dim3 &value) {
    for (unsigned i = 0; i < 3; ++i)
      set(Special(unsigned(x) + i), value[i]);
  };
  Dim3 clusterIndex = divide(b.index, launch.cluster), inCluster;
  for (unsigned i = 0; i < 3; ++i)
    inCluster[i] = b.index[i] % launch.cluster[i];
  set3(Special::NtidX, launch.block);
  set3(Special::CtaidX, b.index);
  set3(Special::NctaidX, launch.grid);
  set3(Special::ClusteridX, clusterIndex);
  set3(Special::NclusteridX, divide(launch.grid, launch.cluster));
  set3(Special::ClusterCtaidX, inCluster);
  set3(Special::ClusterNctaidX, launch.cluster);
  set(Special::ClusterCtarank, b.rank);
  set(Special::ClusterNctarank,
      launch.cluster[0] * launch.cluster[1] * launch.cluster[2]);
  set(Special::IsExplicitCluster, launch.explicitCluster ? allLanes : 0);
  set(Special::WarpId, w.id);
  set(Special::NwarpId, launch.warpsPerBlock);
  set(Special::DynamicSmemSize, launch.dynamicShared);
  set(Special::TotalSmemSize,
      launch.program->sharedStatic + launch.dynamicShared);
  set(Special::SmId, 0);
  set(Special::NsmId, 1);
  set(Special::GridId, 1);
  set(Special::SharedBase, uint64_t(b.rank) << sharedRankShift);
  set(Special::Zero, 0);
  for (unsigned l = 0; l < warpSize; ++l) {
    Dim3 tid = unflatten(w.id * warpSize + l, launch.block);
    for (unsigned i = 0; i < 3; ++i)
      w.special[unsigned(Special::TidX) + i][l] = tid[i];
    Lanes bit = 1u << l;
    auto lane = [&](Special s, Lanes value) {
      w.special[unsigned(s)][l] = value;
    };
    lane(Special::LaneId, l);
    lane(Special::LanemaskEq, bit);
    lane(Special::LanemaskLt, bit - 1);
    lane(Special::LanemaskLe, bit | (bit - 1));
    lane(Special::LanemaskGe, ~(bit - 1));
    lane(Special::LanemaskGt, ~(bit | (bit - 1)));
  }
}

void Cluster::makeWarps(Block &block) {
  for (uint32_t id = 0; id < launch->warpsPerBlock; ++id) {
    auto warp = std::make_unique<Warp>();
    warp->block = &block;
    warp->launch = launch;
    warp->counters = counters;
    warp->id = id;
    fillSpecials(*warp);
    uint32_t threads = launch->threadsPerBlock - id * warpSize;
    warp->start(launch->program->codes[0],
                threads >= warpSize ? allLanes : (1u << threads) - 1);
    block.warps.push_back(std::move(warp));
  }
}

bool Cluster::run(uint64_t budget) {
  uint64_t start = counters->warpInstructions;
  while (!launch->stop) {
    bool moved = false, alive = false;
    for (auto &block : blocks) {
      for (auto &warp : block->warps) {
        if (warp->finished())
          continue;
        alive = true;
        moved |= warp->run(warpTurn);
      }
    }
    if (!alive)
      return true;
    stalls = moved ? 0 : stalls + 1;
    if (uint64_t now = events(); now != lastEvents) {
      lastEvents = now;
      idleTimeouts = 0;
    } else if (timeouts) {
      ++idleTimeouts;
    }
    timeouts = 0;
    if (stalls >= patience || idleTimeouts >= waitPatience) {
      reportDeadlock();
      return true;
    }
    if (counters->warpInstructions - start > budget)
      return false;
  }
  return true;
}

uint64_t Cluster::events() const {
  uint64_t sum = 0;
  for (const auto &block : blocks)
    sum += block->progress;
  return sum;
}

/// Adds what a split waits for to the message. True if the mbarrier waits for
/// bytes only: what was expected is not what was copied.
bool Cluster::describeMbarrier(const Warp &warp, const Split &split,
                               Diagnostic &d) {
  const Block *owner = warp.block->peer(split.ticket >> sharedRankShift);
  uint32_t offset = split.ticket & ((1u << sharedRankShift) - 1);
  if (!owner)
    return false;
  auto it = owner->shared.barriers.find(offset);
  if (it == owner->shared.barriers.end())
    return false;
  const Mbarrier &m = it->second;
  char where[32];
  std::snprintf(where, sizeof where, "0x%llx",
                static_cast<unsigned long long>(split.ticket));
  std::string text =
      std::string("; the mbarrier at ") + where + " is in phase " +
      std::to_string(m.phase) + " with " + std::to_string(m.pending) + " of " +
      std::to_string(m.expected) + " arrivals pending and a tx-count of " +
      std::to_string(m.tx);
  if (d.message.find(text) == std::string::npos && d.message.size() < 1000)
    d.message += text;
  return m.pending == 0 && m.tx != 0;
}

void Cluster::reportDeadlock() {
  Diagnostic d;
  d.kind = "deadlock";
  d.kernel = launch->program->kernel;
  d.fatal = true;
  d.message = "every warp waits";
  bool aligned = false;
  for (auto &block : blocks)
    for (auto &warp : block->warps)
      for (Split &s : warp->splits) {
        const Inst &in = s.frame->code->insts[s.pc];
        Site site = warp->site(in, std::countr_zero(s.lanes));
        // Lanes that wait for the rest of their warp in front of an aligned
        // instruction: they will never meet.
        if (in.flags & AtMbarrier && describeMbarrier(*warp, s, d) &&
            d.kind == "deadlock") {
          d.kind = "mbarrier-tx";
          d.site = site;
        }
        if (s.state == Split::State::Pending && (in.flags & Aligned) &&
            !aligned) {
          aligned = true;
          d.kind = "divergent-aligned";
          d.message = "lanes of one warp wait at different places: "
                      "this instruction needs them all";
          d.site = site;
        }
      }
  whereWarpsStand(d);
  launch->report(std::move(d));
}

void Cluster::reportBudget() {
  Diagnostic d;
  d.kind = "budget";
  d.kernel = launch->program->kernel;
  d.fatal = true;
  d.message = "more than " + std::to_string(launch->options.budget) +
              " instructions: an endless loop?";
  whereWarpsStand(d);
  launch->report(std::move(d));
}

void Cluster::whereWarpsStand(Diagnostic &d) {
  for (auto &block : blocks)
    for (auto &warp : block->warps)
      for (Split &s : warp->splits) {
        const Inst &in = s.frame->code->insts[s.pc];
        Site site = warp->site(in, std::countr_zero(s.lanes));
        if (d.site.line == 0)
          d.site = site;
        if (d.others.size() < 64)
          d.others.push_back(site);
      }
}
