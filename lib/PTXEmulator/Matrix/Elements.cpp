//===- Elements.cpp - Elements of matrices in registers ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "../Math/FloatFormat.h"

#include <array>

using namespace moa::ptx;

bool moa::ptx::elementOf(Type type, bool inBytes, Element &element) {
  switch (type) {
  case Type::F16:
  case Type::BF16:
    element = {type, Arithmetic::Float, 16};
    return true;
  case Type::TF32:
    element = {type, Arithmetic::Float, 32};
    return true;
  case Type::E4M3:
  case Type::E5M2:
    element = {type, Arithmetic::Float, 8};
    return true;
  case Type::E3M2:
  case Type::E2M3:
  case Type::E2M1:
    element = {type, Arithmetic::Float, 8};
    return inBytes;
  case Type::F64:
    element = {type, Arithmetic::Double, 64};
    return true;
  case Type::S8:
  case Type::U8:
    element = {type, Arithmetic::Integer, 8};
    return true;
  case Type::S4:
  case Type::U4:
    element = {type, Arithmetic::Integer, 4};
    return true;
  case Type::B1:
    element = {type, Arithmetic::Bits, 1};
    return true;
  default:
    return false;
  }
}

/// All values of a type of one byte. The six bits of e3m2 and e2m3 are the low
/// ones, the four of e2m1 are in the middle.
static std::array<float, 256> byteTable(const FloatFormat &format,
                                        unsigned shift, unsigned mask) {
  std::array<float, 256> table;
  for (unsigned i = 0; i < 256; ++i)
    table[i] = static_cast<float>(decodeFloat(format, i >> shift & mask));
  return table;
}

static const float *valuesOf(Type type) {
  static const auto e4m3 = byteTable(formatE4M3, 0, 0xff);
  static const auto e5m2 = byteTable(formatE5M2, 0, 0xff);
  static const auto e3m2 = byteTable(formatE3M2, 0, 0x3f);
  static const auto e2m3 = byteTable(formatE2M3, 0, 0x3f);
  static const auto e2m1 = byteTable(formatE2M1, 2, 0xf);
  switch (type) {
  case Type::E4M3:
    return e4m3.data();
  case Type::E5M2:
    return e5m2.data();
  case Type::E3M2:
    return e3m2.data();
  case Type::E2M3:
    return e2m3.data();
  default:
    return e2m1.data();
  }
}

/// Without branches or tables, so that loops over it become vector code. The
/// exponent is moved by a multiplication, which keeps subnormals right.
static inline float halfBits(uint32_t h) {
  float magnitude = std::bit_cast<float>((h & 0x7fff) << 13) * 0x1p112f;
  uint32_t bits = std::bit_cast<uint32_t>(magnitude);
  bits |= (h & 0x7fff) >= 0x7c00 ? 0x7f800000u : 0u;
  return std::bit_cast<float>(bits | (h & 0x8000) << 16);
}

void moa::ptx::unpack(const Element &element, const uint32_t *words,
                      unsigned count, float *into) {
  switch (element.type) {
  case Type::F16:
    for (unsigned i = 0; i < count; ++i) {
      into[2 * i] = halfBits(words[i] & 0xffff);
      into[2 * i + 1] = halfBits(words[i] >> 16);
    }
    return;
  case Type::BF16:
    for (unsigned i = 0; i < count; ++i) {
      into[2 * i] = std::bit_cast<float>(words[i] << 16);
      into[2 * i + 1] = std::bit_cast<float>(words[i] & 0xffff0000);
    }
    return;
  case Type::TF32:
    for (unsigned i = 0; i < count; ++i)
      into[i] = std::bit_cast<float>(words[i] & 0xffffe000);
    return;
  default: {
    const float *table = valuesOf(element.type);
    for (unsigned i = 0; i < count; ++i)
      for (unsigned j = 0; j < 4; ++j)
        into[4 * i + j] = table[words[i] >> 8 * j & 0xff];
    return;
  }
  }
}

template <class T, unsigned bits>
static void unpackIntegers(const uint32_t *words, unsigned count,
                           int32_t *into) {
  constexpr unsigned each = 32 / bits;
  for (unsigned i = 0; i < count; ++i)
    for (unsigned j = 0; j < each; ++j)
      into[each * i + j] =
          static_cast<T>(words[i] << (32 - bits - bits * j)) >> (32 - bits);
}

void moa::ptx::unpack(const Element &element, const uint32_t *words,
                      unsigned count, int32_t *into) {
  switch (element.type) {
  case Type::S8:
    return unpackIntegers<int32_t, 8>(words, count, into);
  case Type::U8:
    return unpackIntegers<uint32_t, 8>(words, count, into);
  case Type::S4:
    return unpackIntegers<int32_t, 4>(words, count, into);
  default:
    return unpackIntegers<uint32_t, 4>(words, count, into);
  }
}
