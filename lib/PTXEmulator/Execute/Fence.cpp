//===- Fence.cpp - Fences ---------------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Families.h"

#include <atomic>

using namespace moa::ptx;

namespace {

void runFence(Warp &w, const Inst &, Lanes lanes) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (ThreadClocks *clocks = w.clocks())
    forLanes(lanes, [&](unsigned l) { clocks->fence(w.thread(l)); });
}

/// Between the generic and the asynchronous proxy, in shared memory.
void runFenceProxy(Warp &w, const Inst &, Lanes lanes) {
  if (ThreadClocks *clocks = w.clocks())
    forLanes(lanes, [&](unsigned l) { clocks->fenceProxy(w.thread(l)); });
}

/// Orders what is not looked at: aliases, other proxies of global memory,
/// mbarriers that are ordered by barriers anyway.
void runNoFence(Warp &, const Inst &, Lanes) {}

/// membar.cta, membar.proxy.alias
bool decodeMembar(Decoder &d) {
  if (d.take("proxy")) {
    d.in.run = d.take("async") ? runFenceProxy : runNoFence;
    d.takeOne({"alias", "constant", "texture", "surface"});
  } else {
    if (d.takeOne({"cta", "gl", "sys"}) < 0)
      return d.error("a membar needs .cta, .gl or .sys");
    d.in.run = runFence;
  }
  return d.operands(0, 0);
}

/// fence.proxy.KIND, whose first words are taken.
bool decodeFenceProxy(Decoder &d) {
  static constexpr std::initializer_list<std::string_view> scopes = {
      "cta", "cluster", "gpu", "sys"};
  if (d.take("tensormap::generic")) {
    bool acquires = d.take("acquire");
    d.take("release");
    d.takeOne(scopes);
    d.in.run = runNoFence;
    if (!acquires)
      return d.operands(0, 0);
    int64_t bytes = 0;
    if (!d.operands(2, 2) || !d.address(d.operand(0)) ||
        !d.integer(d.operand(1), bytes))
      return false;
    return bytes == 128 || d.error("the size of a tensor map is 128 bytes");
  }
  bool isDirected = d.take("async::generic");
  if (isDirected || d.take("async")) {
    bool global = d.take("global");
    d.takeOne({"acquire", "release"});
    d.takeOne(scopes);
    d.takePrefix("sync_restrict::");
    d.takeOne({"shared::cta", "shared::cluster"});
    d.in.run = global ? runNoFence : runFenceProxy;
    return d.operands(0, 0);
  }
  d.in.run = runNoFence;
  return d.take("alias") ? d.operands(0, 0)
                         : d.unsupported("this kind of 'fence.proxy'");
}

bool decodeFence(Decoder &d) {
  if (d.take("proxy"))
    return decodeFenceProxy(d);
  bool isInit = d.take("mbarrier_init");
  d.takeOne({"sc", "acq_rel", "acquire", "release"});
  d.takeOne({"cta", "cluster", "gpu", "sys"});
  d.takePrefix("sync_restrict::");
  d.in.run = isInit ? runNoFence : runFence;
  return d.operands(0, 0);
}

} // namespace

void moa::ptx::addFence(InstructionTable &t) {
  t["membar"] = decodeMembar;
  t["fence"] = decodeFence;
}
