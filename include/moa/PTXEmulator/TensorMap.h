//===- TensorMap.h - Descriptions of tensors in memory ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tensor map tells cp.async.bulk.tensor where a tensor is and which box of it
// one copy moves. The 128 bytes that a device gets are opaque; the emulator has
// an encoding of its own.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_PTXEMULATOR_TENSORMAP_H
#define MOA_PTXEMULATOR_TENSORMAP_H

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace moa::ptx {

/// Numbered as tensormap.replace does; so are the others.
enum class TensorElement : uint8_t {
  U8,
  U16,
  U32,
  S32,
  U64,
  S64,
  F16,
  F32,
  F32Ftz,
  F64,
  BF16,
  TF32,
  TF32Ftz
};
enum class TensorInterleave : uint8_t { None, B16, B32 };
enum class TensorSwizzle : uint8_t { None, B32, B64, B128 };
enum class TensorFill : uint8_t { Zero, Nan };

struct TensorMap {
  TensorElement element = TensorElement::F32;
  uint64_t address = 0;
  std::vector<uint64_t> dims;           ///< innermost first, 1 to 5
  std::vector<uint64_t> strides;        ///< in bytes, of dims 1 and up
  std::vector<uint32_t> box;            ///< of a tile, as dims
  std::vector<uint32_t> elementStrides; ///< as dims; empty: all 1
  TensorInterleave interleave = TensorInterleave::None;
  TensorSwizzle swizzle = TensorSwizzle::None;
  TensorFill fill = TensorFill::Zero;

  // Instead of a box, for im2col: dims are channels, the pixels' (width first)
  // and images; the corners bound where a column of pixels walks.
  bool im2col = false;
  std::vector<int> lowerCorner, upperCorner; ///< of each dimension of pixels
  uint32_t channels = 0, pixels = 0;

  /// Empty, or why a device would refuse it.
  std::string invalid() const;
};

using TensorMapBytes = std::array<uint8_t, 128>;

unsigned bytesOf(TensorElement element);
/// `u8`, `f16`, `bf16` and so on; false if there is no such element. Types of
/// one byte without an element of their own count as u8.
bool elementNamed(const std::string &name, TensorElement &element);

/// False, and `error` says why, if the map is not valid.
bool encodeTensorMap(const TensorMap &map, TensorMapBytes &bytes,
                     std::string &error);
/// False if the bytes are not those of a tensor map.
bool decodeTensorMap(const uint8_t *bytes, TensorMap &map);

} // namespace moa::ptx

#endif // MOA_PTXEMULATOR_TENSORMAP_H
