//===- Integer.cpp - Integer arithmetic -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"

#include <algorithm>
#include <limits>

using namespace moa::ptx;

namespace {

// Sums and products are made in 64 unsigned bits: wrap-around is defined.
template <class T> struct Add {
  static T f(T a, T b) { return T(uint64_t(a) + uint64_t(b)); }
};
template <class T> struct Sub {
  static T f(T a, T b) { return T(uint64_t(a) - uint64_t(b)); }
};
template <class T> struct MulLo {
  static T f(T a, T b) { return T(uint64_t(a) * uint64_t(b)); }
};
template <class T> T high(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    return T((__int128(a) * __int128(b)) >> (8 * sizeof(T)));
  else
    return T(((unsigned __int128)a * b) >> (8 * sizeof(T)));
}
template <class T> struct MulHi {
  static T f(T a, T b) { return high(a, b); }
};
template <class T> struct MadLo {
  static T f(T a, T b, T c) {
    return T(uint64_t(a) * uint64_t(b) + uint64_t(c));
  }
};
template <class T> struct MadHi {
  static T f(T a, T b, T c) { return T(uint64_t(high(a, b)) + uint64_t(c)); }
};
/// Division by zero gives all ones, as the hardware does.
template <class T> struct Div {
  static T f(T a, T b) {
    if (b == 0)
      return T(-1);
    if (std::is_signed_v<T> && b == T(-1))
      return T(0 - uint64_t(a));
    return T(a / b);
  }
};
template <class T> struct Rem {
  static T f(T a, T b) {
    if (b == 0)
      return a;
    if (std::is_signed_v<T> && b == T(-1))
      return 0;
    return T(a % b);
  }
};
template <class T> struct Min {
  static T f(T a, T b) { return a < b ? a : b; }
};
template <class T> struct Max {
  static T f(T a, T b) { return a > b ? a : b; }
};
template <class T> struct Abs {
  static T f(T a) { return a < 0 ? T(0 - uint64_t(a)) : a; }
};
template <class T> struct Neg {
  static T f(T a) { return T(0 - uint64_t(a)); }
};
template <class T> struct Sad {
  static T f(T a, T b, T c) {
    uint64_t d = a < b ? uint64_t(b) - uint64_t(a) : uint64_t(a) - uint64_t(b);
    return T(uint64_t(c) + d);
  }
};
template <class T> struct AddSat {
  static T f(T a, T b) {
    int64_t s = int64_t(a) + int64_t(b);
    return T(
        std::min<int64_t>(std::max<int64_t>(s, std::numeric_limits<T>::min()),
                          std::numeric_limits<T>::max()));
  }
};
template <class T> struct SubSat {
  static T f(T a, T b) {
    int64_t s = int64_t(a) - int64_t(b);
    return T(
        std::min<int64_t>(std::max<int64_t>(s, std::numeric_limits<T>::min()),
                          std::numeric_limits<T>::max()));
  }
};
template <class T> struct MadHiSat {
  static T f(T a, T b, T c) { return AddSat<T>::f(high(a, b), c); }
};
template <class T> struct Relu {
  static T f(T a) { return a < 0 ? 0 : a; }
};
template <template <class> class Op, class T> struct WithRelu {
  static T f(T a, T b) { return Relu<T>::f(Op<T>::f(a, b)); }
};

/// Both halves of a register.
template <template <class> class Op, class T> struct Halves {
  static uint32_t f(uint32_t a, uint32_t b) {
    auto half = [&](unsigned s) {
      return uint32_t(uint16_t(Op<T>::f(T(a >> s), T(b >> s)))) << s;
    };
    return half(0) | half(16);
  }
};

template <template <class> class Op> struct HalvesRelu {
  static uint32_t f(uint32_t a, uint32_t b) {
    uint32_t v = Halves<Op, int16_t>::f(a, b);
    return (v & 0x8000 ? 0 : v & 0xffff) | (v >> 31 ? 0 : v & 0xffff0000);
  }
};

template <class R, class T> struct MulWide {
  static R f(T a, T b) { return R(uint64_t(R(a)) * uint64_t(R(b))); }
};
template <class R, class T>
void runMadWide(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = put<R>(R(uint64_t(R(get<T>(a[l]))) * uint64_t(R(get<T>(b[l]))) +
                    uint64_t(get<R>(c[l]))));
  });
}

/// 24-bit factors: the low 24 bits, extended.
template <class T> T low24(T a) { return T(a << 8) >> 8; }
template <class T> struct Mul24Lo {
  static T f(T a, T b) { return T(int64_t(low24(a)) * low24(b)); }
};
template <class T> struct Mul24Hi {
  static T f(T a, T b) { return T((int64_t(low24(a)) * low24(b)) >> 16); }
};
template <class T> struct Mad24Lo {
  static T f(T a, T b, T c) { return T(uint64_t(Mul24Lo<T>::f(a, b)) + c); }
};
template <class T> struct Mad24Hi {
  static T f(T a, T b, T c) { return T(uint64_t(Mul24Hi<T>::f(a, b)) + c); }
};

template <template <class> class Op> bool packed16(Decoder &d, Type type) {
  if (type == Type::U16x2)
    return finish(d, run2<Halves<Op, uint16_t>, uint32_t, uint32_t>, 2, type);
  return finish(d, run2<Halves<Op, int16_t>, uint32_t, uint32_t>, 2, type);
}

bool isPacked16(Type type) {
  return type == Type::U16x2 || type == Type::S16x2;
}

/// .cc: the carry of each lane is kept in Warp::carry. Bits of mode: 1 reads
/// it, 2 writes it, 4 subtracts, 8 high half of a product, 16 a product.
template <class T> void runCarry(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = in.mode & 16 ? w.src(in.src[2]) : nullptr;
  uint64_t *d = w.dst(in.dst);
  Lanes carry = w.carry;
  forLanes(lanes, [&](unsigned l) {
    T x = get<T>(a[l]), y = get<T>(b[l]);
    if (c) {
      x = in.mode & 8 ? high(x, y) : T(x * y);
      if (in.mode & 32)
        x = T(high(std::make_signed_t<T>(get<T>(a[l])),
                   std::make_signed_t<T>(get<T>(b[l]))));
      y = get<T>(c[l]);
    }
    unsigned __int128 sum;
    unsigned flag = in.mode & 1 ? carry >> l & 1 : 0;
    if (in.mode & 4)
      sum = (unsigned __int128)x - y - flag;
    else
      sum = (unsigned __int128)x + y + flag;
    d[l] = put<T>(T(sum));
    if (in.mode & 2)
      w.carry = (w.carry & ~(1u << l)) | Lanes(sum >> (8 * sizeof(T)) & 1) << l;
  });
}

bool decodeCarry(Decoder &d, uint32_t mode, Type type) {
  d.in.mode = mode;
  bool wide = bitsOf(type) == 64;
  if (bitsOf(type) != 32 && !wide)
    return d.unsupported("a type of this width");
  return finish(d, wide ? runCarry<uint64_t> : runCarry<uint32_t>,
                mode & 16 ? 3 : 2, type);
}

template <template <class> class Op, template <class> class Sat, uint32_t mode>
bool decodeSum(Decoder &d) {
  bool carry = d.take("cc");
  Type type = d.takeType();
  if (carry)
    return decodeCarry(d, mode | 2, type);
  if (isPacked16(type))
    return packed16<Op>(d, type);
  if (!isInteger(type))
    return decodeFloatArithmetic(d, type);
  if (type == Type::S32 && d.take("sat"))
    return finish(d, run2<Sat<int32_t>, int32_t, int32_t>, 2, type);
  return finish(d, pick2<Op>(type), 2, type);
}

template <uint32_t mode> bool decodeWithCarry(Decoder &d) {
  bool cc = d.take("cc");
  return decodeCarry(d, mode | 1 | (cc ? 2 : 0), d.takeType());
}

bool decodeMul(Decoder &d) {
  int part = d.takeOne({"lo", "hi", "wide"});
  Type type = d.takeType();
  if (!isInteger(type))
    return decodeFloatArithmetic(d, type);
  if (part == 0)
    return finish(d, pick2<MulLo>(type), 2, type);
  if (part == 1)
    return finish(d, pick2<MulHi>(type), 2, type);
  if (part < 0)
    return d.error("'mul' needs .lo, .hi or .wide");
  switch (type) {
  case Type::U16:
    return finish(d, run2<MulWide<uint32_t, uint16_t>, uint32_t, uint16_t>, 2,
                  type);
  case Type::S16:
    return finish(d, run2<MulWide<int32_t, int16_t>, int32_t, int16_t>, 2,
                  type);
  case Type::U32:
    return finish(d, run2<MulWide<uint64_t, uint32_t>, uint64_t, uint32_t>, 2,
                  type);
  case Type::S32:
    return finish(d, run2<MulWide<int64_t, int32_t>, int64_t, int32_t>, 2,
                  type);
  default:
    return finish(d, nullptr, 2, type);
  }
}

bool decodeMad(Decoder &d) {
  int part = d.takeOne({"lo", "hi", "wide"});
  bool carry = d.take("cc");
  Type type = d.takeType();
  if (!isInteger(type))
    return decodeFloatArithmetic(d, type);
  if (carry)
    return decodeCarry(d, 16 | 2 | (part == 1 ? (isSigned(type) ? 32 : 8) : 0),
                       type);
  if (part == 0)
    return finish(d, pick3<MadLo>(type), 3, type);
  if (part == 1 && type == Type::S32 && d.take("sat"))
    return finish(d, run3<MadHiSat<int32_t>, int32_t, int32_t>, 3, type);
  if (part == 1)
    return finish(d, pick3<MadHi>(type), 3, type);
  if (part < 0)
    return d.error("'mad' needs .lo, .hi or .wide");
  Handler handler = type == Type::U16   ? runMadWide<uint32_t, uint16_t>
                    : type == Type::S16 ? runMadWide<int32_t, int16_t>
                    : type == Type::U32 ? runMadWide<uint64_t, uint32_t>
                    : type == Type::S32 ? runMadWide<int64_t, int32_t>
                                        : nullptr;
  if (!finish(d, handler, 3, type))
    return false;
  // A constant addend has the width of the result.
  if (d.operand(3).kind == Operand::Kind::Integer)
    d.in.src[2] = d.constant(bitsOf(type) == 32 ? d.operand(3).bits
                                                : uint32_t(d.operand(3).bits));
  return true;
}

bool decodeMadc(Decoder &d) {
  int part = d.takeOne({"lo", "hi"});
  bool cc = d.take("cc");
  Type type = d.takeType();
  return decodeCarry(
      d, 16 | 1 | (cc ? 2 : 0) | (part == 1 ? (isSigned(type) ? 32 : 8) : 0),
      type);
}

template <template <class> class Lo, template <class> class Hi, unsigned count>
bool decode24(Decoder &d) {
  bool hi = d.takeOne({"lo", "hi"}) == 1;
  Type type = d.takeType();
  bool isS = type == Type::S32;
  if (!isS && type != Type::U32)
    return finish(d, nullptr, count, type);
  if constexpr (count == 2)
    return finish(d,
                  isS ? (hi ? run2<Hi<int32_t>, int32_t, int32_t>
                            : run2<Lo<int32_t>, int32_t, int32_t>)
                      : (hi ? run2<Hi<uint32_t>, uint32_t, uint32_t>
                            : run2<Lo<uint32_t>, uint32_t, uint32_t>),
                  2, type);
  else
    return finish(d,
                  isS ? (hi ? run3<Hi<int32_t>, int32_t, int32_t>
                            : run3<Lo<int32_t>, int32_t, int32_t>)
                      : (hi ? run3<Hi<uint32_t>, uint32_t, uint32_t>
                            : run3<Lo<uint32_t>, uint32_t, uint32_t>),
                  3, type);
}

template <template <class> class Op> bool decodeMinMax(Decoder &d) {
  Type type = d.takeType();
  if (type == Type::S32 && d.take("relu"))
    return finish(d, run2<WithRelu<Op, int32_t>, int32_t, int32_t>, 2, type);
  if (isPacked16(type)) {
    if (type == Type::S16x2 && d.take("relu"))
      return finish(d, run2<HalvesRelu<Op>, uint32_t, uint32_t>, 2, type);
    return packed16<Op>(d, type);
  }
  if (!isInteger(type))
    return decodeFloatArithmetic(d, type);
  return finish(d, pick2<Op>(type), 2, type);
}

template <template <class> class Op> bool decodeInteger1(Decoder &d) {
  Type type = d.takeType();
  if (!isInteger(type))
    return decodeFloatArithmetic(d, type);
  return finish(d, pick1<Op>(type), 1, type);
}
template <template <class> class Op> bool decodeInteger2(Decoder &d) {
  Type type = d.takeType();
  if (!isInteger(type))
    return decodeFloatArithmetic(d, type);
  return finish(d, pick2<Op>(type), 2, type);
}
template <template <class> class Op> bool decodeInteger3(Decoder &d) {
  Type type = d.takeType();
  return finish(d, pick3<Op>(type), 3, type);
}

/// dp4a, dp2a: mode bit 0 a signed, bit 1 b signed, bit 2 upper half of b.
template <unsigned width> void runDot(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  auto part = [](uint64_t bits, unsigned at, unsigned size, bool isS) {
    int64_t v = bits >> at & ((1u << size) - 1);
    return isS && v >> (size - 1) & 1 ? v - (int64_t(1) << size) : v;
  };
  forLanes(lanes, [&](unsigned l) {
    uint64_t sum = c[l];
    for (unsigned i = 0; i < 32 / width; ++i)
      sum += part(a[l], i * width, width, in.mode & 1) *
             part(b[l], i * 8 + (in.mode & 4 ? 16 : 0), 8, in.mode & 2);
    d[l] = uint32_t(sum);
  });
}
template <unsigned width> bool decodeDot(Decoder &d) {
  int half = width == 16 ? d.takeOne({"lo", "hi"}) : 0;
  Type a = d.takeType(), b = d.takeType();
  d.in.mode = isSigned(a) | isSigned(b) << 1 | (half == 1) << 2;
  return finish(d, runDot<width>, 3, Type::B32);
}

} // namespace

void moa::ptx::addInteger(InstructionTable &t) {
  t["add"] = decodeSum<Add, AddSat, 0>;
  t["sub"] = decodeSum<Sub, SubSat, 4>;
  t["addc"] = decodeWithCarry<0>;
  t["subc"] = decodeWithCarry<4>;
  t["mul"] = decodeMul;
  t["mad"] = decodeMad;
  t["madc"] = decodeMadc;
  t["mul24"] = decode24<Mul24Lo, Mul24Hi, 2>;
  t["mad24"] = decode24<Mad24Lo, Mad24Hi, 3>;
  t["div"] = decodeInteger2<Div>;
  t["rem"] = decodeInteger2<Rem>;
  t["min"] = decodeMinMax<Min>;
  t["max"] = decodeMinMax<Max>;
  t["abs"] = decodeInteger1<Abs>;
  t["neg"] = decodeInteger1<Neg>;
  t["sad"] = decodeInteger3<Sad>;
  t["dp4a"] = decodeDot<8>;
  t["dp2a"] = decodeDot<16>;
}
