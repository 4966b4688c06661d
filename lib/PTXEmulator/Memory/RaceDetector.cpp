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
  auto zero = std::make_shared<const Times>(count);
  for (Thread &t : threads)
    t.base = zero;
}

static void maximum(Times &into, const Times &from) {
  for (size_t i = 0; i < into.size(); ++i)
    into[i] = std::max(into[i], from[i]);
}

Knowledge ThreadClocks::joined(const Knowledge &a, const Knowledge &b) {
  if (!a || a == b)
    return b;
  if (!b)
    return a;
  // The lanes of a warp mostly join the same two.
  if (a == cacheA && b == cacheB)
    return cacheResult;
  auto result = std::make_shared<Times>(*a);
  maximum(*result, *b);
  cacheA = a, cacheB = b, cacheResult = result;
  return result;
}

void ThreadClocks::join(const std::vector<uint32_t> &who) {
  if (who.empty())
    return;
  auto result = std::make_shared<Times>(*threads[who[0]].base);
  const Times *last = threads[who[0]].base.get();
  for (uint32_t t : who)
    if (threads[t].base.get() != last)
      maximum(*result, *(last = threads[t].base.get()));
  for (uint32_t t : who)
    (*result)[t] = std::max((*result)[t], threads[t].own++);
  Knowledge shared = std::move(result);
  for (uint32_t t : who)
    threads[t].base = shared;
}

Knowledge ThreadClocks::release(uint32_t t) {
  auto result = std::make_shared<Times>(*threads[t].base);
  (*result)[t] = threads[t].own++;
  return result;
}

void ThreadClocks::acquire(uint32_t t, const Knowledge &knowledge) {
  if (knowledge)
    threads[t].base = joined(threads[t].base, knowledge);
}

void ThreadClocks::fence(uint32_t t) {
  if (threads[t].pending) {
    acquire(t, threads[t].pending);
    threads[t].pending = nullptr;
  }
  threads[t].fenced = release(t);
}

void ThreadClocks::atomic(uint32_t t, Knowledge &place, bool reads,
                          bool writes) {
  if (reads && place)
    threads[t].pending = joined(threads[t].pending, place);
  if (writes && threads[t].fenced)
    place = joined(place, threads[t].fenced);
}

RaceDetector::RaceDetector(ThreadClocks &clocks, uint32_t bytes)
    : clocks(clocks), words(bytes / 4 + 1), isSplit(bytes / 4 + 1) {}

bool RaceDetector::access(uint32_t thread, uint32_t offset, uint32_t bytes,
                          bool writes, bool atomic, const void *inst,
                          RaceSite &other) {
  bool race = false;
  for (uint32_t end = offset + bytes; offset < end;) {
    uint32_t word = offset / 4, from = offset % 4;
    uint32_t count = std::min(4 - from, end - offset);
    if (count == 4 && !isSplit[word]) {
      race |= touch(words[word], thread, writes, atomic, inst, other);
    } else {
      std::unique_ptr<Cell[]> &cells = parts[word];
      if (!isSplit[word]) {
        isSplit[word] = true;
        cells = std::make_unique<Cell[]>(4);
        std::fill_n(cells.get(), 4, words[word]);
      }
      for (uint32_t i = from; i < from + count; ++i)
        race |= touch(cells[i], thread, writes, atomic, inst, other);
    }
    offset += count;
  }
  return race;
}

bool RaceDetector::touch(Cell &cell, uint32_t thread, bool writes, bool atomic,
                         const void *inst, RaceSite &other) {
  auto races = [&](const Record &r) {
    return r.time && !(r.atomic && atomic) &&
           !clocks.knows(thread, r.thread, r.time);
  };
  bool race = false;
  auto found = [&](const Record &r, bool wrote) {
    race = true;
    other = {r.inst, r.thread, wrote};
  };
  if (races(cell.write))
    found(cell.write, true);
  Record mine{inst, clocks.now(thread), uint16_t(thread), atomic};
  if (writes) {
    for (Record &r : cell.reads) {
      if (!race && races(r))
        found(r, false);
      r.time = 0;
    }
    cell.write = mine;
    return race;
  }
  Record &last = cell.reads[0];
  if (last.time && last.thread != thread)
    cell.reads[last.thread / 32 == thread / 32 ? 1 : 2] = last;
  last = mine;
  return race;
}
