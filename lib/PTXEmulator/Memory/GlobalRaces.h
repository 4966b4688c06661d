//===- GlobalRaces.h - Races between blocks on global memory ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clusters have a clock each and know, through atomics and strong accesses that
// follow a fence, up to which time of other clusters they may see the effects.
// A cluster counts as one: what one of its threads publishes or learns, all of
// them do. So no race inside of a cluster is seen here, and some between
// clusters are missed; none is invented.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_GLOBALRACES_H
#define MOA_LIB_PTXEMULATOR_MEMORY_GLOBALRACES_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace moa::ptx {

/// Clusters and the times up to which they are known, in order.
using GlobalTimes = std::vector<std::pair<uint32_t, uint32_t>>;
using GlobalKnowledge = std::shared_ptr<const GlobalTimes>;

/// What a cluster knows.
struct GlobalClock {
  uint32_t cluster = 0, own = 1;
  GlobalKnowledge known, fenced;

  /// What was done so far can be published.
  void fence();
  void learn(const GlobalKnowledge &knowledge);
  bool knows(uint32_t other, uint32_t time) const;
};

struct GlobalRaceSite {
  uint32_t block = 0, line = 0;
  bool wrote = false;
};

class GlobalRaces {
public:
  explicit GlobalRaces(uint32_t blocksPerCluster)
      : blocksPerCluster(blocksPerCluster) {}

  /// Notes an access of a block; true, and `other` set, if it races.
  bool access(GlobalClock &clock, uint32_t block, uint64_t address,
              uint64_t bytes, bool writes, bool strong, uint32_t line,
              GlobalRaceSite &other);
  /// Before an atomic or strong write: publishes what was fenced.
  void publish(const GlobalClock &clock, uint64_t address);
  /// After an atomic or strong read: learns what others published there. In
  /// between, as blocks run at the same time, lies what the read may see.
  void learn(GlobalClock &clock, uint64_t address);

private:
  struct Record {
    uint32_t block = 0; ///< 0: none, else one more
    uint32_t time = 0, line = 0;
    uint8_t bytes = 0; ///< which of the word
    bool strong = false;
  };
  struct Cell {
    Record write, reads[2];
  };
  static constexpr unsigned pageShift = 10; ///< 256 words
  static constexpr unsigned shardCount = 64;
  static constexpr uint32_t maxPages = 65536; ///< of 1 KiB
  struct Shard {
    std::mutex mutex;
    std::unordered_map<uint64_t, std::unique_ptr<Cell[]>> pages;
    std::unordered_map<uint64_t, GlobalKnowledge> places;
  };
  Shard &shardOf(uint64_t address) {
    return shards[(address >> pageShift) % shardCount];
  }
  bool touch(Cell &cell, GlobalClock &clock, Record mine, bool writes,
             GlobalRaceSite &other);
  uint32_t clusterOf(const Record &r) const {
    return (r.block - 1) / blocksPerCluster;
  }

  uint32_t blocksPerCluster;
  std::atomic<bool> anythingPublished{false};
  std::atomic<uint32_t> pageCount{0};
  Shard shards[shardCount];
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_GLOBALRACES_H
