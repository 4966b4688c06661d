//===- MatrixKinds.h - Types of matrices ------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Codes of small integers in all types of matrices, for products that are exact
// in every order of addition.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_PTXEMULATOR_MATRIXKINDS_H
#define MOA_TEST_UNIT_PTXEMULATOR_MATRIXKINDS_H

#include <bit>
#include <cstdint>
#include <cstdlib>

namespace moa::ptx {

/// A type: its bits in a register and the code of a small integer.
struct Kind {
  const char *name;
  unsigned bits;
  int least, most;
  uint64_t (*code)(int value);
};

inline uint64_t pick(int value, uint64_t one, uint64_t two, uint64_t sign) {
  unsigned size = std::abs(value);
  return (size == 0 ? 0 : size == 1 ? one : two) | (value < 0 ? sign : 0);
}
inline uint64_t asFloatBits(int value) {
  return std::bit_cast<uint32_t>(float(value));
}
template <int mask> uint64_t low(int value) { return value & mask; }

inline const Kind f16{"f16", 16, -2, 2,
                      [](int v) { return pick(v, 0x3c00, 0x4000, 0x8000); }};
inline const Kind bf16{"bf16", 16, -2, 2,
                       [](int v) { return pick(v, 0x3f80, 0x4000, 0x8000); }};
inline const Kind tf32{"tf32", 32, -9, 9, asFloatBits};
inline const Kind f32{"f32", 32, -100, 100, asFloatBits};
inline const Kind f64{"f64", 64, -99, 99,
                      [](int v) { return std::bit_cast<uint64_t>(double(v)); }};
inline const Kind e4m3{"e4m3", 8, -2, 2,
                       [](int v) { return pick(v, 0x38, 0x40, 0x80); }};
inline const Kind e5m2{"e5m2", 8, -2, 2,
                       [](int v) { return pick(v, 0x3c, 0x40, 0x80); }};
inline const Kind e3m2{"e3m2", 8, -2, 2,
                       [](int v) { return pick(v, 0x0c, 0x10, 0x20); }};
inline const Kind e2m3{"e2m3", 8, -2, 2,
                       [](int v) { return pick(v, 0x08, 0x10, 0x20); }};
inline const Kind e2m1{"e2m1", 8, -2, 2,
                       [](int v) { return pick(v, 2 << 2, 4 << 2, 8 << 2); }};
inline const Kind s8{"s8", 8, -128, 127, low<255>};
inline const Kind u8{"u8", 8, 0, 255, low<255>};
inline const Kind s4{"s4", 4, -8, 7, low<15>};
inline const Kind u4{"u4", 4, 0, 15, low<15>};
inline const Kind b1{"b1", 1, 0, 1, low<1>};
inline const Kind s32{"s32", 32, -99999, 99999, low<-1>};

/// Half-precision codes of all integers that occur.
inline uint64_t halfCode(int value) {
  if (value == 0)
    return 0;
  int exponent = 0;
  while (std::abs(value) >> (exponent + 1))
    ++exponent;
  uint64_t mantissa = (uint64_t(std::abs(value)) << 10 >> exponent) & 0x3ff;
  return (value < 0 ? 0x8000 : 0) | uint64_t(exponent + 15) << 10 | mantissa;
}

inline uint64_t accumulatorCode(const Kind &kind, int64_t value) {
  return &kind == &f16 ? halfCode(int(value)) : kind.code(int(value));
}

} // namespace moa::ptx

#endif // MOA_TEST_UNIT_PTXEMULATOR_MATRIXKINDS_H
