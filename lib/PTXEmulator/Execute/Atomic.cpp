//===- Atomic.cpp - atom, red -----------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BulkDecode.h"
#include "Combine.h"
#include "Families.h"
#include "MemoryModifiers.h"

using namespace moa::ptx;

namespace {

struct Atomic : InstExtra {
  MemoryModifiers m;
  Combine combine = nullptr;
  unsigned bytes = 0;
  std::vector<Slot> results, values;
  Slot third = noSlot;
};

void runAtomic(Warp &w, const Inst &in, Lanes lanes) {
  const auto &t = static_cast<const Atomic &>(*in.extra);
  if (t.m.release)
    w.fence(lanes);
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
    std::lock_guard<std::mutex> lock(atomicLock(a.data[l]));
    for (size_t i = 0; i < values.size(); ++i) {
      uint8_t *at = a.data[l] + i * t.bytes;
      uint64_t old =
          combineAt(at, t.bytes, t.combine, values[i][l], c ? c[l] : 0);
      if (!results.empty() && results[i])
        results[i][l] = old;
    }
  });
  w.learnGlobal(ok, a);
  if (t.m.acquire)
    w.fence(lanes);
}

template <bool isAtom> bool decodeAtomic(Decoder &d) {
  static constexpr std::string_view ops[] = {
      "add", "min", "max", "inc", "dec", "and", "or", "xor", "exch", "cas"};
  if (d.has("async"))
    return decodeStoreAsync(d, true);
  if (isAtom && d.has("b128"))
    return decodeWideAtomic(d);
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
  t->combine = combineNamed(op, type);
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
