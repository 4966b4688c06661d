//===- Races.cpp - What races, and how it is reported -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace moa::ptx;

void Warp::fence(Lanes lanes) {
  if (ThreadClocks *times = clocks())
    forLanes(lanes, [&](unsigned l) { times->fence(thread(l)); });
  if (launch->globalRaces)
    block->cluster->globalClock.fence();
}

void Warp::noteShared(const Inst &in, unsigned lane, const SharedPlace &place,
                      const Actor &actor, uint32_t bytes, bool writes,
                      bool atomic) {
  RaceSite other;
  if (place.memory->races &&
      place.memory->races->access(actor, place.offset, bytes, writes, atomic,
                                  &in, other))
    race(in, lane,
         uint64_t(place.block->rank) << sharedRankShift | place.offset, writes,
         clocks()->isAgent(actor.agent), other);
}

void Warp::noteOwn(const Inst &in, unsigned lane, const SharedPlace &place,
                   uint32_t bytes, bool writes) {
  RaceSite other;
  if (place.memory->races &&
      place.memory->races->access(thread(lane), place.offset, bytes, writes,
                                  false, &in, other))
    race(in, lane,
         uint64_t(place.block->rank) << sharedRankShift | place.offset, writes,
         false, other);
}

/// The words for an access that meets another one.
static std::string raceMessage(bool writes, bool isAsync, bool otherIsAsync,
                               const RaceSite &other) {
  if (other.proxy)
    return std::string("asynchronous ") + (writes ? "write" : "read") +
           " after a write without fence.proxy.async between the two";
  std::string text = std::string(isAsync ? "asynchronous " : "") +
                     (writes ? "write" : "read") + " not ordered after the " +
                     (otherIsAsync ? "asynchronous " : "") +
                     (other.wrote ? "write" : "read");
  if (otherIsAsync)
    return text + ", which may still be under way";
  return text + " by another thread";
}

void Warp::race(const Inst &in, unsigned lane, uint64_t address, bool writes,
                bool isAsync, const RaceSite &other) {
  const Inst &second = *static_cast<const Inst *>(other.inst);
  const ThreadClocks &times = *clocks();
  bool otherIsAsync = times.isAgent(other.thread);
  if ((isAsync || otherIsAsync) && !launch->options.checks.async)
    return;
  uint32_t perBlock = launch->threadsPerBlock;
  uint32_t thread = times.ownerOf(other.thread);
  Diagnostic d;
  d.kind = other.proxy               ? "missing-proxy-fence"
           : isAsync || otherIsAsync ? "async-race"
                                     : "shared-race";
  d.kernel = launch->program->kernel;
  d.message = raceMessage(writes, isAsync, otherIsAsync, other);
  d.site = site(in, lane);
  d.address = address;
  const Block &owner = *block->peer(thread / perBlock);
  d.others.push_back({second.line, std::string(second.text), owner.index,
                      int(thread % perBlock / warpSize),
                      int(thread % warpSize)});
  launch->report(std::move(d));
}

/// The text of the instruction at a line.
static std::string textAt(const Program &program, uint32_t line) {
  for (const Code &code : program.codes)
    for (const Inst &in : code.insts)
      if (in.line == line)
        return std::string(in.text);
  return "";
}

void Warp::noteGlobal(const Inst &in, Lanes lanes, const Access &a) {
  bool writes = a.kind != AccessKind::Load;
  bool strong = a.strong || a.kind == AccessKind::Atomic;
  forLanes(lanes, [&](unsigned l) {
    if (strong && writes)
      launch->globalRaces->publish(block->cluster->globalClock, a.address[l]);
    noteGlobal(in, l, a.address[l], a.bytes, writes, strong);
  });
}

void Warp::learnGlobal(Lanes lanes, const Access &a) {
  if (launch->globalRaces)
    forLanes(lanes, [&](unsigned l) {
      launch->globalRaces->learn(block->cluster->globalClock, a.address[l]);
    });
}

void Warp::noteGlobal(const Inst &in, unsigned lane, uint64_t address,
                      uint64_t bytes, bool writes, bool strong) {
  GlobalRaceSite other;
  if (!launch->globalRaces->access(block->cluster->globalClock, block->number,
                                   address, bytes, writes, strong, in.line,
                                   other))
    return;
  uint32_t perCluster = uint32_t(block->cluster->blocks.size());
  Diagnostic d;
  d.kind = "global-race";
  d.kernel = launch->program->kernel;
  d.message = std::string(writes ? "write" : "read") +
              " not ordered after the " + (other.wrote ? "write" : "read") +
              " by another block";
  d.site = site(in, int(lane));
  d.address = address;
  Site second;
  second.line = other.line;
  second.text = textAt(*launch->program, other.line);
  second.block =
      launch->blockAt(other.block / perCluster, other.block % perCluster);
  d.others.push_back(std::move(second));
  launch->report(std::move(d));
}
