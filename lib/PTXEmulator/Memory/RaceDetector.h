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
// Asynchronous copies are accesses of agents with clocks of their own. What the
// generic proxy wrote is in order for the asynchronous proxy only if a fence
// between the two is on the way.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_RACEDETECTOR_H
#define MOA_LIB_PTXEMULATOR_MEMORY_RACEDETECTOR_H

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace moa::ptx {

/// Up to which time each thread and agent is known, and up to which time that
/// holds for the asynchronous proxy too. Times past the end are 0.
struct Known {
  std::vector<uint32_t> times, fenced;
};
/// Shared between threads that know the same.
using Knowledge = std::shared_ptr<const Known>;

/// The times of the threads of a cluster and of their agents: what copies
/// memory for a thread, later than the instruction that asks for it. A thread
/// learns the time of an agent when it has waited for the copy.
class ThreadClocks {
public:
  explicit ThreadClocks(uint32_t threads);
  /// All of `threads` learn what each of them knows: a barrier.
  void join(const std::vector<uint32_t> &threads);
  /// What thread `t` has done and knows, for others to learn; a new time
  /// begins for it.
  Knowledge release(uint32_t t);
  /// What `t` published at its last fence, or null.
  const Knowledge &fenced(uint32_t t) const { return threads[t].fenced; }
  void acquire(uint32_t t, const Knowledge &knowledge);
  /// As acquire, but it takes effect at the next fence.
  void acquireAtFence(uint32_t t, const Knowledge &knowledge);

  /// A fence: later atomics publish all before it, and earlier ones take
  /// effect.
  void fence(uint32_t t);
  /// A fence between the generic and the asynchronous proxy.
  void fenceProxy(uint32_t t);
  /// An atomic access to a place that keeps `place`.
  void atomic(uint32_t t, Knowledge &place, bool reads, bool writes);

  /// A new agent that works for `owner`.
  uint32_t newAgent(uint32_t owner);
  /// The thread that an agent works for; of a thread, itself.
  uint32_t ownerOf(uint32_t agent) const {
    return isAgent(agent) ? owners[agent - threads.size()] : agent;
  }
  void setOwner(uint32_t agent, uint32_t owner) {
    owners[agent - threads.size()] = owner;
  }
  bool isAgent(uint32_t t) const { return t >= threads.size(); }
  /// What `k` says, and that `agent` has come to `time`.
  static Knowledge with(const Knowledge &k, uint32_t agent, uint32_t time);
  /// Thread `t` has waited for `agent`.
  void learn(uint32_t t, uint32_t agent, uint32_t time);

  /// What either knows.
  Knowledge merged(const Knowledge &a, const Knowledge &b) {
    return joined(a, b);
  }

  uint32_t now(uint32_t t) const { return threads[t].own; }
  bool knows(uint32_t t, uint32_t other, uint32_t time) const {
    return t == other || at(threads[t].base->times, other) >= time;
  }
  /// As knows, with a fence between the proxies on the way.
  bool knowsFenced(uint32_t t, uint32_t other, uint32_t time) const {
    return at(threads[t].base->fenced, other) >= time;
  }

private:
  struct Thread {
    Knowledge base, fenced, pending;
    uint32_t own = 1;
  };
  static uint32_t at(const std::vector<uint32_t> &times, uint32_t i) {
    return i < times.size() ? times[i] : 0;
  }
  Knowledge joined(const Knowledge &a, const Knowledge &b);
  std::vector<Thread> threads;
  std::vector<uint32_t> owners; ///< of agents
  Knowledge cacheA, cacheB, cacheResult;
};

/// Who accesses memory. For an access of a thread, itself now; for a copy, the
/// thread that asked for it and the agent that makes it.
struct Actor {
  uint32_t issuer = 0;     ///< what this thread knows is in order
  uint32_t agent = 0;      ///< in whose name the access is noted
  uint32_t time = 0;       ///< of the agent
  bool asyncProxy = false; ///< bulk copies and wgmma; not cp.async
};

struct RaceSite {
  const void *inst = nullptr;
  uint32_t thread = 0; ///< or agent
  bool wrote = false;
  bool proxy = false; ///< in order, but for the fence between the proxies
};

/// The accesses to the shared memory of one block.
class RaceDetector {
public:
  RaceDetector(ThreadClocks &clocks, uint32_t bytes);
  /// Notes an access of a thread; true, and `other` set, if it races.
  bool access(uint32_t thread, uint32_t offset, uint32_t bytes, bool writes,
              bool atomic, const void *inst, RaceSite &other) {
    return access(Actor{thread, thread, clocks.now(thread), false}, offset,
                  bytes, writes, atomic, inst, other);
  }
  bool access(const Actor &actor, uint32_t offset, uint32_t bytes, bool writes,
              bool atomic, const void *inst, RaceSite &other);
  /// The place of an atomic at `offset`.
  Knowledge &place(uint32_t offset) { return places[offset]; }

private:
  struct Record {
    const void *inst = nullptr;
    uint32_t time = 0; ///< 0: none
    uint32_t agent : 24 = 0;
    uint32_t atomic : 1 = 0;
    uint32_t asyncProxy : 1 = 0;
  };
  struct Cell {
    Record write, reads[3];
  };
  bool touch(Cell &cell, const Actor &actor, bool writes, bool atomic,
             const void *inst, RaceSite &other);

  ThreadClocks &clocks;
  std::vector<Cell> words;
  std::vector<uint8_t> isSplit;
  std::unordered_map<uint32_t, std::unique_ptr<Cell[]>> parts;
  std::unordered_map<uint32_t, Knowledge> places;
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_RACEDETECTOR_H
