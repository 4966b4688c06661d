//===- FloatFormat.h - Floating-point formats, rounding ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One rounding function for all formats and directions; the value to round is
// an integer times a power of two, so nothing is rounded twice.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATH_FLOATFORMAT_H
#define MOA_LIB_PTXEMULATOR_MATH_FLOATFORMAT_H

#include <bit>
#include <cmath>
#include <cstdint>

namespace moa::ptx {

/// .rn, .rna, .rz, .rm, .rp
enum class Rounding : uint8_t { Nearest, Away, Zero, Down, Up };

struct FloatFormat {
  int exponentBits, mantissaBits, bias;
  bool hasInf; ///< the top exponent holds infinities and NaN
  bool hasNaN; ///< without hasInf: all ones is the NaN
  uint64_t nan;
};

inline constexpr FloatFormat formatF16{5, 10, 15, true, true, 0x7fff};
inline constexpr FloatFormat formatBF16{8, 7, 127, true, true, 0x7fff};
inline constexpr FloatFormat formatTF32{8, 10, 127, true, true, 0x3ffff};
inline constexpr FloatFormat formatF32{8, 23, 127, true, true, 0x7fffffff};
inline constexpr FloatFormat formatF64{11,   52,   1023,
                                       true, true, 0x7ff8000000000000};
inline constexpr FloatFormat formatE4M3{4, 3, 7, false, true, 0x7f};
inline constexpr FloatFormat formatE5M2{5, 2, 15, true, true, 0x7f};
inline constexpr FloatFormat formatE2M3{2, 3, 1, false, false, 0};
inline constexpr FloatFormat formatE3M2{3, 2, 3, false, false, 0};
inline constexpr FloatFormat formatE2M1{2, 1, 1, false, false, 0};

/// mantissa * 2^exponent, and a little more where `sticky` is set.
struct Exact {
  bool negative = false;
  uint64_t mantissa = 0;
  int exponent = 0;
  bool sticky = false;
};

/// A finite double as it is.
Exact exactOf(double value);
Exact exactOf(int64_t value);
Exact exactOf(uint64_t value);

/// The bits of `value` rounded to `format`. Values too large become infinity
/// (or NaN where there is none) as the direction says, or with `saturate` the
/// largest finite value.
uint64_t roundTo(const FloatFormat &format, Exact value, Rounding rounding,
                 bool saturate = false);

/// The same for any double: NaN and infinities included.
uint64_t encodeFloat(const FloatFormat &format, double value,
                     Rounding rounding = Rounding::Nearest,
                     bool saturate = false);

double decodeFloat(const FloatFormat &format, uint64_t bits);

/// a * b + c rounded to odd in 53 bits, where a * b is exact in a double: a
/// second rounding to less than 50 bits gives what one rounding would.
double fmaToOdd(double a, double b, double c);

inline float asFloat(uint64_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits));
}
inline uint64_t bitsOf(float value) { return std::bit_cast<uint32_t>(value); }
inline double asDouble(uint64_t bits) { return std::bit_cast<double>(bits); }
inline uint64_t bitsOf(double value) { return std::bit_cast<uint64_t>(value); }

extern const float *const halfTable; ///< all 65536 values of f16
inline float halfToFloat(uint64_t bits) { return halfTable[bits & 0xffff]; }
uint16_t floatToHalf(float value);
inline float bfloatToFloat(uint64_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}
uint16_t floatToBfloat(float value);

/// Arithmetic with a direction of rounding. `T` is float or double.
template <class T> T addRounded(T a, T b, Rounding rounding);
template <class T> T mulRounded(T a, T b, Rounding rounding);
template <class T> T fmaRounded(T a, T b, T c, Rounding rounding);
template <class T> T divRounded(T a, T b, Rounding rounding);
template <class T> T sqrtRounded(T a, Rounding rounding);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATH_FLOATFORMAT_H
