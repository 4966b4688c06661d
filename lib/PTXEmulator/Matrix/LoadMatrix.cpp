//===- LoadMatrix.cpp - ldmatrix, stmatrix, movmatrix -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A matrix has rows of 16 bytes in shared memory; each row's address is given
// by one lane. In registers, four lanes hold a row (or with .trans a column) of
// an 8x8 matrix of 16-bit elements, two elements each. The shapes of 8-bit
// elements:
//   m16n16.trans: r0 has rows 4t..4t+3 of column g, r1 those of column g + 8
//   m8n16:        r0 has columns 4t..4t+3 of row g
//   m16n8.trans:  (store) rows 2t, 2t+1 of column g, then those of column g + 8
// where g = lane / 4 and t = lane % 4, and row means a row in memory.
//
//===----------------------------------------------------------------------===//

#include "../Execute/Families.h"
#include "WholeWarp.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

namespace {

constexpr unsigned rowBytes = 16;

/// What a row holds: its 16 bytes as they are, or 16 elements of fewer bits
/// and padding.
enum class Packing : uint8_t { None, Six, Four };
enum class Shape : uint8_t { M8N8, M16N16, M8N16, M16N8 };

struct MatrixMove : InstExtra {
  Space space = Space::Generic;
  Shape shape = Shape::M8N8;
  Packing packing = Packing::None;
  bool trans = false;
  unsigned matrices = 1;
  std::vector<Slot> slots;

  unsigned rows() const { return shape == Shape::M16N16 ? 16 : 8; }
  unsigned registersEach() const { return shape == Shape::M16N16 ? 2 : 1; }
};

/// Element `i` of a row whose elements were packed.
uint8_t unpacked(const uint8_t *row, Packing packing, unsigned i) {
  if (packing == Packing::None)
    return row[i];
  unsigned width = packing == Packing::Six ? 6 : 4, bit = i * width;
  unsigned two = row[bit / 8] | row[bit / 8 + 1] << 8;
  return two >> bit % 8 & ((1u << width) - 1);
}

/// Where byte `i` of a register is: its row and its byte within the row.
struct Place {
  unsigned row, byte;
};

Place placeOf(const MatrixMove &m, unsigned reg, unsigned lane, unsigned i) {
  unsigned g = lane / 4, t = lane % 4;
  switch (m.shape) {
  case Shape::M8N8:
    if (m.trans)
      return {2 * t + i / 2, 2 * g + i % 2};
    return {g, 4 * t + i};
  case Shape::M16N16:
    return {4 * t + i, g + 8 * reg};
  case Shape::M8N16:
    return {g, 4 * t + i};
  case Shape::M16N8:
    return {2 * t + i % 2, g + 8 * (i / 2)};
  }
  return {};
}

/// Calls f(slot, lane, byte of the register, lane of the row, byte of the row).
template <class F> void forBytes(const MatrixMove &m, F f) {
  for (unsigned r = 0; r < m.slots.size(); ++r) {
    unsigned matrix = r / m.registersEach(), reg = r % m.registersEach();
    for (unsigned lane = 0; lane < warpSize; ++lane)
      for (unsigned i = 0; i < 4; ++i) {
        Place p = placeOf(m, reg, lane, i);
        f(m.slots[r], lane, i, matrix * m.rows() + p.row, p.byte);
      }
  }
}

/// Resolves the rows; false after a fault.
bool resolve(Warp &w, const Inst &in, const MatrixMove &m, Access &a) {
  unsigned count = m.rows() * m.matrices;
  Lanes lanes = count == warpSize ? allLanes : (1u << count) - 1;
  a.bytes = rowBytes;
  w.addresses(in, lanes, a.address);
  a.space = uint8_t(Space::Shared);
  if (m.space == Space::Generic) {
    for (unsigned l = 0; l < count; ++l) {
      if (a.address[l] < sharedWindow || a.address[l] >= sharedWindowEnd) {
        w.fault(in, l, "out-of-bounds",
                "'" + w.launch->program->opcodes[in.opcode] +
                    "' at an address outside of shared memory",
                true, &a.address[l]);
        return false;
      }
      a.address[l] -= sharedWindow;
    }
  }
  return w.access(in, lanes, a) == lanes;
}

/// The commonest: whole words.
void loadRows(Warp &w, const MatrixMove &m, const Access &a) {
  for (unsigned r = 0; r < m.slots.size(); ++r) {
    uint64_t *d = w.dst(m.slots[r]);
    for (unsigned lane = 0; lane < warpSize; ++lane) {
      uint32_t word;
      std::memcpy(&word, a.data[8 * r + lane / 4] + 4 * (lane % 4), 4);
      d[lane] = word;
    }
  }
}

void loadColumns(Warp &w, const MatrixMove &m, const Access &a) {
  for (unsigned r = 0; r < m.slots.size(); ++r) {
    uint64_t *d = w.dst(m.slots[r]);
    for (unsigned lane = 0; lane < warpSize; ++lane) {
      uint16_t low, high;
      uint8_t *const *rows = a.data + 8 * r + 2 * (lane % 4);
      std::memcpy(&low, rows[0] + 2 * (lane / 4), 2);
      std::memcpy(&high, rows[1] + 2 * (lane / 4), 2);
      d[lane] = low | uint32_t(high) << 16;
    }
  }
}

void runLoadMatrix(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &m = static_cast<const MatrixMove &>(*in.extra);
  Access a;
  a.kind = AccessKind::Load;
  if (!resolve(w, in, m, a))
    return w.advance();
  if (m.shape == Shape::M8N8) {
    m.trans ? loadColumns(w, m, a) : loadRows(w, m, a);
    return w.advance();
  }
  for (Slot slot : m.slots)
    std::fill_n(w.dst(slot), warpSize, 0);
  forBytes(m, [&](Slot slot, unsigned lane, unsigned i, unsigned row,
                  unsigned byte) {
    w.dst(slot)[lane] |= uint64_t(unpacked(a.data[row], m.packing, byte))
                         << 8 * i;
  });
  w.advance();
}

void runStoreMatrix(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &m = static_cast<const MatrixMove &>(*in.extra);
  Access a;
  a.kind = AccessKind::Store;
  if (resolve(w, in, m, a))
    forBytes(m, [&](Slot slot, unsigned lane, unsigned i, unsigned row,
                    unsigned byte) {
      a.data[row][byte] = uint8_t(w.src(slot)[lane] >> 8 * i);
    });
  w.advance();
}

bool decodeShape(Decoder &d, MatrixMove &m, bool isLoad) {
  int shape = isLoad ? d.takeOne({"m8n8", "m16n16", "m8n16"})
                     : d.takeOne({"m8n8", "", "", "m16n8"});
  if (shape < 0)
    return d.unsupported("this shape of '" + std::string(d.ast->opcode) + "'");
  m.shape = Shape(shape);
  int num = d.takeOne({"x1", "x2", "x4"});
  m.matrices = 1u << num;
  if (num < 0 || (m.shape == Shape::M16N16 && num == 2))
    return d.error("the number of matrices must be .x1, .x2 or, but for "
                   ".m16n16, .x4");
  m.trans = d.take("trans");
  bool mustTrans = m.shape == Shape::M16N16 || m.shape == Shape::M16N8;
  if (mustTrans && !m.trans)
    return d.error("this shape needs .trans");
  if (m.shape == Shape::M8N16 && m.trans)
    return d.error(".m8n16 cannot be transposed");
  return true;
}

bool decodePacking(Decoder &d, MatrixMove &m) {
  if (m.shape == Shape::M8N8)
    return d.take("b16") || d.error("8x8 matrices are of type .b16");
  if (m.shape == Shape::M16N8)
    return d.take("b8") || d.error("16x8 matrices are of type .b8");
  if (d.take("b8x16")) {
    int packing = d.takeOne({"b6x16_p32", "b4x16_p64"});
    m.packing = packing == 0 ? Packing::Six : Packing::Four;
    return packing >= 0 || d.error(".b8x16 needs a source format");
  }
  return (m.shape == Shape::M16N16 && d.take("b8")) ||
         d.error("this shape needs .b8x16 and a source format");
}

template <bool isLoad> bool decodeMatrixMove(Decoder &d) {
  auto m = std::make_unique<MatrixMove>();
  if (!takeAligned(d) || !decodeShape(d, *m, isLoad))
    return false;
  if (d.takeOne({"shared", "shared::cta"}) >= 0)
    m->space = Space::Shared;
  if (!decodePacking(d, *m) || !d.operands(2, 2) ||
      !d.address(d.operand(isLoad ? 1 : 0)))
    return false;
  if (!takeRegisters(d, d.operand(isLoad ? 0 : 1),
                     m->matrices * m->registersEach(), isLoad, m->slots))
    return false;
  d.in.run = isLoad ? runLoadMatrix : runStoreMatrix;
  d.in.extra = std::move(m);
  return true;
}

/// d[g][2t..2t+1] = a[2t..2t+1][g]
void runTranspose(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  uint64_t from[warpSize];
  std::copy_n(w.src(in.src[0]), warpSize, from);
  uint64_t *d = w.dst(in.dst);
  for (unsigned lane = 0; lane < warpSize; ++lane) {
    unsigned column = lane / 4, row = 2 * (lane % 4);
    auto element = [&](unsigned r) {
      return from[4 * r + column / 2] >> 16 * (column % 2) & 0xffff;
    };
    d[lane] = element(row) | element(row + 1) << 16;
  }
  w.advance();
}

bool decodeTranspose(Decoder &d) {
  if (!takeAligned(d))
    return false;
  if (!d.take("m8n8") || !d.take("trans") || !d.take("b16"))
    return d.unsupported("this form of 'movmatrix'");
  d.in.run = runTranspose;
  return d.operands(2, 2) && d.sources(1, 1, Type::B32) &&
         (d.in.dst = d.destination(d.operand(0))) != noSlot;
}

} // namespace

void moa::ptx::addMatrixMoves(InstructionTable &t) {
  t["ldmatrix"] = decodeMatrixMove<true>;
  t["stmatrix"] = decodeMatrixMove<false>;
  t["movmatrix"] = decodeTranspose;
}
