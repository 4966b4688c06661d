//===- Atomic.cpp - atom, red -----------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"
#include "MemoryModifiers.h"

#include <algorithm>
#include <cstring>
#include <mutex>

using namespace moa::ptx;

namespace {

using Combine = uint64_t (*)(uint64_t old, uint64_t b, uint64_t c);

struct Atomic : InstExtra {
  MemoryModifiers m;
  Combine combine = nullptr;
  unsigned bytes = 0;
  std::vector<Slot> results, values;
  Slot third = noSlot;
};

/// Blocks run on several host threads: one lock for each part of memory.
std::mutex &lockOf(const uint8_t *data) {
  static std::mutex locks[256];
  return locks[reinterpret_cast<uintptr_t>(data) / 16 % 256];
}

void runAtomic(Warp &w, const Inst &in, Lanes lanes) {
  const auto &t = static_cast<const Atomic &>(*in.extra);
  ThreadClocks *clocks = w.clocks();
  if (t.m.release && clocks)
    forLanes(lanes, [&](unsigned l) { clocks->fence(w.thread(l)); });
  Access a;
  a.kind = AccessKind::Atomic;
  a.space = uint8_t(t.m.space);
  a.bytes = t.bytes * t.values.size();
  w.addresses(in, lanes, a.address);
  Lanes ok = w.access(in, lanes, a);
  const uint64_t *c = t.third != noSlot ? w.src(t.third) : nullptr;
  std::vector<const uint64_t *> values;
  std::vector<uint64_t *> results;
  for (Slot s : t.values)
    values.push_back(w.src(s));
  for (Slot s : t.results)
    results.push_back(s == noSlot ? nullptr : w.dst(s));
  forLanes(ok, [&](unsigned l) {
    std::lock_guard<std::mutex> lock(lockOf(a.data[l]));
    for (size_t i = 0; i < values.size(); ++i) {
      uint8_t *at = a.data[l] + i * t.bytes;
      uint64_t old = 0;
      std::memcpy(&old, at, t.bytes);
      uint64_t value = t.combine(old, values[i][l], c ? c[l] : 0);
      if (t.bytes == 4)
        __atomic_store_n(reinterpret_cast<uint32_t *>(at), uint32_t(value),
                         __ATOMIC_SEQ_CST);
      else if (t.bytes == 8)
        __atomic_store_n(reinterpret_cast<uint64_t *>(at), value,
                         __ATOMIC_SEQ_CST);
      else
        std::memcpy(at, &value, t.bytes);
      if (!results.empty() && results[i])
        results[i][l] = old;
    }
  });
  if (t.m.acquire && clocks)
    forLanes(lanes, [&](unsigned l) { clocks->fence(w.thread(l)); });
}

template <class T> struct Of {
  static uint64_t add(uint64_t a, uint64_t b, uint64_t) {
    return put<T>(T(get<T>(a) + get<T>(b)));
  }
  static uint64_t min(uint64_t a, uint64_t b, uint64_t) {
    return put<T>(std::min(get<T>(a), get<T>(b)));
  }
  static uint64_t max(uint64_t a, uint64_t b, uint64_t) {
    return put<T>(std::max(get<T>(a), get<T>(b)));
  }
  static uint64_t inc(uint64_t a, uint64_t b, uint64_t) {
    return get<T>(a) >= get<T>(b) ? 0 : put<T>(get<T>(a) + 1);
  }
  static uint64_t dec(uint64_t a, uint64_t b, uint64_t) {
    return get<T>(a) == 0 || get<T>(a) > get<T>(b) ? put<T>(get<T>(b))
                                                   : put<T>(get<T>(a) - 1);
  }
  static uint64_t bitAnd(uint64_t a, uint64_t b, uint64_t) { return T(a & b); }
  static uint64_t bitOr(uint64_t a, uint64_t b, uint64_t) { return T(a | b); }
  static uint64_t bitXor(uint64_t a, uint64_t b, uint64_t) { return T(a ^ b); }
  static uint64_t exch(uint64_t, uint64_t b, uint64_t) { return T(b); }
  static uint64_t cas(uint64_t a, uint64_t b, uint64_t c) {
    return T(a) == T(b) ? T(c) : T(a);
  }
};

enum HalfOp { HalfAdd, HalfMin, HalfMax };
template <bool isBf, HalfOp op> uint64_t half(uint64_t a, uint64_t b) {
  auto value = [](uint64_t x) {
    return isBf ? bfloatToFloat(x & 0xffff) : halfToFloat(x);
  };
  float x = value(a), y = value(b), r;
  if (op == HalfAdd)
    r = x + y;
  else if (std::isnan(x) || std::isnan(y))
    r = std::isnan(x) ? y : x;
  else
    r = op == HalfMin ? std::min(x, y) : std::max(x, y);
  return isBf ? floatToBfloat(r) : floatToHalf(r);
}
template <bool isBf, HalfOp op, bool two>
uint64_t halves(uint64_t a, uint64_t b, uint64_t) {
  uint64_t low = half<isBf, op>(a, b);
  return two ? low | half<isBf, op>(a >> 16, b >> 16) << 16 : low;
}

struct Entry {
  std::string_view op;
  Type type;
  Combine combine;
};
const Entry entries[] = {
    {"add", Type::U32, Of<uint32_t>::add},
    {"add", Type::S32, Of<uint32_t>::add},
    {"add", Type::U64, Of<uint64_t>::add},
    {"add", Type::S64, Of<uint64_t>::add},
    {"add", Type::F32, Of<float>::add},
    {"add", Type::F64, Of<double>::add},
    {"add", Type::F16, halves<false, HalfAdd, false>},
    {"add", Type::F16x2, halves<false, HalfAdd, true>},
    {"add", Type::BF16, halves<true, HalfAdd, false>},
    {"add", Type::BF16x2, halves<true, HalfAdd, true>},
    {"min", Type::F16, halves<false, HalfMin, false>},
    {"min", Type::F16x2, halves<false, HalfMin, true>},
    {"min", Type::BF16, halves<true, HalfMin, false>},
    {"min", Type::BF16x2, halves<true, HalfMin, true>},
    {"max", Type::F16, halves<false, HalfMax, false>},
    {"max", Type::F16x2, halves<false, HalfMax, true>},
    {"max", Type::BF16, halves<true, HalfMax, false>},
    {"max", Type::BF16x2, halves<true, HalfMax, true>},
    {"min", Type::U32, Of<uint32_t>::min},
    {"min", Type::S32, Of<int32_t>::min},
    {"min", Type::U64, Of<uint64_t>::min},
    {"min", Type::S64, Of<int64_t>::min},
    {"max", Type::U32, Of<uint32_t>::max},
    {"max", Type::S32, Of<int32_t>::max},
    {"max", Type::U64, Of<uint64_t>::max},
    {"max", Type::S64, Of<int64_t>::max},
    {"inc", Type::U32, Of<uint32_t>::inc},
    {"dec", Type::U32, Of<uint32_t>::dec},
    {"and", Type::B32, Of<uint32_t>::bitAnd},
    {"and", Type::B64, Of<uint64_t>::bitAnd},
    {"or", Type::B32, Of<uint32_t>::bitOr},
    {"or", Type::B64, Of<uint64_t>::bitOr},
    {"xor", Type::B32, Of<uint32_t>::bitXor},
    {"xor", Type::B64, Of<uint64_t>::bitXor},
    {"exch", Type::B32, Of<uint32_t>::exch},
    {"exch", Type::B64, Of<uint64_t>::exch},
    {"cas", Type::B16, Of<uint16_t>::cas},
    {"cas", Type::B32, Of<uint32_t>::cas},
    {"cas", Type::B64, Of<uint64_t>::cas},
};

/// Bits may be written as unsigned numbers and the reverse.
Type canonical(std::string_view op, Type type) {
  bool bits =
      op == "and" || op == "or" || op == "xor" || op == "exch" || op == "cas";
  if (!bits)
    return type == Type::B32 ? Type::U32 : type == Type::B64 ? Type::U64 : type;
  switch (bitsOf(type)) {
  case 16:
    return Type::B16;
  case 32:
    return Type::B32;
  case 64:
    return Type::B64;
  default:
    return type;
  }
}

template <bool isAtom> bool decodeAtomic(Decoder &d) {
  static constexpr std::string_view ops[] = {
      "add", "min", "max", "inc", "dec", "and", "or", "xor", "exch", "cas"};
  if (d.has("async"))
    return d.unsupported("'red.async'");
  auto t = std::make_unique<Atomic>();
  if (!takeMemoryModifiers(d, t->m))
    return false;
  t->m.strong = true;
  d.take("noftz");
  int vector = d.takeOne({"v2", "v4", "v8"});
  std::string_view op;
  for (std::string_view o : ops)
    if (d.take(o))
      op = o;
  Type type = d.takeType();
  for (const Entry &e : entries)
    if (e.op == op && e.type == canonical(op, type))
      t->combine = e.combine;
  if (!t->combine)
    return d.unsupported("this operation on this type");
  t->bytes = bytesOf(type);
  bool cas = op == "cas";
  size_t first = isAtom ? 1 : 0, needed = first + 2 + cas;
  if (!d.operands(needed, needed + 1))
    return false;
  if (d.operandCount() > needed &&
      d.source(d.operand(needed), Type::B64) == noSlot)
    return false;
  size_t count = vector < 0 ? 1 : size_t(2) << vector;
  auto collect = [&](const Operand &o, std::vector<Slot> &into, bool isResult) {
    auto one = [&](const Operand &e) {
      if (isResult && e.kind == Operand::Kind::Sink)
        into.push_back(noSlot);
      else
        into.push_back(isResult ? d.destination(e) : d.source(e, type));
    };
    if (o.kind == Operand::Kind::Vector)
      for (const Operand &e : o.elements)
        one(e);
    else
      one(o);
    return into.size() == count;
  };
  if ((isAtom && !collect(d.operand(0), t->results, true)) ||
      !collect(d.operand(first + 1), t->values, false))
    return d.error("the number of registers is not that of the vector");
  if (cas)
    t->third = d.source(d.operand(first + 2), type);
  if (!d.address(d.operand(first)))
    return false;
  d.in.run = runAtomic;
  d.in.extra = std::move(t);
  return !d.failed();
}

} // namespace

void moa::ptx::addAtomic(InstructionTable &t) {
  t["atom"] = decodeAtomic<true>;
  t["red"] = decodeAtomic<false>;
}
