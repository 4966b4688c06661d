//===- Compare.cpp - Comparison and selection -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"

using namespace moa::ptx;

namespace {

enum class Cmp : uint8_t {
  Eq,
  Ne,
  Lt,
  Le,
  Gt,
  Ge,
  Lo,
  Ls,
  Hi,
  Hs,
  Equ,
  Neu,
  Ltu,
  Leu,
  Gtu,
  Geu,
  Num,
  Nan,
  None
};

template <class T> bool compare(Cmp cmp, T a, T b) {
  bool unordered = false;
  if constexpr (std::is_floating_point_v<T>)
    unordered = std::isnan(a) || std::isnan(b);
  switch (cmp) {
  case Cmp::Eq:
    return a == b;
  case Cmp::Ne:
    return a != b && !unordered;
  case Cmp::Lt:
  case Cmp::Lo:
    return a < b;
  case Cmp::Le:
  case Cmp::Ls:
    return a <= b;
  case Cmp::Gt:
  case Cmp::Hi:
    return a > b;
  case Cmp::Ge:
  case Cmp::Hs:
    return a >= b;
  case Cmp::Equ:
    return unordered || a == b;
  case Cmp::Neu:
    return unordered || a != b;
  case Cmp::Ltu:
    return unordered || a < b;
  case Cmp::Leu:
    return unordered || a <= b;
  case Cmp::Gtu:
    return unordered || a > b;
  case Cmp::Geu:
    return unordered || a >= b;
  case Cmp::Num:
    return !unordered;
  case Cmp::Nan:
    return unordered;
  case Cmp::None:
    break;
  }
  return false;
}

// mode: comparison, then flags.
enum : uint32_t { FtzFlag = 0x100, BoolShift = 12 };

float maybeFlush(float x, uint32_t mode) {
  return mode & FtzFlag && std::fpclassify(x) == FP_SUBNORMAL ? x * 0.0f : x;
}

template <class T> T valueOf(uint64_t bits, uint32_t mode) {
  if constexpr (std::is_same_v<T, float>)
    return maybeFlush(asFloat(bits), mode);
  return get<T>(bits);
}
struct HalfValue {};
struct BfloatValue {};

template <class T>
Lanes compareLanes(Warp &w, const Inst &in, Lanes lanes, unsigned shift) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]);
  Cmp cmp = Cmp(in.mode & 0xff);
  Lanes result = 0;
  forLanes(lanes, [&](unsigned l) {
    bool r;
    if constexpr (std::is_same_v<T, HalfValue>)
      r = compare(cmp, halfToFloat(a[l] >> shift), halfToFloat(b[l] >> shift));
    else if constexpr (std::is_same_v<T, BfloatValue>)
      r = compare(cmp, bfloatToFloat(a[l] >> shift & 0xffff),
                  bfloatToFloat(b[l] >> shift & 0xffff));
    else
      r = compare(cmp, valueOf<T>(a[l], in.mode), valueOf<T>(b[l], in.mode));
    result |= Lanes(r) << l;
  });
  return result;
}

Lanes combine(Warp &w, const Inst &in, Lanes r) {
  switch (in.mode >> BoolShift & 3) {
  case 1:
    return r & w.predicate(in, 2);
  case 2:
    return r | w.predicate(in, 2);
  case 3:
    return r ^ w.predicate(in, 2);
  default:
    return r;
  }
}

template <class T, bool packed>
void runSetp(Warp &w, const Inst &in, Lanes lanes) {
  Lanes r = compareLanes<T>(w, in, lanes, 0);
  Lanes q = packed ? compareLanes<T>(w, in, lanes, 16) : ~r;
  r = combine(w, in, r), q = combine(w, in, q);
  w.setPredicate(in.dst, lanes, r);
  w.setPredicate(in.dst2, lanes, q);
}

/// set: all ones or 1.0 where it holds; `imm` is that value.
template <class T, bool packed>
void runSet(Warp &w, const Inst &in, Lanes lanes) {
  Lanes r = combine(w, in, compareLanes<T>(w, in, lanes, 0));
  Lanes q = packed ? combine(w, in, compareLanes<T>(w, in, lanes, 16)) : 0;
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = (r >> l & 1 ? uint64_t(in.imm) : 0) |
           (packed && q >> l & 1 ? uint64_t(in.imm) << 16 : 0);
  });
}

template <template <class, bool> class Pick> Handler byType(Type type) {
  switch (type) {
  case Type::U16:
  case Type::B16:
    return Pick<uint16_t, false>::run;
  case Type::U32:
  case Type::B32:
    return Pick<uint32_t, false>::run;
  case Type::U64:
  case Type::B64:
    return Pick<uint64_t, false>::run;
  case Type::S16:
    return Pick<int16_t, false>::run;
  case Type::S32:
    return Pick<int32_t, false>::run;
  case Type::S64:
    return Pick<int64_t, false>::run;
  case Type::F32:
    return Pick<float, false>::run;
  case Type::F64:
    return Pick<double, false>::run;
  case Type::F16:
    return Pick<HalfValue, false>::run;
  case Type::F16x2:
    return Pick<HalfValue, true>::run;
  case Type::BF16:
    return Pick<BfloatValue, false>::run;
  case Type::BF16x2:
    return Pick<BfloatValue, true>::run;
  default:
    return nullptr;
  }
}
template <class T, bool packed> struct PickSetp {
  static constexpr Handler run = runSetp<T, packed>;
};
template <class T, bool packed> struct PickSet {
  static constexpr Handler run = runSet<T, packed>;
};

bool takeComparison(Decoder &d) {
  int cmp =
      d.takeOne({"eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs",
                 "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"});
  if (cmp < 0)
    return d.error("a comparison is missing");
  d.in.mode = cmp;
  int boolean = d.takeOne({"and", "or", "xor"});
  d.in.mode |= uint32_t(boolean + 1) << BoolShift;
  if (d.take("ftz"))
    d.in.mode |= FtzFlag;
  return true;
}

bool takeInputs(Decoder &d, Type type) {
  bool boolean = d.in.mode >> BoolShift & 3;
  if (!d.operands(3 + boolean, 3 + boolean) || !d.sources(1, 2, type))
    return false;
  if (boolean)
    d.in.src[2] = d.predicateSource(2, d.operand(3));
  return !d.failed();
}

bool decodeSetp(Decoder &d) {
  if (!takeComparison(d))
    return false;
  Type type = d.takeType();
  if (!takeInputs(d, type))
    return false;
  d.in.run = byType<PickSetp>(type);
  if (!d.in.run)
    return finish(d, nullptr, 2, type);
  d.in.dst = d.predicateDestination(d.operand(0));
  if (!d.operand(0).second.empty())
    d.in.dst2 = d.predicateDestination(d.operand(0).second[0]);
  return !d.failed();
}

bool decodeSet(Decoder &d) {
  if (!takeComparison(d))
    return false;
  Type to = d.takeType(), from = d.takeType();
  if (!takeInputs(d, from))
    return false;
  d.in.run = byType<PickSet>(from);
  if (!d.in.run)
    return finish(d, nullptr, 2, from);
  switch (to) {
  case Type::F32:
    d.in.imm = 0x3f800000;
    break;
  case Type::F16:
  case Type::F16x2:
    d.in.imm = 0x3c00;
    break;
  case Type::BF16:
  case Type::BF16x2:
    d.in.imm = 0x3f80;
    break;
  case Type::U16:
  case Type::S16:
    d.in.imm = 0xffff;
    break;
  case Type::U32:
  case Type::S32:
  case Type::B32:
    d.in.imm =
        from == Type::F16x2 || from == Type::BF16x2 ? 0xffff : 0xffffffff;
    break;
  default:
    return finish(d, nullptr, 2, to);
  }
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

void runSelp(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]);
  Lanes p = w.predicate(in, 2);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = p >> l & 1 ? a[l] : b[l]; });
}
void runSelpPredicate(Warp &w, const Inst &in, Lanes lanes) {
  Lanes a = w.predicate(in, 0), b = w.predicate(in, 1), p = w.predicate(in, 2);
  w.setPredicate(in.dst, lanes, (a & p) | (b & ~p));
}

bool decodeSelp(Decoder &d) {
  d.in.flags |= Propagates;
  Type type = d.takeType();
  if (!d.operands(4, 4))
    return false;
  if (type == Type::Pred) {
    for (unsigned i = 0; i < 2; ++i)
      d.in.src[i] = d.predicateSource(i, d.operand(i + 1));
    d.in.dst = d.predicateDestination(d.operand(0));
    d.in.run = runSelpPredicate;
  } else {
    if (!d.sources(1, 2, type))
      return false;
    d.in.dst = d.destination(d.operand(0));
    d.in.run = runSelp;
  }
  d.in.src[2] = d.predicateSource(2, d.operand(3));
  return !d.failed();
}

/// slct.type.ctype d, a, b, c: a if c >= 0.
template <class T> void runSlct(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = valueOf<T>(c[l], in.mode) >= 0 ? a[l] : b[l];
  });
}
bool decodeSlct(Decoder &d) {
  d.in.mode = d.take("ftz") ? FtzFlag : 0;
  Type type = d.takeType(), control = d.takeType();
  if (!d.operands(4, 4) || !d.sources(1, 2, type))
    return false;
  d.in.run = control == Type::F32 ? runSlct<float> : runSlct<int32_t>;
  d.in.src[2] = d.source(d.operand(3), control);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

} // namespace

void moa::ptx::addCompare(InstructionTable &t) {
  t["setp"] = decodeSetp;
  t["set"] = decodeSet;
  t["selp"] = decodeSelp;
  t["slct"] = decodeSlct;
}
