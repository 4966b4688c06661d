//===- Machine.h - Warps, blocks and what they share ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MACHINE_MACHINE_H
#define MOA_LIB_PTXEMULATOR_MACHINE_MACHINE_H

#include "../Memory/GlobalMemory.h"
#include "../Memory/GlobalRaces.h"
#include "Async.h"
#include "moa/PTXEmulator/Emulator.h"

#include <atomic>
#include <map>
#include <mutex>
#include <unordered_map>

namespace moa::ptx {

struct Block;
struct Cluster;

/// Special registers that do not change while a warp lives.
enum class Special : uint8_t {
  TidX,
  TidY,
  TidZ,
  NtidX,
  NtidY,
  NtidZ,
  CtaidX,
  CtaidY,
  CtaidZ,
  NctaidX,
  NctaidY,
  NctaidZ,
  LaneId,
  WarpId,
  NwarpId,
  LanemaskEq,
  LanemaskLe,
  LanemaskLt,
  LanemaskGe,
  LanemaskGt,
  ClusteridX,
  ClusteridY,
  ClusteridZ,
  NclusteridX,
  NclusteridY,
  NclusteridZ,
  ClusterCtaidX,
  ClusterCtaidY,
  ClusterCtaidZ,
  ClusterNctaidX,
  ClusterNctaidY,
  ClusterNctaidZ,
  ClusterCtarank,
  ClusterNctarank,
  IsExplicitCluster,
  DynamicSmemSize,
  TotalSmemSize,
  SmId,
  NsmId,
  GridId,
  SharedBase,
  Zero,
  Count
};
inline constexpr unsigned specialCount = static_cast<unsigned>(Special::Count);
inline Slot slotOf(Special special) {
  return specialBase + static_cast<Slot>(special);
}

/// What wgmma has to know of a register (Machine/AsyncRegisters.cpp).
struct RegisterUse {
  uint32_t accessed =
      0;                ///< by other instructions: number of fences before, + 1
  uint32_t pending = 0; ///< last group whose wgmma uses it, + 1
  uint32_t fences = 0;  ///< before that wgmma
  uint32_t kind = 0;    ///< of that wgmma: shape and types
  bool accumulator = false;
};

/// The wgmma groups of a warp.
struct WgmmaGroups {
  uint32_t fences = 0, committed = 0, completed = 0;
  bool watched = false; ///< registers are looked after
};

/// Four warps that do wgmma together.
struct Warpgroup {
  const Inst *inst = nullptr; ///< where those that have come wait
  unsigned came = 0;          ///< a bit for each warp
  uint64_t generation = 0;
  uint64_t operands[3] = {};     ///< scale-d and the descriptors
  std::optional<uint32_t> agent; ///< that reads shared memory
};

/// A call in progress, of all lanes that made it together.
struct Frame {
  const Code *code = nullptr;
  Frame *parent = nullptr;
  const Inst *call = nullptr; ///< the call in `parent`
  uint32_t returnPc = 0, depth = 0;
  Lanes live = 0; ///< lanes that have not returned
  std::unique_ptr<uint64_t[]> registers;
  std::unique_ptr<Lanes[]> defined;
  std::unique_ptr<RegisterUse[]> uses; ///< where wgmma is watched
  uint64_t capacity = 0;
  uint64_t localBase[warpSize] = {};
};

/// Lanes of a warp that stand at the same instruction of the same frame.
struct Split {
  enum class State : uint8_t {
    Ready,
    Pending, ///< waits, and may still be joined by others
    Arrived  ///< waits, counted by what it waits for
  };
  Lanes lanes = 0;
  Frame *frame = nullptr;
  uint32_t pc = 0;
  State state = State::Ready;
  uint8_t step = 0;    ///< how far a handler that waits has come
  uint64_t ticket = 0; ///< what it waits for, as the handler knows
  uint64_t lastRun = 0;
};

/// A place in the shared memory of a block of the cluster.
struct SharedPlace {
  Block *block = nullptr;
  SharedMemory *memory = nullptr;
  uint32_t offset = 0;
};

/// How bytes are copied asynchronously.
enum class CopyKind : uint8_t {
  CpAsync,
  BulkLoad,
  BulkStore,
  BulkMove, ///< inside of a cluster
  TensorLoad,
  TensorStore,
  Count
};
inline constexpr unsigned copyKindCount = unsigned(CopyKind::Count);

/// Counts of one host thread.
struct Counters {
  std::vector<std::array<uint64_t, 2>> opcodes, tensorKinds;
  SpaceCounts spaces[7];
  uint64_t threadInstructions = 0, warpInstructions = 0;
  uint64_t sharedWavefronts = 0, sharedMinimum = 0;
  uint64_t copies[copyKindCount] = {}, copiedBytes[copyKindCount] = {};
  uint64_t tensorOperations = 0, specialOperations = 0, barriers = 0;
  /// Wavefronts and the fewest possible, of accesses that needed more.
  std::unordered_map<const Inst *, std::array<uint64_t, 2>> conflicts;

  void addWavefronts(const Inst &in, uint64_t count, uint64_t fewest) {
    sharedWavefronts += count;
    sharedMinimum += fewest;
    if (count <= fewest)
      return;
    std::array<uint64_t, 2> &of = conflicts[&in];
    of[0] += count;
    of[1] += fewest;
  }
};

/// One launch.
struct Launch {
  const Program *program = nullptr;
  GlobalMemory *memory = nullptr;
  Options options;
  Dim3 grid{}, block{}, cluster{};
  bool explicitCluster = false;
  uint32_t dynamicShared = 0;
  uint32_t threadsPerBlock = 0, warpsPerBlock = 0;
  std::vector<uint8_t> params;
  std::unique_ptr<GlobalRaces> globalRaces; ///< null: unchecked
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> executed{0};

  std::mutex reportMutex;
  std::vector<Diagnostic> diagnostics;
  std::map<std::pair<std::string, uint32_t>, unsigned> seen;
  std::vector<std::string> output;

  /// Index in the grid of a block of a cluster.
  Dim3 blockAt(uint64_t clusterIndex, uint32_t rank) const;
  /// Keeps a diagnostic; one for each kind and line.
  void report(Diagnostic d);
};

/// How a warp touches memory.
enum class AccessKind : uint8_t { Load, Store, Atomic };

/// An access of some lanes: where it is, and for each lane the bytes.
struct Access {
  AccessKind kind = AccessKind::Load;
  uint8_t space = 0; ///< Parse's Space; generic addresses are resolved
  bool strong = false, mayBeUndefined = false;
  bool racesNoted = false; ///< by the handler: lanes access for each other
  unsigned bytes = 0;
  unsigned align = 0; ///< 0: bytes
  uint64_t address[warpSize];
  uint8_t *data[warpSize];
  Lanes undefined = 0; ///< lanes that read bytes never written
  /// Stores that meet another thread's write, where `keepsMeetings`: a race only
  /// if they change what is there, which the one who stores sees.
  bool keepsMeetings = false;
  std::vector<std::pair<unsigned, RaceSite>> meetings; ///< of a lane
};

struct Warp {
  Block *block = nullptr;
  Launch *launch = nullptr;
  Counters *counters = nullptr;
  unsigned id = 0; ///< in the block
  Lanes present = 0, exited = 0;
  std::vector<Split> splits;
  unsigned current = 0; ///< index of the split that runs
  bool reschedule = false;
  uint64_t clock = 0;
  std::vector<std::unique_ptr<Frame>> frames, freeFrames;
  std::vector<uint8_t> local[warpSize], localState[warpSize];
  uint64_t special[specialCount][warpSize];
  uint64_t clusterTicket[warpSize] = {}; ///< barrier.cluster: phase + 1
  std::unique_ptr<LaneCopies[]> copies;  ///< of each lane, or none yet
  uint64_t lastPoll = ~uint64_t(0); ///< Cluster::events at a failed test_wait
  const Inst *lastTry = nullptr;    ///< the last try_wait, if it failed
  Lanes carry = 0;                  ///< the condition code of .cc instructions
  WgmmaGroups wgmma;

  Split &split() { return splits[current]; }
  Frame &frame() { return *splits[current].frame; }
  Lanes alive() const { return present & ~exited; }
  /// Number of a lane's thread in the cluster.
  uint32_t thread(unsigned lane) const;
  ThreadClocks *clocks() const;

  const uint64_t *src(Slot slot) const {
    if (slot >= 0)
      return splits[current].frame->registers.get() + size_t(slot) * warpSize;
    return outside(slot);
  }
  const uint64_t *outside(Slot slot) const;
  uint64_t *dst(Slot slot) {
    return splits[current].frame->registers.get() + size_t(slot) * warpSize;
  }
  /// A predicate as a set of lanes; source `i` of `in`.
  Lanes predicate(const Inst &in, unsigned i) const {
    Lanes p = static_cast<Lanes>(src(in.src[i])[0]);
    return in.negated >> i & 1 ? ~p : p;
  }
  void setPredicate(Slot slot, Lanes mask, Lanes value) {
    if (slot == noSlot)
      return;
    uint64_t &word = dst(slot)[0];
    word = (word & ~mask) | (value & mask);
  }
  void setDefined(Slot slot, Lanes mask, bool defined = true) {
    Lanes &d = splits[current].frame->defined[slot];
    d = defined ? d | mask : d & ~mask;
  }

  /// Runs until every lane waits or has ended, or `budget` warp-instructions
  /// are done. True if anything moved.
  bool run(uint64_t budget);
  bool finished() const { return splits.empty(); }

  // Control, in Control.cpp.
  void start(const Code &code, Lanes lanes);
  void branch(Lanes taken, uint32_t target);
  void enter(const Code &code, const Inst &call, Lanes lanes);
  Frame &newFrame(const Code &code, Frame *parent, Lanes lanes);
  void leave(Lanes lanes);
  void exit(Lanes lanes);
  void advance() { ++splits[current].pc; }
  /// The current split waits: its instruction runs again later.
  void wait(Split::State state) {
    split().state = state;
    reschedule = true;
  }

  // Memory, in Access.cpp.
  /// A fence of these lanes.
  void fence(Lanes lanes);
  void addresses(const Inst &in, Lanes lanes, uint64_t *into) const;
  void addresses(const Address &a, uint64_t *into) const;
  Lanes access(const Inst &in, Lanes lanes, Access &access);
  /// Counts an access; `access` does.
  void count(const Inst &in, Lanes lanes, const Access &a);
  SharedPlace sharedPlace(const Inst &in, unsigned lane, uint64_t address,
                          uint64_t bytes, const char *what);
  /// The buffer that holds `bytes` bytes at a global address, which a copy
  /// reads or writes and which are counted; null after a fault. `near` is where
  /// to look first.
  Allocation *globalRange(const Inst &in, unsigned lane, uint64_t address,
                          uint64_t bytes, bool writes, Allocation *near);
  /// Notes an access to shared memory that `actor` makes for `lane`; reports a
  /// race.
  void noteShared(const Inst &in, unsigned lane, const SharedPlace &place,
                  const Actor &actor, uint32_t bytes, bool writes,
                  bool atomic = false);
  /// The same for an access by the thread itself.
  void noteOwn(const Inst &in, unsigned lane, const SharedPlace &place,
               uint32_t bytes, bool writes);

  // Copies and mbarriers, in Async.cpp.
  LaneCopies &copiesOf(unsigned lane);
  /// The agent of a stream of copies, as of now.
  template <class T> Actor actorOf(unsigned lane, CopyStream<T> &stream);
  void count(CopyKind kind, uint64_t bytes) {
    ++counters->copies[unsigned(kind)];
    counters->copiedBytes[unsigned(kind)] += bytes;
  }
  /// Lanes end with copies from shared memory that nobody waited for.
  void checkUnfinished(Lanes lanes);
  /// The copies of a lane up to number `last`, which it then knows complete
  /// if `waits`.
  void makeSmallCopies(unsigned lane, uint32_t last, bool waits);
  void makeBulkCopies(unsigned lane, uint32_t last, bool waits);
  /// The mbarrier at a shared address; null after a fault.
  Mbarrier *mbarrier(const Inst &in, unsigned lane, uint64_t address,
                     Block *&owner);
  /// The copies that report to an mbarrier, as of now.
  Actor actorOf(unsigned lane, Mbarrier &barrier, bool asyncProxy);
  /// A copy asked for in `phase` has brought `bytes`.
  void completeTx(const Inst &in, unsigned lane, Block &owner, uint32_t offset,
                  uint32_t phase, uint64_t bytes);
  /// `count` threads have come, who know `knowledge`.
  bool arrive(const Inst &in, unsigned lane, Block &owner, Mbarrier &barrier,
              uint32_t count, const Knowledge &knowledge);

  // Registers of wgmma, in AsyncRegisters.cpp.
  void noteRegisters(const Inst &in);
  bool claimRegisters(const Inst &in, const std::vector<Slot> &slots,
                      bool accumulators, uint32_t kind);

  // Diagnostics.
  Site site(const Inst &in, int lane) const;
  void fault(const Inst &in, int lane, const char *kind, std::string message,
             bool fatal, const uint64_t *address = nullptr);

  /// Reports a race of this access with `other`.
  void race(const Inst &in, unsigned lane, uint64_t address, bool writes,
            bool isAsync, const RaceSite &other);

  /// After a strong read: what those knew whose writes it may have seen. (The
  /// write's own is noted before it, by `access`.)
  void learnGlobal(Lanes lanes, const Access &a);

private:
  Lanes resolveShared(const Inst &in, Lanes lanes, Access &a);
  Lanes resolveLocal(const Inst &in, Lanes lanes, Access &a);
  Lanes resolveGlobal(const Inst &in, Lanes lanes, Access &a);
  Lanes resolveParam(const Inst &in, Lanes lanes, Access &a);
  void noteGlobal(const Inst &in, Lanes lanes, const Access &a);
  void noteGlobal(const Inst &in, unsigned lane, uint64_t address,
                  uint64_t bytes, bool writes, bool strong);
  void outOfBounds(const Inst &in, unsigned lane, uint64_t address,
                   const Access &a, const Allocation *holds);
  Lanes misaligned(const Inst &in, Lanes lanes, const Access &a);
  void pick();
  void merge();
  void checkDefined(const Inst &in, Lanes lanes);
};

/// A named barrier (0 to 15) of a block.
struct Barrier {
  uint32_t arrived = 0, expected = 0;
  uint64_t generation = 0;
  uint32_t count = 0; ///< of predicates, for .red
  bool all = true, any = false;
  uint32_t resultCount = 0;
  bool resultAll = true, resultAny = false;
  std::vector<uint32_t> threads; ///< that wait, for the race check
  Knowledge published;           ///< by those that only arrive
};

struct Block {
  Launch *launch = nullptr;
  Cluster *cluster = nullptr;
  Dim3 index{};
  uint32_t number = 0; ///< in the grid, cluster by cluster
  uint32_t rank = 0;   ///< in the cluster
  std::vector<std::unique_ptr<Warp>> warps;
  SharedMemory shared;
  Barrier barriers[16];
  std::vector<Warpgroup> warpgroups;
  uint64_t progress = 0; ///< counts what can wake a waiting warp

  uint32_t liveThreads() const;
  bool hasEnded() const;
  /// The block of that rank in the cluster, or null.
  Block *peer(uint64_t rank) const;
  SharedMemory *sharedOf(uint64_t rank) {
    if (rank == this->rank)
      return &shared;
    Block *other = peer(rank);
    return other ? &other->shared : nullptr;
  }
};

/// Blocks that run together: a cluster, or one block.
struct Cluster {
  Launch *launch = nullptr;
  Counters *counters = nullptr;
  std::vector<std::unique_ptr<Block>> blocks;
  std::unique_ptr<ThreadClocks> clocks;
  GlobalClock globalClock;
  uint64_t stalls = 0;   ///< rounds in which nothing moved
  uint64_t timeouts = 0; ///< of try_wait in this round
  uint64_t idleTimeouts = 0, lastEvents = 0;

  // barrier.cluster
  uint64_t barrierPhase = 0;
  uint32_t barrierArrived = 0;
  std::vector<uint32_t> barrierThreads;
  Knowledge barrierPublished, barrierKnown;

  Cluster(Launch &launch, Counters *counters, uint64_t index);
  /// Each warp runs for a while; true when all have ended, or the launch is
  /// to stop.
  bool run(uint64_t budget);
  void reportBudget();
  /// Counts what can make an mbarrier or barrier complete.
  uint64_t events() const;

private:
  void whereWarpsStand(Diagnostic &d);
  void makeWarps(Block &block);
  void reportDeadlock();
  bool describeMbarrier(const Warp &warp, const Split &split, Diagnostic &d);
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MACHINE_MACHINE_H
