//===- Wmma.cpp - wmma.load, wmma.store, wmma.mma ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The manual leaves it open which elements a lane holds. Here fragments are
// those of mma, whatever the layout in memory (Fragment.h); the multiplicands
// of f16, which have room for each element more than once, repeat them.
//
//===----------------------------------------------------------------------===//

#include "../Execute/Families.h"
#include "WarpProduct.h"

#include <algorithm>
#include <array>
#include <cstring>

using namespace moa::ptx;

namespace {

struct Place {
  uint16_t row, column;
};

/// A matrix between memory and registers.
struct FragmentMove : InstExtra {
  Space space = Space::Generic;
  unsigned bits = 0;     ///< of an element
  unsigned each = 0;     ///< elements in a register
  bool rowMajor = false; ///< in memory
  bool downward = false; ///< the elements of a register are in one column
  unsigned align = 0;    ///< of the start of a row in memory
  std::vector<Slot> slots;
  /// Of the first element that each lane holds in each register.
  std::vector<std::array<Place, warpSize>> places;

  bool contiguous() const { return rowMajor != downward; }
  uint64_t offset(Place p, unsigned i, uint64_t stride) const {
    uint64_t row = p.row + (downward ? i : 0);
    uint64_t column = p.column + (downward ? 0 : i);
    return (rowMajor ? row * stride + column : column * stride + row) * bits /
           8;
  }
};

enum class Operand3 { A, B, C };

void placeMultiplicand(FragmentMove &f, Operand3 which, unsigned extent,
                       unsigned k, unsigned perWord) {
  bool isA = which == Operand3::A;
  unsigned rows = isA && extent != 8 ? 16 : 8;
  for (unsigned block = 0; block < extent; block += rows)
    for (unsigned first = 0; first < k; first += 4 * perWord)
      for (unsigned half = 0; half < rows; half += 8) {
        auto &lanes = f.places.emplace_back();
        for (unsigned l = 0; l < warpSize; ++l) {
          uint16_t across = block + half + l / 4;
          uint16_t deep = first + l % 4 * perWord;
          lanes[l] = isA ? Place{across, deep} : Place{deep, across};
        }
      }
}

void placeAccumulator(FragmentMove &f, unsigned m, unsigned n) {
  unsigned rows = m == 8 ? 8 : 16;
  for (unsigned block = 0; block < m; block += rows)
    for (unsigned first = 0; first < n; first += 8)
      for (unsigned half = 0; half < rows; half += 8)
        for (unsigned i = 0; i < 2; i += f.each) {
          auto &lanes = f.places.emplace_back();
          for (unsigned l = 0; l < warpSize; ++l)
            lanes[l] = {uint16_t(block + half + l / 4),
                        uint16_t(first + 2 * (l % 4) + i)};
        }
}

/// The address and the stride, which must be those of all lanes.
bool uniform(Warp &w, const Inst &in, const FragmentMove &f, uint64_t &base,
             uint64_t &stride) {
  uint64_t addresses[warpSize];
  w.addresses(in, allLanes, addresses);
  const uint64_t *strides = w.src(in.src[0]);
  for (unsigned l = 1; l < warpSize; ++l)
    if (addresses[l] != addresses[0] ||
        uint32_t(strides[l]) != uint32_t(strides[0])) {
      w.fault(in, l, "operands-differ",
              "the address or the stride is not that of lane 0", true,
              &addresses[l]);
      return false;
    }
  base = addresses[0];
  stride = uint32_t(strides[0]);
  uint64_t pitch = stride * f.bits / 8;
  if ((base % f.align || pitch % f.align) &&
      w.launch->options.checks.alignment) {
    w.fault(in, 0, "misaligned",
            "the rows of the matrix do not begin at multiples of " +
                std::to_string(f.align) + " bytes",
            true, &base);
    return false;
  }
  return true;
}

/// Calls f(access, first element, elements) for the accesses of a register;
/// false after a fault.
template <class F>
bool forAccesses(Warp &w, const Inst &in, const FragmentMove &m, size_t reg,
                 uint64_t base, uint64_t stride, AccessKind kind, F f) {
  unsigned step = m.contiguous() ? m.each : 1;
  for (unsigned i = 0; i < m.each; i += step) {
    Access a;
    a.kind = kind;
    a.space = uint8_t(m.space);
    a.bytes = step * m.bits / 8;
    for (unsigned l = 0; l < warpSize; ++l)
      a.address[l] = base + m.offset(m.places[reg][l], i, stride);
    if (w.access(in, allLanes, a) != allLanes)
      return false;
    f(a, i);
  }
  return true;
}

void runLoad(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &m = static_cast<const FragmentMove &>(*in.extra);
  uint64_t base, stride;
  if (!uniform(w, in, m, base, stride))
    return w.advance();
  size_t count = m.places.size();
  for (size_t r = 0; r < count; ++r) {
    uint64_t *d = w.dst(m.slots[r]);
    std::fill_n(d, warpSize, 0);
    auto take = [&](const Access &a, unsigned i) {
      for (unsigned l = 0; l < warpSize; ++l) {
        uint64_t value = 0;
        std::memcpy(&value, a.data[l], a.bytes);
        d[l] |= value << i * m.bits;
      }
    };
    if (!forAccesses(w, in, m, r, base, stride, AccessKind::Load, take))
      return w.advance();
  }
  for (size_t r = count; r < m.slots.size(); ++r)
    std::copy_n(w.src(m.slots[r % count]), warpSize, w.dst(m.slots[r]));
  w.advance();
}

void runStore(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &m = static_cast<const FragmentMove &>(*in.extra);
  uint64_t base, stride;
  if (!uniform(w, in, m, base, stride))
    return w.advance();
  for (size_t r = 0; r < m.places.size(); ++r) {
    const uint64_t *s = w.src(m.slots[r]);
    auto give = [&](const Access &a, unsigned i) {
      for (unsigned l = 0; l < warpSize; ++l) {
        uint64_t value = s[l] >> i * m.bits;
        std::memcpy(a.data[l], &value, a.bytes);
      }
    };
    if (!forAccesses(w, in, m, r, base, stride, AccessKind::Store, give))
      break;
  }
  w.advance();
}

bool goodShape(const MatrixShape &s, const Element &e) {
  switch (e.type) {
  case Type::TF32:
    return s == MatrixShape{16, 16, 8};
  case Type::F64:
    return s == MatrixShape{8, 8, 4};
  case Type::S4:
  case Type::U4:
    return s == MatrixShape{8, 8, 32};
  case Type::B1:
    return s == MatrixShape{8, 8, 128};
  case Type::E4M3:
  case Type::E5M2:
    return false;
  default:
    return s == MatrixShape{16, 16, 16} || s == MatrixShape{8, 32, 16} ||
           s == MatrixShape{32, 8, 16};
  }
}

/// A shape that some type has, for accumulators of `type`.
bool goodAccumulator(const MatrixShape &s, Type type) {
  auto fits = [&](Type multiplicand) {
    Element e;
    return elementOf(multiplicand, false, e) && goodShape(s, e);
  };
  switch (type) {
  case Type::F16:
    return fits(Type::F16);
  case Type::F32:
    return fits(Type::F16) || fits(Type::TF32);
  case Type::F64:
    return fits(Type::F64);
  case Type::S32:
    return fits(Type::S8) || fits(Type::S4) || fits(Type::B1);
  default:
    return false;
  }
}

bool badShape(Decoder &d, Type type) {
  return d.unsupported("this shape of 'wmma' with type '." +
                       std::string(typeInfo(type).name) + "'");
}

bool placeElements(Decoder &d, FragmentMove &f, Operand3 which,
                   const MatrixShape &s, Type type) {
  if (which == Operand3::C) {
    if (!goodAccumulator(s, type))
      return badShape(d, type);
    f.bits = bitsOf(type);
    f.each = type == Type::F16 ? 2 : 1;
    placeAccumulator(f, s.m, s.n);
    return true;
  }
  Element e;
  if (!elementOf(type, false, e) || !goodShape(s, e))
    return badShape(d, type);
  f.bits = e.bits;
  f.each = e.perWord();
  f.downward = which == Operand3::B;
  if (e.bits < 8 && !f.contiguous())
    return d.error("elements of less than a byte need A in rows and B in "
                   "columns");
  placeMultiplicand(f, which, which == Operand3::A ? s.m : s.n, s.k, f.each);
  return true;
}

template <bool isLoad> bool decodeMove(Decoder &d) {
  auto f = std::make_unique<FragmentMove>();
  int which = isLoad ? d.takeOne({"a", "b", "c"}) : d.take("d") ? 2 : -1;
  MatrixShape shape;
  if (which < 0)
    return d.error("it must be said which matrix this is");
  if (!takeAligned(d) || !takeShape(d, shape))
    return false;
  int layout = d.takeOne({"row", "col"});
  if (layout < 0)
    return d.error("a layout is needed");
  f->rowMajor = layout == 0;
  int space = d.takeOne({"global", "shared", "shared::cta"});
  f->space = space < 0    ? Space::Generic
             : space == 0 ? Space::Global
                          : Space::Shared;
  Type type = d.takeType();
  if (!placeElements(d, *f, Operand3(which), shape, type) || !d.operands(2, 3))
    return false;
  size_t registers = f->places.size();
  if (type == Type::F16 && which != 2)
    registers = 8;
  if (!d.address(d.operand(isLoad ? 1 : 0)) ||
      !takeRegisters(d, d.operand(isLoad ? 0 : 1), registers, isLoad, f->slots))
    return false;
  unsigned extents[3][2] = {
      {shape.m, shape.k}, {shape.k, shape.n}, {shape.m, shape.n}};
  d.in.src[0] = d.operandCount() == 3
                    ? d.source(d.operand(2), Type::B32)
                    : d.constant(extents[which][f->rowMajor ? 1 : 0]);
  f->align = std::min<unsigned>(16, registers * std::max(4u, f->bits / 8));
  d.in.run = isLoad ? runLoad : runStore;
  d.in.extra = std::move(f);
  return !d.failed();
}

bool takeTypes(Decoder &d, ProductKind &p) {
  std::vector<Type> types;
  for (Type t; types.size() < 4 && (t = d.takeType()) != Type::None;)
    types.push_back(t);
  if (types.size() == 2)
    types = {types[0], Type::F16, Type::F16, types[1]};
  if (types.size() != 4)
    return d.error("two or four types are needed");
  p.d = types[0];
  p.c = types[3];
  if (!elementOf(types[1], false, p.a) || !elementOf(types[2], false, p.b) ||
      !goodShape(p.shape, p.a) || types[1] != types[2])
    return badShape(d, types[1]);
  Arithmetic arithmetic = p.a.arithmetic;
  bool integral =
      arithmetic == Arithmetic::Integer || arithmetic == Arithmetic::Bits;
  for (Type t : {p.c, p.d}) {
    bool good = arithmetic == Arithmetic::Double ? t == Type::F64
                : integral                       ? t == Type::S32
                : types[1] == Type::F16 ? t == Type::F16 || t == Type::F32
                                        : t == Type::F32;
    if (!good)
      return d.unsupported("accumulator type '." +
                           std::string(typeInfo(t).name) + "' of 'wmma'");
  }
  return true;
}

bool decodeProduct(Decoder &d) {
  auto p = std::make_unique<WarpProduct>();
  ProductKind &kind = p->kind;
  int op = d.takeOne({"and", "xor"});
  kind.isXor = op == 1;
  bool popc = d.take("popc");
  if (!takeAligned(d) || !takeShape(d, kind.shape))
    return false;
  for (int i = 0; i < 2; ++i)
    if (d.takeOne({"row", "col"}) < 0)
      return d.error("two layouts are needed");
  kind.rounding = d.takeRounding();
  if (!takeTypes(d, kind))
    return false;
  if ((kind.a.arithmetic == Arithmetic::Bits) != (op >= 0 && popc))
    return d.error("'.b1', and only it, needs .and.popc or .xor.popc");
  kind.satfinite = d.take("satfinite");
  if (kind.satfinite && kind.a.arithmetic != Arithmetic::Integer)
    return d.unsupported("modifier '.satfinite' of this type");
  if (!takeFragments(d, *p))
    return false;
  p->counter = d.tensorKind();
  d.in.run = runWarpProduct;
  d.in.extra = std::move(p);
  return true;
}

bool decodeWmma(Decoder &d) {
  switch (d.takeOne({"load", "store", "mma"})) {
  case 0:
    return decodeMove<true>(d);
  case 1:
    return decodeMove<false>(d);
  case 2:
    return decodeProduct(d);
  default:
    return d.error("malformed 'wmma'");
  }
}

} // namespace

void moa::ptx::addWmma(InstructionTable &t) { t["wmma"] = decodeWmma; }
