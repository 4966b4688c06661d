//===- Elements.h - Elements of matrices in registers -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the multiplicands of a matrix product are made of, and how 32-bit words
// of registers or of shared memory become numbers to calculate with.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_ELEMENTS_H
#define MOA_LIB_PTXEMULATOR_MATRIX_ELEMENTS_H

#include "../Parse/Type.h"

#include <cstdint>

namespace moa::ptx {

/// How products and sums are made.
enum class Arithmetic : uint8_t { Float, Double, Integer, Bits };

/// The type of a multiplicand.
struct Element {
  Type type = Type::None;
  Arithmetic arithmetic = Arithmetic::Float;
  uint8_t bits = 0; ///< that it takes in a register

  unsigned perWord() const { return bits > 32 ? 1 : 32 / bits; }
};

/// False if there are no matrices of that type. `inBytes`: types of less than
/// eight bits are in containers of a byte (.kind::f8f6f4).
bool elementOf(Type type, bool inBytes, Element &element);

/// into[i * perWord + j] = element j of word i.
void unpack(const Element &element, const uint32_t *words, unsigned count,
            float *into);
void unpack(const Element &element, const uint32_t *words, unsigned count,
            int32_t *into);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_ELEMENTS_H
