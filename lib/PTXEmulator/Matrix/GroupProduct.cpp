//===- GroupProduct.cpp - Matrix products of a warpgroup --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Product.h"
#include "Wgmma.h"

#include <algorithm>

using namespace moa::ptx;

static constexpr unsigned warpRows = 16, maxColumns = 256;

/// Pointers to the registers of a warp that stands at a wgmma.
static void pointers(Warp &w, const std::vector<Slot> &slots,
                     std::vector<uint64_t *> &into) {
  into.clear();
  for (Slot slot : slots)
    into.push_back(w.dst(slot));
}

namespace {

/// One wgmma while it runs; T is what is multiplied.
template <class T> class Run {
public:
  Run(const GroupProduct &p, bool add) : p(p), add(add) {}

  const GroupProduct &p;
  bool add;
  std::vector<T> a, b;

  void fromShared(const SharedMatrix &m,
                  const std::vector<const uint8_t *> &pieces, bool isA) {
    std::vector<T> &to = isA ? a : b;
    to.resize(m.rows * m.k);
    isA ? unpackA(m, pieces, to.data()) : unpackB(m, pieces, to.data());
  }
  void fromRegisters(FragmentIn in) {
    a.resize(warpRows * p.shape.k);
    gatherA(p.a, in, warpRows, p.shape.k, a.data());
  }
  void negate(std::vector<T> &values) {
    for (T &v : values)
      v = -v;
  }
};

} // namespace

static void multiplyRows(const GroupProduct &p, bool add, const float *a,
                         const float *b, FragmentOut d) {
  unsigned n = p.shape.n;
  static thread_local float sum[warpRows * maxColumns];
  if (add)
    gatherC(p.d, d, warpRows, n, sum);
  else
    std::fill_n(sum, warpRows * n, 0.0f);
  multiplyAdd(a, b, sum, warpRows, n, p.shape.k);
  scatterC(p.d, d, warpRows, n, sum);
}

static void addRows(const GroupProduct &p, bool add, const int32_t *product,
                    FragmentOut d) {
  unsigned n = p.shape.n;
  static thread_local int32_t sum[warpRows * maxColumns];
  if (add)
    gatherC(d, warpRows, n, sum);
  else
    std::fill_n(sum, warpRows * n, 0);
  for (unsigned i = 0; i < warpRows * n; ++i)
    sum[i] = addInteger(sum[i], product[i], p.satfinite);
  scatterC(d, warpRows, n, sum);
}

static void multiplyRows(const GroupProduct &p, bool add, const int32_t *a,
                         const int32_t *b, FragmentOut d) {
  static thread_local int32_t product[warpRows * maxColumns];
  std::fill_n(product, warpRows * p.shape.n, 0);
  multiplyAdd(a, b, product, warpRows, p.shape.n, p.shape.k);
  addRows(p, add, product, d);
}

static void multiplyRows(const GroupProduct &p, bool add, const uint32_t *a,
                         const uint32_t *b, FragmentOut d) {
  static thread_local int32_t product[warpRows * maxColumns];
  std::fill_n(product, warpRows * p.shape.n, 0);
  multiplyAddBits(a, b, product, warpRows, p.shape.n, p.shape.k / 32, false);
  addRows(p, add, product, d);
}

template <>
void Run<uint32_t>::fromShared(const SharedMatrix &m,
                               const std::vector<const uint8_t *> &pieces,
                               bool isA) {
  std::vector<uint32_t> &to = isA ? a : b;
  to.resize(m.rows * m.k / 32);
  unpackBits(m, pieces, to.data());
}
template <> void Run<uint32_t>::fromRegisters(FragmentIn in) {
  a.resize(warpRows * p.shape.k / 32);
  gatherA(in, warpRows, p.shape.k / 32, a.data());
}

template <class T>
static void run(Warp *const *warps, const GroupProduct &p, bool add,
                const SharedMatrix &ma, const SharedMatrix &mb,
                const std::vector<const uint8_t *> &piecesA,
                const std::vector<const uint8_t *> &piecesB) {
  Run<T> r(p, add);
  r.fromShared(mb, piecesB, false);
  if (!p.fromRegisters)
    r.fromShared(ma, piecesA, true);
  if (p.negateA && !p.fromRegisters)
    r.negate(r.a);
  if (p.negateB)
    r.negate(r.b);
  std::vector<uint64_t *> registers;
  for (unsigned i = 0; i < 4; ++i) {
    if (p.fromRegisters) {
      pointers(*warps[i], p.registersOfA, registers);
      r.fromRegisters(registers.data());
      if (p.negateA)
        r.negate(r.a);
    }
    size_t first = p.fromRegisters ? 0 : i * r.a.size() / 4;
    pointers(*warps[i], p.accumulators, registers);
    multiplyRows(p, add, r.a.data() + first, r.b.data(), registers.data());
  }
}

bool moa::ptx::multiplyGroup(Warp *const *warps, Warp &issuer, const Inst &in,
                             const GroupProduct &p, bool add,
                             uint64_t descriptorA, uint64_t descriptorB,
                             const Actor &actor) {
  SharedMatrix a{p.a, p.shape.m, p.shape.k, p.mnMajorA};
  SharedMatrix b{p.b, p.shape.n, p.shape.k, p.mnMajorB};
  std::vector<const uint8_t *> piecesA, piecesB;
  if (!p.fromRegisters &&
      !readPieces(issuer, in, a, descriptorA, actor, piecesA))
    return false;
  if (!readPieces(issuer, in, b, descriptorB, actor, piecesB))
    return false;
  switch (p.a.arithmetic) {
  case Arithmetic::Float:
    run<float>(warps, p, add, a, b, piecesA, piecesB);
    break;
  case Arithmetic::Integer:
    run<int32_t>(warps, p, add, a, b, piecesA, piecesB);
    break;
  default:
    run<uint32_t>(warps, p, add, a, b, piecesA, piecesB);
    break;
  }
  return true;
}
