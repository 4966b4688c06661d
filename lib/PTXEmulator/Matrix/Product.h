//===- Product.h - Products of small matrices -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C += A B on the host, rows of each matrix one after the other. A is m by k, B
// is k by n, C is m by n; n is a multiple of 8 and m of 8.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_PRODUCT_H
#define MOA_LIB_PTXEMULATOR_MATRIX_PRODUCT_H

#include "../Math/FloatFormat.h"

#include <cstdint>

namespace moa::ptx {

/// Each product and each sum is rounded to float, in the order of k.
void multiplyAdd(const float *a, const float *b, float *c, unsigned m,
                 unsigned n, unsigned k);
/// Wraps.
void multiplyAdd(const int32_t *a, const int32_t *b, int32_t *c, unsigned m,
                 unsigned n, unsigned k);
/// One rounding for each product and sum.
void multiplyAdd(const double *a, const double *b, double *c, unsigned m,
                 unsigned n, unsigned k, Rounding rounding);
/// Numbers of bits of `a and b` or `a xor b`; k counts words, b is n by k.
void multiplyAddBits(const uint32_t *a, const uint32_t *b, int32_t *c,
                     unsigned m, unsigned n, unsigned k, bool isXor);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_PRODUCT_H
