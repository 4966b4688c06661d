//===- Move.cpp - Moves, addresses, special registers -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"

#include <chrono>

using namespace moa::ptx;

namespace {

void runMov(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = a[l]; });
}

void runMovPredicate(Warp &w, const Inst &in, Lanes lanes) {
  w.setPredicate(in.dst, lanes, w.predicate(in, 0));
}

struct Parts : InstExtra {
  std::vector<Slot> slots;
  unsigned width = 0;
};

/// mov.b64 d, {a, b}: the first is the lowest.
void runPack(Warp &w, const Inst &in, Lanes lanes) {
  const auto &p = static_cast<const Parts &>(*in.extra);
  uint64_t value[warpSize] = {};
  uint64_t mask = (uint64_t(1) << p.width) - 1;
  for (size_t i = 0; i < p.slots.size(); ++i) {
    const uint64_t *a = w.src(p.slots[i]);
    forLanes(lanes,
             [&](unsigned l) { value[l] |= (a[l] & mask) << (i * p.width); });
  }
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = value[l]; });
}

/// mov.b64 {a, b}, d.
void runUnpack(Warp &w, const Inst &in, Lanes lanes) {
  const auto &p = static_cast<const Parts &>(*in.extra);
  uint64_t value[warpSize];
  const uint64_t *a = w.src(in.src[0]);
  for (unsigned l = 0; l < warpSize; ++l)
    value[l] = a[l];
  uint64_t mask = (uint64_t(1) << p.width) - 1;
  for (size_t i = 0; i < p.slots.size(); ++i) {
    if (p.slots[i] == noSlot)
      continue;
    uint64_t *d = w.dst(p.slots[i]);
    forLanes(lanes,
             [&](unsigned l) { d[l] = value[l] >> (i * p.width) & mask; });
  }
}

/// Special registers that change: mode says which.
enum Changing : uint32_t {
  Clock32,
  ClockHigh,
  Clock64,
  Timer,
  TimerLow,
  TimerHigh,
  None
};

void runSpecial(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t *d = w.dst(in.dst);
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  uint64_t ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  uint64_t value = in.mode < Timer ? w.clock * 4 : ns;
  if (in.mode == ClockHigh || in.mode == TimerHigh)
    value >>= 32;
  if (in.mode != Clock64 && in.mode != Timer)
    value = uint32_t(value);
  forLanes(lanes, [&](unsigned l) { d[l] = value; });
}

Changing changingNamed(std::string_view name) {
  static constexpr std::pair<std::string_view, Changing> names[] = {
      {"%clock", Clock32},           {"%clock_hi", ClockHigh},
      {"%clock64", Clock64},         {"%globaltimer", Timer},
      {"%globaltimer_lo", TimerLow}, {"%globaltimer_hi", TimerHigh}};
  for (auto [text, value] : names)
    if (text == name)
      return value;
  return None;
}

bool decodeVectorMov(Decoder &d, Type type) {
  bool pack = d.operand(1).kind == Operand::Kind::Vector;
  const Operand &vector = d.operand(pack ? 1 : 0);
  auto parts = std::make_unique<Parts>();
  size_t count = vector.elements.size();
  if (count < 2 || bitsOf(type) % count || bitsOf(type) > 64)
    return d.unsupported("this number of elements");
  parts->width = bitsOf(type) / count;
  for (const Operand &e : vector.elements) {
    Slot slot;
    if (pack)
      slot = d.source(e, parts->width == 8    ? Type::B8
                         : parts->width == 16 ? Type::B16
                                              : Type::B32);
    else
      slot = e.kind == Operand::Kind::Sink ? noSlot : d.destination(e);
    parts->slots.push_back(slot);
  }
  if (pack)
    d.in.dst = d.destination(d.operand(0));
  else
    d.in.src[0] = d.source(d.operand(1), type);
  d.in.run = pack ? runPack : runUnpack;
  d.in.extra = std::move(parts);
  return !d.failed();
}

bool decodeMov(Decoder &d) {
  d.in.flags |= Propagates | Copies;
  Type type = d.takeType();
  if (!d.operands(2, 2))
    return false;
  const Operand &from = d.operand(1);
  if (d.operand(0).kind == Operand::Kind::Vector ||
      from.kind == Operand::Kind::Vector)
    return decodeVectorMov(d, type);
  if (type == Type::Pred) {
    d.in.run = runMovPredicate;
    d.in.src[0] = d.predicateSource(0, from);
    d.in.dst = d.predicateDestination(d.operand(0));
    return !d.failed();
  }
  if (type == Type::B128)
    return finish(d, nullptr, 1, type);
  d.in.dst = d.destination(d.operand(0));
  if (from.kind == Operand::Kind::Special)
    if (Changing which = changingNamed(from.name); which != None) {
      d.in.run = runSpecial;
      d.in.mode = which;
      return !d.failed();
    }
  if (from.kind == Operand::Kind::Special &&
      from.name.substr(0, 7) == "%envreg") {
    d.in.run = runMov;
    d.in.src[0] = d.constant(0);
    return !d.failed();
  }
  d.in.run = runMov;
  d.in.src[0] = d.source(from, type);
  return !d.failed();
}

/// Where a space begins in the generic addresses.
uint64_t windowStart(std::string_view space) {
  return space.substr(0, 6) == "shared" ? sharedWindow
         : space == "local"             ? localWindow
                                        : 0;
}

void runAddOffset(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = a[l] + in.imm; });
}

std::string_view takeSpace(Decoder &d) {
  static constexpr std::string_view spaces[] = {
      "global", "shared", "shared::cta", "shared::cluster",
      "local",  "const",  "param",       "param::entry"};
  for (std::string_view space : spaces)
    if (d.take(space))
      return space;
  return {};
}

/// cvta{.to}.space.size d, a
bool decodeCvta(Decoder &d) {
  bool to = d.take("to");
  std::string_view space = takeSpace(d);
  Type type = d.takeType();
  if (space.empty() || !d.operands(2, 2))
    return d.error("'cvta' needs a state space");
  d.in.run = runAddOffset;
  d.in.imm = int64_t(windowStart(space)) * (to ? -1 : 1);
  // A parameter of a function lies in local memory.
  if (space.substr(0, 5) == "param" && !d.function.isEntry)
    d.in.imm = int64_t(localWindow);
  d.in.src[0] = d.source(d.operand(1), type);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

/// isspacep.space p, a: mode says which.
void runIsspacep(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  Lanes r = 0;
  forLanes(lanes, [&](unsigned l) {
    uint64_t x = a[l];
    bool shared = x >= sharedWindow && x < sharedWindowEnd;
    bool local = x >= localWindow && x < localWindowEnd;
    bool param = x >= paramWindow && x < paramWindowEnd;
    bool own = shared && (x - sharedWindow) >> sharedRankShift == w.block->rank;
    bool constant = false;
    if (in.mode == 4)
      if (Allocation *m = w.launch->memory->find(x))
        constant = m->readOnly;
    bool is[] = {
        !shared && !local && !param, own, shared, local, constant, param};
    r |= Lanes(is[in.mode]) << l;
  });
  w.setPredicate(in.dst, lanes, r);
}
bool decodeIsspacep(Decoder &d) {
  std::string_view space = takeSpace(d);
  if (space.empty() || !d.operands(2, 2))
    return d.error("'isspacep' needs a state space");
  d.in.run = runIsspacep;
  d.in.mode = space == "global"                             ? 0
              : space == "shared" || space == "shared::cta" ? 1
              : space == "shared::cluster"                  ? 2
              : space == "local"                            ? 3
              : space == "const"                            ? 4
                                                            : 5;
  d.in.src[0] = d.source(d.operand(1), Type::B64);
  d.in.dst = d.predicateDestination(d.operand(0));
  return !d.failed();
}

/// mapa{.shared::cluster}.size d, a, b: the same place in block b.
void runMapa(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]);
  uint64_t *d = w.dst(in.dst);
  uint64_t field = uint64_t(0xff) << sharedRankShift;
  forLanes(lanes, [&](unsigned l) {
    d[l] = (a[l] & ~field) | (b[l] & 0xff) << sharedRankShift;
  });
}
bool decodeMapa(Decoder &d) {
  takeSpace(d);
  Type type = d.takeType();
  return finish(d, runMapa, 2, type);
}
void runGetctarank(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = a[l] >> sharedRankShift & 0xff; });
}

/// createpolicy: policies change nothing here.
bool decodeCreatepolicy(Decoder &d) {
  d.in.run = runMov;
  for (std::string_view m : d.ast->modifiers)
    d.take(m);
  if (!d.operands(1, 4))
    return false;
  for (size_t i = 1; i < d.operandCount(); ++i)
    if (d.operand(i).kind == Operand::Kind::Address) {
      d.address(d.operand(i));
    } else {
      d.source(d.operand(i), Type::B32);
    }
  d.in.src[0] = d.constant(0);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

/// alloca.type p, size{, align}: more local memory until the function ends.
void runAlloca(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *size = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  uint64_t align = in.imm;
  forLanes(lanes, [&](unsigned l) {
    uint64_t base = (w.local[l].size() + align - 1) / align * align;
    if (size[l] > (1 << 26)) {
      w.fault(in, l, "out-of-memory", "alloca of more than 64 MiB", true);
      return;
    }
    w.local[l].resize(base + size[l]);
    w.localState[l].resize(base + size[l]);
    d[l] = base;
  });
}
bool decodeAlloca(Decoder &d) {
  Type type = d.takeType();
  if (!d.operands(2, 3))
    return false;
  d.in.imm = 8;
  if (d.operandCount() == 3 && !d.integer(d.operand(2), d.in.imm))
    return false;
  if (d.in.imm <= 0 || d.in.imm > 4096)
    return d.error("a bad alignment");
  d.in.run = runAlloca;
  d.in.src[0] = d.source(d.operand(1), type);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}
void runStacksave(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = w.local[l].size(); });
}
void runStackrestore(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  forLanes(lanes, [&](unsigned l) {
    if (a[l] <= w.local[l].size() && a[l] >= w.frame().localBase[l]) {
      w.local[l].resize(a[l]);
      w.localState[l].resize(a[l]);
    }
  });
}

} // namespace

void moa::ptx::addMove(InstructionTable &t) {
  t["mov"] = decodeMov;
  t["cvta"] = decodeCvta;
  t["isspacep"] = decodeIsspacep;
  t["mapa"] = decodeMapa;
  t["getctarank"] = [](Decoder &d) {
    takeSpace(d);
    return finish(d, runGetctarank, 1, d.takeType());
  };
  t["createpolicy"] = decodeCreatepolicy;
  t["alloca"] = decodeAlloca;
  t["stacksave"] = [](Decoder &d) {
    d.takeType();
    d.in.run = runStacksave;
    return d.operands(1, 1) &&
           (d.in.dst = d.destination(d.operand(0))) != noSlot;
  };
  t["stackrestore"] = [](Decoder &d) {
    Type type = d.takeType();
    d.in.run = runStackrestore;
    return d.operands(1, 1) &&
           (d.in.src[0] = d.source(d.operand(0), type)) != noSlot;
  };
}
