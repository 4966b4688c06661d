//===- Fragment.h - Matrices spread over the lanes of a warp ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In all shapes, a register of a multiplicand holds e = 32 / bits elements
// (one where an element has 32 bits or more) that follow each other in k, and
// with g = lane / 4, t = lane % 4:
//   A: register 2 i     row g,     k = 4 e i + e t ...   (16 rows; 8 rows: i)
//      register 2 i + 1 row g + 8
//   B: register i       column g,  k = 4 e i + e t ...
//   C: elements 0 and 1 row g, columns 2 t and 2 t + 1; 2 and 3 row g + 8
// More rows of A, and more columns of B and C, are blocks of 16 rows and of 8
// columns that follow each other: so wmma and wgmma have them too.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_FRAGMENT_H
#define MOA_LIB_PTXEMULATOR_MATRIX_FRAGMENT_H

#include "../Machine/Inst.h"
#include "Elements.h"

namespace moa::ptx {

/// Registers of a warp: for each a pointer to the values of its 32 lanes.
using FragmentIn = const uint64_t *const *;
using FragmentOut = uint64_t *const *;

/// How many registers a fragment takes. k counts elements.
unsigned registersOfA(const Element &element, unsigned m, unsigned k);
unsigned registersOfB(const Element &element, unsigned n, unsigned k);
unsigned registersOfC(Type type, unsigned m, unsigned n);

/// Fragments as matrices: A is m by k, B is k by n, C is m by n. Of one-bit
/// elements, k counts words, and B is n by k.
void gatherA(const Element &e, FragmentIn in, unsigned m, unsigned k, float *a);
void gatherA(const Element &e, FragmentIn in, unsigned m, unsigned k,
             int32_t *a);
void gatherA(FragmentIn in, unsigned m, unsigned k, double *a);
void gatherA(FragmentIn in, unsigned m, unsigned k, uint32_t *a);
void gatherB(const Element &e, FragmentIn in, unsigned n, unsigned k, float *b);
void gatherB(const Element &e, FragmentIn in, unsigned n, unsigned k,
             int32_t *b);
void gatherB(FragmentIn in, unsigned n, unsigned k, double *b);
void gatherB(FragmentIn in, unsigned n, unsigned k, uint32_t *b);

/// `type` is f32 or f16, packed in pairs.
void gatherC(Type type, FragmentIn in, unsigned m, unsigned n, float *c);
void gatherC(FragmentIn in, unsigned m, unsigned n, int32_t *c);
void gatherC(FragmentIn in, unsigned m, unsigned n, double *c);
/// A NaN becomes the canonical one.
void scatterC(Type type, FragmentOut out, unsigned m, unsigned n,
              const float *c);
void scatterC(FragmentOut out, unsigned m, unsigned n, const int32_t *c);
void scatterC(FragmentOut out, unsigned m, unsigned n, const double *c);

/// One element of an accumulator as bits, and back.
float accumulatorValue(Type type, uint32_t bits);
uint32_t accumulatorBits(Type type, float value);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_FRAGMENT_H
