//===- Wide.cpp - Registers of 128 bits -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A register holds 64 bits a lane; one of type .b128 is two of them.
//
//===----------------------------------------------------------------------===//

#include "Combine.h"
#include "Families.h"
#include "MemoryModifiers.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

namespace {

constexpr unsigned wideBytes = 16;

struct WideMove : InstExtra {
  Slot from[2] = {noSlot, noSlot}, to[2] = {noSlot, noSlot};
};

void runWideMove(Warp &w, const Inst &in, Lanes lanes) {
  const auto &m = static_cast<const WideMove &>(*in.extra);
  uint64_t value[2][warpSize];
  for (unsigned i = 0; i < 2; ++i)
    std::copy_n(w.src(m.from[i]), warpSize, value[i]);
  for (unsigned i = 0; i < 2; ++i) {
    if (m.to[i] == noSlot)
      continue;
    uint64_t *d = w.dst(m.to[i]);
    forLanes(lanes, [&](unsigned l) { d[l] = value[i][l]; });
  }
}

/// A register of 128 bits, or a vector of two of 64.
bool halvesOf(Decoder &d, const Operand &o, bool isResult, Slot *halves) {
  if (o.kind != Operand::Kind::Vector)
    return d.wideRegister(o, isResult, halves);
  if (o.elements.size() != 2)
    return d.error("two registers of 64 bits are needed");
  for (unsigned i = 0; i < 2; ++i) {
    const Operand &e = o.elements[i];
    if (isResult && e.kind == Operand::Kind::Sink)
      continue;
    halves[i] = isResult ? d.destination(e) : d.source(e, Type::B64);
  }
  return !d.failed();
}

struct WideAtomic : InstExtra {
  MemoryModifiers m;
  bool compares = false;
  Slot result[2] = {noSlot, noSlot};
  Slot value[2] = {noSlot, noSlot}, other[2] = {noSlot, noSlot};
};

void runWideAtomic(Warp &w, const Inst &in, Lanes lanes) {
  const auto &t = static_cast<const WideAtomic &>(*in.extra);
  if (t.m.release)
    w.fence(lanes);
  Access a;
  a.kind = AccessKind::Atomic;
  a.space = uint8_t(t.m.space);
  a.bytes = wideBytes;
  w.addresses(in, lanes, a.address);
  Lanes ok = w.access(in, lanes, a);
  forLanes(ok, [&](unsigned l) {
    auto pair = [&](const Slot *slots, uint64_t *into) {
      for (unsigned i = 0; i < 2; ++i)
        into[i] = w.src(slots[i])[l];
    };
    uint64_t old[2], value[2], wanted[2];
    pair(t.value, value);
    std::lock_guard<std::mutex> lock(atomicLock(a.data[l]));
    std::memcpy(old, a.data[l], wideBytes);
    bool writes = true;
    if (t.compares) {
      writes = old[0] == value[0] && old[1] == value[1];
      pair(t.other, wanted);
    }
    if (writes)
      std::memcpy(a.data[l], t.compares ? wanted : value, wideBytes);
    for (unsigned i = 0; i < 2; ++i)
      if (t.result[i] != noSlot)
        w.dst(t.result[i])[l] = old[i];
  });
  w.learnGlobal(ok, a);
  if (t.m.acquire)
    w.fence(lanes);
}

} // namespace

bool moa::ptx::decodeWideMove(Decoder &d) {
  auto m = std::make_unique<WideMove>();
  if (!halvesOf(d, d.operand(1), false, m->from) ||
      !halvesOf(d, d.operand(0), true, m->to))
    return false;
  d.in.run = runWideMove;
  d.in.extra = std::move(m);
  return true;
}

bool moa::ptx::decodeWideAtomic(Decoder &d) {
  auto t = std::make_unique<WideAtomic>();
  if (!takeMemoryModifiers(d, t->m))
    return false;
  t->m.strong = true;
  d.take("b128");
  int op = d.takeOne({"exch", "cas"});
  if (op < 0)
    return d.unsupported("this operation on this type");
  t->compares = op == 1;
  size_t count = 3 + t->compares;
  if (!d.operands(count, count + 1) || !d.address(d.operand(1)) ||
      !d.wideRegister(d.operand(2), false, t->value) ||
      (t->compares && !d.wideRegister(d.operand(3), false, t->other)))
    return false;
  if (d.operandCount() > count)
    d.source(d.operand(count), Type::B64);
  if (d.operand(0).kind != Operand::Kind::Sink &&
      !d.wideRegister(d.operand(0), true, t->result))
    return false;
  d.in.run = runWideAtomic;
  d.in.extra = std::move(t);
  return !d.failed();
}
