//===- Rounded.cpp - Arithmetic with a direction of rounding ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// This file is compiled with -frounding-math: the compiler may not move or fold
// operations across a change of the rounding mode.
//
//===----------------------------------------------------------------------===//

#include "FloatFormat.h"

#include <cfenv>

using namespace moa::ptx;

#pragma STDC FENV_ACCESS ON

namespace {
class Direction {
public:
  explicit Direction(Rounding rounding) {
    static constexpr int modes[] = {FE_TONEAREST, FE_TONEAREST, FE_TOWARDZERO,
                                    FE_DOWNWARD, FE_UPWARD};
    std::fesetround(modes[static_cast<unsigned>(rounding)]);
  }
  ~Direction() { std::fesetround(FE_TONEAREST); }
};
} // namespace

template <class T> T moa::ptx::addRounded(T a, T b, Rounding rounding) {
  Direction direction(rounding);
  volatile T result = a + b;
  return result;
}
template <class T> T moa::ptx::mulRounded(T a, T b, Rounding rounding) {
  Direction direction(rounding);
  volatile T result = a * b;
  return result;
}
template <class T> T moa::ptx::fmaRounded(T a, T b, T c, Rounding rounding) {
  Direction direction(rounding);
  volatile T result = std::fma(a, b, c);
  return result;
}
template <class T> T moa::ptx::divRounded(T a, T b, Rounding rounding) {
  Direction direction(rounding);
  volatile T result = a / b;
  return result;
}
template <class T> T moa::ptx::sqrtRounded(T a, Rounding rounding) {
  Direction direction(rounding);
  volatile T result = std::sqrt(a);
  return result;
}

#define INSTANTIATE(T)                                                         \
  template T moa::ptx::addRounded<T>(T, T, Rounding);                          \
  template T moa::ptx::mulRounded<T>(T, T, Rounding);                          \
  template T moa::ptx::fmaRounded<T>(T, T, T, Rounding);                       \
  template T moa::ptx::divRounded<T>(T, T, Rounding);                          \
  template T moa::ptx::sqrtRounded<T>(T, Rounding);
INSTANTIATE(float)
INSTANTIATE(double)
