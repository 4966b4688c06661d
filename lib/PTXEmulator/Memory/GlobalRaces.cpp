//===- GlobalRaces.cpp - Races between blocks on global memory --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GlobalRaces.h"

#include <algorithm>

using namespace moa::ptx;

/// Raises each time of `into` to that of `from`.
static void join(GlobalTimes &into, const GlobalTimes &from) {
  GlobalTimes result;
  result.reserve(into.size() + from.size());
  auto a = into.begin();
  for (const auto &b : from) {
    while (a != into.end() && a->first < b.first)
      result.push_back(*a++);
    result.push_back(b);
    if (a != into.end() && a->first == b.first)
      result.back().second = std::max(b.second, (a++)->second);
  }
  result.insert(result.end(), a, into.end());
  into = std::move(result);
}

static GlobalKnowledge joined(const GlobalKnowledge &a,
                              const GlobalKnowledge &b) {
  if (!a || a == b)
    return b;
  if (!b)
    return a;
  auto result = std::make_shared<GlobalTimes>(*a);
  join(*result, *b);
  return result;
}

void GlobalClock::fence() {
  auto result = known ? std::make_shared<GlobalTimes>(*known)
                      : std::make_shared<GlobalTimes>();
  join(*result, {{cluster, own++}});
  fenced = std::move(result);
}

void GlobalClock::learn(const GlobalKnowledge &knowledge) {
  known = joined(known, knowledge);
}

bool GlobalClock::knows(uint32_t other, uint32_t time) const {
  if (other == cluster)
    return true;
  if (!known)
    return false;
  auto it = std::lower_bound(known->begin(), known->end(),
                             std::pair(other, uint32_t(0)));
  return it != known->end() && it->first == other && it->second >= time;
}

bool GlobalRaces::access(GlobalClock &clock, uint32_t block, uint64_t address,
                         uint64_t bytes, bool writes, bool strong,
                         uint32_t line, GlobalRaceSite &other) {
  bool race = false;
  for (uint64_t end = address + bytes; address < end;) {
    uint64_t page = address >> pageShift;
    uint64_t pageEnd = std::min(end, (page + 1) << pageShift);
    Shard &shard = shardOf(address);
    std::lock_guard<std::mutex> lock(shard.mutex);
    std::unique_ptr<Cell[]> &cells = shard.pages[page];
    if (!cells) {
      // Beyond so much memory nothing more is looked at.
      if (pageCount.fetch_add(1, std::memory_order_relaxed) >= maxPages)
        return race;
      cells = std::make_unique<Cell[]>((1u << pageShift) / 4);
    }
    while (address < pageEnd) {
      uint64_t wordEnd = std::min(pageEnd, (address | 3) + 1);
      uint8_t mask =
          uint8_t(((1u << (wordEnd - address)) - 1) << (address & 3));
      Cell &cell = cells[(address & ((1u << pageShift) - 1)) / 4];
      race |= touch(cell, clock, {block + 1, clock.own, line, mask, strong},
                    writes, other);
      address = wordEnd;
    }
  }
  return race;
}

bool GlobalRaces::touch(Cell &cell, GlobalClock &clock, Record mine,
                        bool writes, GlobalRaceSite &other) {
  bool race = false;
  auto look = [&](const Record &r, bool wrote) {
    if (race || !(r.bytes & mine.bytes) || (r.strong && mine.strong) ||
        clock.knows(clusterOf(r), r.time))
      return;
    race = true;
    other = {r.block - 1, r.line, wrote};
  };
  auto note = [&](Record &r) {
    // Several accesses of one block to parts of the word add up.
    if (r.bytes && r.block == mine.block && r.time == mine.time &&
        r.strong == mine.strong)
      mine.bytes |= r.bytes;
    r = mine;
  };
  look(cell.write, true);
  if (!writes) {
    // The last reader, and the last of another cluster.
    Record &last = cell.reads[0];
    if (last.bytes && clusterOf(last) != clock.cluster)
      cell.reads[1] = last;
    note(last);
    return race;
  }
  for (Record &r : cell.reads) {
    look(r, false);
    r.bytes &= uint8_t(~mine.bytes);
  }
  note(cell.write);
  return race;
}

void GlobalRaces::publish(const GlobalClock &clock, uint64_t address) {
  if (!clock.fenced)
    return;
  Shard &shard = shardOf(address);
  std::lock_guard<std::mutex> lock(shard.mutex);
  GlobalKnowledge &place = shard.places[address];
  place = joined(place, clock.fenced);
  anythingPublished.store(true, std::memory_order_relaxed);
}

void GlobalRaces::learn(GlobalClock &clock, uint64_t address) {
  if (!anythingPublished.load(std::memory_order_relaxed))
    return;
  Shard &shard = shardOf(address);
  std::lock_guard<std::mutex> lock(shard.mutex);
  if (auto place = shard.places.find(address); place != shard.places.end())
    clock.learn(place->second);
}
