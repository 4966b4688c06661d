//===- TensorCopy.cpp - cp.async.bulk.tensor --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BulkDecode.h"
#include "TensorMapOperand.h"
#include "TensorPlan.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

enum class Direction { ToShared, ToGlobal, Prefetch };
enum class Mode { Tile, Im2col, Im2colNoOffsets };

struct TensorCopy : InstExtra {
  Direction direction = Direction::ToShared;
  Mode mode = Mode::Tile;
  unsigned rank = 1;
  Address map, barrier; ///< the shared address is that of the instruction
  std::vector<Slot> coordinates, offsets;
  Slot blocks = noSlot;
  std::string reduction; ///< its operation
};

constexpr uint64_t tensorAlign = 128; ///< of boxes in shared memory

/// The map must be one for this instruction.
bool fits(Warp &w, const Inst &in, unsigned lane, const TensorMap &map) {
  const auto &info = static_cast<const TensorCopy &>(*in.extra);
  std::string why = map.invalid();
  if (why.empty() && map.dims.size() != info.rank)
    why = "it has " + std::to_string(map.dims.size()) + " dimensions, and " +
          std::to_string(info.rank) + " are copied";
  if (why.empty() && map.im2col != (info.mode != Mode::Tile))
    why = map.im2col ? "it is for im2col, and a tile is copied"
                     : "it is for tiles, and the copy is im2col";
  if (why.empty())
    return true;
  w.fault(in, int(lane), "tensormap", "the tensor map does not fit: " + why,
          true);
  return false;
}

void runTensorCopy(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const TensorCopy &>(*in.extra);
  uint64_t maps[warpSize], shared[warpSize] = {}, barrier[warpSize] = {};
  w.addresses(info.map, maps);
  w.addresses(in.address, shared);
  w.addresses(info.barrier, barrier);
  forLanes(lanes, [&](unsigned l) {
    TensorMap map;
    if (w.launch->stop || !readTensorMap(w, in, l, maps[l], map) ||
        !fits(w, in, l, map))
      return;
    int32_t at[5] = {};
    for (size_t i = 0; i < info.coordinates.size(); ++i)
      at[i] = int32_t(w.src(info.coordinates[i])[l]);
    std::vector<uint32_t> offsets;
    for (Slot s : info.offsets)
      offsets.push_back(uint16_t(w.src(s)[l]));
    if (info.direction == Direction::Prefetch)
      return;
    if (shared[l] % tensorAlign) {
      w.fault(in, int(l), "misaligned",
              "a box of a tensor is at a multiple of 128 bytes of shared "
              "memory",
              true, &shared[l]);
      return;
    }
    SharedPlan plan = planOf(map, at, offsets);
    if (info.direction == Direction::ToShared)
      return issueLoad(w, in, l, plan, shared[l], barrier[l],
                       info.blocks == noSlot ? 0
                                             : uint16_t(w.src(info.blocks)[l]));
    Reduction reduction;
    if (!info.reduction.empty()) {
      Type type = typeOf(map.element);
      reduction = {combineNamed(info.reduction, type), bytesOf(type)};
      if (!reduction.combine) {
        w.fault(in, int(l), "tensormap",
                "there is no ." + info.reduction +
                    " of elements of the tensor's type",
                true);
        return;
      }
    }
    issueStore(w, in, l, plan, shared[l], reduction);
  });
}

/// `[map, {coordinates}]`
bool decodeMapOperand(Decoder &d, const Operand &o, TensorCopy &info) {
  if (o.kind != Operand::Kind::Address || o.elements.size() != 2)
    return d.error("a tensor map and coordinates in brackets are needed");
  const Operand &coordinates = o.elements[1];
  if (!d.address(o, info.map))
    return false;
  if (coordinates.kind == Operand::Kind::Vector)
    for (const Operand &e : coordinates.elements)
      info.coordinates.push_back(d.source(e, Type::S32));
  if (info.coordinates.size() != info.rank)
    return d.error("there must be " + std::to_string(info.rank) +
                   " coordinates");
  return !d.failed();
}

bool decodeMode(Decoder &d, TensorCopy &info) {
  int rank = d.takeOne({"1d", "2d", "3d", "4d", "5d"});
  if (rank < 0)
    return d.error("the number of dimensions is missing");
  info.rank = unsigned(rank) + 1;
  if (d.take("im2col"))
    info.mode = Mode::Im2col;
  else if (d.take("im2col_no_offs"))
    info.mode = Mode::Im2colNoOffsets;
  else
    d.take("tile");
  if (info.mode != Mode::Tile && info.rank < 3)
    return d.error("im2col needs 3 to 5 dimensions");
  return true;
}

/// [to], [map, {...}], [mbarrier] {, offsets} {, blocks} {, policy}
bool decodeLoad(Decoder &d, TensorCopy &info, bool isPrefetch) {
  bool multicast = !isPrefetch && d.take("multicast::cluster");
  bool hint = d.take("L2::cache_hint");
  bool hasOffsets = info.mode == Mode::Im2col;
  size_t next = 0, count = (isPrefetch ? 1 : 3) + hasOffsets + multicast + hint;
  if (!d.operands(count, count) ||
      (!isPrefetch && !d.address(d.operand(next++))) ||
      !decodeMapOperand(d, d.operand(next++), info) ||
      (!isPrefetch && !d.address(d.operand(next++), info.barrier)))
    return false;
  if (hasOffsets) {
    const Operand &offsets = d.operand(next++);
    for (const Operand &e : offsets.elements)
      info.offsets.push_back(d.source(e, Type::U16));
    if (info.offsets.size() != info.rank - 2)
      return d.error("there must be " + std::to_string(info.rank - 2) +
                     " offsets");
  }
  if (multicast)
    info.blocks = d.source(d.operand(next++), Type::U16);
  if (hint)
    d.source(d.operand(next++), Type::B64);
  return !d.failed();
}

/// [map, {...}], [from] {, policy}
bool decodeStore(Decoder &d, TensorCopy &info) {
  bool hint = d.take("L2::cache_hint");
  return d.operands(2 + hint, 2 + hint) &&
         decodeMapOperand(d, d.operand(0), info) && d.address(d.operand(1)) &&
         (!hint || d.source(d.operand(2), Type::B64) != noSlot);
}

} // namespace

bool moa::ptx::decodeTensorCopy(Decoder &d, bool reduces) {
  auto info = std::make_unique<TensorCopy>();
  if (!decodeMode(d, *info))
    return false;
  bool ok;
  if (d.take("prefetch")) {
    d.take("L2");
    d.take("global");
    info->direction = Direction::Prefetch;
    ok = decodeLoad(d, *info, true);
  } else if (d.take("bulk_group")) {
    info->direction = Direction::ToGlobal;
    d.take("global");
    d.take("shared::cta");
    for (std::string_view op :
         {"add", "min", "max", "inc", "dec", "and", "or", "xor"})
      if (reduces && d.take(op))
        info->reduction = op;
    if (reduces && info->reduction.empty())
      return d.error("the operation is missing");
    ok = decodeStore(d, *info);
  } else {
    if (reduces || !d.take("mbarrier::complete_tx::bytes"))
      return d.error("a tensor copy ends at '.mbarrier::complete_tx::bytes' "
                     "or is of a '.bulk_group'");
    d.take("global");
    d.takeOne({"shared::cluster", "shared::cta"});
    ok = decodeLoad(d, *info, false);
  }
  d.in.run = runTensorCopy;
  d.in.extra = std::move(info);
  return ok && !d.failed();
}
