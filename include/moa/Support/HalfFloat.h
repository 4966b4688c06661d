//===- HalfFloat.h - f16 and bf16 conversions -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two 16-bit floating-point formats as bit patterns: IEEE binary16 (f16: 5
// exponent and 10 fraction bits) and bfloat16 (8 and 7). Every conversion
// rounds once, to nearest with ties to even, from its source. Values beyond the
// range become infinities. NaNs keep their sign and the leading bits of their
// payload, and a signalling NaN becomes quiet, as it does in hardware.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_HALFFLOAT_H
#define MOA_SUPPORT_HALFFLOAT_H

#include <cstdint>

namespace moa {

/// Rounds `value` to binary16 and returns the bit pattern.
uint16_t f16FromDouble(double value);
uint16_t f16FromFloat(float value);
uint16_t f16FromInt(int64_t value);

/// The value of a binary16 bit pattern, exactly.
double f16ToDouble(uint16_t bits);
float f16ToFloat(uint16_t bits);

/// Rounds `value` to bfloat16 and returns the bit pattern.
uint16_t bf16FromDouble(double value);
uint16_t bf16FromFloat(float value);
uint16_t bf16FromInt(int64_t value);

/// The value of a bfloat16 bit pattern, exactly.
double bf16ToDouble(uint16_t bits);
float bf16ToFloat(uint16_t bits);

} // namespace moa

#endif // MOA_SUPPORT_HALFFLOAT_H
