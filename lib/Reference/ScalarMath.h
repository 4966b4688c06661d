//===- ScalarMath.h - Floats and integers as arith has them -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions behind arith operations and reducers.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_SCALARMATH_H
#define MOA_LIB_REFERENCE_SCALARMATH_H

#include "Array.h"

#include <cmath>

namespace moa::reference {

/// IEEE 754-2019 maximum: NaN if either is, and +0 above -0.
inline double maximum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? a : b;
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
inline double minimum(double a, double b) { return -maximum(-a, -b); }

/// The other operand where one is NaN.
inline double maxNum(double a, double b) {
  return std::isnan(a) ? b : std::isnan(b) ? a : maximum(a, b);
}
inline double minNum(double a, double b) { return -maxNum(-a, -b); }

/// Arithmetic modulo 2^width.
inline int64_t addInt(int64_t a, int64_t b, unsigned width) {
  return wrap(uint64_t(a) + uint64_t(b), width);
}
inline int64_t subInt(int64_t a, int64_t b, unsigned width) {
  return wrap(uint64_t(a) - uint64_t(b), width);
}
inline int64_t mulInt(int64_t a, int64_t b, unsigned width) {
  return wrap(uint64_t(a) * uint64_t(b), width);
}

/// The smallest and the largest signed integer of a width, as a Cell has it.
inline int64_t minSigned(unsigned width) {
  return wrap(int64_t(uint64_t(1) << (width - 1)), width);
}
inline int64_t maxSigned(unsigned width) {
  return wrap(int64_t((uint64_t(1) << (width - 1)) - 1), width);
}

inline int64_t maxInt(int64_t a, int64_t b, unsigned width) {
  return asSigned(a, width) >= asSigned(b, width) ? a : b;
}
inline int64_t minInt(int64_t a, int64_t b, unsigned width) {
  return asSigned(a, width) <= asSigned(b, width) ? a : b;
}

/// Quotient rounded down and remainder with the sign of `b`, for b != 0 and not
/// the smallest integer by -1.
inline int64_t floorDiv(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return a % b != 0 && ((a < 0) != (b < 0)) ? quotient - 1 : quotient;
}
inline int64_t ceilDiv(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return a % b != 0 && ((a < 0) == (b < 0)) ? quotient + 1 : quotient;
}

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_SCALARMATH_H
