//===- WmmaTest.cpp - wmma --------------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random matrices in memory are loaded, multiplied and stored.
//
//===----------------------------------------------------------------------===//

#include "MatrixKernel.h"
#include "MatrixKinds.h"

using namespace moa::ptx;

namespace {

struct Case {
  int m, n, k;
  const Kind *d, *a, *c;
  const char *layouts; ///< of A, B, C, D: r or c
  unsigned registersA, registersB, registersC, registersD;
  const char *types; ///< of wmma.mma
  const char *op = "", *space = "global";
  int padding = 0; ///< of the strides, in elements
};

/// A matrix in memory.
struct Stored {
  int rows, columns, stride;
  bool rowMajor;
  const Kind *kind;
  std::vector<int> values;

  Stored(int rows, int columns, int padding, bool rowMajor, const Kind *kind)
      : rows(rows), columns(columns),
        stride((rowMajor ? columns : rows) + padding), rowMajor(rowMajor),
        kind(kind), values(rows * columns) {}
  int &at(int r, int c) { return values[r * columns + c]; }
  size_t words() const {
    return (size_t(rowMajor ? rows : columns) * stride * kind->bits + 31) / 32;
  }
  std::vector<uint32_t> memory() {
    std::vector<uint32_t> out(words());
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        size_t bit =
            size_t(rowMajor ? r * stride + c : c * stride + r) * kind->bits;
        uint64_t code = accumulatorCode(*kind, at(r, c));
        out[bit / 32] |= uint32_t(code << bit % 32);
        if (kind->bits == 64)
          out[bit / 32 + 1] = uint32_t(code >> 32);
      }
    return out;
  }
};

class Wmma : public testing::TestWithParam<Case> {};

TEST_P(Wmma, IsTheProduct) {
  const Case &p = GetParam();
  bool row[4];
  for (int i = 0; i < 4; ++i)
    row[i] = p.layouts[i] == 'r';
  Stored a(p.m, p.k, p.padding, row[0], p.a),
      b(p.k, p.n, p.padding, row[1], p.a), c(p.m, p.n, p.padding, row[2], p.c),
      d(p.m, p.n, p.padding, row[3], p.d);
  std::mt19937 engine(5);
  for (Stored *s : {&a, &b, &c})
    for (int &v : s->values)
      v = std::uniform_int_distribution<int>(
          s == &c ? std::max(-60, s->kind->least) : s->kind->least,
          s == &c ? 60 : s->kind->most)(engine);
  for (int i = 0; i < p.m; ++i)
    for (int j = 0; j < p.n; ++j) {
      d.at(i, j) = c.at(i, j);
      for (int l = 0; l < p.k; ++l)
        d.at(i, j) += std::string(p.op) == ".xor.popc"
                          ? a.at(i, l) ^ b.at(l, j)
                          : a.at(i, l) * b.at(l, j);
    }
  MatrixKernel k;
  size_t starts[3];
  Stored *sources[3] = {&a, &b, &c};
  for (int i = 0; i < 3; ++i) {
    starts[i] = k.in.size() * 4;
    for (uint32_t word : sources[i]->memory())
      k.in.push_back(word);
    while (k.in.size() % 8)
      k.in.push_back(0);
  }
  bool inShared = std::string(p.space) == "shared";
  k.sharedBytes = 16384;
  std::string base = inShared ? "%r299" : "%in";
  if (inShared)
    k.body = fillShared(k.in.size(), 32);
  bool wide = p.d->bits == 64;
  unsigned counts[] = {p.registersA, p.registersB, p.registersC};
  std::string shape = ".m" + std::to_string(p.m) + "n" + std::to_string(p.n) +
                      "k" + std::to_string(p.k);
  std::string lists[4];
  const char *prefix = wide ? "%e" : "%r";
  for (int i = 0; i < 3; ++i) {
    lists[i] = braces(prefix, 8 * i, counts[i]);
    k.body += std::string("wmma.load.") + "abc"[i] + ".sync.aligned." +
              (row[i] ? "row" : "col") + shape + "." + p.space + "." +
              sources[i]->kind->name + " " + lists[i] + ", [" + base + "+" +
              std::to_string(starts[i]) + "]" +
              (p.padding ? ", " + std::to_string(sources[i]->stride) : "") +
              ";\n";
  }
  // D may take the place of C.
  lists[3] = braces(prefix, 16, p.registersD);
  k.body += std::string("wmma.mma") + p.op + ".sync.aligned." +
            (row[0] ? "row." : "col.") + (row[1] ? "row" : "col") + shape +
            p.types + " " + lists[3] + ", " + lists[0] + ", " + lists[1] +
            ", " + lists[2] + ";\n";
  k.body += std::string("wmma.store.d.sync.aligned.") +
            (row[3] ? "row" : "col") + shape + ".global." + p.d->name +
            " [%out], " + lists[3] +
            (p.padding ? ", " + std::to_string(d.stride) : "") + ";\n";
  ASSERT_TRUE(k.clean());
  std::vector<uint32_t> expected = d.memory();
  k.out.resize(expected.size());
  EXPECT_EQ(k.out, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Wmma,
    testing::Values(
        Case{16, 16, 16, &f32, &f16, &f32, "rcrr", 8, 8, 8, 8, ".f32.f32"},
        Case{16, 16, 16, &f32, &f16, &f32, "crcc", 8, 8, 8, 8, ".f32.f32"},
        Case{16, 16, 16, &f16, &f16, &f16, "rrrc", 8, 8, 4, 4, ".f16.f16"},
        Case{16, 16, 16, &f32, &f16, &f16, "ccrr", 8, 8, 4, 8, ".f32.f16"},
        Case{32, 8, 16, &f32, &f16, &f32, "rcrr", 8, 8, 8, 8, ".f32.f32"},
        Case{8, 32, 16, &f32, &f16, &f32, "crrc", 8, 8, 8, 8, ".f32.f32"},
        Case{8, 32, 16, &f16, &f16, &f16, "rccr", 8, 8, 4, 4, ".f16.f16"},
        Case{16, 16, 16, &f32, &f16, &f32, "rcrr", 8, 8, 8, 8, ".f32.f32", "",
             "shared", 8},
        Case{16, 16, 16, &f32, &f16, &f32, "crcc", 8, 8, 8, 8, ".f32.f32", "",
             "global", 24},
        Case{16, 16, 16, &f32, &bf16, &f32, "rcrr", 4, 4, 8, 8,
             ".f32.bf16.bf16.f32"},
        Case{8, 32, 16, &f32, &bf16, &f32, "rrrr", 2, 8, 8, 8,
             ".f32.bf16.bf16.f32"},
        Case{32, 8, 16, &f32, &bf16, &f32, "ccrr", 8, 2, 8, 8,
             ".f32.bf16.bf16.f32"},
        Case{16, 16, 8, &f32, &tf32, &f32, "rcrr", 4, 4, 8, 8,
             ".f32.tf32.tf32.f32"},
        Case{16, 16, 8, &f32, &tf32, &f32, "crcr", 4, 4, 8, 8,
             ".f32.tf32.tf32.f32"},
        Case{16, 16, 16, &s32, &s8, &s32, "rcrr", 2, 2, 8, 8, ".s32.s8.s8.s32"},
        Case{32, 8, 16, &s32, &u8, &s32, "crcc", 4, 1, 8, 8,
             ".s32.u8.u8.s32.satfinite"},
        Case{8, 32, 16, &s32, &s8, &s32, "rrrr", 1, 4, 8, 8, ".s32.s8.s8.s32"},
        Case{8, 8, 4, &f64, &f64, &f64, "rcrr", 1, 1, 2, 2,
             ".rn.f64.f64.f64.f64"},
        Case{8, 8, 4, &f64, &f64, &f64, "crcc", 1, 1, 2, 2, ".f64.f64.f64.f64"},
        Case{8, 8, 32, &s32, &s4, &s32, "rcrr", 1, 1, 2, 2, ".s32.s4.s4.s32"},
        Case{8, 8, 32, &s32, &u4, &s32, "rccr", 1, 1, 2, 2, ".s32.u4.u4.s32"},
        Case{8, 8, 128, &s32, &b1, &s32, "rcrr", 1, 1, 2, 2, ".s32.b1.b1.s32",
             ".xor.popc"},
        Case{8, 8, 128, &s32, &b1, &s32, "rcrc", 1, 1, 2, 2, ".s32.b1.b1.s32",
             ".and.popc"}));

struct Wrong {
  const char *name, *kind, *wrong, *right;
};

class WmmaDefects : public testing::TestWithParam<Wrong> {};

TEST_P(WmmaDefects, AreReported) {
  const Wrong &c = GetParam();
  MatrixKernel k;
  k.in.resize(1024);
  k.body = c.wrong;
  Report report = k.run();
  EXPECT_EQ(k.error, "");
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.diagnostics[0].kind, c.kind);
  k.body = c.right;
  k.clean();
}

#define LOAD                                                                   \
  "wmma.load.c.sync.aligned.row.m16n16k16.global.f32 "                         \
  "{%r0, %r1, %r2, %r3, %r4, %r5, %r6, %r7}, "

INSTANTIATE_TEST_SUITE_P(
    Defects, WmmaDefects,
    testing::Values(
        Wrong{"Divergent", "divergent-aligned",
              "setp.lt.u32 %p1, %t, 16; @%p1 " LOAD "[%in];", LOAD "[%in];"},
        Wrong{"Bounds", "out-of-bounds", LOAD "[%in+3200];",
              LOAD "[%in+3072];"},
        Wrong{"Stride", "out-of-bounds", LOAD "[%in], 80;", LOAD "[%in], 64;"},
        Wrong{"Misaligned", "misaligned", LOAD "[%in+8];", LOAD "[%in+16];"},
        Wrong{"Pitch", "misaligned", LOAD "[%in], 18;", LOAD "[%in], 20;"},
        Wrong{"Address", "operands-differ",
              "mad.wide.u32 %d1, %t, 16, %in; " LOAD "[%d1];",
              "mov.u64 %d1, %in; " LOAD "[%d1];"}),
    [](const auto &info) { return std::string(info.param.name); });

} // namespace
