//===- WarpProduct.cpp - Matrix products of one warp ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WarpProduct.h"
#include "Product.h"

#include <algorithm>
#include <charconv>

using namespace moa::ptx;

/// The largest shapes of mma and wmma.
static constexpr unsigned maxA = 16 * 64, maxB = 64 * 8, maxC = 32 * 16;

static void multiplyFloats(const ProductKind &p, FragmentIn a, FragmentIn b,
                           FragmentIn c, FragmentOut d) {
  auto [m, n, k] = p.shape;
  float left[maxA], right[maxB], sum[maxC];
  gatherA(p.a, a, m, k, left);
  gatherB(p.b, b, n, k, right);
  gatherC(p.c, c, m, n, sum);
  multiplyAdd(left, right, sum, m, n, k);
  scatterC(p.d, d, m, n, sum);
}

static void multiplyIntegers(const ProductKind &p, FragmentIn a, FragmentIn b,
                             FragmentIn c, FragmentOut d) {
  auto [m, n, k] = p.shape;
  int32_t left[maxA], right[maxB], sum[maxC], product[maxC] = {};
  gatherA(p.a, a, m, k, left);
  gatherB(p.b, b, n, k, right);
  gatherC(c, m, n, sum);
  multiplyAdd(left, right, product, m, n, k);
  for (unsigned i = 0; i < m * n; ++i)
    sum[i] = addInteger(sum[i], product[i], p.satfinite);
  scatterC(d, m, n, sum);
}

static void multiplyDoubles(const ProductKind &p, FragmentIn a, FragmentIn b,
                            FragmentIn c, FragmentOut d) {
  auto [m, n, k] = p.shape;
  double left[maxA], right[maxB], sum[maxC];
  gatherA(a, m, k, left);
  gatherB(b, n, k, right);
  gatherC(c, m, n, sum);
  multiplyAdd(left, right, sum, m, n, k, p.rounding);
  scatterC(d, m, n, sum);
}

static void multiplyBits(const ProductKind &p, FragmentIn a, FragmentIn b,
                         FragmentIn c, FragmentOut d) {
  auto [m, n, k] = p.shape;
  uint32_t left[maxA], right[maxB];
  int32_t sum[maxC];
  gatherA(a, m, k / 32, left);
  gatherB(b, n, k / 32, right);
  gatherC(c, m, n, sum);
  multiplyAddBits(left, right, sum, m, n, k / 32, p.isXor);
  scatterC(d, m, n, sum);
}

void moa::ptx::multiply(const ProductKind &p, FragmentIn a, FragmentIn b,
                        FragmentIn c, FragmentOut d) {
  switch (p.a.arithmetic) {
  case Arithmetic::Float:
    return multiplyFloats(p, a, b, c, d);
  case Arithmetic::Double:
    return multiplyDoubles(p, a, b, c, d);
  case Arithmetic::Integer:
    return multiplyIntegers(p, a, b, c, d);
  case Arithmetic::Bits:
    return multiplyBits(p, a, b, c, d);
  }
}

bool moa::ptx::takeShape(Decoder &d, MatrixShape &shape) {
  for (std::string_view word : d.ast->modifiers) {
    unsigned sizes[3], count = 0;
    const char *at = word.data(), *end = at + word.size();
    for (char letter : {'m', 'n', 'k'}) {
      if (at == end || *at != letter)
        break;
      auto [next, failed] = std::from_chars(at + 1, end, sizes[count]);
      if (failed != std::errc())
        break;
      at = next;
      ++count;
    }
    if (count == 3 && at == end && d.take(word)) {
      shape = {sizes[0], sizes[1], sizes[2]};
      return true;
    }
  }
  return d.error("a shape is needed, such as .m16n8k16");
}

bool moa::ptx::takeFragments(Decoder &d, WarpProduct &p) {
  const ProductKind &k = p.kind;
  auto [m, n, depth] = k.shape;
  // Half-precision wmma has each element twice.
  auto take = [&](size_t i, unsigned count, bool writes,
                  std::vector<Slot> &into) {
    return takeRegisters(d, d.operand(i), count, writes, into);
  };
  unsigned a = registersOfA(k.a, m, depth), b = registersOfB(k.b, n, depth);
  if (d.ast->opcode == "wmma" && k.a.type == Type::F16)
    a = b = 8;
  return d.operands(4, 4) && take(1, a, false, p.a) && take(2, b, false, p.b) &&
         take(3, registersOfC(k.c, m, n), false, p.c) &&
         take(0, registersOfC(k.d, m, n), true, p.d);
}

void moa::ptx::countProducts(Warp &w, unsigned counter, uint64_t multiplyAdds) {
  Counters &c = *w.counters;
  c.tensorOperations += multiplyAdds;
  c.tensorKinds[counter][0] += 1;
  c.tensorKinds[counter][1] += multiplyAdds;
}

void moa::ptx::runWarpProduct(Warp &w, const Inst &in, Lanes lanes) {
  if (!wholeWarp(w, in, lanes))
    return;
  const auto &p = static_cast<const WarpProduct &>(*in.extra);
  constexpr size_t most = 8;
  const uint64_t *a[most], *b[most], *c[most];
  uint64_t *d[most];
  auto from = [&](const std::vector<Slot> &slots, const uint64_t **into) {
    for (size_t i = 0; i < slots.size(); ++i)
      into[i] = w.src(slots[i]);
  };
  from(p.a, a);
  from(p.b, b);
  from(p.c, c);
  for (size_t i = 0; i < p.d.size(); ++i)
    d[i] = w.dst(p.d[i]);
  multiply(p.kind, a, b, c, d);
  countProducts(w, p.counter, p.kind.shape.multiplyAdds());
  w.advance();
}
