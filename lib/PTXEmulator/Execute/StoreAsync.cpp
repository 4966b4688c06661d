//===- StoreAsync.cpp - st.async, red.async, st.bulk ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BulkDecode.h"
#include "Families.h"
#include "SharedOperand.h"

#include <algorithm>
#include <array>
#include <cstring>

using namespace moa::ptx;

namespace {

struct StoreAsync : InstExtra {
  Address barrier;
  std::vector<Slot> values;
  unsigned bytes = 0; ///< of one element
  Reduction reduction;
};

/// Stores registers in the shared memory of a block, whose mbarrier then
/// completes their bytes.
void runStoreAsync(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const StoreAsync &>(*in.extra);
  uint32_t bytes = uint32_t(info.bytes * info.values.size());
  uint64_t barrier[warpSize];
  w.addresses(info.barrier, barrier);
  forSharedPlaces(w, in, lanes, bytes, [&](unsigned l, SharedPlace p) {
    Block *owner = nullptr;
    Mbarrier *m = w.mbarrier(in, l, barrier[l], owner);
    if (!m)
      return;
    std::array<uint8_t, 32> data{};
    for (size_t i = 0; i < info.values.size(); ++i)
      std::memcpy(data.data() + i * info.bytes, &w.src(info.values[i])[l],
                  info.bytes);
    bool reduces = info.reduction.combine;
    w.noteShared(in, l, p, w.actorOf(l, *m, false), bytes, true, reduces);
    if (!reduces)
      std::memset(p.memory->defined.data() + p.offset, SharedUndefined, bytes);
    uint32_t offset = barrier[l] & ((1u << sharedRankShift) - 1);
    m->copies.push_back([&w, &in, &info, l, p, owner, data, bytes, offset,
                         phase = m->phase] {
      uint8_t *to = p.memory->data.data() + p.offset;
      if (info.reduction.combine) {
        uint64_t value = 0;
        std::memcpy(&value, data.data(), bytes);
        combineAt(to, bytes, info.reduction.combine, value, 0);
      } else {
        std::memcpy(to, data.data(), bytes);
        std::memset(p.memory->defined.data() + p.offset, SharedDefined, bytes);
      }
      w.completeTx(in, l, *owner, offset, phase, bytes);
    });
    ++owner->progress;
    SpaceCounts &c = w.counters->spaces[unsigned(Space::Shared)];
    ++c.storeInstructions;
    c.storeBytes += bytes;
  });
  ++w.counters->spaces[unsigned(Space::Shared)].storeRequests;
}

/// Fills shared memory with zeros.
void runStoreBulk(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t at[warpSize];
  const uint64_t *size = w.src(in.src[0]);
  if (!sharedAddresses(w, in, in.address, Space(in.mode), lanes, at))
    return;
  forLanes(lanes, [&](unsigned l) {
    if (w.launch->stop)
      return;
    if (at[l] % 8 || size[l] % 8) {
      w.fault(in, l, at[l] % 8 ? "misaligned" : "async-size",
              "the address and size of st.bulk are multiples of 8", true,
              &at[l]);
      return;
    }
    SharedPlace p = w.sharedPlace(in, l, at[l], size[l], "write");
    if (!p.memory)
      return;
    w.noteOwn(in, l, p, uint32_t(size[l]), true);
    std::memset(p.memory->data.data() + p.offset, 0, size[l]);
    std::memset(p.memory->defined.data() + p.offset, SharedDefined, size[l]);
  });
}

} // namespace

bool moa::ptx::decodeStoreAsync(Decoder &d, bool reduces) {
  auto info = std::make_unique<StoreAsync>();
  d.take("async");
  d.takeOne({"weak", "relaxed"});
  d.take("cluster");
  if (!d.take("shared::cluster") || !d.take("mbarrier::complete_tx::bytes"))
    return d.unsupported("this form of '" + std::string(d.ast->opcode) +
                         ".async'");
  int vector = d.takeOne({"v2", "v4"});
  if (reduces) {
    if (!decodeReduction(d, info->reduction))
      return false;
    info->bytes = info->reduction.bytes;
  } else {
    info->bytes = bytesOf(d.takeType());
  }
  if (!d.operands(3, 3) || !d.address(d.operand(0)) ||
      !d.address(d.operand(2), info->barrier))
    return false;
  Type type = info->bytes == 8 ? Type::B64 : Type::B32;
  const Operand &value = d.operand(1);
  if (value.kind == Operand::Kind::Vector)
    for (const Operand &e : value.elements)
      info->values.push_back(d.source(e, type));
  else
    info->values.push_back(d.source(value, type));
  size_t count = vector < 0 ? 1 : size_t(2) << vector;
  if (info->values.size() != count || (info->bytes != 4 && info->bytes != 8) ||
      count * info->bytes > 16 || (reduces && count > 1))
    return d.error("malformed '" + std::string(d.ast->opcode) + ".async'");
  d.in.mode = uint32_t(Space::Shared);
  d.in.run = runStoreAsync;
  d.in.extra = std::move(info);
  return !d.failed();
}

bool moa::ptx::decodeStoreBulk(Decoder &d) {
  d.take("bulk");
  d.take("weak");
  bool isShared = d.take("shared::cta");
  int64_t value = 1;
  if (!d.operands(3, 3) || !d.address(d.operand(0)) ||
      !d.integer(d.operand(2), value))
    return false;
  if (value)
    return d.error("'st.bulk' stores zeros");
  d.in.src[0] = d.source(d.operand(1), Type::U64);
  d.in.mode = uint32_t(isShared ? Space::Shared : Space::Generic);
  d.in.run = runStoreBulk;
  return !d.failed();
}
