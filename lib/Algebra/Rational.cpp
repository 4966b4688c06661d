//===- Rational.cpp - Rational numbers that notice overflow -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Rational.h"

#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace moa::algebra;

/// Builds a fraction from wide intermediate results.
static Rational reduce(__int128 num, __int128 den) {
  Rational invalid(0, 0);
  if (den == 0)
    return invalid;
  __int128 a = num < 0 ? -num : num, b = den < 0 ? -den : den;
  while (b != 0) {
    __int128 rest = a % b;
    a = b;
    b = rest;
  }
  if (a > 1) {
    num /= a;
    den /= a;
  }
  constexpr __int128 limit = INT64_MAX;
  if (num > limit || num < -limit || den > limit || den < -limit)
    return invalid;
  return Rational(int64_t(num), int64_t(den));
}

Rational::Rational(int64_t numerator, int64_t denominator)
    : num(numerator), den(denominator) {
  if (den == 0) {
    num = 0;
    return;
  }
  int64_t divisor = std::gcd(num, den);
  num /= divisor;
  den /= divisor;
  if (den < 0) {
    num = -num;
    den = -den;
  }
}

std::optional<Rational> Rational::fromDouble(double value) {
  constexpr double limit = 70368744177664.0; // 2^46
  if (!std::isfinite(value))
    return std::nullopt;
  int64_t den = 1;
  while (value != std::trunc(value)) {
    value *= 2;
    den *= 2;
    if (std::fabs(value) >= limit || double(den) >= limit)
      return std::nullopt;
  }
  if (std::fabs(value) >= limit)
    return std::nullopt;
  return Rational(int64_t(value), den);
}

std::string Rational::str() const {
  if (!isValid())
    return "?";
  std::string text = std::to_string(num);
  return den == 1 ? text : text + "/" + std::to_string(den);
}

Rational Rational::operator+(const Rational &other) const {
  return reduce(__int128(num) * other.den + __int128(other.num) * den,
                __int128(den) * other.den);
}

Rational Rational::operator*(const Rational &other) const {
  return reduce(__int128(num) * other.num, __int128(den) * other.den);
}

Rational Rational::operator/(const Rational &other) const {
  if (!isValid() || !other.isValid())
    return Rational(0, 0);
  return reduce(__int128(num) * other.den, __int128(den) * other.num);
}

Rational Rational::power(int64_t exponent) const {
  Rational base = exponent < 0 ? Rational(1) / *this : *this, result(1);
  if (std::abs(exponent) > 64 && base != Rational(1))
    return Rational(0, 0);
  for (int64_t i = std::abs(exponent) <= 64 ? std::abs(exponent) : 0; i > 0;
       --i)
    result = result * base;
  return result;
}

std::optional<Rational> Rational::squareRoot() const {
  if (!isValid() || num < 0)
    return std::nullopt;
  auto root = [](int64_t n) {
    return int64_t(std::llround(std::sqrt(double(n))));
  };
  Rational candidate(root(num), root(den));
  if (candidate * candidate != *this)
    return std::nullopt;
  return candidate;
}
