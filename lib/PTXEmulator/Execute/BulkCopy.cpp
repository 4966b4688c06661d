//===- BulkCopy.cpp - cp.async.bulk, cp.reduce.async.bulk -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bulk.h"
#include "BulkDecode.h"
#include "Families.h"
#include "SharedOperand.h"

using namespace moa::ptx;

namespace {

enum class Direction { ToShared, ToGlobal, SharedToCluster };

struct BulkCopy : InstExtra {
  Direction direction = Direction::ToShared;
  Address from, barrier;
  Slot size = noSlot, blocks = noSlot, byteMask = noSlot;
  Reduction reduction;
};

/// A copy of a lane may begin: addresses and size are multiples of 16.
bool isAligned(Warp &w, const Inst &in, unsigned lane, uint64_t to,
               uint64_t from, uint64_t bytes) {
  if (w.launch->stop)
    return false;
  for (uint64_t address : {to, from})
    if (address % 16) {
      w.fault(in, int(lane), "misaligned",
              "the addresses of a bulk copy are multiples of 16", true,
              &address);
      return false;
    }
  if (bytes % 16) {
    w.fault(in, int(lane), "async-size",
            "a bulk copy of " + std::to_string(bytes) +
                " bytes: the size is a multiple of 16",
            true);
    return false;
  }
  return true;
}

void runBulkCopy(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const BulkCopy &>(*in.extra);
  bool toShared = info.direction != Direction::ToGlobal;
  bool fromShared = info.direction != Direction::ToShared;
  uint64_t to[warpSize], from[warpSize], barrier[warpSize] = {};
  w.addresses(in.address, to);
  w.addresses(info.from, from);
  if (toShared)
    w.addresses(info.barrier, barrier);
  const uint64_t *size = w.src(info.size);
  const uint64_t *blocks = info.blocks == noSlot ? nullptr : w.src(info.blocks);
  const uint64_t *mask =
      info.byteMask == noSlot ? nullptr : w.src(info.byteMask);
  forLanes(lanes, [&](unsigned l) {
    uint32_t bytes = uint32_t(size[l]);
    if (!isAligned(w, in, l, to[l], from[l], bytes))
      return;
    if (toShared && fromShared)
      return issueMove(w, in, l, to[l], from[l], bytes, barrier[l],
                       info.reduction);
    auto plan = std::make_shared<BulkPlan>();
    plan->bytes = bytes;
    plan->pieces.push_back({toShared ? from[l] : to[l], 0, bytes, true});
    if (mask)
      plan->byteMask = uint16_t(mask[l]);
    if (toShared)
      issueLoad(w, in, l, plan, to[l], barrier[l],
                blocks ? uint16_t(blocks[l]) : 0);
    else
      issueStore(w, in, l, plan, from[l], info.reduction);
  });
}

void runCommit(Warp &w, const Inst &, Lanes lanes) {
  forLanes(lanes, [&](unsigned l) { w.copiesOf(l).bulk.commit(); });
}

void runWaitGroup(Warp &w, const Inst &in, Lanes lanes) {
  forLanes(lanes, [&](unsigned l) {
    w.makeBulkCopies(l, w.copiesOf(l).bulk.waitFor(uint64_t(in.imm)), true);
  });
}

/// A copy to the L2 cache changes nothing here.
void runPrefetch(Warp &, const Inst &, Lanes) {}

bool decodeWaitGroup(Decoder &d) {
  d.take("read");
  d.in.run = runWaitGroup;
  if (!d.operands(1, 1) || !d.integer(d.operand(0), d.in.imm))
    return false;
  return d.in.imm >= 0 || d.error("a number of groups is not negative");
}

bool decodePrefetch(Decoder &d) {
  d.take("L2");
  d.take("global");
  bool hint = d.take("L2::cache_hint");
  d.in.run = runPrefetch;
  return d.operands(2 + hint, 2 + hint) && d.address(d.operand(0)) &&
         d.source(d.operand(1), Type::U32) != noSlot;
}

/// The spaces, in the order of the text: to, from.
bool decodeDirection(Decoder &d, BulkCopy &info) {
  std::vector<std::string_view> spaces;
  for (std::string_view m : d.ast->modifiers)
    if (m == "global" || m == "shared::cta" || m == "shared::cluster")
      spaces.push_back(m);
  if (spaces.size() != 2)
    return d.error("a bulk copy names two spaces");
  for (std::string_view s : spaces)
    d.take(s);
  bool toGlobal = spaces[0] == "global", fromGlobal = spaces[1] == "global";
  if (toGlobal == fromGlobal && (toGlobal || spaces[0] != "shared::cluster" ||
                                 spaces[1] != "shared::cta"))
    return d.error("a bulk copy between these spaces does not exist");
  info.direction = toGlobal     ? Direction::ToGlobal
                   : fromGlobal ? Direction::ToShared
                                : Direction::SharedToCluster;
  bool completes = d.take("mbarrier::complete_tx::bytes");
  bool groups = d.take("bulk_group");
  if (completes == toGlobal || groups != toGlobal)
    return d.error(toGlobal ? "a copy to global memory is of a '.bulk_group'"
                            : "a copy to shared memory needs "
                              "'.mbarrier::complete_tx::bytes'");
  return true;
}

bool decodeBulkCopy(Decoder &d, bool reduces) {
  auto info = std::make_unique<BulkCopy>();
  if (!decodeDirection(d, *info))
    return false;
  if (reduces && (info->direction == Direction::ToShared ||
                  !decodeReduction(d, info->reduction)))
    return d.error("malformed reduction");
  bool multicast = d.take("multicast::cluster");
  bool hint = d.take("L2::cache_hint"), masked = d.take("cp_mask");
  if (multicast && info->direction != Direction::ToShared)
    return d.error("only copies from global memory have '.multicast'");
  bool toGlobal = info->direction == Direction::ToGlobal;
  size_t count = 3 + !toGlobal + multicast + hint + masked, next = 3;
  if (!d.operands(count, count) || !d.address(d.operand(0)) ||
      !d.address(d.operand(1), info->from))
    return false;
  info->size = d.source(d.operand(2), Type::U32);
  if (!toGlobal && !d.address(d.operand(next++), info->barrier))
    return false;
  if (multicast)
    info->blocks = d.source(d.operand(next++), Type::U16);
  if (hint)
    d.source(d.operand(next++), Type::B64);
  if (masked)
    info->byteMask = d.source(d.operand(next++), Type::U16);
  d.in.run = runBulkCopy;
  d.in.extra = std::move(info);
  return !d.failed();
}

} // namespace

bool moa::ptx::decodeReduction(Decoder &d, Reduction &reduction) {
  std::string_view op;
  for (std::string_view o :
       {"add", "min", "max", "inc", "dec", "and", "or", "xor"})
    if (d.take(o))
      op = o;
  d.take("noftz");
  Type type = d.takeType();
  reduction.combine = combineNamed(op, type);
  reduction.bytes = bytesOf(type);
  return reduction.combine || d.unsupported("this reduction of this type");
}

bool moa::ptx::decodeBulk(Decoder &d, bool reduces) {
  if (d.take("tensor"))
    return decodeTensorCopy(d, reduces);
  if (d.take("commit_group")) {
    d.in.run = runCommit;
    return d.operands(0, 0);
  }
  if (d.take("wait_group"))
    return decodeWaitGroup(d);
  if (d.take("prefetch"))
    return decodePrefetch(d);
  return decodeBulkCopy(d, reduces);
}
