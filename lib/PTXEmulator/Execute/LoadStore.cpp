//===- LoadStore.cpp - ld, st, fences ---------------------------*- C++ -*-===//
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

#include <cstring>

using namespace moa::ptx;

namespace {

struct Transfer : InstExtra {
  MemoryModifiers m;
  std::vector<Slot> slots;
  std::vector<uint64_t> masks; ///< of the registers written
  unsigned bytes = 0;          ///< of one element
  bool isS = false;
  bool isWide = false; ///< strong, 128 bits: all of it at once
};

template <class T> uint64_t load(const uint8_t *from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return std::is_signed_v<T> ? uint64_t(int64_t(value)) : uint64_t(value);
}

template <class T>
void loadLanes(Lanes lanes, uint64_t *d, uint8_t *const *from, unsigned offset,
               uint64_t mask) {
  forLanes(lanes, [&](unsigned l) { d[l] = load<T>(from[l] + offset) & mask; });
}

/// A strong access is one that other threads may wait for: one machine access.
uint64_t loadStrong(const uint8_t *from, unsigned bytes) {
  switch (bytes) {
  case 4:
    return __atomic_load_n(reinterpret_cast<const uint32_t *>(from),
                           __ATOMIC_ACQUIRE);
  case 8:
    return __atomic_load_n(reinterpret_cast<const uint64_t *>(from),
                           __ATOMIC_ACQUIRE);
  case 2:
    return __atomic_load_n(reinterpret_cast<const uint16_t *>(from),
                           __ATOMIC_ACQUIRE);
  default:
    return __atomic_load_n(from, __ATOMIC_ACQUIRE);
  }
}

void loadWide(Warp &w, const Transfer &t, Lanes lanes, const Access &a) {
  forLanes(lanes, [&](unsigned l) {
    std::lock_guard<std::mutex> lock(atomicLock(a.data[l]));
    for (unsigned i = 0; i < 2; ++i)
      std::memcpy(&w.dst(t.slots[i])[l], a.data[l] + 8 * i, 8);
  });
  if (t.m.acquire)
    w.fence(lanes);
}

void storeWide(Warp &w, const Transfer &t, Lanes lanes, const Access &a) {
  forLanes(lanes, [&](unsigned l) {
    std::lock_guard<std::mutex> lock(atomicLock(a.data[l]));
    for (unsigned i = 0; i < 2; ++i)
      std::memcpy(a.data[l] + 8 * i, &w.src(t.slots[i])[l], 8);
  });
}

void runLoad(Warp &w, const Inst &in, Lanes lanes) {
  const auto &t = static_cast<const Transfer &>(*in.extra);
  Access a;
  a.kind = AccessKind::Load;
  a.space = uint8_t(t.m.space);
  a.strong = t.m.strong;
  a.bytes = t.bytes * t.slots.size();
  w.addresses(in, lanes, a.address);
  Lanes ok = w.access(in, lanes, a);
  if (t.isWide) {
    loadWide(w, t, ok, a);
    return w.learnGlobal(ok, a);
  }
  for (size_t i = 0; i < t.slots.size(); ++i) {
    if (t.slots[i] == noSlot)
      continue;
    uint64_t *d = w.dst(t.slots[i]);
    unsigned offset = i * t.bytes;
    uint64_t mask = t.masks[i];
    if (t.m.strong) {
      forLanes(ok, [&](unsigned l) {
        d[l] = loadStrong(a.data[l] + offset, t.bytes);
      });
      if (!t.isS)
        continue;
    }
    switch (t.bytes | (t.isS ? 16 : 0)) {
    case 1:
      loadLanes<uint8_t>(ok, d, a.data, offset, mask);
      break;
    case 2:
      loadLanes<uint16_t>(ok, d, a.data, offset, mask);
      break;
    case 4:
      loadLanes<uint32_t>(ok, d, a.data, offset, mask);
      break;
    case 8:
    case 24:
      loadLanes<uint64_t>(ok, d, a.data, offset, mask);
      break;
    case 17:
      loadLanes<int8_t>(ok, d, a.data, offset, mask);
      break;
    case 18:
      loadLanes<int16_t>(ok, d, a.data, offset, mask);
      break;
    default:
      loadLanes<int32_t>(ok, d, a.data, offset, mask);
      break;
    }
  }
  if (t.m.strong)
    w.learnGlobal(ok, a);
  if (t.m.acquire)
    w.fence(lanes);
}

template <class T>
void storeLanes(Lanes lanes, const uint64_t *a, uint8_t *const *to,
                unsigned offset) {
  forLanes(lanes, [&](unsigned l) {
    T value = T(a[l]);
    std::memcpy(to[l] + offset, &value, sizeof value);
  });
}

void storeStrong(uint8_t *to, uint64_t value, unsigned bytes) {
  switch (bytes) {
  case 4:
    __atomic_store_n(reinterpret_cast<uint32_t *>(to), uint32_t(value),
                     __ATOMIC_RELEASE);
    break;
  case 8:
    __atomic_store_n(reinterpret_cast<uint64_t *>(to), value, __ATOMIC_RELEASE);
    break;
  case 2:
    __atomic_store_n(reinterpret_cast<uint16_t *>(to), uint16_t(value),
                     __ATOMIC_RELEASE);
    break;
  default:
    __atomic_store_n(to, uint8_t(value), __ATOMIC_RELEASE);
    break;
  }
}

/// Threads may write the same value to one place, in any order: compilers let
/// all threads that hold a value store it. It is a race if the value is another
/// than what is there, or than what a lane before this one stores there.
void reportMeetings(Warp &w, const Inst &in, Lanes lanes, const Access &a,
                    const Transfer &t) {
  auto value = [&](unsigned lane, uint8_t *bytes) {
    for (size_t i = 0; i < t.slots.size(); ++i)
      std::memcpy(bytes + i * t.bytes, &w.src(t.slots[i])[lane], t.bytes);
  };
  for (const auto &[lane, other] : a.meetings) {
    uint8_t mine[64], there[64];
    value(lane, mine);
    std::memcpy(there, a.data[lane], a.bytes);
    for (unsigned l = 0; l < lane; ++l)
      if (lanes >> l & 1 && a.data[l] == a.data[lane])
        value(l, there);
    if (std::memcmp(mine, there, a.bytes))
      w.race(in, lane, a.address[lane], true, false, other);
  }
}

void runStore(Warp &w, const Inst &in, Lanes lanes) {
  const auto &t = static_cast<const Transfer &>(*in.extra);
  if (t.m.release)
    w.fence(lanes);
  Access a;
  a.kind = AccessKind::Store;
  a.space = uint8_t(t.m.space);
  a.strong = t.m.strong;
  a.bytes = t.bytes * t.slots.size();
  a.keepsMeetings = !t.isWide;
  w.addresses(in, lanes, a.address);
  Lanes ok = w.access(in, lanes, a);
  if (!a.meetings.empty())
    reportMeetings(w, in, ok, a, t);
  if (t.isWide)
    return storeWide(w, t, ok, a);
  for (size_t i = 0; i < t.slots.size(); ++i) {
    const uint64_t *s = w.src(t.slots[i]);
    unsigned offset = i * t.bytes;
    if (t.m.strong) {
      forLanes(ok, [&](unsigned l) {
        storeStrong(a.data[l] + offset, s[l], t.bytes);
      });
      continue;
    }
    switch (t.bytes) {
    case 1:
      storeLanes<uint8_t>(ok, s, a.data, offset);
      break;
    case 2:
      storeLanes<uint16_t>(ok, s, a.data, offset);
      break;
    case 4:
      storeLanes<uint32_t>(ok, s, a.data, offset);
      break;
    default:
      storeLanes<uint64_t>(ok, s, a.data, offset);
      break;
    }
  }
}

template <bool isLoad> bool decodeTransfer(Decoder &d) {
  if (!isLoad && d.has("async"))
    return decodeStoreAsync(d, false);
  if (!isLoad && d.has("bulk"))
    return decodeStoreBulk(d);
  auto t = std::make_unique<Transfer>();
  if (!takeMemoryModifiers(d, t->m))
    return false;
  int vector = d.takeOne({"v2", "v4", "v8"});
  Type type = d.takeType();
  bool isWide = type == Type::B128;
  t->isWide = isWide && t->m.strong;
  if (isWide)
    type = Type::B64;
  if (type == Type::None || type == Type::Pred || bitsOf(type) > 64)
    return d.unsupported("type '." + std::string(typeInfo(type).name) + "'");
  t->bytes = bytesOf(type);
  t->isS = isLoad && isSigned(type);
  if (!d.operands(2, 3))
    return false;
  if (d.operandCount() == 3 && d.source(d.operand(2), Type::B64) == noSlot)
    return false;
  const Operand &value = d.operand(isLoad ? 0 : 1);
  size_t count = vector < 0 ? 1 : size_t(2) << vector;
  std::vector<const Operand *> elements;
  if (value.kind == Operand::Kind::Vector)
    for (const Operand &e : value.elements)
      elements.push_back(&e);
  else
    elements.push_back(&value);
  if (elements.size() != count)
    return d.error("the number of registers is not that of the vector");
  for (const Operand *e : elements) {
    if (isWide) {
      Slot halves[2];
      if (!d.wideRegister(*e, isLoad, halves))
        return false;
      t->slots.insert(t->slots.end(), halves, halves + 2);
      t->masks.insert(t->masks.end(), 2, ~uint64_t(0));
      continue;
    }
    if (isLoad && e->kind == Operand::Kind::Sink) {
      t->slots.push_back(noSlot);
      t->masks.push_back(0);
      continue;
    }
    t->slots.push_back(isLoad ? d.destination(*e) : d.source(*e, type));
    unsigned width = bitsOf(d.registerType(*e));
    t->masks.push_back(width && width < 64 ? (uint64_t(1) << width) - 1
                                           : ~uint64_t(0));
  }
  if (!d.address(d.operand(isLoad ? 1 : 0)))
    return false;
  // The parameters of a function, and those it passes, are in its frame.
  if (t->m.space == Space::Param &&
      !(d.in.address.base == AddressBase::Absolute && d.function.isEntry)) {
    bool entryRegister =
        d.function.isEntry && d.in.address.base == AddressBase::Register;
    t->m.space = entryRegister ? Space::Param : Space::Local;
  }
  d.in.run = isLoad ? runLoad : runStore;
  d.in.extra = std::move(t);
  return !d.failed();
}

} // namespace

bool moa::ptx::takeMemoryModifiers(Decoder &d, MemoryModifiers &m) {
  static constexpr std::pair<std::string_view, Space> spaces[] = {
      {"global", Space::Global},      {"shared", Space::Shared},
      {"shared::cta", Space::Shared}, {"shared::cluster", Space::Shared},
      {"local", Space::Local},        {"param", Space::Param},
      {"param::entry", Space::Param}, {"param::func", Space::Param},
      {"const", Space::Const}};
  for (auto [name, space] : spaces)
    if (d.take(name))
      m.space = space;
  int order = d.takeOne(
      {"weak", "volatile", "relaxed", "acquire", "release", "acq_rel", "mmio"});
  if (order == 6)
    d.take("relaxed");
  m.strong = order > 0;
  m.acquire = order == 3 || order == 5;
  m.release = order == 4 || order == 5;
  d.takeOne({"cta", "cluster", "gpu", "sys"});
  d.take("nc");
  d.take("unified");
  // How caches treat it changes nothing here.
  d.takeOne({"ca", "cg", "cs", "lu", "cv", "wb", "wt"});
  while (!d.takePrefix("L1::").empty() || !d.takePrefix("L2::").empty())
    ;
  return true;
}

void moa::ptx::addLoadStore(InstructionTable &t) {
  t["ld"] = decodeTransfer<true>;
  t["ldu"] = decodeTransfer<true>;
  t["st"] = decodeTransfer<false>;
}
