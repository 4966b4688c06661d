//===- Rational.h - Rational numbers that notice overflow -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Coefficients and powers of canonical forms. Arithmetic that leaves 64 bits
// gives an invalid number, which is sticky: whoever finds one refuses.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_RATIONAL_H
#define MOA_ALGEBRA_RATIONAL_H

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace moa::algebra {

/// A fraction in lowest terms with a positive denominator; 0/0 is invalid.
class Rational {
public:
  Rational(int64_t value = 0) : num(value), den(1) {}
  Rational(int64_t numerator, int64_t denominator);

  /// The exact value of `value`, if numerator and denominator are below 2^46.
  static std::optional<Rational> fromDouble(double value);

  int64_t numerator() const { return num; }
  int64_t denominator() const { return den; }
  bool isValid() const { return den != 0; }
  bool isZero() const { return num == 0 && den != 0; }
  bool isInteger() const { return den == 1; }
  bool isEven() const { return den == 1 && num % 2 == 0; }
  /// -1, 0 or 1.
  int sign() const { return (num > 0) - (num < 0); }
  double toDouble() const { return double(num) / double(den); }
  std::string str() const;

  Rational operator-() const { return *this * Rational(-1); }
  Rational operator+(const Rational &other) const;
  Rational operator-(const Rational &other) const { return *this + -other; }
  Rational operator*(const Rational &other) const;
  /// Invalid if `other` is zero.
  Rational operator/(const Rational &other) const;
  Rational abs() const { return num < 0 ? -*this : *this; }
  /// This to an integer power.
  Rational power(int64_t exponent) const;
  /// The square root where it is rational.
  std::optional<Rational> squareRoot() const;

  bool operator==(const Rational &other) const = default;
  /// A total order for containers, not that of the numbers.
  std::strong_ordering operator<=>(const Rational &other) const = default;

private:
  int64_t num;
  int64_t den;
};

} // namespace moa::algebra

#endif // MOA_ALGEBRA_RATIONAL_H
