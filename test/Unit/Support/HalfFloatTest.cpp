//===- HalfFloatTest.cpp - Tests of f16 and bf16 conversions ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exhaustive over all 65536 patterns of both formats, with LLVM's APFloat as
// the independent judge.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/HalfFloat.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"

#include "gtest/gtest.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using llvm::APFloat;
using llvm::APInt;

namespace {
struct Format {
  const char *name;
  const llvm::fltSemantics &semantics;
  uint16_t (*fromDouble)(double);
  uint16_t (*fromFloat)(float);
  uint16_t (*fromInt)(int64_t);
  double (*toDouble)(uint16_t);
  float (*toFloat)(uint16_t);
  uint16_t infinity;

  bool isNaN(uint16_t bits) const { return (bits & 0x7fff) > infinity; }
};

class HalfFloat : public ::testing::TestWithParam<Format> {};

constexpr uint32_t numPatterns = 1 << 16;

uint64_t bitsOf(double value) { return std::bit_cast<uint64_t>(value); }
uint32_t bitsOf(float value) { return std::bit_cast<uint32_t>(value); }

/// What APFloat makes of a bit pattern in the target format.
APInt convert(const llvm::fltSemantics &from, APInt bits,
              const llvm::fltSemantics &to) {
  APFloat value(from, bits);
  bool losesInfo;
  value.convert(to, APFloat::rmNearestTiesToEven, &losesInfo);
  return value.bitcastToAPInt();
}

uint16_t expectedFromDouble(const Format &format, double value) {
  return convert(APFloat::IEEEdouble(), APInt(64, bitsOf(value)),
                 format.semantics)
      .getZExtValue();
}
} // namespace

TEST_P(HalfFloat, EveryPatternToDoubleAndFloat) {
  const Format &format = GetParam();
  for (uint32_t bits = 0; bits < numPatterns; ++bits) {
    APInt pattern(16, bits);
    ASSERT_EQ(bitsOf(format.toDouble(bits)),
              convert(format.semantics, pattern, APFloat::IEEEdouble())
                  .getZExtValue())
        << bits;
    ASSERT_EQ(bitsOf(format.toFloat(bits)),
              convert(format.semantics, pattern, APFloat::IEEEsingle())
                  .getZExtValue())
        << bits;
  }
}

TEST_P(HalfFloat, EveryPatternRoundTrips) {
  const Format &format = GetParam();
  // The quiet bit is the leading one of the fraction, next to the exponent.
  uint16_t quietBit = (format.infinity & -format.infinity) >> 1;
  for (uint32_t bits = 0; bits < numPatterns; ++bits) {
    uint16_t expected = format.isNaN(bits) ? bits | quietBit : bits;
    ASSERT_EQ(format.fromDouble(format.toDouble(bits)), expected) << bits;
    ASSERT_EQ(format.fromFloat(format.toFloat(bits)), expected) << bits;
  }
}

TEST_P(HalfFloat, TiesGoToEvenAndNeighboursToTheNearest) {
  const Format &format = GetParam();
  double infinity = std::numeric_limits<double>::infinity();
  for (uint16_t low = 0; low < format.infinity; ++low) {
    uint16_t high = low + 1;
    // The step beyond the largest finite value is as long as the one before it.
    double below = format.toDouble(low);
    double above = high == format.infinity
                       ? below + (below - format.toDouble(low - 1))
                       : format.toDouble(high);
    double middle = below + (above - below) / 2;
    uint16_t even = low & 1 ? high : low;
    for (uint16_t sign : {0x0000, 0x8000}) {
      double factor = sign ? -1.0 : 1.0;
      ASSERT_EQ(format.fromDouble(factor * middle), sign | even) << low;
      ASSERT_EQ(format.fromDouble(factor * std::nextafter(middle, 0.0)),
                sign | low)
          << low;
      ASSERT_EQ(format.fromDouble(factor * std::nextafter(middle, infinity)),
                sign | high)
          << low;
    }
  }
}

TEST_P(HalfFloat, RandomDoublesAgreeWithAPFloat) {
  const Format &format = GetParam();
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    uint64_t bits = random();
    // Half of the exponents near the range of the formats.
    if (i % 2)
      bits = (bits & 0x800fffffffffffff) | (1023 - 160 + random() % 320) << 52;
    double value = std::bit_cast<double>(bits);
    ASSERT_EQ(format.fromDouble(value), expectedFromDouble(format, value))
        << std::hex << bits;
  }
}

TEST_P(HalfFloat, RandomFloatsAgreeWithAPFloat) {
  const Format &format = GetParam();
  std::mt19937 random(2);
  for (int i = 0; i < 200000; ++i) {
    uint32_t bits = random();
    ASSERT_EQ(format.fromFloat(std::bit_cast<float>(bits)),
              convert(APFloat::IEEEsingle(), APInt(32, bits), format.semantics)
                  .getZExtValue())
        << std::hex << bits;
  }
}

TEST_P(HalfFloat, IntegersRoundOnce) {
  const Format &format = GetParam();
  auto check = [&](int64_t value) {
    APFloat expected(format.semantics);
    expected.convertFromAPInt(APInt(64, value, /*isSigned=*/true),
                              /*IsSigned=*/true, APFloat::rmNearestTiesToEven);
    ASSERT_EQ(format.fromInt(value), expected.bitcastToAPInt().getZExtValue())
        << value;
  };
  for (int64_t value : {INT64_MIN, INT64_MIN + 1, INT64_MAX, int64_t(0)})
    check(value);
  for (int64_t value = -70000; value <= 70000; ++value)
    check(value);
  // Just above a tie of bfloat16: rounding to double first would lose the 1.
  for (int bit = 54; bit < 62; ++bit)
    for (int64_t odd : {-1, 0, 1})
      check((int64_t(1) << bit) + (int64_t(1) << (bit - 8)) + odd);
  std::mt19937_64 random(3);
  for (int i = 0; i < 100000; ++i)
    check(static_cast<int64_t>(random() >> random() % 64));
}

// Rounding to float on the way would turn these into ties.
TEST(HalfFloatDoubleRounding, F16) {
  double value = 1.0 + std::ldexp(1.0, -11) + std::ldexp(1.0, -40);
  EXPECT_EQ(moa::f16FromDouble(value), 0x3c01);
  EXPECT_EQ(moa::f16FromFloat(static_cast<float>(value)), 0x3c00);
}

TEST(HalfFloatDoubleRounding, BF16) {
  double value = 1.0 + std::ldexp(1.0, -8) + std::ldexp(1.0, -40);
  EXPECT_EQ(moa::bf16FromDouble(value), 0x3f81);
  EXPECT_EQ(moa::bf16FromFloat(static_cast<float>(value)), 0x3f80);
}

TEST(HalfFloatKnownValues, F16) {
  EXPECT_EQ(moa::f16FromDouble(1.0), 0x3c00);
  EXPECT_EQ(moa::f16FromDouble(-2.0), 0xc000);
  EXPECT_EQ(moa::f16FromDouble(65504.0), 0x7bff);
  EXPECT_EQ(moa::f16FromDouble(65520.0), 0x7c00);
  EXPECT_EQ(moa::f16FromDouble(-0.0), 0x8000);
  EXPECT_EQ(moa::f16ToDouble(0x0001), 0x1p-24);
}

TEST(HalfFloatKnownValues, BF16) {
  EXPECT_EQ(moa::bf16FromDouble(1.0), 0x3f80);
  EXPECT_EQ(moa::bf16FromDouble(-0.1), 0xbdcd);
  EXPECT_EQ(moa::bf16FromDouble(3.4e38), 0x7f80);
  EXPECT_EQ(moa::bf16ToDouble(0x0001), 0x1p-133);
}

INSTANTIATE_TEST_SUITE_P(
    Formats, HalfFloat,
    ::testing::Values(Format{"f16", APFloat::IEEEhalf(), moa::f16FromDouble,
                             moa::f16FromFloat, moa::f16FromInt,
                             moa::f16ToDouble, moa::f16ToFloat, 0x7c00},
                      Format{"bf16", APFloat::BFloat(), moa::bf16FromDouble,
                             moa::bf16FromFloat, moa::bf16FromInt,
                             moa::bf16ToDouble, moa::bf16ToFloat, 0x7f80}),
    [](const auto &info) { return info.param.name; });
