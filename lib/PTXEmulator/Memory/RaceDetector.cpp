//===- RaceDetector.cpp - Data races on shared memory -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RaceDetector.h"

#include <algorithm>

using namespace moa::ptx;

using Times = std::vector<uint32_t>;

ThreadClocks::ThreadClocks(uint32_t count) : threads(count) {
  auto none = std::make_shared<const Known>();
  for (Thread &t : threads)
    t.base = none;
}

static void maximum(Times &into, const Times &from) {
  if (into.size() < from.size())
    into.resize(from.size());
  for (size_t i = 0; i < from.size(); ++i)
    into[i] = std::max(into[i], from[i]);
}

static void maximum(Known &into, const Known &from) {
  maximum(into.times, from.times);
  maximum(into.fenced, from.fenced);
}

static void raise(Times &times, uint32_t who, uint32_t time) {
  if (times.size() <= who)
    times.resize(who + 1);
  times[who] = std::max(times[who], time);
}

Knowledge ThreadClocks::joined(const Knowledge &a, const Knowledge &b) {
  if (!a || a == b)
    return b;
  if (!b)
    return a;
  // The lanes of a warp mostly join the same two.
  if (a == cacheA && b == cacheB)
    return cacheResult;
  auto result = std::make_shared<Known>(*a);
  maximum(*result, *b);
  cacheA = a, cacheB = b, cacheResult = result;
  return result;
}

void ThreadClocks::join(const std::vector<uint32_t> &who) {
  if (who.empty())
    return;
  auto result = std::make_shared<Known>(*threads[who[0]].base);
  const Known *last = threads[who[0]].base.get();
  for (uint32_t t : who)
    if (threads[t].base.get() != last)
      maximum(*result, *(last = threads[t].base.get()));
  for (uint32_t t : who)
    raise(result->times, t, threads[t].own++);
  Knowledge shared = std::move(result);
  for (uint32_t t : who)
    threads[t].base = shared;
}

Knowledge ThreadClocks::release(uint32_t t) {
  auto result = std::make_shared<Known>(*threads[t].base);
  raise(result->times, t, threads[t].own++);
  return result;
}

void ThreadClocks::acquire(uint32_t t, const Knowledge &knowledge) {
  if (knowledge)
    threads[t].base = joined(threads[t].base, knowledge);
}

void ThreadClocks::acquireAtFence(uint32_t t, const Knowledge &knowledge) {
  if (knowledge)
    threads[t].pending = joined(threads[t].pending, knowledge);
}

void ThreadClocks::fence(uint32_t t) {
  if (threads[t].pending) {
    acquire(t, threads[t].pending);
    threads[t].pending = nullptr;
  }
  threads[t].fenced = release(t);
}

void ThreadClocks::fenceProxy(uint32_t t) {
  auto result = std::make_shared<Known>(*threads[t].base);
  maximum(result->fenced, result->times);
  raise(result->fenced, t, threads[t].own++);
  threads[t].base = std::move(result);
}

void ThreadClocks::atomic(uint32_t t, Knowledge &place, bool reads,
                          bool writes) {
  if (reads)
    acquireAtFence(t, place);
  if (writes && threads[t].fenced)
    place = joined(place, threads[t].fenced);
}

uint32_t ThreadClocks::newAgent(uint32_t owner) {
  owners.push_back(owner);
  return uint32_t(threads.size() + owners.size() - 1);
}

Knowledge ThreadClocks::with(const Knowledge &k, uint32_t agent,
                             uint32_t time) {
  if (k && at(k->times, agent) >= time)
    return k;
  auto result = k ? std::make_shared<Known>(*k) : std::make_shared<Known>();
  raise(result->times, agent, time);
  return result;
}

void ThreadClocks::learn(uint32_t t, uint32_t agent, uint32_t time) {
  threads[t].base = with(threads[t].base, agent, time);
}

RaceDetector::RaceDetector(ThreadClocks &clocks, uint32_t bytes)
    : clocks(clocks), words(bytes / 4 + 1), isSplit(bytes / 4 + 1) {}

bool RaceDetector::access(const Actor &actor, uint32_t offset, uint32_t bytes,
                          bool writes, bool atomic, const void *inst,
                          RaceSite &other) {
  bool race = false;
  for (uint32_t end = offset + bytes; offset < end;) {
    uint32_t word = offset / 4, from = offset % 4;
    uint32_t count = std::min(4 - from, end - offset);
    if (count == 4 && !isSplit[word]) {
      race |= touch(words[word], actor, writes, atomic, inst, other);
    } else {
      std::unique_ptr<Cell[]> &cells = parts[word];
      if (!isSplit[word]) {
        isSplit[word] = true;
        cells = std::make_unique<Cell[]>(4);
        std::fill_n(cells.get(), 4, words[word]);
      }
      for (uint32_t i = from; i < from + count; ++i)
        race |= touch(cells[i], actor, writes, atomic, inst, other);
    }
    offset += count;
  }
  return race;
}

bool RaceDetector::touch(Cell &cell, const Actor &actor, bool writes,
                         bool atomic, const void *inst, RaceSite &other) {
  bool race = false;
  auto look = [&](const Record &r, bool wrote) {
    if (!r.time || (r.atomic && atomic) || race)
      return;
    bool proxy = false;
    if (clocks.knows(actor.issuer, r.agent, r.time)) {
      proxy = wrote && actor.asyncProxy && !r.asyncProxy &&
              !clocks.knowsFenced(actor.issuer, r.agent, r.time);
      if (!proxy)
        return;
    }
    race = true;
    other = {r.inst, r.agent, wrote, proxy};
  };
  look(cell.write, true);
  Record mine{inst, actor.time, actor.agent, atomic, actor.asyncProxy};
  if (writes) {
    for (Record &r : cell.reads) {
      look(r, false);
      r.time = 0;
    }
    cell.write = mine;
    return race;
  }
  Record &last = cell.reads[0];
  if (last.time && last.agent != actor.agent)
    cell.reads[last.agent / 32 == actor.agent / 32 ? 1 : 2] = last;
  last = mine;
  return race;
}
