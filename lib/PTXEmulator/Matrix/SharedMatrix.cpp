//===- SharedMatrix.cpp - Matrices that wgmma reads from shared memory -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedMatrix.h"
#include "../Parse/Module.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

/// Shared addresses in descriptors have 18 bits.
static constexpr uint32_t addressMask = 0x3ffff;

MatrixDescriptor::MatrixDescriptor(uint64_t bits) {
  auto field = [&](unsigned first) {
    return static_cast<uint32_t>(bits >> first & 0x3fff) * pieceBytes;
  };
  start = field(0);
  leading = field(16);
  stride = field(32);
  base = bits >> 49 & 7;
  static constexpr uint32_t widths[] = {0, 3, 2, 1};
  swizzleBits = widths[bits >> 62];
}

/// The pattern repeats from its start, which the base offset gives where it is
/// not a multiple of the pattern's size.
uint32_t MatrixDescriptor::swizzled(uint32_t address) const {
  uint32_t row = (address >> 7) - base;
  uint32_t mask = (1u << swizzleBits) - 1;
  return (address ^ (row & mask) << 4) & addressMask;
}

uint32_t MatrixDescriptor::kMajor(unsigned row, unsigned piece) const {
  uint32_t width = pieceBytes << swizzleBits;
  uint32_t across = swizzleBits ? pieceBytes : leading;
  return swizzled(start + row % 8 * width + row / 8 * stride + piece * across);
}

uint32_t MatrixDescriptor::mnMajor(unsigned piece, unsigned k) const {
  if (!swizzleBits)
    return swizzled(start + piece * stride + k % 8 * pieceBytes +
                    k / 8 * leading);
  uint32_t width = 1u << swizzleBits;
  return swizzled(start + piece % width * pieceBytes + piece / width * leading +
                  k % 8 * width * pieceBytes + k / 8 * stride);
}

/// Eight pieces that are read together: all banks at once if none is used
/// twice.
static void countEight(Counters &c, const uint32_t *addresses) {
  unsigned load[8] = {}, most = 0, different = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (std::find(addresses, addresses + i, addresses[i]) != addresses + i)
      continue;
    ++different;
    most = std::max(most, ++load[addresses[i] / pieceBytes % 8]);
  }
  c.sharedWavefronts += most;
  c.sharedMinimum += (different + 7) / 8;
}

static bool isDefined(const uint8_t *flags) {
  uint64_t words[2];
  std::memcpy(words, flags, sizeof words);
  return (words[0] & words[1]) == 0x0101010101010101;
}

/// Order: piece after piece of the 8 rows of a core matrix, so that eight that
/// follow each other are read together.
static std::vector<uint32_t> addressesOf(const SharedMatrix &m,
                                         const MatrixDescriptor &descriptor) {
  std::vector<uint32_t> addresses;
  addresses.reserve(m.pieces());
  if (m.mnMajor) {
    unsigned each = pieceBytes * 8 / m.element.bits;
    for (unsigned piece = 0; piece < m.rows / each; ++piece)
      for (unsigned k = 0; k < m.k; ++k)
        addresses.push_back(descriptor.mnMajor(piece, k));
    return addresses;
  }
  unsigned each = m.k * m.element.bits / 8 / pieceBytes;
  for (unsigned block = 0; block < m.rows; block += 8)
    for (unsigned piece = 0; piece < each; ++piece)
      for (unsigned row = block; row < block + 8; ++row)
        addresses.push_back(descriptor.kMajor(row, piece));
  return addresses;
}

bool moa::ptx::readPieces(Warp &w, const Inst &in, const SharedMatrix &matrix,
                          uint64_t descriptor, const Actor &actor,
                          std::vector<const uint8_t *> &pieces) {
  bool wantDefined = w.launch->options.checks.uninitialized;
  std::vector<uint32_t> addresses =
      addressesOf(matrix, MatrixDescriptor(descriptor));
  uint64_t window = uint64_t(w.block->rank) << sharedRankShift;
  for (uint32_t offset : addresses) {
    SharedPlace place =
        w.sharedPlace(in, 0, window | offset, pieceBytes, "read");
    if (!place.memory)
      return false;
    if (wantDefined &&
        !isDefined(place.memory->defined.data() + place.offset)) {
      uint64_t address = window | offset;
      w.fault(in, 0, "uninitialized-shared",
              "read of shared memory that nothing wrote", false, &address);
      wantDefined = false;
    }
    if (place.memory->races)
      w.noteShared(in, 0, place, actor, pieceBytes, false);
    pieces.push_back(place.memory->data.data() + place.offset);
  }
  for (size_t i = 0; i < addresses.size(); i += 8)
    countEight(*w.counters, &addresses[i]);
  SpaceCounts &c = w.counters->spaces[unsigned(Space::Shared)];
  ++c.loadRequests;
  c.loadBytes += addresses.size() * pieceBytes;
  return true;
}

/// Calls f(piece, row, first k) in the order of the pieces (K-major).
template <class F> static void forRows(const SharedMatrix &m, F f) {
  unsigned perPiece = pieceBytes * 8 / m.element.bits, i = 0;
  for (unsigned block = 0; block < m.rows; block += 8)
    for (unsigned first = 0; first < m.k; first += perPiece)
      for (unsigned row = block; row < block + 8; ++row)
        f(i++, row, first);
}

static constexpr unsigned maxPerPiece = 32;

template <class T>
void moa::ptx::unpackA(const SharedMatrix &m,
                       const std::vector<const uint8_t *> &pieces, T *a) {
  uint32_t words[4];
  unsigned each = pieceBytes * 8 / m.element.bits;
  if (!m.mnMajor)
    return forRows(m, [&](unsigned i, unsigned row, unsigned first) {
      std::memcpy(words, pieces[i], pieceBytes);
      unpack(m.element, words, 4, a + row * m.k + first);
    });
  for (unsigned i = 0; i < pieces.size(); ++i) {
    T values[maxPerPiece];
    std::memcpy(words, pieces[i], pieceBytes);
    unpack(m.element, words, 4, values);
    for (unsigned j = 0; j < each; ++j)
      a[(i / m.k * each + j) * m.k + i % m.k] = values[j];
  }
}

template <class T>
void moa::ptx::unpackB(const SharedMatrix &m,
                       const std::vector<const uint8_t *> &pieces, T *b) {
  uint32_t words[4];
  unsigned each = pieceBytes * 8 / m.element.bits;
  if (!m.mnMajor)
    return forRows(m, [&](unsigned i, unsigned row, unsigned first) {
      T values[maxPerPiece];
      std::memcpy(words, pieces[i], pieceBytes);
      unpack(m.element, words, 4, values);
      for (unsigned j = 0; j < each; ++j)
        b[(first + j) * m.rows + row] = values[j];
    });
  for (unsigned i = 0; i < pieces.size(); ++i) {
    std::memcpy(words, pieces[i], pieceBytes);
    unpack(m.element, words, 4, b + i % m.k * m.rows + i / m.k * each);
  }
}

template void moa::ptx::unpackA(const SharedMatrix &,
                                const std::vector<const uint8_t *> &, float *);
template void moa::ptx::unpackA(const SharedMatrix &,
                                const std::vector<const uint8_t *> &,
                                int32_t *);
template void moa::ptx::unpackB(const SharedMatrix &,
                                const std::vector<const uint8_t *> &, float *);
template void moa::ptx::unpackB(const SharedMatrix &,
                                const std::vector<const uint8_t *> &,
                                int32_t *);

void moa::ptx::unpackBits(const SharedMatrix &m,
                          const std::vector<const uint8_t *> &pieces,
                          uint32_t *words) {
  forRows(m, [&](unsigned i, unsigned row, unsigned first) {
    std::memcpy(words + (row * m.k + first) / 32, pieces[i], pieceBytes);
  });
}
