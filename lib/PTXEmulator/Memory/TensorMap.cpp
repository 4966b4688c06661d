//===- TensorMap.cpp - Descriptions of tensors in memory --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/PTXEmulator/TensorMap.h"

#include "TensorMapBytes.h"

#include <cstring>

using namespace moa::ptx;

static constexpr uint64_t maxStride = uint64_t(1) << 40;
static constexpr uint32_t maxBox = 256, maxElementStride = 8;
static constexpr uint32_t maxPixels = 1024;
static constexpr uint64_t maxShared = 227 * 1024;

unsigned moa::ptx::bytesOf(TensorElement element) {
  switch (element) {
  case TensorElement::U8:
    return 1;
  case TensorElement::U16:
  case TensorElement::F16:
  case TensorElement::BF16:
    return 2;
  case TensorElement::U64:
  case TensorElement::S64:
  case TensorElement::F64:
    return 8;
  default:
    return 4;
  }
}

bool moa::ptx::elementNamed(const std::string &name, TensorElement &element) {
  static constexpr std::pair<const char *, TensorElement> names[] = {
      {"u8", TensorElement::U8},    {"i8", TensorElement::U8},
      {"e4m3", TensorElement::U8},  {"e5m2", TensorElement::U8},
      {"u16", TensorElement::U16},  {"i16", TensorElement::U16},
      {"u32", TensorElement::U32},  {"i32", TensorElement::S32},
      {"u64", TensorElement::U64},  {"i64", TensorElement::S64},
      {"f16", TensorElement::F16},  {"f32", TensorElement::F32},
      {"f64", TensorElement::F64},  {"bf16", TensorElement::BF16},
      {"tf32", TensorElement::TF32}};
  for (auto [text, value] : names)
    if (name == text) {
      element = value;
      return true;
    }
  return false;
}

static std::string wrong(const char *what, size_t i, uint64_t value,
                         const char *must) {
  return std::string(what) + " " + std::to_string(i) + " is " +
         std::to_string(value) + "; " + must;
}

/// What a tile and im2col have in common.
static std::string invalidTensor(const TensorMap &m) {
  size_t rank = m.dims.size();
  if (rank < 1 || rank > 5)
    return "a tensor map has 1 to 5 dimensions, not " + std::to_string(rank);
  if (m.strides.size() != rank - 1)
    return std::to_string(m.strides.size()) + " strides for " +
           std::to_string(rank) + " dimensions; there is one less";
  if (m.address % 16)
    return "the address of the tensor is no multiple of 16";
  for (size_t i = 0; i < rank; ++i)
    if (m.dims[i] == 0 || m.dims[i] >> 32)
      return wrong("dimension", i, m.dims[i], "it must be 1 to 2^32 - 1");
  for (size_t i = 0; i < m.strides.size(); ++i)
    if (m.strides[i] % 16 || m.strides[i] >= maxStride)
      return wrong("stride", i, m.strides[i],
                   "it must be a multiple of 16 below 2^40");
  if (!m.elementStrides.empty() && m.elementStrides.size() != rank)
    return "there must be an element stride for each dimension, or none";
  for (size_t i = 0; i < m.elementStrides.size(); ++i)
    if (m.elementStrides[i] < 1 || m.elementStrides[i] > maxElementStride)
      return wrong("element stride", i, m.elementStrides[i],
                   "it must be 1 to 8");
  if (m.interleave != TensorInterleave::None)
    return "interleaved layouts are not supported";
  if (m.element == TensorElement::F32Ftz || m.element == TensorElement::TF32Ftz)
    return "elements that are flushed to zero are not supported";
  return "";
}

/// The bytes of a row of the box, and how they may be swizzled.
static std::string invalidRow(const TensorMap &m, uint64_t bytes) {
  if (bytes % 16)
    return "a row of the box has " + std::to_string(bytes) +
           " bytes; it must be a multiple of 16";
  unsigned span =
      m.swizzle == TensorSwizzle::None ? 0 : 16u << unsigned(m.swizzle);
  if (span && bytes > span)
    return "a row of the box has " + std::to_string(bytes) +
           " bytes; with this swizzle it may have " + std::to_string(span);
  // How rows that are shorter lie in memory is not documented.
  if (span && bytes < span)
    return "a row of the box has " + std::to_string(bytes) +
           " bytes; fewer than the " + std::to_string(span) +
           " of the swizzle are not supported";
  return "";
}

/// A box must fit in shared memory.
static std::string invalidSize(const TensorMap &m) {
  uint64_t elements = m.im2col ? uint64_t(m.channels) * m.pixels : m.box[0];
  for (size_t i = 1; i < m.box.size(); ++i) {
    uint32_t step = m.elementStrides.empty() ? 1 : m.elementStrides[i];
    elements *= (m.box[i] + step - 1) / step;
  }
  if (elements * bytesOf(m.element) <= maxShared)
    return "";
  return "the box has " + std::to_string(elements * bytesOf(m.element)) +
         " bytes; shared memory has " + std::to_string(maxShared);
}

static std::string invalidIm2col(const TensorMap &m) {
  size_t rank = m.dims.size(), pixelDims = rank - 2;
  if (rank < 3)
    return "im2col needs 3 to 5 dimensions, not " + std::to_string(rank);
  if (m.lowerCorner.size() != pixelDims || m.upperCorner.size() != pixelDims)
    return "im2col needs " + std::to_string(pixelDims) +
           " numbers for each corner";
  int limit = rank == 3 ? 32768 : rank == 4 ? 128 : 16;
  for (auto *corner : {&m.lowerCorner, &m.upperCorner})
    for (int c : *corner)
      if (c < -limit || c >= limit)
        return "a corner at " + std::to_string(c) + "; it must be " +
               std::to_string(-limit) + " to " + std::to_string(limit - 1);
  if (m.channels < 1 || m.channels > maxBox)
    return "im2col of " + std::to_string(m.channels) +
           " channels; there must be 1 to 256";
  if (m.pixels < 1 || m.pixels > maxPixels)
    return "im2col of " + std::to_string(m.pixels) +
           " pixels; there must be 1 to 1024";
  if (std::string why = invalidSize(m); !why.empty())
    return why;
  return invalidRow(m, uint64_t(m.channels) * bytesOf(m.element));
}

std::string TensorMap::invalid() const {
  if (std::string why = invalidTensor(*this); !why.empty())
    return why;
  if (im2col)
    return invalidIm2col(*this);
  if (box.size() != dims.size())
    return "the box has " + std::to_string(box.size()) + " dimensions, the " +
           "tensor " + std::to_string(dims.size());
  for (size_t i = 0; i < box.size(); ++i)
    if (box[i] < 1 || box[i] > maxBox)
      return wrong("box dimension", i, box[i], "it must be 1 to 256");
  if (std::string why = invalidSize(*this); !why.empty())
    return why;
  return invalidRow(*this, uint64_t(box[0]) * bytesOf(element));
}

bool moa::ptx::encodeTensorMap(const TensorMap &map, TensorMapBytes &bytes,
                               std::string &error) {
  error = map.invalid();
  if (!error.empty())
    return false;
  TensorMapLayout l{};
  l.magic = tensorMapMagic;
  l.rank = uint8_t(map.dims.size());
  l.element = uint8_t(map.element);
  l.interleave = uint8_t(map.interleave);
  l.swizzle = uint8_t(map.swizzle);
  l.fill = uint8_t(map.fill);
  l.im2col = map.im2col;
  l.address = map.address;
  for (size_t i = 0; i < map.dims.size(); ++i) {
    l.dims[i] = uint32_t(map.dims[i]);
    l.elementStrides[i] =
        map.elementStrides.empty() ? 1 : uint8_t(map.elementStrides[i]);
    if (i)
      l.strides[i - 1] = map.strides[i - 1];
    if (!map.im2col)
      l.box[i] = uint16_t(map.box[i]);
  }
  for (size_t i = 0; map.im2col && i < map.lowerCorner.size(); ++i) {
    l.lower[i] = int16_t(map.lowerCorner[i]);
    l.upper[i] = int16_t(map.upperCorner[i]);
  }
  l.channels = uint16_t(map.channels);
  l.pixels = uint16_t(map.pixels);
  std::memcpy(bytes.data(), &l, sizeof l);
  return true;
}

bool moa::ptx::decodeTensorMap(const uint8_t *bytes, TensorMap &map) {
  TensorMapLayout l;
  std::memcpy(&l, bytes, sizeof l);
  if (l.magic != tensorMapMagic || l.rank < 1 || l.rank > 5 ||
      l.element > uint8_t(TensorElement::TF32Ftz) ||
      l.interleave > uint8_t(TensorInterleave::B32) ||
      l.swizzle > uint8_t(TensorSwizzle::B128) || l.fill > 1)
    return false;
  map = {};
  map.element = TensorElement(l.element);
  map.interleave = TensorInterleave(l.interleave);
  map.swizzle = TensorSwizzle(l.swizzle);
  map.fill = TensorFill(l.fill);
  map.im2col = l.im2col;
  map.address = l.address;
  map.dims.assign(l.dims, l.dims + l.rank);
  map.strides.assign(l.strides, l.strides + (l.rank - 1));
  map.elementStrides.assign(l.elementStrides, l.elementStrides + l.rank);
  if (!map.im2col)
    map.box.assign(l.box, l.box + l.rank);
  else if (l.rank > 2) {
    map.lowerCorner.assign(l.lower, l.lower + (l.rank - 2));
    map.upperCorner.assign(l.upper, l.upper + (l.rank - 2));
  }
  map.channels = l.channels;
  map.pixels = l.pixels;
  return true;
}
