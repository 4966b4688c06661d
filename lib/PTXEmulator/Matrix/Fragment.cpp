//===- Fragment.cpp - Matrices spread over the lanes of a warp --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fragment.h"
#include "../Math/FloatFormat.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

static unsigned rowsOfBlock(unsigned m) { return m == 8 ? 8 : 16; }

unsigned moa::ptx::registersOfA(const Element &element, unsigned m,
                                unsigned k) {
  return m / 8 * (k / (4 * element.perWord()));
}

unsigned moa::ptx::registersOfB(const Element &element, unsigned n,
                                unsigned k) {
  return n / 8 * (k / (4 * element.perWord()));
}

unsigned moa::ptx::registersOfC(Type type, unsigned m, unsigned n) {
  return m * n / warpSize / (type == Type::F16 ? 2 : 1);
}

/// The values of one register, lane after lane: 8 rows of 4 e elements.
template <class T>
static void values(const Element &e, const uint64_t *lanes, T *into) {
  uint32_t words[warpSize];
  for (unsigned l = 0; l < warpSize; ++l)
    words[l] = static_cast<uint32_t>(lanes[l]);
  unpack(e, words, warpSize, into);
}

static void values(const Element &, const uint64_t *lanes, double *into) {
  std::memcpy(into, lanes, warpSize * sizeof *into);
}

static void values(const Element &, const uint64_t *lanes, uint32_t *into) {
  for (unsigned l = 0; l < warpSize; ++l)
    into[l] = static_cast<uint32_t>(lanes[l]);
}

static constexpr unsigned maxPerWord = 8;

template <class T>
static void gatherRows(const Element &e, unsigned perWord, FragmentIn in,
                       unsigned m, unsigned k, T *a) {
  unsigned width = 4 * perWord, rows = rowsOfBlock(m), halves = rows / 8;
  for (unsigned block = 0; block < m; block += rows)
    for (unsigned first = 0; first < k; first += width)
      for (unsigned half = 0; half < halves; ++half) {
        T part[warpSize * maxPerWord];
        values(e, *in++, part);
        T *to = a + (block + 8 * half) * k + first;
        for (unsigned g = 0; g < 8; ++g)
          std::copy_n(part + g * width, width, to + g * k);
      }
}

template <class T>
static void gatherColumns(const Element &e, FragmentIn in, unsigned n,
                          unsigned k, T *b) {
  unsigned width = 4 * e.perWord();
  for (unsigned block = 0; block < n; block += 8)
    for (unsigned first = 0; first < k; first += width) {
      T part[warpSize * maxPerWord];
      values(e, *in++, part);
      for (unsigned j = 0; j < width; ++j)
        for (unsigned g = 0; g < 8; ++g)
          b[(first + j) * n + block + g] = part[g * width + j];
    }
}

void moa::ptx::gatherA(const Element &e, FragmentIn in, unsigned m, unsigned k,
                       float *a) {
  gatherRows(e, e.perWord(), in, m, k, a);
}
void moa::ptx::gatherA(const Element &e, FragmentIn in, unsigned m, unsigned k,
                       int32_t *a) {
  gatherRows(e, e.perWord(), in, m, k, a);
}
void moa::ptx::gatherA(FragmentIn in, unsigned m, unsigned k, double *a) {
  gatherRows({}, 1, in, m, k, a);
}
void moa::ptx::gatherA(FragmentIn in, unsigned m, unsigned k, uint32_t *a) {
  gatherRows({}, 1, in, m, k, a);
}
void moa::ptx::gatherB(const Element &e, FragmentIn in, unsigned n, unsigned k,
                       float *b) {
  gatherColumns(e, in, n, k, b);
}
void moa::ptx::gatherB(const Element &e, FragmentIn in, unsigned n, unsigned k,
                       int32_t *b) {
  gatherColumns(e, in, n, k, b);
}
void moa::ptx::gatherB(FragmentIn in, unsigned n, unsigned k, double *b) {
  gatherColumns({Type::F64, Arithmetic::Double, 64}, in, n, k, b);
}
void moa::ptx::gatherB(FragmentIn in, unsigned n, unsigned k, uint32_t *b) {
  // The columns of B are rows here, in blocks of 8.
  for (unsigned block = 0; block < n; block += 8, in += k / 4)
    gatherRows({}, 1, in, 8, k, b + block * k);
}

float moa::ptx::accumulatorValue(Type type, uint32_t bits) {
  return type == Type::F16 ? halfToFloat(bits) : std::bit_cast<float>(bits);
}

uint32_t moa::ptx::accumulatorBits(Type type, float value) {
  if (type == Type::F16)
    return value != value ? 0x7fff : floatToHalf(value);
  return value != value ? 0x7fffffff : std::bit_cast<uint32_t>(value);
}

/// Calls f(register, place) for each pair of neighbours in a row of C: they are
/// elements 2 i and 2 i + 1 of the fragment, `register` counts pairs.
template <class F> static void forPairs(unsigned m, unsigned n, F f) {
  unsigned rows = rowsOfBlock(m), pair = 0;
  for (unsigned block = 0; block < m; block += rows)
    for (unsigned column = 0; column < n; column += 8)
      for (unsigned half = 0; half < rows; half += 8)
        f(pair++, (block + half) * n + column);
}

/// Where lane `l` is from the first lane of a block.
static unsigned placeOf(unsigned l, unsigned n) {
  return l / 4 * n + 2 * (l % 4);
}

void moa::ptx::gatherC(Type type, FragmentIn in, unsigned m, unsigned n,
                       float *c) {
  bool half = type == Type::F16;
  forPairs(m, n, [&](unsigned pair, unsigned first) {
    const uint64_t *low = in[half ? pair : 2 * pair];
    const uint64_t *high = half ? low : in[2 * pair + 1];
    for (unsigned l = 0; l < warpSize; ++l) {
      float *to = c + first + placeOf(l, n);
      to[0] = half ? halfToFloat(low[l]) : asFloat(low[l]);
      to[1] = half ? halfToFloat(low[l] >> 16) : asFloat(high[l]);
    }
  });
}

template <class T>
static void gatherPlain(FragmentIn in, unsigned m, unsigned n, T *c) {
  forPairs(m, n, [&](unsigned pair, unsigned first) {
    for (unsigned l = 0; l < warpSize; ++l)
      for (unsigned i = 0; i < 2; ++i)
        std::memcpy(c + first + placeOf(l, n) + i, in[2 * pair + i] + l,
                    sizeof *c);
  });
}

void moa::ptx::gatherC(FragmentIn in, unsigned m, unsigned n, int32_t *c) {
  gatherPlain(in, m, n, c);
}
void moa::ptx::gatherC(FragmentIn in, unsigned m, unsigned n, double *c) {
  gatherPlain(in, m, n, c);
}

void moa::ptx::scatterC(Type type, FragmentOut out, unsigned m, unsigned n,
                        const float *c) {
  bool half = type == Type::F16;
  forPairs(m, n, [&](unsigned pair, unsigned first) {
    for (unsigned l = 0; l < warpSize; ++l) {
      const float *from = c + first + placeOf(l, n);
      uint32_t low = accumulatorBits(type, from[0]);
      uint32_t high = accumulatorBits(type, from[1]);
      if (half) {
        out[pair][l] = low | high << 16;
      } else {
        out[2 * pair][l] = low;
        out[2 * pair + 1][l] = high;
      }
    }
  });
}

void moa::ptx::scatterC(FragmentOut out, unsigned m, unsigned n,
                        const int32_t *c) {
  forPairs(m, n, [&](unsigned pair, unsigned first) {
    for (unsigned l = 0; l < warpSize; ++l)
      for (unsigned i = 0; i < 2; ++i)
        out[2 * pair + i][l] = uint32_t(c[first + placeOf(l, n) + i]);
  });
}

void moa::ptx::scatterC(FragmentOut out, unsigned m, unsigned n,
                        const double *c) {
  forPairs(m, n, [&](unsigned pair, unsigned first) {
    for (unsigned l = 0; l < warpSize; ++l)
      for (unsigned i = 0; i < 2; ++i) {
        double v = c[first + placeOf(l, n) + i];
        out[2 * pair + i][l] = v != v ? formatF64.nan : bitsOf(v);
      }
  });
}
