//===- TensorMapBytes.h - The encoding of tensor maps -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MEMORY_TENSORMAPBYTES_H
#define MOA_LIB_PTXEMULATOR_MEMORY_TENSORMAPBYTES_H

#include <cstdint>

namespace moa::ptx {

/// The 128 bytes. tensormap.replace writes single fields.
struct TensorMapLayout {
  uint32_t magic;
  uint8_t rank, element, interleave, swizzle, fill, im2col, unused[2];
  uint32_t unused2;
  uint64_t address;
  uint32_t dims[5];
  uint32_t unused3;
  uint64_t strides[4];
  uint16_t box[5];
  uint8_t elementStrides[5];
  uint8_t unused4;
  int16_t lower[3], upper[3];
  uint16_t channels, pixels;
  uint8_t unused5[16];
};
static_assert(sizeof(TensorMapLayout) == 128);

inline constexpr uint32_t tensorMapMagic = 0x70614d54;

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MEMORY_TENSORMAPBYTES_H
