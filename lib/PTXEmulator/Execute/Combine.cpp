//===- Combine.cpp - What atomics do with two values ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Combine.h"

#include "../Decode/Lanewise.h"

#include <algorithm>
#include <cmath>

using namespace moa::ptx;

std::mutex &moa::ptx::atomicLock(const uint8_t *data) {
  static std::mutex locks[256];
  return locks[reinterpret_cast<uintptr_t>(data) / 16 % 256];
}

uint64_t moa::ptx::combineAt(uint8_t *at, unsigned bytes, Combine combine,
                             uint64_t b, uint64_t c) {
  uint64_t old = 0;
  std::memcpy(&old, at, bytes);
  uint64_t value = combine(old, b, c);
  if (bytes == 4)
    __atomic_store_n(reinterpret_cast<uint32_t *>(at), uint32_t(value),
                     __ATOMIC_SEQ_CST);
  else if (bytes == 8)
    __atomic_store_n(reinterpret_cast<uint64_t *>(at), value, __ATOMIC_SEQ_CST);
  else
    std::memcpy(at, &value, bytes);
  return old;
}

namespace {

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

} // namespace

Combine moa::ptx::combineNamed(std::string_view op, Type type) {
  for (const Entry &e : entries)
    if (e.op == op && e.type == canonical(op, type))
      return e.combine;
  return nullptr;
}
