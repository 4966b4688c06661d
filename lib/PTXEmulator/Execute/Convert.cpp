//===- Convert.cpp - Conversion between types -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cvt reads the source as an exact number (an integer or a double) and rounds
// it once to the destination.
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

struct Conversion : InstExtra {
  Type to = Type::None, from = Type::None;
  Rounding rounding = Rounding::Nearest;
  bool integerRounding = false; ///< .rni and so on were written
  bool ftz = false, sat = false, relu = false, satFinite = false;
};

const FloatFormat *formatOf(Type type) {
  switch (type) {
  case Type::F16:
    return &formatF16;
  case Type::BF16:
    return &formatBF16;
  case Type::TF32:
    return &formatTF32;
  case Type::F32:
    return &formatF32;
  case Type::F64:
    return &formatF64;
  case Type::E4M3:
  case Type::E4M3x2:
  case Type::E4M3x4:
    return &formatE4M3;
  case Type::E5M2:
  case Type::E5M2x2:
  case Type::E5M2x4:
    return &formatE5M2;
  case Type::E2M3x2:
    return &formatE2M3;
  case Type::E3M2x2:
    return &formatE3M2;
  case Type::E2M1x2:
    return &formatE2M1;
  default:
    return nullptr;
  }
}

double readFloat(Type type, uint64_t bits) {
  switch (type) {
  case Type::F16:
    return halfToFloat(bits);
  case Type::BF16:
    return bfloatToFloat(bits & 0xffff);
  case Type::TF32:
  case Type::F32:
    return asFloat(bits);
  case Type::F64:
    return asDouble(bits);
  default:
    return decodeFloat(*formatOf(type), bits);
  }
}

double roundToInteger(double x, Rounding rounding) {
  switch (rounding) {
  case Rounding::Zero:
    return std::trunc(x);
  case Rounding::Down:
    return std::floor(x);
  case Rounding::Up:
    return std::ceil(x);
  default:
    return std::nearbyint(x);
  }
}

uint64_t floatToInteger(const Conversion &c, double x) {
  unsigned bits = bitsOf(c.to);
  bool isS = isSigned(c.to);
  if (std::isnan(x))
    return c.from == Type::F64 || bits == 64 ? uint64_t(1) << (bits - 1) : 0;
  x = roundToInteger(x, c.rounding);
  double low = isS ? -std::ldexp(1.0, bits - 1) : 0.0;
  double high = std::ldexp(1.0, bits - isS);
  if (x >= high)
    return (uint64_t(1) << (bits - isS - 1) << 1) - 1;
  if (x < low)
    x = low;
  return x < 0 ? uint64_t(int64_t(x)) : uint64_t(x);
}

uint64_t floatToFloat(const Conversion &c, double x) {
  const FloatFormat &format = *formatOf(c.to);
  if (c.integerRounding)
    x = roundToInteger(x, c.rounding);
  if (c.sat)
    x = x > 0 ? std::min(x, 1.0) : 0.0;
  if (c.relu && !(x > 0) && !std::isnan(x))
    x = 0.0;
  uint64_t bits = encodeFloat(format, x, c.rounding, c.satFinite);
  if (c.to == Type::TF32)
    bits = std::isnan(x) ? 0x7fffffff : bits << 13;
  if (c.to == Type::F64 && std::isnan(x))
    bits = bitsOf(x);
  if (c.ftz && c.to == Type::F32 && !(bits & 0x7f800000))
    bits &= 0x80000000;
  return bits;
}

int64_t extended(Type type, uint64_t bits) {
  unsigned width = bitsOf(type);
  if (width == 64)
    return int64_t(bits);
  bits &= (uint64_t(1) << width) - 1;
  if (isSigned(type) && bits >> (width - 1) & 1)
    bits |= ~uint64_t(0) << width;
  return int64_t(bits);
}

/// Integer to integer: cut or extended; .sat clamps.
uint64_t integerToInteger(const Conversion &c, uint64_t bits) {
  int64_t v = extended(c.from, bits);
  if (!c.sat)
    return uint64_t(v);
  unsigned width = bitsOf(c.to);
  bool isS = isSigned(c.to), fromUnsigned = !isSigned(c.from);
  uint64_t most = (uint64_t(1) << (width - isS - 1) << 1) - 1;
  if (fromUnsigned || v >= 0)
    return std::min(uint64_t(v), most);
  if (!isS)
    return 0;
  return uint64_t(std::max(v, -int64_t(most) - 1));
}

uint64_t convert(const Conversion &c, uint64_t bits) {
  if (!isFloat(c.from)) {
    if (!isFloat(c.to))
      return integerToInteger(c, bits);
    int64_t v = extended(c.from, bits);
    Exact exact = isSigned(c.from) ? exactOf(v) : exactOf(uint64_t(v));
    uint64_t r = roundTo(*formatOf(c.to), exact, c.rounding);
    if (c.sat) // a unit interval: 0 or 1
      r = exact.mantissa && !exact.negative
              ? roundTo(*formatOf(c.to), exactOf(uint64_t(1)), c.rounding)
              : 0;
    return r;
  }
  double x = readFloat(c.from, bits);
  if (c.ftz && c.from == Type::F32 && std::fpclassify(float(x)) == FP_SUBNORMAL)
    x = std::copysign(0.0, x);
  return isFloat(c.to) ? floatToFloat(c, x) : floatToInteger(c, x);
}

/// Keeps as many bits as the register has; `imm` is its mask.
void runCvt(Warp &w, const Inst &in, Lanes lanes) {
  const auto &c = static_cast<const Conversion &>(*in.extra);
  const uint64_t *a = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  unsigned width = bitsOf(c.to);
  uint64_t own = width < 64 ? (uint64_t(1) << width) - 1 : ~uint64_t(0);
  bool isS = isSigned(c.to);
  forLanes(lanes, [&](unsigned l) {
    uint64_t r = convert(c, a[l]) & own;
    if (isS && r >> (width - 1) & 1)
      r |= ~own;
    d[l] = r & uint64_t(in.imm);
  });
}

/// Integer widths only, the commonest conversions, quickly.
template <class To, class From>
void runIntegers(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = put<To>(static_cast<To>(static_cast<From>(a[l])));
  });
}

/// cvt.to.from d, a, b with two floats packed: a is the upper one. Two 32-bit
/// (or one packed 16-bit) sources.
void runCvtPair(Warp &w, const Inst &in, Lanes lanes) {
  const auto &c = static_cast<const Conversion &>(*in.extra);
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]);
  uint64_t *d = w.dst(in.dst);
  unsigned width = in.mode;
  forLanes(lanes, [&](unsigned l) {
    uint64_t high = convert(c, a[l] >> in.imm), low = convert(c, b[l]);
    d[l] = high << width | low;
  });
}

/// The type of one element of a packed type.
Type elementOf(Type type) {
  switch (type) {
  case Type::F16x2:
    return Type::F16;
  case Type::BF16x2:
    return Type::BF16;
  case Type::E4M3x2:
    return Type::E4M3;
  case Type::E5M2x2:
    return Type::E5M2;
  default:
    return Type::None;
  }
}

bool decodePair(Decoder &d, std::unique_ptr<Conversion> c, Type to, Type from) {
  Type toElement = elementOf(to), fromElement = elementOf(from);
  if (from == Type::F32)
    fromElement = from;
  if (toElement == Type::None || fromElement == Type::None)
    return d.unsupported("this conversion");
  c->to = toElement, c->from = fromElement;
  d.in.run = runCvtPair;
  d.in.mode = bitsOf(toElement);
  bool one = from != Type::F32;
  if (!d.operands(one ? 2 : 3, one ? 2 : 3))
    return false;
  d.in.src[0] = d.source(d.operand(1), from);
  d.in.src[1] = one ? d.in.src[0] : d.source(d.operand(2), from);
  d.in.imm = one ? bitsOf(fromElement) : 0;
  d.in.dst = d.destination(d.operand(0));
  d.in.extra = std::move(c);
  return !d.failed();
}

/// cvt.pack.sat.to.s32 d, a, b{, c}: a above b, above c's lower half.
void runPack(Warp &w, const Inst &in, Lanes lanes) {
  const auto &c = static_cast<const Conversion &>(*in.extra);
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *below = in.src[2] != noSlot ? w.src(in.src[2]) : nullptr;
  uint64_t *d = w.dst(in.dst);
  unsigned width = bitsOf(c.to);
  uint64_t mask = (uint64_t(1) << width) - 1;
  forLanes(lanes, [&](unsigned l) {
    uint64_t pair = (integerToInteger(c, a[l]) & mask) << width |
                    (integerToInteger(c, b[l]) & mask);
    d[l] = below ? uint32_t(below[l] << (2 * width) | pair) : pair;
  });
}

bool decodePack(Decoder &d) {
  auto c = std::make_unique<Conversion>();
  c->sat = d.take("sat");
  c->to = d.takeType();
  c->from = d.takeType();
  Type third = d.takeType();
  bool three = third != Type::None;
  if (bitsOf(c->to) > 16 || !isInteger(c->to) || c->from != Type::S32)
    return d.unsupported("this conversion");
  if (!d.operands(three ? 4 : 3, three ? 4 : 3) ||
      !d.sources(1, three ? 3 : 2, Type::B32))
    return false;
  d.in.dst = d.destination(d.operand(0));
  d.in.run = runPack;
  d.in.extra = std::move(c);
  return !d.failed();
}

Handler quickIntegers(Type to, Type from) {
  if (!isInteger(to) || !isInteger(from))
    return nullptr;
  if (from == Type::U32 && to == Type::U64)
    return runIntegers<uint64_t, uint32_t>;
  if (from == Type::S32 && to == Type::S64)
    return runIntegers<int64_t, int32_t>;
  if (bitsOf(from) == 64 && bitsOf(to) == 32)
    return runIntegers<uint32_t, uint64_t>;
  return nullptr;
}

bool decodeCvt(Decoder &d) {
  if (d.take("pack"))
    return decodePack(d);
  auto c = std::make_unique<Conversion>();
  int integer = d.takeOne({"rni", "rzi", "rmi", "rpi"});
  static constexpr Rounding integerRoundings[] = {
      Rounding::Nearest, Rounding::Zero, Rounding::Down, Rounding::Up};
  c->rounding = d.takeRounding();
  if (integer >= 0)
    c->rounding = integerRoundings[integer];
  c->ftz = d.take("ftz");
  c->sat = d.take("sat");
  c->relu = d.take("relu");
  c->satFinite = d.take("satfinite");
  Type to = d.takeType(), from = d.takeType();
  if (typeInfo(to).kind == TypeKind::Packed)
    return decodePair(d, std::move(c), to, from);
  c->to = to, c->from = from;
  bool fromFloat = isFloat(from), toFloat = isFloat(to);
  if ((!fromFloat && !isInteger(from)) || (!toFloat && !isInteger(to)) ||
      bitsOf(to) < 8 || bitsOf(from) < 8)
    return d.unsupported("this conversion");
  c->integerRounding = integer >= 0 && fromFloat && toFloat;
  if (!d.operands(2, 2))
    return false;
  d.in.flags |= Propagates;
  d.in.src[0] = d.source(d.operand(1), from);
  d.in.dst = d.destination(d.operand(0));
  Type reg = d.registerType(d.operand(0));
  unsigned width = reg == Type::None ? 64 : bitsOf(reg);
  d.in.imm = width < 64 ? (int64_t(1) << width) - 1 : -1;
  d.in.run = runCvt;
  if (!c->sat && bitsOf(reg) == bitsOf(to))
    if (Handler quick = quickIntegers(to, from))
      d.in.run = quick;
  d.in.extra = std::move(c);
  return !d.failed();
}

} // namespace

void moa::ptx::addConvert(InstructionTable &t) { t["cvt"] = decodeCvt; }
