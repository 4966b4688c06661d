//===- Product.cpp - Products of small matrices -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors of eight floats; where the processor has AVX2, they are one register.
// The results are the same: nothing is contracted to a fused multiply-add.
//
//===----------------------------------------------------------------------===//

#include "Product.h"

#include <cstring>

using namespace moa::ptx;

#if defined(__x86_64__)
#define MOA_PTX_AVX2 __attribute__((target("avx2")))
static bool hasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2");
  return has;
}
#endif

namespace {

template <class T> struct Eight {
  typedef T Vector __attribute__((vector_size(8 * sizeof(T))));
};

/// `rows` rows and 8 columns of C stay in registers.
template <class T, unsigned rows>
[[gnu::always_inline]] inline void tile(const T *a, const T *b, T *c,
                                        unsigned n, unsigned k) {
  using Vector = typename Eight<T>::Vector;
  Vector sum[rows];
  for (unsigned r = 0; r < rows; ++r)
    std::memcpy(&sum[r], c + r * n, sizeof(Vector));
  for (unsigned i = 0; i < k; ++i) {
    Vector right;
    std::memcpy(&right, b + i * n, sizeof(Vector));
    for (unsigned r = 0; r < rows; ++r)
      sum[r] += right * a[r * k + i];
  }
  for (unsigned r = 0; r < rows; ++r)
    std::memcpy(c + r * n, &sum[r], sizeof(Vector));
}

template <class T, unsigned rows>
[[gnu::always_inline]] inline void tiles(const T *a, const T *b, T *c,
                                         unsigned m, unsigned n, unsigned k) {
  for (unsigned column = 0; column < n; column += 8)
    for (unsigned row = 0; row < m; row += rows)
      tile<T, rows>(a + row * k, b + column, c + row * n + column, n, k);
}

#if defined(__x86_64__)
template <class T>
MOA_PTX_AVX2 void tilesAvx2(const T *a, const T *b, T *c, unsigned m,
                            unsigned n, unsigned k) {
  tiles<T, 8>(a, b, c, m, n, k);
}
#endif

template <class T>
void product(const T *a, const T *b, T *c, unsigned m, unsigned n, unsigned k) {
#if defined(__x86_64__)
  if (hasAvx2())
    return tilesAvx2(a, b, c, m, n, k);
#endif
  tiles<T, 4>(a, b, c, m, n, k);
}

} // namespace

void moa::ptx::multiplyAdd(const float *a, const float *b, float *c, unsigned m,
                           unsigned n, unsigned k) {
  product(a, b, c, m, n, k);
}

void moa::ptx::multiplyAdd(const int32_t *a, const int32_t *b, int32_t *c,
                           unsigned m, unsigned n, unsigned k) {
  // Unsigned, so that overflow is defined.
  product(reinterpret_cast<const uint32_t *>(a),
          reinterpret_cast<const uint32_t *>(b),
          reinterpret_cast<uint32_t *>(c), m, n, k);
}

void moa::ptx::multiplyAdd(const double *a, const double *b, double *c,
                           unsigned m, unsigned n, unsigned k,
                           Rounding rounding) {
  for (unsigned row = 0; row < m; ++row)
    for (unsigned column = 0; column < n; ++column) {
      double sum = c[row * n + column];
      for (unsigned i = 0; i < k; ++i)
        sum = fmaRounded(a[row * k + i], b[i * n + column], sum, rounding);
      c[row * n + column] = sum;
    }
}

void moa::ptx::multiplyAddBits(const uint32_t *a, const uint32_t *b, int32_t *c,
                               unsigned m, unsigned n, unsigned k, bool isXor) {
  for (unsigned row = 0; row < m; ++row)
    for (unsigned column = 0; column < n; ++column) {
      uint32_t sum = c[row * n + column];
      for (unsigned i = 0; i < k; ++i) {
        uint32_t x = a[row * k + i], y = b[column * k + i];
        sum += std::popcount(isXor ? x ^ y : x & y);
      }
      c[row * n + column] = static_cast<int32_t>(sum);
    }
}
