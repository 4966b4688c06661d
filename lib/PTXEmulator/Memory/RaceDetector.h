//===- RaceDetector.h - Data races on shared memory -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vector clocks: each thread has a clock of its own and knows, from barriers
// and fences, up to which time of every other thread it may see the effects.
// An access that meets another thread's later one is a race.
//
// Each word has its last write and up to three reads since (the last one, the
// last of another thread of that warp, the last of another warp); a word that
// is accessed in parts has that for each byte.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_RACEDETECTOR_H
#define MOA_LIB_PTXEMULATOR_MEMORY_RACEDETECTOR_H

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace moa::ptx {

/// Knowledge of all threads' times, shared between threads that know the same.
using Knowledge = std::shared_ptr<const std::vector<uint32_t>>;

/// The times of the threads of a cluster.
class ThreadClocks {
public:
  explicit ThreadClocks(uint32_t threads);
  /// All of `threads` learn what each of them knows: a barrier.
  void join(const std::vector<uint32_t> &threads);
  /// What thread `t` has done and knows, for others to learn; a new time
  /// begins for it.
  Knowledge release(uint32_t t);
  void acquire(uint32_t t, const Knowledge &knowledge);

  /// A fence: later atomics publish all before it, and earlier ones take
  /// effect.
  void fence(uint32_t t);
  /// An atomic access to a place that keeps `place`.
  void atomic(uint32_t t, Knowledge &place, bool reads, bool writes);

  /// What either knows.
  Knowledge merged(const Knowledge &a, const Knowledge &b) {
    return joined(a, b);
  }

  uint32_t now(uint32_t t) const { return threads[t].own; }
  bool knows(uint32_t t, uint32_t other, uint32_t time) const {
    return t == other || (*threads[t].base)[other] >= time;
  }

private:
  struct Thread {
    Knowledge base, fenced, pending;
    uint32_t own = 1;
  };
  Knowledge joined(const Knowledge &a, const Knowledge &b);
  std::vector<Thread> threads;
  Knowledge cacheA, cacheB, cacheResult;
};

struct RaceSite {
  const void *inst = nullptr;
  uint32_t thread = 0;
  bool wrote = false;
};

/// The accesses to the shared memory of one block.
class RaceDetector {
public:
  RaceDetector(ThreadClocks &clocks, uint32_t bytes);
  /// Notes an access; true, and `other` set, if it races.
  bool access(uint32_t thread, uint32_t offset, uint32_t bytes, bool writes,
              bool atomic, const void *inst, RaceSite &other);
  /// The place of an atomic at `offset`.
  Knowledge &place(uint32_t offset) { return places[offset]; }

private:
  struct Record {
    const void *inst = nullptr;
    uint32_t time = 0; ///< 0: none
    uint16_t thread = 0;
    bool atomic = false;
  };
  struct Cell {
    Record write, reads[3];
  };
  bool touch(Cell &cell, uint32_t thread, bool writes, bool atomic,
             const void *inst, RaceSite &other);

  ThreadClocks &clocks;
  std::vector<Cell> words;
  std::vector<uint8_t> isSplit;
  std::unordered_map<uint32_t, std::unique_ptr<Cell[]>> parts;
  std::unordered_map<uint32_t, Knowledge> places;
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_RACEDETECTOR_H
