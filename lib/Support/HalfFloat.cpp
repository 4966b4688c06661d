//===- HalfFloat.cpp - f16 and bf16 conversions -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One encoder and one decoder serve both formats. Each works on the bits of a
// double, which holds every value of the narrower types exactly.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/HalfFloat.h"

#include <bit>

namespace {
constexpr int doubleFractionBits = 52;
constexpr int doubleBias = 1023;
constexpr uint64_t doubleExponentMax = 0x7ff;
constexpr uint64_t doubleFractionMask = (uint64_t(1) << 52) - 1;
constexpr uint64_t doubleQuietBit = uint64_t(1) << 51;

/// A 16-bit format of one sign bit, `exponentBits` and `fractionBits`.
template <int exponentBits, int fractionBits> struct Format {
  static_assert(exponentBits + fractionBits == 15);
  static constexpr int bias = (1 << (exponentBits - 1)) - 1;
  static constexpr uint64_t exponentMax = (1 << exponentBits) - 1;
  static constexpr uint64_t infinity = exponentMax << fractionBits;
  static constexpr uint64_t quietBit = uint64_t(1) << (fractionBits - 1);
  static constexpr uint64_t fractionMask = (uint64_t(1) << fractionBits) - 1;

  static uint16_t encode(double value) {
    uint64_t bits = std::bit_cast<uint64_t>(value);
    uint64_t sign = bits >> 63 << 15;
    uint64_t exponent = bits >> doubleFractionBits & doubleExponentMax;
    uint64_t fraction = bits & doubleFractionMask;
    if (exponent == doubleExponentMax) {
      uint64_t payload = fraction >> (doubleFractionBits - fractionBits);
      return sign | infinity | (fraction ? payload | quietBit : 0);
    }
    // Zeros, and doubles so small that they are subnormal themselves.
    if (exponent == 0)
      return sign;
    return sign | roundMagnitude(static_cast<int>(exponent) - doubleBias + bias,
                                 fraction | uint64_t(1) << doubleFractionBits);
  }

  /// Rounds the 53-bit `significand`, whose leading bit weighs as the exponent
  /// field `exponent` of this format says (which may lie outside its range).
  static uint64_t roundMagnitude(int exponent, uint64_t significand) {
    int shift = doubleFractionBits - fractionBits;
    if (exponent < 1) {
      // Subnormal here: the leading bit becomes an ordinary fraction bit.
      shift += 1 - exponent;
      exponent = 1;
    }
    // Below half of the smallest subnormal value.
    if (shift > doubleFractionBits + 1)
      return 0;
    uint64_t kept = significand >> shift;
    uint64_t rest = significand & ((uint64_t(1) << shift) - 1);
    uint64_t half = uint64_t(1) << (shift - 1);
    kept += rest > half || (rest == half && (kept & 1));
    // The leading bit of `kept`, where there is one, adds 1 to the exponent,
    // and so does the carry out of rounding: into the normal range or to
    // infinity.
    uint64_t magnitude =
        (static_cast<uint64_t>(exponent - 1) << fractionBits) + kept;
    return magnitude < infinity ? magnitude : infinity;
  }

  static double decode(uint16_t pattern) {
    uint64_t sign = static_cast<uint64_t>(pattern) >> 15 << 63;
    uint64_t exponent = pattern >> fractionBits & exponentMax;
    uint64_t fraction = pattern & fractionMask;
    constexpr int widen = doubleFractionBits - fractionBits;
    if (exponent == exponentMax) {
      uint64_t payload = fraction ? fraction << widen | doubleQuietBit : 0;
      return std::bit_cast<double>(
          sign | doubleExponentMax << doubleFractionBits | payload);
    }
    if (exponent == 0) {
      // Subnormal: fraction * 2^(1 - bias - fractionBits); the power is exact.
      constexpr uint64_t power = doubleBias + 1 - bias - fractionBits;
      double unit = std::bit_cast<double>(power << doubleFractionBits);
      double magnitude = static_cast<double>(fraction) * unit;
      return std::bit_cast<double>(sign | std::bit_cast<uint64_t>(magnitude));
    }
    return std::bit_cast<double>(
        sign | (exponent - bias + doubleBias) << doubleFractionBits |
        fraction << widen);
  }
};

using Binary16 = Format<5, 10>;
using BFloat16 = Format<8, 7>;

/// A double that rounds to any 16-bit format as `value` itself would. Bits that
/// a double cannot hold are folded into its last bit, which is far below the
/// places where the formats round ("rounding to odd"): so only one rounding to
/// nearest happens.
double sticky(int64_t value) {
  constexpr uint64_t lost = 0x7ff;
  uint64_t magnitude = value < 0 ? -static_cast<uint64_t>(value) : value;
  if (magnitude >> 53 && (magnitude & lost))
    magnitude = (magnitude & ~lost) | (lost + 1);
  double result = static_cast<double>(magnitude);
  return value < 0 ? -result : result;
}
} // namespace

uint16_t moa::f16FromDouble(double value) { return Binary16::encode(value); }
uint16_t moa::f16FromFloat(float value) { return Binary16::encode(value); }
uint16_t moa::f16FromInt(int64_t value) {
  return Binary16::encode(sticky(value));
}
double moa::f16ToDouble(uint16_t bits) { return Binary16::decode(bits); }
float moa::f16ToFloat(uint16_t bits) {
  return static_cast<float>(Binary16::decode(bits));
}

uint16_t moa::bf16FromDouble(double value) { return BFloat16::encode(value); }
uint16_t moa::bf16FromFloat(float value) { return BFloat16::encode(value); }
uint16_t moa::bf16FromInt(int64_t value) {
  return BFloat16::encode(sticky(value));
}
double moa::bf16ToDouble(uint16_t bits) { return BFloat16::decode(bits); }
float moa::bf16ToFloat(uint16_t bits) {
  return static_cast<float>(BFloat16::decode(bits));
}
