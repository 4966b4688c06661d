//===- Mma.cpp - mma --------------------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// D = A B + C by a warp, with fragments in registers. m8n8k4 of f16 is four
// products at once, each by eight lanes, with a layout of its own.
//
//===----------------------------------------------------------------------===//

#include "../Execute/Families.h"
#include "Product.h"
#include "WarpProduct.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

/// Classes of multiplicands that have the same shapes.
enum Class : unsigned {
  Half = 1,
  Brain = 2,
  Tensor = 4,
  Double = 8,
  Byte = 16,
  Nibble = 32,
  Bit = 64,
  Eight = 128, ///< e4m3, e5m2
  Small = 256, ///< .kind::f8f6f4
};

Class classOf(Type type, bool inBytes) {
  switch (type) {
  case Type::F16:
    return Half;
  case Type::BF16:
    return Brain;
  case Type::TF32:
    return Tensor;
  case Type::F64:
    return Double;
  case Type::S8:
  case Type::U8:
    return Byte;
  case Type::S4:
  case Type::U4:
    return Nibble;
  case Type::B1:
    return Bit;
  default:
    return inBytes ? Small : Eight;
  }
}

struct ShapeClasses {
  MatrixShape shape;
  unsigned classes;
};

constexpr ShapeClasses shapes[] = {
    {{8, 8, 4}, Half | Double},
    {{8, 8, 16}, Byte},
    {{8, 8, 32}, Nibble},
    {{8, 8, 128}, Bit},
    {{16, 8, 4}, Tensor | Double},
    {{16, 8, 8}, Half | Brain | Tensor | Double},
    {{16, 8, 16}, Half | Brain | Double | Byte | Eight},
    {{16, 8, 32}, Byte | Nibble | Eight | Small},
    {{16, 8, 64}, Nibble},
    {{16, 8, 128}, Bit},
    {{16, 8, 256}, Bit},
};

/// Types that C and D may have.
bool goodAccumulator(Class c, Type type) {
  if (c == Double)
    return type == Type::F64;
  if (c & (Byte | Nibble | Bit))
    return type == Type::S32;
  return type == Type::F32 || (type == Type::F16 && c & (Half | Eight | Small));
}

std::string nameOf(const Decoder &d, Type type) {
  return "'." + std::string(typeInfo(type).name) + "' of '" +
         std::string(d.ast->opcode) + "'";
}

bool checkKind(Decoder &d, const ProductKind &p, bool inBytes) {
  Class a = classOf(p.a.type, inBytes), b = classOf(p.b.type, inBytes);
  if (a != b || (a == Half && p.a.type != p.b.type))
    return d.error("multiplicands of types that do not go together");
  for (Type type : {p.c, p.d})
    if (!goodAccumulator(a, type))
      return d.unsupported("accumulator type " + nameOf(d, type));
  auto found =
      std::find_if(std::begin(shapes), std::end(shapes),
                   [&](const ShapeClasses &s) { return s.shape == p.shape; });
  if (found == std::end(shapes) || !(found->classes & a))
    return d.unsupported("this shape with multiplicands " +
                         nameOf(d, p.a.type));
  bool isSmallest = p.shape == MatrixShape{8, 8, 4};
  if (p.d != p.c &&
      (p.shape == MatrixShape{16, 8, 8} || (isSmallest && p.c == Type::F32)))
    return d.error("the accumulators must be of one type");
  return true;
}

/// The lanes of product `quad`: rows or columns 0 to 3, then 4 to 7.
unsigned laneOf(unsigned quad, unsigned index) {
  return 4 * quad + index % 4 + (index >= 4 ? 16 : 0);
}

float halfAt(const uint64_t *const *in, unsigned lane, unsigned i) {
  return halfToFloat(in[i / 2][lane] >> 16 * (i % 2));
}

/// Row and column of element i of an accumulator, from the lane of a quad.
std::pair<unsigned, unsigned> accumulatorPlace(Type type, unsigned index,
                                               unsigned i) {
  if (type == Type::F16)
    return {index, i};
  return {(index & 1) + (i & 2) + (index & 4), (i & 4) + (index & 2) + (i & 1)};
}

void multiplyQuad(const WarpProduct &p, unsigned quad, FragmentIn a,
                  FragmentIn b, FragmentIn c, FragmentOut d) {
  float left[32], right[32], sum[64];
  for (unsigned index = 0; index < 8; ++index) {
    unsigned lane = laneOf(quad, index), high = index & 4;
    for (unsigned i = 0; i < 4; ++i) {
      unsigned row = p.rowA ? index : i + high, column = p.rowA ? i : index % 4;
      left[row * 4 + column] = halfAt(a, lane, i);
      row = p.rowB ? index % 4 : i, column = p.rowB ? i + high : index;
      right[row * 8 + column] = halfAt(b, lane, i);
    }
    for (unsigned i = 0; i < 8; ++i) {
      auto [row, column] = accumulatorPlace(p.kind.c, index, i);
      sum[row * 8 + column] =
          p.kind.c == Type::F16 ? halfAt(c, lane, i) : asFloat(c[i][lane]);
    }
  }
  multiplyAdd(left, right, sum, 8, 8, 4);
  for (unsigned index = 0; index < 8; ++index) {
    unsigned lane = laneOf(quad, index);
    for (unsigned i = 0; i < 8; ++i) {
      auto [row, column] = accumulatorPlace(p.kind.d, index, i);
      uint64_t bits = accumulatorBits(p.kind.d, sum[row * 8 + column]);
      if (p.kind.d == Type::F32)
        d[i][lane] = bits;
      else if (i % 2 == 0)
        d[i / 2][lane] = bits;
      else
        d[i / 2][lane] |= bits << 16;
    }
  }
}

void runQuads(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &p = static_cast<const WarpProduct &>(*in.extra);
  // The result may overwrite a source that another product still reads.
  uint64_t copies[12][warpSize];
  const uint64_t *from[12];
  uint64_t *d[8];
  unsigned count = 0;
  for (const auto *slots : {&p.a, &p.b, &p.c})
    for (Slot slot : *slots) {
      std::copy_n(w.src(slot), warpSize, copies[count]);
      from[count] = copies[count];
      ++count;
    }
  for (size_t i = 0; i < p.d.size(); ++i)
    d[i] = w.dst(p.d[i]);
  for (unsigned quad = 0; quad < 4; ++quad)
    multiplyQuad(p, quad, from, from + 2, from + 4, d);
  countProducts(w, p.counter, 4 * p.kind.shape.multiplyAdds());
  w.advance();
}

bool takeQuadFragments(Decoder &d, WarpProduct &p) {
  auto count = [](Type type) { return type == Type::F16 ? 4 : 8; };
  return d.operands(4, 4) && takeRegisters(d, d.operand(1), 2, false, p.a) &&
         takeRegisters(d, d.operand(2), 2, false, p.b) &&
         takeRegisters(d, d.operand(3), count(p.kind.c), false, p.c) &&
         takeRegisters(d, d.operand(0), count(p.kind.d), true, p.d);
}

bool decodeMma(Decoder &d) {
  auto p = std::make_unique<WarpProduct>();
  if (d.has("sp") || d.has("sp::ordered_metadata"))
    return d.unsupported("'mma' of a sparse matrix");
  if (d.has("block_scale"))
    return d.unsupported("modifier '.block_scale' of 'mma'");
  if (!takeAligned(d) || !takeShape(d, p->kind.shape))
    return false;
  int layouts[2];
  for (int &layout : layouts)
    if ((layout = d.takeOne({"row", "col"})) < 0)
      return d.error("two layouts are needed");
  // takeOne prefers .row: .col.row would read as .row.col.
  auto first =
      std::find_if(d.ast->modifiers.begin(), d.ast->modifiers.end(),
                   [](std::string_view m) { return m == "row" || m == "col"; });
  p->rowA = *first == "row";
  p->rowB = layouts[0] == layouts[1] ? p->rowA : !p->rowA;
  bool inBytes = d.take("kind::f8f6f4");
  p->kind.satfinite = d.take("satfinite");
  p->kind.d = d.takeType();
  Type a = d.takeType(), b = d.takeType();
  p->kind.c = d.takeType();
  if (!elementOf(a, inBytes, p->kind.a) || !elementOf(b, inBytes, p->kind.b))
    return d.unsupported("multiplicand type " + nameOf(d, a));
  if (!checkKind(d, p->kind, inBytes))
    return false;
  Arithmetic arithmetic = p->kind.a.arithmetic;
  if (arithmetic == Arithmetic::Bits) {
    int op = d.takeOne({"and", "xor"});
    p->kind.isXor = op == 1;
    if (op < 0 || !d.take("popc"))
      return d.error("'.b1' needs .and.popc or .xor.popc");
  }
  if (arithmetic == Arithmetic::Double)
    p->kind.rounding = d.takeRounding();
  if (p->kind.satfinite && arithmetic != Arithmetic::Integer)
    return d.unsupported("modifier '.satfinite' of this type");
  bool quads = a == Type::F16 && p->kind.shape.m == 8;
  if (!quads && !(p->rowA && !p->rowB))
    return d.error("this shape has the layouts .row.col");
  if (!(quads ? takeQuadFragments(d, *p) : takeFragments(d, *p)))
    return false;
  p->counter = d.tensorKind();
  d.in.run = quads ? runQuads : runWarpProduct;
  d.in.extra = std::move(p);
  return true;
}

} // namespace

void moa::ptx::addWarpProducts(InstructionTable &t) { t["mma"] = decodeMma; }
