//===- Bits.cpp - Logic, shifts and bit fields ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

template <class T> struct And {
  static T f(T a, T b) { return a & b; }
};
template <class T> struct Or {
  static T f(T a, T b) { return a | b; }
};
template <class T> struct Xor {
  static T f(T a, T b) { return a ^ b; }
};
template <class T> struct Not {
  static T f(T a) { return T(~a); }
};
template <class T> struct CNot {
  static T f(T a) { return a == 0; }
};

/// and, or, xor of predicates; `op` of whole warps.
template <char op> void runPredicate(Warp &w, const Inst &in, Lanes lanes) {
  Lanes a = w.predicate(in, 0), b = op == '~' ? 0 : w.predicate(in, 1);
  w.setPredicate(in.dst, lanes,
                 op == '&'   ? a & b
                 : op == '|' ? a | b
                 : op == '^' ? a ^ b
                             : ~a);
}

template <template <class> class Op, char op> bool decodeLogic(Decoder &d) {
  constexpr unsigned count = op == '~' ? 1 : 2;
  d.in.flags |= Propagates;
  Type type = d.takeType();
  if (type != Type::Pred) {
    if constexpr (count == 1)
      return finish(d, pick1<Op>(type), 1, type);
    else
      return finish(d, pick2<Op>(type), 2, type);
  }
  if (!d.operands(count + 1, count + 1))
    return false;
  for (unsigned i = 0; i < count; ++i)
    d.in.src[i] = d.predicateSource(i, d.operand(i + 1));
  d.in.dst = d.predicateDestination(d.operand(0));
  d.in.run = runPredicate<op>;
  return !d.failed();
}

template <class T> struct Clz {
  static uint32_t f(T a) { return std::countl_zero(a); }
};
template <class T> struct Popc {
  static uint32_t f(T a) { return std::popcount(a); }
};
template <class T> T reversed(T a) {
  T r = 0;
  for (unsigned i = 0; i < 8 * sizeof(T); ++i)
    r |= T(a >> i & 1) << (8 * sizeof(T) - 1 - i);
  return r;
}
template <class T> struct Brev {
  static T f(T a) { return reversed(a); }
};
/// The position of the highest bit that is not the sign; all ones if none.
template <class T, bool shift> struct Bfind {
  static uint32_t f(T value) {
    using U = std::make_unsigned_t<T>;
    U a = std::is_signed_v<T> && value < 0 ? U(~U(value)) : U(value);
    if (a == 0)
      return ~0u;
    unsigned zeros = std::countl_zero(a);
    return shift ? zeros : 8 * sizeof(T) - 1 - zeros;
  }
};

template <template <class> class Op, bool same> bool decodeCount(Decoder &d) {
  Type type = d.takeType();
  bool wide = bitsOf(type) == 64;
  if (bitsOf(type) != 32 && !wide)
    return finish(d, nullptr, 1, type);
  using R = std::conditional_t<same, uint64_t, uint32_t>;
  return finish(d,
                wide ? run1<Op<uint64_t>, R, uint64_t>
                     : run1<Op<uint32_t>, uint32_t, uint32_t>,
                1, type);
}

bool decodeBfind(Decoder &d) {
  bool shift = d.take("shiftamt");
  Type type = d.takeType();
#define PICK(T)                                                                \
  (shift ? run1<Bfind<T, true>, uint32_t, T>                                   \
         : run1<Bfind<T, false>, uint32_t, T>)
  return finish(d,
                type == Type::U32   ? PICK(uint32_t)
                : type == Type::S32 ? PICK(int32_t)
                : type == Type::U64 ? PICK(uint64_t)
                : type == Type::S64 ? PICK(int64_t)
                                    : nullptr,
                1, type);
#undef PICK
}

/// Shifts by 32 bits of b; more than the width shifts everything out.
template <class T> struct Shl {
  static T f(T a, uint32_t b) {
    return b >= 8 * sizeof(T) ? T(0) : T(uint64_t(a) << b);
  }
};
template <class T> struct Shr {
  static T f(T a, uint32_t b) {
    unsigned most = 8 * sizeof(T) - 1;
    if (b > most)
      return std::is_signed_v<T> ? T(a >> most) : T(0);
    return T(a >> b);
  }
};
template <class Op, class T>
void runShift(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = put<T>(Op::f(get<T>(a[l]), uint32_t(b[l])));
  });
}
template <template <class> class Op> bool decodeShift(Decoder &d) {
  d.in.flags |= Propagates;
  Type type = d.takeType();
  Handler handler = nullptr;
  switch (type) {
  case Type::U16:
  case Type::B16:
    handler = runShift<Op<uint16_t>, uint16_t>;
    break;
  case Type::U32:
  case Type::B32:
    handler = runShift<Op<uint32_t>, uint32_t>;
    break;
  case Type::U64:
  case Type::B64:
    handler = runShift<Op<uint64_t>, uint64_t>;
    break;
  case Type::S16:
    handler = runShift<Op<int16_t>, int16_t>;
    break;
  case Type::S32:
    handler = runShift<Op<int32_t>, int32_t>;
    break;
  case Type::S64:
    handler = runShift<Op<int64_t>, int64_t>;
    break;
  default:
    break;
  }
  if (!handler || !d.operands(3, 3))
    return finish(d, handler, 2, type);
  d.in.run = handler;
  d.in.src[0] = d.source(d.operand(1), type);
  d.in.src[1] = d.source(d.operand(2), Type::U32);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

struct FunnelLeft {
  static uint32_t f(uint32_t lo, uint32_t hi, uint32_t n) {
    return uint32_t(((uint64_t(hi) << 32 | lo) << n) >> 32);
  }
};
struct FunnelRight {
  static uint32_t f(uint32_t lo, uint32_t hi, uint32_t n) {
    return uint32_t((uint64_t(hi) << 32 | lo) >> n);
  }
};
template <class Op, bool clamp> struct Funnel {
  static uint32_t f(uint32_t lo, uint32_t hi, uint32_t n) {
    return Op::f(lo, hi, clamp ? std::min(n, 32u) : n & 31);
  }
};
bool decodeFunnel(Decoder &d) {
  d.in.flags |= Propagates;
  bool left = d.takeOne({"r", "l"}) == 1;
  bool clamp = d.takeOne({"wrap", "clamp"}) == 1;
  d.takeType();
#define PICK(OP)                                                               \
  (clamp ? run3<Funnel<OP, true>, uint32_t, uint32_t>                          \
         : run3<Funnel<OP, false>, uint32_t, uint32_t>)
  return finish(d, left ? PICK(FunnelLeft) : PICK(FunnelRight), 3, Type::B32);
#undef PICK
}

template <class T> struct Bfe {
  static T f(T a, T b, T c) {
    constexpr unsigned width = 8 * sizeof(T);
    using U = std::make_unsigned_t<T>;
    unsigned pos = b & 0xff, len = c & 0xff;
    unsigned signAt = std::min(pos + len - 1, width - 1);
    bool sign = std::is_signed_v<T> && len && (U(a) >> signAt & 1);
    U result = sign ? U(-1) : 0;
    for (unsigned i = 0; i < width && i < len && pos + i < width; ++i) {
      U bit = U(1) << i;
      result = (U(a) >> (pos + i) & 1) ? result | bit : result & ~bit;
    }
    return T(result);
  }
};
template <class T> void runBfi(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]), *e = w.src(in.src[3]);
  uint64_t *d = w.dst(in.dst);
  constexpr unsigned width = 8 * sizeof(T);
  forLanes(lanes, [&](unsigned l) {
    unsigned pos = c[l] & 0xff, len = e[l] & 0xff;
    T mask = 0;
    if (pos < width && len)
      mask = (len >= width ? T(-1) : T((T(1) << len) - 1)) << pos;
    T moved = pos < width ? T(T(a[l]) << pos) : T(0);
    d[l] = (T(b[l]) & T(~mask)) | (moved & mask);
  });
}
bool decodeBfe(Decoder &d) {
  Type type = d.takeType();
  Handler handler = bitsOf(type) >= 32 ? pick3<Bfe>(type) : nullptr;
  return finish(d, handler, 3, type);
}
bool decodeBfi(Decoder &d) {
  d.in.flags |= Propagates;
  Type type = d.takeType();
  return finish(d,
                type == Type::B32   ? runBfi<uint32_t>
                : type == Type::B64 ? runBfi<uint64_t>
                                    : nullptr,
                4, type);
}

/// fns: the n-th set bit from `base`, upwards or downwards.
struct Fns {
  static uint32_t f(uint32_t mask, uint32_t base, uint32_t offset) {
    int n = int(offset);
    if (n == 0)
      return mask >> (base & 31) & 1 ? base : ~0u;
    int step = n > 0 ? 1 : -1, left = n > 0 ? n : -n;
    for (int i = int(base); i >= 0 && i < 32; i += step)
      if (mask >> i & 1 && --left == 0)
        return uint32_t(i);
    return ~0u;
  }
};
bool decodeFns(Decoder &d) {
  d.takeType();
  return finish(d, run3<Fns, uint32_t, uint32_t>, 3, Type::B32);
}

template <bool clamp> struct Bmsk {
  static uint32_t f(uint32_t a, uint32_t b) {
    if (!clamp)
      a &= 31, b &= 31;
    if (a >= 32 || b == 0)
      return 0;
    uint32_t ones = b >= 32 ? ~0u : (1u << b) - 1;
    return ones << a;
  }
};
bool decodeBmsk(Decoder &d) {
  bool clamp = d.takeOne({"wrap", "clamp"}) == 1;
  d.takeType();
  return finish(d,
                clamp ? run2<Bmsk<true>, uint32_t, uint32_t>
                      : run2<Bmsk<false>, uint32_t, uint32_t>,
                2, Type::B32);
}

template <bool isS, bool clamp> struct Szext {
  static uint32_t f(uint32_t a, uint32_t b) {
    if (!clamp)
      b &= 31;
    if (b >= 32)
      return a;
    if (b == 0)
      return 0;
    uint32_t low = a & ((1u << b) - 1);
    return isS && a >> (b - 1) & 1 ? low | ~((1u << b) - 1) : low;
  }
};
bool decodeSzext(Decoder &d) {
  bool clamp = d.takeOne({"wrap", "clamp"}) == 1;
  bool isS = isSigned(d.takeType());
#define PICK(S, C) run2<Szext<S, C>, uint32_t, uint32_t>
  return finish(d,
                isS ? (clamp ? PICK(true, true) : PICK(true, false))
                    : (clamp ? PICK(false, true) : PICK(false, false)),
                2, Type::B32);
#undef PICK
}

/// prmt: bytes of {b, a} chosen by the nibbles of c; mode is the special one.
void runPrmt(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    uint64_t both = uint64_t(uint32_t(b[l])) << 32 | uint32_t(a[l]);
    uint32_t selector = uint32_t(c[l]), result = 0, n = selector & 3;
    for (unsigned i = 0; i < 4; ++i) {
      unsigned s;
      switch (in.mode) {
      case 0:
        s = selector >> (4 * i) & 15;
        break;
      case 1:
        s = n + i;
        break; // f4e
      case 2:
        s = (n - i) & 7;
        break; // b4e
      case 3:
        s = n;
        break; // rc8
      case 4:
        s = std::max(i, n);
        break; // ecl
      case 5:
        s = std::min(i, n);
        break; // ecr
      default:
        s = (n & 1) * 2 + (i & 1);
        break; // rc16
      }
      uint32_t byte = both >> (8 * (s & 7)) & 0xff;
      if (in.mode == 0 && s & 8)
        byte = byte & 0x80 ? 0xff : 0;
      result |= byte << (8 * i);
    }
    d[l] = result;
  });
}
bool decodePrmt(Decoder &d) {
  d.in.flags |= Propagates;
  d.takeType();
  d.in.mode = d.takeOne({"f4e", "b4e", "rc8", "ecl", "ecr", "rc16"}) + 1;
  return finish(d, runPrmt, 3, Type::B32);
}

uint32_t lop3(uint32_t a, uint32_t b, uint32_t c, unsigned table) {
  uint32_t r = 0;
  for (unsigned i = 0; i < 8; ++i)
    if (table >> i & 1)
      r |= (i & 4 ? a : ~a) & (i & 2 ? b : ~b) & (i & 1 ? c : ~c);
  return r;
}
void runLop3(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  Lanes nonzero = 0;
  forLanes(lanes, [&](unsigned l) {
    d[l] = lop3(uint32_t(a[l]), uint32_t(b[l]), uint32_t(c[l]), in.imm);
    nonzero |= Lanes(d[l] != 0) << l;
  });
  if (in.dst2 != noSlot) {
    Lanes q = w.predicate(in, 3);
    w.setPredicate(in.dst2, lanes, in.mode == 1 ? nonzero | q : nonzero & q);
  }
}
/// lop3.b32 d, a, b, c, lut; lop3.or.b32 d|p, a, b, c, lut, q.
bool decodeLop3(Decoder &d) {
  d.in.flags |= Propagates;
  int boolean = d.takeOne({"or", "and"});
  d.takeType();
  unsigned extra = boolean >= 0;
  if (!d.operands(5 + extra, 5 + extra) || !d.sources(1, 3, Type::B32) ||
      !d.integer(d.operand(4), d.in.imm))
    return false;
  d.in.run = runLop3;
  d.in.dst = d.destination(d.operand(0));
  if (boolean >= 0) {
    if (d.operand(0).second.empty())
      return d.error("a second result is needed");
    d.in.mode = boolean == 0 ? 1 : 2;
    d.in.dst2 = d.predicateDestination(d.operand(0).second[0]);
    d.in.src[3] = d.predicateSource(3, d.operand(5));
  }
  return !d.failed();
}

} // namespace

void moa::ptx::addBits(InstructionTable &t) {
  t["and"] = decodeLogic<And, '&'>;
  t["or"] = decodeLogic<Or, '|'>;
  t["xor"] = decodeLogic<Xor, '^'>;
  t["not"] = decodeLogic<Not, '~'>;
  t["cnot"] = [](Decoder &d) {
    Type type = d.takeType();
    return finish(d, pick1<CNot>(type), 1, type);
  };
  t["clz"] = decodeCount<Clz, false>;
  t["popc"] = decodeCount<Popc, false>;
  t["brev"] = decodeCount<Brev, true>;
  t["bfind"] = decodeBfind;
  t["shl"] = decodeShift<Shl>;
  t["shr"] = decodeShift<Shr>;
  t["shf"] = decodeFunnel;
  t["bfe"] = decodeBfe;
  t["bfi"] = decodeBfi;
  t["fns"] = decodeFns;
  t["bmsk"] = decodeBmsk;
  t["szext"] = decodeSzext;
  t["prmt"] = decodePrmt;
  t["lop3"] = decodeLop3;
}
