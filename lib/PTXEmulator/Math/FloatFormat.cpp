//===- FloatFormat.cpp - Floating-point formats, rounding -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatFormat.h"

#include <memory>

using namespace moa::ptx;

Exact moa::ptx::exactOf(double value) {
  uint64_t bits = std::bit_cast<uint64_t>(value);
  int exponent = (bits >> 52) & 0x7ff;
  uint64_t mantissa = bits & ((uint64_t(1) << 52) - 1);
  if (exponent)
    mantissa |= uint64_t(1) << 52;
  else
    exponent = 1;
  return {bool(bits >> 63), mantissa, exponent - 1075, false};
}

Exact moa::ptx::exactOf(uint64_t value) { return {false, value, 0, false}; }

Exact moa::ptx::exactOf(int64_t value) {
  uint64_t magnitude = value < 0 ? 0 - uint64_t(value) : uint64_t(value);
  return {value < 0, magnitude, 0, false};
}

/// Whether a fraction of `rest` (bits below, `half` of which is one half, and
/// sticky) rounds the magnitude up.
static bool roundsUp(Rounding rounding, bool negative, bool odd, bool half,
                     bool below) {
  switch (rounding) {
  case Rounding::Nearest:
    return half && (below || odd);
  case Rounding::Away:
    return half;
  case Rounding::Zero:
    return false;
  case Rounding::Down:
    return negative && (half || below);
  case Rounding::Up:
    return !negative && (half || below);
  }
  return false;
}

static uint64_t overflow(const FloatFormat &f, uint64_t largest, bool negative,
                         Rounding rounding, bool saturate) {
  bool towardsZero = rounding == Rounding::Zero ||
                     (rounding == Rounding::Down && !negative) ||
                     (rounding == Rounding::Up && negative);
  if (saturate || towardsZero || (!f.hasInf && !f.hasNaN))
    return largest;
  return f.hasInf ? largest + 1 : f.nan;
}

uint64_t moa::ptx::roundTo(const FloatFormat &f, Exact v, Rounding rounding,
                           bool saturate) {
  uint64_t sign = uint64_t(v.negative) << (f.exponentBits + f.mantissaBits);
  if (v.mantissa == 0 && !v.sticky)
    return sign;
  int shift = v.mantissa ? std::countl_zero(v.mantissa) : 0;
  uint64_t m = v.mantissa << shift;
  int exponent = v.exponent - shift + 63;
  int smallest = 1 - f.bias;
  int drop = 63 - f.mantissaBits;
  if (exponent < smallest) {
    drop += smallest - exponent;
    exponent = smallest;
  }
  uint64_t kept = drop < 64 ? m >> drop : 0;
  bool half = drop <= 64 && (m >> (drop - 1)) & 1;
  bool below = v.sticky;
  if (drop <= 64)
    below |= drop > 1 && (m << (65 - drop)) != 0;
  else
    below |= m != 0;
  kept += roundsUp(rounding, v.negative, kept & 1, half, below);
  uint64_t bits = (uint64_t(exponent + f.bias - 1) << f.mantissaBits) + kept;
  uint64_t top = (uint64_t(1) << (f.exponentBits + f.mantissaBits)) - 1;
  uint64_t largest = f.hasInf   ? top - (uint64_t(1) << f.mantissaBits)
                     : f.hasNaN ? top - 1
                                : top;
  if (exponent + f.bias - 1 > (1 << f.exponentBits) || bits > largest)
    bits = overflow(f, largest, v.negative, rounding, saturate);
  return sign | bits;
}

uint64_t moa::ptx::encodeFloat(const FloatFormat &f, double value,
                               Rounding rounding, bool saturate) {
  if (std::isnan(value))
    return f.nan;
  if (std::isinf(value)) {
    uint64_t sign = uint64_t(value < 0) << (f.exponentBits + f.mantissaBits);
    uint64_t top = (uint64_t(1) << (f.exponentBits + f.mantissaBits)) - 1;
    if (f.hasInf) {
      uint64_t inf = top - (uint64_t(1) << f.mantissaBits) + 1;
      return sign | (saturate ? inf - 1 : inf);
    }
    return sign | (f.hasNaN ? (saturate ? top - 1 : top) : top);
  }
  return roundTo(f, exactOf(value), rounding, saturate);
}

double moa::ptx::decodeFloat(const FloatFormat &f, uint64_t bits) {
  int width = f.exponentBits + f.mantissaBits;
  double sign = (bits >> width) & 1 ? -1.0 : 1.0;
  uint64_t top = (uint64_t(1) << width) - 1;
  uint64_t magnitude = bits & top;
  int exponent = int(magnitude >> f.mantissaBits);
  uint64_t mantissa = magnitude & ((uint64_t(1) << f.mantissaBits) - 1);
  if (f.hasInf && exponent == (1 << f.exponentBits) - 1)
    return mantissa ? NAN : sign * INFINITY;
  if (!f.hasInf && f.hasNaN && magnitude == top)
    return NAN;
  if (exponent)
    mantissa |= uint64_t(1) << f.mantissaBits;
  else
    exponent = 1;
  return sign *
         std::ldexp(double(mantissa), exponent - f.bias - f.mantissaBits);
}

double moa::ptx::fmaToOdd(double a, double b, double c) {
  double product = a * b;
  double sum = product + c;
  if (!std::isfinite(sum))
    return sum;
  double part = sum - product;
  double rest = (product - (sum - part)) + (c - part);
  uint64_t bits = std::bit_cast<uint64_t>(sum);
  if (rest != 0 && !(bits & 1)) {
    // One step towards the exact sum has an odd last bit.
    bool away = (rest > 0) == (sum > 0);
    bits += away ? 1 : -1;
  }
  return std::bit_cast<double>(bits);
}

static const float *makeHalfTable() {
  static const std::unique_ptr<float[]> table(new float[65536]);
  for (unsigned i = 0; i < 65536; ++i)
    table[i] = float(decodeFloat(formatF16, i));
  return table.get();
}

const float *const moa::ptx::halfTable = makeHalfTable();

uint16_t moa::ptx::floatToHalf(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  int exponent = int((bits >> 23) & 0xff) - 127;
  if (exponent < -14 || exponent > 14)
    return uint16_t(encodeFloat(formatF16, value));
  uint32_t magnitude = (bits & 0x7fffffff) - (112u << 23);
  magnitude += 0xfff + ((magnitude >> 13) & 1);
  return uint16_t((bits >> 16) & 0x8000) | uint16_t(magnitude >> 13);
}

uint16_t moa::ptx::floatToBfloat(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return 0x7fff;
  return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}
