//===- Float.cpp - Floating-point arithmetic --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One formula for each operation; the formats differ in how operands are read
// and results rounded. 16-bit results are made exactly (or rounded to odd) in a
// double, then rounded once.
//
//===----------------------------------------------------------------------===//

#include "../Decode/Lanewise.h"
#include "Families.h"

using namespace moa::ptx;

namespace {

enum class Op : uint8_t {
  Add,
  Sub,
  Mul,
  Fma,
  Div,
  Rcp,
  Sqrt,
  Rsqrt,
  Min,
  Max,
  Abs,
  Neg,
  Ex2,
  Lg2,
  Sin,
  Cos,
  Tanh,
  CopySign
};

constexpr unsigned argumentCount(Op op) {
  switch (op) {
  case Op::Fma:
    return 3;
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Div:
  case Op::Min:
  case Op::Max:
  case Op::CopySign:
    return 2;
  default:
    return 1;
  }
}

enum Mode : uint32_t {
  RoundingMask = 7,
  Ftz = 8,
  Sat = 16,
  ReluMode = 32,
  KeepNaN = 64,
  XorSign = 128,
  AbsMode = 256
};

Rounding roundingOf(uint32_t mode) { return Rounding(mode & RoundingMask); }

/// Of two numbers: NaN only counts where `mode` says so, and -0 < +0.
template <class T> T smaller(T a, T b, bool larger, uint32_t mode) {
  if (std::isnan(a) || std::isnan(b)) {
    if (mode & KeepNaN)
      return T(NAN);
    return std::isnan(a) ? b : a;
  }
  if (a == b)
    return std::signbit(a) != larger ? a : b;
  return (a < b) != larger ? a : b;
}

template <class T> T minMax(T a, T b, bool larger, uint32_t mode) {
  if (!(mode & XorSign))
    return mode & AbsMode ? smaller(std::abs(a), std::abs(b), larger, mode)
                          : smaller(a, b, larger, mode);
  T r = smaller(std::abs(a), std::abs(b), larger, mode);
  return std::copysign(r, std::signbit(a) != std::signbit(b) ? T(-1) : T(1));
}

/// The operation in type T, rounded to nearest or as `mode` says.
template <Op op, bool directed, class T>
T compute(T a, T b, T c, uint32_t mode) {
  Rounding r = directed ? roundingOf(mode) : Rounding::Nearest;
  bool plain = !directed || r == Rounding::Nearest;
  if constexpr (op == Op::Add)
    return plain ? a + b : addRounded(a, b, r);
  else if constexpr (op == Op::Sub)
    return plain ? a - b : addRounded(a, -b, r);
  else if constexpr (op == Op::Mul)
    return plain ? a * b : mulRounded(a, b, r);
  else if constexpr (op == Op::Fma)
    return plain ? std::fma(a, b, c) : fmaRounded(a, b, c, r);
  else if constexpr (op == Op::Div)
    return plain ? a / b : divRounded(a, b, r);
  else if constexpr (op == Op::Rcp)
    return plain ? T(1) / a : divRounded(T(1), a, r);
  else if constexpr (op == Op::Sqrt)
    return plain ? std::sqrt(a) : sqrtRounded(a, r);
  else if constexpr (op == Op::Rsqrt)
    return T(1.0 / std::sqrt(double(a)));
  else if constexpr (op == Op::Min)
    return minMax(a, b, false, mode);
  else if constexpr (op == Op::Max)
    return minMax(a, b, true, mode);
  else if constexpr (op == Op::Abs)
    return std::abs(a);
  else if constexpr (op == Op::Neg)
    return -a;
  else if constexpr (op == Op::Ex2)
    return T(std::exp2(double(a)));
  else if constexpr (op == Op::Lg2)
    return T(std::log2(double(a)));
  else if constexpr (op == Op::Sin)
    return T(std::sin(double(a)));
  else if constexpr (op == Op::Cos)
    return T(std::cos(double(a)));
  else if constexpr (op == Op::Tanh)
    return T(std::tanh(double(a)));
  else
    return std::copysign(b, a);
}

float flush(float x) {
  uint32_t bits = std::bit_cast<uint32_t>(x);
  return (bits & 0x7f800000) == 0 ? std::bit_cast<float>(bits & 0x80000000) : x;
}

uint64_t result(float x) { return std::isnan(x) ? 0x7fffffff : bitsOf(x); }
uint64_t result(double x) { return bitsOf(x); }

/// .sat: NaN becomes 0.
template <class T> T clampUnit(T x) {
  return x > 0 ? (x < 1 ? x : T(1)) : T(0);
}

template <Op op> uint64_t general32(const uint64_t *x, uint32_t mode) {
  float v[3];
  for (unsigned i = 0; i < 3; ++i)
    v[i] = mode & Ftz ? flush(asFloat(x[i])) : asFloat(x[i]);
  float r = compute<op, true>(v[0], v[1], v[2], mode);
  if (mode & Ftz)
    r = flush(r);
  if (mode & Sat)
    r = clampUnit(r);
  if (mode & ReluMode)
    r = r > 0 || std::isnan(r) ? r : 0.0f;
  return result(r);
}

/// `abs` and `neg` only touch the sign, NaN or not.
template <Op op> constexpr bool isSignOnly = op == Op::Abs || op == Op::Neg;

template <Op op, class T, bool simple>
void runFloat(Warp &w, const Inst &in, Lanes lanes) {
  constexpr unsigned count = argumentCount(op);
  const uint64_t *a = w.src(in.src[0]), *b = count > 1 ? w.src(in.src[1]) : a,
                 *c = count > 2 ? w.src(in.src[2]) : a;
  uint64_t *d = w.dst(in.dst);
  constexpr uint64_t sign = uint64_t(1) << (8 * sizeof(T) - 1);
  forLanes(lanes, [&](unsigned l) {
    if constexpr (isSignOnly<op> && simple) {
      d[l] = op == Op::Abs ? a[l] & ~sign : a[l] ^ sign;
    } else if constexpr (simple || sizeof(T) == 8) {
      d[l] = result(compute<op, !simple>(get<T>(a[l]), get<T>(b[l]),
                                         get<T>(c[l]), in.mode));
    } else {
      uint64_t x[3] = {a[l], b[l], c[l]};
      d[l] = general32<op>(x, in.mode);
    }
  });
  if constexpr (op >= Op::Ex2 || op == Op::Rsqrt)
    w.counters->specialOperations += std::popcount(lanes);
}

/// fma, add, sub and mul of two 32-bit floats in one register.
template <Op op> void runF32x2(Warp &w, const Inst &in, Lanes lanes) {
  constexpr unsigned count = argumentCount(op);
  const uint64_t *a = w.src(in.src[0]), *b = count > 1 ? w.src(in.src[1]) : a,
                 *c = count > 2 ? w.src(in.src[2]) : a;
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    uint64_t r = 0;
    for (unsigned s : {0, 32}) {
      uint64_t x[3] = {a[l] >> s, b[l] >> s, c[l] >> s};
      r |= general32<op>(x, in.mode) << s;
    }
    d[l] = r;
  });
}

template <Op op, bool isBf> uint64_t half(const uint64_t *x, uint32_t mode) {
  constexpr FloatFormat format = isBf ? formatBF16 : formatF16;
  if constexpr (isSignOnly<op>)
    return op == Op::Abs ? x[0] & 0x7fff : (x[0] ^ 0x8000) & 0xffff;
  double v[3];
  for (unsigned i = 0; i < argumentCount(op); ++i) {
    uint64_t bits = x[i] & 0xffff;
    if (mode & Ftz && !(bits & (isBf ? 0x7f80 : 0x7c00)))
      bits &= 0x8000;
    v[i] = isBf ? bfloatToFloat(bits) : halfToFloat(bits);
  }
  double r;
  if constexpr (op == Op::Fma)
    r = fmaToOdd(v[0], v[1], v[2]);
  else if constexpr (op == Op::Add || op == Op::Sub)
    r = fmaToOdd(v[0], 1.0, op == Op::Sub ? -v[1] : v[1]);
  else
    r = compute<op, false>(v[0], v[1], v[1], mode);
  if (mode & Sat)
    r = clampUnit(r);
  if (mode & ReluMode)
    r = r > 0 || std::isnan(r) ? r : 0.0;
  uint64_t bits = encodeFloat(format, r, roundingOf(mode));
  if (mode & Ftz && !(bits & (isBf ? 0x7f80 : 0x7c00)))
    bits &= 0x8000;
  return bits;
}

template <Op op, bool isBf, bool packed>
void runHalf(Warp &w, const Inst &in, Lanes lanes) {
  constexpr unsigned count = argumentCount(op);
  const uint64_t *a = w.src(in.src[0]), *b = count > 1 ? w.src(in.src[1]) : a,
                 *c = count > 2 ? w.src(in.src[2]) : a;
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    uint64_t low[3] = {a[l], b[l], c[l]};
    uint64_t r = half<op, isBf>(low, in.mode);
    if (packed) {
      uint64_t high[3] = {a[l] >> 16, b[l] >> 16, c[l] >> 16};
      r |= half<op, isBf>(high, in.mode) << 16;
    }
    d[l] = r;
  });
  if constexpr (op >= Op::Ex2 || op == Op::Rsqrt)
    w.counters->specialOperations += std::popcount(lanes);
}

/// The least or greatest of three.
template <Op op> void runOfThree(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    uint64_t two[3] = {a[l], b[l], 0};
    uint64_t all[3] = {general32<op>(two, in.mode), c[l], 0};
    d[l] = general32<op>(all, in.mode);
  });
}

/// add, sub and fma in f32 whose sources are 16-bit floats, but for the last.
template <Op op, bool isBf>
void runMixed(Warp &w, const Inst &in, Lanes lanes) {
  constexpr unsigned count = argumentCount(op);
  const uint64_t *s[3] = {w.src(in.src[0]), w.src(in.src[1]),
                          w.src(in.src[count - 1])};
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    uint64_t x[3] = {};
    for (unsigned i = 0; i + 1 < count; ++i)
      x[i] = bitsOf(float(isBf ? bfloatToFloat(s[i][l] & 0xffff)
                               : halfToFloat(s[i][l] & 0xffff)));
    x[count - 1] = s[count - 1][l];
    d[l] = general32<op>(x, in.mode);
  });
}

template <Op op> Handler handlerFor(Type type, uint32_t mode) {
  switch (type) {
  case Type::F32:
    return mode & ~uint32_t(KeepNaN) || op == Op::Min || op == Op::Max
               ? runFloat<op, float, false>
               : runFloat<op, float, true>;
  case Type::F64:
    return mode ? runFloat<op, double, false> : runFloat<op, double, true>;
  case Type::F16:
    return runHalf<op, false, false>;
  case Type::F16x2:
    return runHalf<op, false, true>;
  case Type::BF16:
    return runHalf<op, true, false>;
  case Type::BF16x2:
    return runHalf<op, true, true>;
  case Type::F32x2:
    if (op <= Op::Fma)
      return runF32x2<op>;
    return nullptr;
  default:
    return nullptr;
  }
}

uint32_t takeMode(Decoder &d) {
  uint32_t mode = uint32_t(d.takeRounding());
  static constexpr std::pair<std::string_view, uint32_t> words[] = {
      {"ftz", Ftz},     {"sat", Sat},         {"relu", ReluMode},
      {"NaN", KeepNaN}, {"xorsign", XorSign}, {"abs", AbsMode}};
  for (auto [word, bit] : words)
    if (d.take(word))
      mode |= bit;
  // .approx and .full are within their error when rounded to nearest.
  d.take("approx") || d.take("full");
  return mode;
}

/// add.f32.bf16 d, a, c: the second type is that of all sources but the last.
template <Op op> bool decodeMixed(Decoder &d) {
  constexpr unsigned count = argumentCount(op);
  Type type = d.takeType();
  if (!d.operands(count + 1, count + 1))
    return false;
  d.in.run = type == Type::BF16 ? runMixed<op, true> : runMixed<op, false>;
  for (unsigned i = 0; i < count; ++i)
    d.in.src[i] =
        d.source(d.operand(i + 1), i + 1 < count ? type : Type::F32);
  d.in.dst = d.destination(d.operand(0));
  return !d.failed();
}

template <Op op> bool decodeAs(Decoder &d, Type type) {
  d.in.mode = takeMode(d);
  unsigned count = argumentCount(op);
  if constexpr (op == Op::Min || op == Op::Max)
    if (d.operandCount() == 4)
      return finish(d, type == Type::F32 ? runOfThree<op> : nullptr, 3, type);
  if constexpr (op == Op::Add || op == Op::Sub || op == Op::Fma)
    if (d.has("f16") || d.has("bf16"))
      if (type == Type::F32)
        return decodeMixed<op>(d);
  return finish(d, handlerFor<op>(type, d.in.mode), count, type);
}

template <Op op> bool decodeWritten(Decoder &d) {
  return decodeAs<op>(d, d.takeType());
}

/// testp.op.type p, a
template <class T> void runTestp(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  Lanes result = 0;
  forLanes(lanes, [&](unsigned l) {
    T x = get<T>(a[l]);
    int c = std::fpclassify(x);
    bool is[] = {c != FP_NAN && c != FP_INFINITE,
                 c == FP_INFINITE,
                 c != FP_NAN,
                 c == FP_NAN,
                 c == FP_NORMAL || c == FP_ZERO,
                 c == FP_SUBNORMAL};
    result |= Lanes(is[in.mode]) << l;
  });
  w.setPredicate(in.dst, lanes, result);
}

bool decodeTestp(Decoder &d) {
  int what = d.takeOne(
      {"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
  Type type = d.takeType();
  if (what < 0 || !d.operands(2, 2))
    return d.error("'testp' needs a property");
  d.in.mode = what;
  d.in.run = type == Type::F64 ? runTestp<double> : runTestp<float>;
  d.in.src[0] = d.source(d.operand(1), type);
  d.in.dst = d.predicateDestination(d.operand(0));
  return !d.failed();
}

} // namespace

bool moa::ptx::decodeFloatArithmetic(Decoder &d, Type type) {
  static constexpr std::pair<std::string_view, bool (*)(Decoder &, Type)>
      table[] = {{"add", decodeAs<Op::Add>}, {"sub", decodeAs<Op::Sub>},
                 {"mul", decodeAs<Op::Mul>}, {"mad", decodeAs<Op::Fma>},
                 {"div", decodeAs<Op::Div>}, {"min", decodeAs<Op::Min>},
                 {"max", decodeAs<Op::Max>}, {"abs", decodeAs<Op::Abs>},
                 {"neg", decodeAs<Op::Neg>}};
  for (auto [name, decode] : table)
    if (name == d.ast->opcode)
      return decode(d, type);
  return finish(d, nullptr, 1, type);
}

void moa::ptx::addFloat(InstructionTable &t) {
  t["fma"] = decodeWritten<Op::Fma>;
  t["rcp"] = decodeWritten<Op::Rcp>;
  t["sqrt"] = decodeWritten<Op::Sqrt>;
  t["rsqrt"] = decodeWritten<Op::Rsqrt>;
  t["ex2"] = decodeWritten<Op::Ex2>;
  t["lg2"] = decodeWritten<Op::Lg2>;
  t["sin"] = decodeWritten<Op::Sin>;
  t["cos"] = decodeWritten<Op::Cos>;
  t["tanh"] = decodeWritten<Op::Tanh>;
  t["copysign"] = decodeWritten<Op::CopySign>;
  t["testp"] = decodeTestp;
}
