//===- MmaTest.cpp - mma ----------------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each case distributes random matrices to lanes by the formulas of the PTX
// manual (written out for each shape), runs one mma and compares with sums of
// integers: all values are small, so that every order of addition is exact.
//
//===----------------------------------------------------------------------===//

#include "MatrixKernel.h"
#include "MatrixKinds.h"

using namespace moa::ptx;

namespace {

struct At {
  int row, column;
};
using Formula = At (*)(int g, int t, int i);

/// Element i of the fragments of a lane; g = lane / 4, t = lane % 4.
struct Fragments {
  Formula a, b, c;
};

At c16(int g, int t, int i) { return {i < 2 ? g : g + 8, 2 * t + (i & 1)}; }
At c8(int g, int t, int i) { return {g, 2 * t + i}; }

const Fragments k4{[](int g, int t, int i) {
                     return At{i == 0 ? g : g + 8, t};
                   },
                   [](int g, int t, int) {
                     return At{t, g};
                   },
                   c16};
const Fragments k8Half{[](int g, int t, int i) {
                         return At{i < 2 ? g : g + 8, 2 * t + (i & 1)};
                       },
                       [](int g, int t, int i) {
                         return At{2 * t + i, g};
                       },
                       c16};
const Fragments k8Word{[](int g, int t, int i) {
                         return At{i % 2 ? g + 8 : g, i < 2 ? t : t + 4};
                       },
                       [](int g, int t, int i) {
                         return At{t + 4 * i, g};
                       },
                       c16};
const Fragments k16Half{[](int g, int t, int i) {
                          return At{i < 2 || (i >= 4 && i < 6) ? g : g + 8,
                                    2 * t + (i & 1) + (i >= 4 ? 8 : 0)};
                        },
                        [](int g, int t, int i) {
                          return At{2 * t + (i & 1) + (i >= 2 ? 8 : 0), g};
                        },
                        c16};
const Fragments k16Double{
    [](int g, int t, int i) {
      return At{i % 2 ? g + 8 : g, i % 2 ? 2 * i - 2 + t : 2 * i + t};
    },
    [](int g, int t, int i) {
      return At{t + 4 * i, g};
    },
    c16};
const Fragments k16Byte{[](int g, int t, int i) {
                          return At{i < 4 ? g : g + 8, 4 * t + (i & 3)};
                        },
                        [](int g, int t, int i) {
                          return At{4 * t + i, g};
                        },
                        c16};
const Fragments k32Byte{[](int g, int t, int i) {
                          return At{i < 4 || (i >= 8 && i < 12) ? g : g + 8,
                                    4 * t + (i & 3) + (i >= 8 ? 16 : 0)};
                        },
                        [](int g, int t, int i) {
                          return At{4 * t + (i & 3) + (i >= 4 ? 16 : 0), g};
                        },
                        c16};
const Fragments k32Nibble{[](int g, int t, int i) {
                            return At{i < 8 ? g : g + 8, 8 * t + (i & 7)};
                          },
                          [](int g, int t, int i) {
                            return At{8 * t + (i & 7), g};
                          },
                          c16};
const Fragments k64Nibble{[](int g, int t, int i) {
                            return At{i < 8 || (i >= 16 && i < 24) ? g : g + 8,
                                      8 * t + (i & 7) + (i >= 16 ? 32 : 0)};
                          },
                          [](int g, int t, int i) {
                            return At{8 * t + (i & 7) + (i >= 8 ? 32 : 0), g};
                          },
                          c16};
const Fragments k128Bit{[](int g, int t, int i) {
                          return At{i < 32 ? g : g + 8, 32 * t + (i & 31)};
                        },
                        [](int g, int t, int i) {
                          return At{32 * t + i, g};
                        },
                        c16};
const Fragments k256Bit{[](int g, int t, int i) {
                          return At{i < 32 || (i >= 64 && i < 96) ? g : g + 8,
                                    32 * t + (i & 31) + (i >= 64 ? 128 : 0)};
                        },
                        [](int g, int t, int i) {
                          return At{32 * t + (i & 31) + (i >= 32 ? 128 : 0), g};
                        },
                        c16};
template <int each> At row8(int g, int t, int i) { return {g, each * t + i}; }
template <int each> At column8(int g, int t, int i) {
  return {each * t + i, g};
}
const Fragments small1{row8<1>, column8<1>, c8},
    small4{row8<4>, column8<4>, c8}, small8{row8<8>, column8<8>, c8},
    small32{row8<32>, column8<32>, c8};

struct Case {
  int m, n, k;
  const Kind *d, *a, *b, *c;
  const Fragments *f;
  const char *before = "", *after = "";

  std::string text() const {
    return "mma.sync.aligned.m" + std::to_string(m) + "n" + std::to_string(n) +
           "k" + std::to_string(k) + ".row.col" + before + "." + d->name + "." +
           a->name + "." + b->name + "." + c->name + after;
  }
};

/// One matrix: values, and the words of the 32 lanes.
struct Operand {
  std::vector<int64_t> values;
  int columns;
  std::vector<uint32_t> words;
  unsigned registers = 0;

  int64_t &at(At p) { return values[p.row * columns + p.column]; }
};

std::vector<uint32_t> distribute(Operand &m, const Kind &kind, Formula place,
                                 bool isAccumulator, unsigned &registers) {
  size_t each = m.values.size() / 32;
  size_t words = each * kind.bits / 32;
  std::vector<uint32_t> result(32 * words);
  for (unsigned lane = 0; lane < 32; ++lane)
    for (size_t i = 0; i < each; ++i) {
      int64_t v = m.at(place(lane / 4, lane % 4, int(i)));
      uint64_t code =
          isAccumulator ? accumulatorCode(kind, v) : kind.code(int(v));
      size_t bit = i * kind.bits;
      uint32_t *to = &result[lane * words + bit / 32];
      to[0] |= uint32_t(code << bit % 32);
      if (kind.bits == 64)
        to[1] |= uint32_t(code >> 32);
    }
  registers = unsigned(words);
  return result;
}

class Mma : public testing::TestWithParam<Case> {};

TEST_P(Mma, IsTheProduct) {
  const Case &c = GetParam();
  std::mt19937 engine(7);
  auto random = [&](int rows, int columns, const Kind &kind, bool accumulator) {
    Operand o{std::vector<int64_t>(rows * columns), columns, {}};
    int least = accumulator && &kind == &f16 ? -64 : kind.least;
    int most = accumulator && &kind == &f16 ? 64 : kind.most;
    for (int64_t &v : o.values)
      v = std::uniform_int_distribution<int>(least, most)(engine);
    return o;
  };
  Operand a = random(c.m, c.k, *c.a, false), b = random(c.k, c.n, *c.b, false),
          sum = random(c.m, c.n, *c.c, true);
  MatrixKernel kernel;
  unsigned counts[4];
  std::vector<uint32_t> parts[] = {
      distribute(a, *c.a, c.f->a, false, counts[1]),
      distribute(b, *c.b, c.f->b, false, counts[2]),
      distribute(sum, *c.c, c.f->c, true, counts[3])};
  for (int i = 0; i < c.m; ++i)
    for (int j = 0; j < c.n; ++j)
      for (int l = 0; l < c.k; ++l) {
        int64_t x = a.at({i, l}), y = b.at({l, j});
        bool isXor = std::string(c.after) == ".xor.popc";
        sum.at({i, j}) += isXor ? (x ^ y) : x * y;
      }
  std::vector<uint32_t> expected =
      distribute(sum, *c.d, c.f->c, true, counts[0]);
  bool wide = c.d->bits == 64;
  std::string lists[4];
  unsigned reg = 0, word = 0, first[4];
  for (unsigned i = 1; i <= 4; ++i) {
    unsigned k = i % 4;
    first[k] = reg;
    if (k) {
      kernel.in.insert(kernel.in.end(), parts[k - 1].begin(),
                       parts[k - 1].end());
      kernel.body += loadRegisters(reg, counts[k], word);
      word += 32 * counts[k];
    }
    if (wide)
      for (unsigned r = 0; k && r < counts[k]; r += 2)
        kernel.body += "mov.b64 %e" + std::to_string((reg + r) / 2) + ", {%r" +
                       std::to_string(reg + r) + ", %r" +
                       std::to_string(reg + r + 1) + "};\n";
    lists[k] = wide ? braces("%x", reg / 2, counts[k] / 2)
                    : braces("%r", reg, counts[k]);
    reg += counts[k];
  }
  if (wide)
    for (std::string &list : lists)
      for (size_t at; (at = list.find("%x")) != std::string::npos;)
        list.replace(at, 2, "%e");
  kernel.body += c.text() + " " + lists[0] + ", " + lists[1] + ", " + lists[2] +
                 ", " + lists[3] + ";\n";
  for (unsigned r = 0; wide && r < counts[0]; r += 2)
    kernel.body += "mov.b64 {%r" + std::to_string(first[0] + r) + ", %r" +
                   std::to_string(first[0] + r + 1) + "}, %e" +
                   std::to_string((first[0] + r) / 2) + ";\n";
  kernel.body += storeRegisters(first[0], counts[0], 0);
  ASSERT_TRUE(kernel.clean());
  kernel.out.resize(expected.size());
  EXPECT_EQ(kernel.out, expected) << c.text();
}

const Case cases[] = {
    {16, 8, 8, &f32, &f16, &f16, &f32, &k8Half},
    {16, 8, 8, &f16, &f16, &f16, &f16, &k8Half},
    {16, 8, 16, &f32, &f16, &f16, &f32, &k16Half},
    {16, 8, 16, &f16, &f16, &f16, &f16, &k16Half},
    {16, 8, 8, &f32, &bf16, &bf16, &f32, &k8Half},
    {16, 8, 16, &f32, &bf16, &bf16, &f32, &k16Half},
    {16, 8, 4, &f32, &tf32, &tf32, &f32, &k4},
    {16, 8, 8, &f32, &tf32, &tf32, &f32, &k8Word},
    {8, 8, 4, &f64, &f64, &f64, &f64, &small1},
    {16, 8, 4, &f64, &f64, &f64, &f64, &k4},
    {16, 8, 8, &f64, &f64, &f64, &f64, &k8Word},
    {16, 8, 16, &f64, &f64, &f64, &f64, &k16Double, "", ".rn"},
    {8, 8, 16, &s32, &s8, &s8, &s32, &small4},
    {8, 8, 16, &s32, &u8, &s8, &s32, &small4, ".satfinite"},
    {16, 8, 16, &s32, &s8, &s8, &s32, &k16Byte},
    {16, 8, 16, &s32, &u8, &u8, &s32, &k16Byte},
    {16, 8, 32, &s32, &s8, &u8, &s32, &k32Byte, ".satfinite"},
    {16, 8, 32, &s32, &s8, &s8, &s32, &k32Byte},
    {8, 8, 32, &s32, &u4, &s4, &s32, &small8},
    {16, 8, 32, &s32, &s4, &s4, &s32, &k32Nibble},
    {16, 8, 64, &s32, &u4, &u4, &s32, &k64Nibble},
    {16, 8, 64, &s32, &s4, &u4, &s32, &k64Nibble, ".satfinite"},
    {8, 8, 128, &s32, &b1, &b1, &s32, &small32, "", ".xor.popc"},
    {8, 8, 128, &s32, &b1, &b1, &s32, &small32, "", ".and.popc"},
    {16, 8, 128, &s32, &b1, &b1, &s32, &k128Bit, "", ".xor.popc"},
    {16, 8, 256, &s32, &b1, &b1, &s32, &k256Bit, "", ".and.popc"},
    {16, 8, 256, &s32, &b1, &b1, &s32, &k256Bit, "", ".xor.popc"},
    {16, 8, 16, &f32, &e4m3, &e5m2, &f32, &k16Byte},
    {16, 8, 16, &f16, &e5m2, &e5m2, &f16, &k16Byte},
    {16, 8, 32, &f32, &e4m3, &e4m3, &f32, &k32Byte},
    {16, 8, 32, &f32, &e5m2, &e4m3, &f32, &k32Byte},
    {16, 8, 32, &f16, &e4m3, &e5m2, &f16, &k32Byte},
    {16, 8, 32, &f32, &e3m2, &e2m3, &f32, &k32Byte, ".kind::f8f6f4"},
    {16, 8, 32, &f32, &e2m1, &e4m3, &f32, &k32Byte, ".kind::f8f6f4"},
    {16, 8, 32, &f16, &e2m3, &e2m1, &f16, &k32Byte, ".kind::f8f6f4"},
};

INSTANTIATE_TEST_SUITE_P(Shapes, Mma, testing::ValuesIn(cases));

struct Quads {
  const char *a, *b, *d, *c;
};
class MmaQuads : public testing::TestWithParam<Quads> {};

/// Four products of 8 x 8 x 4: lanes 4 q .. 4 q + 3 and those 16 above.
TEST_P(MmaQuads, AreFourProducts) {
  const Quads &p = GetParam();
  bool rowA = std::string(p.a) == "row", rowB = std::string(p.b) == "row";
  std::mt19937 engine(3);
  auto value = [&] {
    return std::uniform_int_distribution<int>(-2, 2)(engine);
  };
  int a[4][8][4], b[4][4][8], c[4][8][8];
  MatrixKernel k;
  k.in.resize(32 * 12);
  for (auto &m : a)
    for (auto &row : m)
      for (int &v : row)
        v = value();
  for (auto &m : b)
    for (auto &row : m)
      for (int &v : row)
        v = value();
  for (auto &m : c)
    for (auto &row : m)
      for (int &v : row)
        v = value();
  auto accumulatorAt = [](const std::string &type, int lane, int i) {
    if (type == "f16")
      return At{lane % 4 + (lane < 16 ? 0 : 4), i};
    int x = (lane & 1) + (i & 2);
    return At{lane < 16 ? x : x + 4, (i & 4) + (lane & 2) + (i & 1)};
  };
  unsigned registersC = std::string(p.c) == "f16" ? 4 : 8,
           registersD = std::string(p.d) == "f16" ? 4 : 8;
  auto put = [&](unsigned word, int i, int v) {
    k.in[word + i / 2] |= uint32_t(halfCode(v)) << 16 * (i % 2);
  };
  for (int lane = 0; lane < 32; ++lane) {
    int q = lane % 16 / 4, low = lane % 4, high = lane < 16 ? 0 : 4;
    for (int i = 0; i < 4; ++i) {
      put(2 * lane, i, rowA ? a[q][low + high][i] : a[q][i + high][low]);
      put(64 + 2 * lane, i, rowB ? b[q][low][i + high] : b[q][i][low + high]);
    }
    for (int i = 0; i < 8; ++i) {
      At at = accumulatorAt(p.c, lane, i);
      int v = c[q][at.row][at.column];
      if (registersC == 4)
        put(128 + 4 * lane, i, v);
      else
        k.in[128 + 8 * lane + i] = uint32_t(asFloatBits(v));
    }
  }
  k.body = loadRegisters(0, 2, 0) + loadRegisters(2, 2, 64) +
           loadRegisters(4, registersC, 128) + "mma.sync.aligned.m8n8k4." +
           p.a + "." + p.b + "." + p.d + ".f16.f16." + p.c + " " +
           braces("%r", 20, registersD) + ", {%r0, %r1}, {%r2, %r3}, " +
           braces("%r", 4, registersC) + ";\n" +
           storeRegisters(20, registersD, 0);
  ASSERT_TRUE(k.clean());
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 8; ++i) {
      At at = accumulatorAt(p.d, lane, i);
      int q = lane % 16 / 4, sum = c[q][at.row][at.column];
      for (int l = 0; l < 4; ++l)
        sum += a[q][at.row][l] * b[q][l][at.column];
      uint32_t got = registersD == 8
                         ? k.out[8 * lane + i]
                         : k.out[4 * lane + i / 2] >> 16 * (i % 2) & 0xffff;
      EXPECT_EQ(got, registersD == 8 ? asFloatBits(sum) : halfCode(sum));
    }
}

INSTANTIATE_TEST_SUITE_P(Layouts, MmaQuads,
                         testing::Values(Quads{"row", "col", "f32", "f32"},
                                         Quads{"col", "row", "f32", "f32"},
                                         Quads{"row", "row", "f16", "f16"},
                                         Quads{"col", "col", "f32", "f16"}));

/// One element: lane 0, row 0 and column 0; the other elements of A and B are
/// zero, but for those given.
uint32_t single(const char *type, uint32_t a, uint32_t b, uint32_t c,
                const char *modifier = "") {
  MatrixKernel k;
  std::string t = type, d = t == "s8" || t == "u8" ? "s32" : "f32";
  k.body =
      "mov.b32 %r0, 0;\nsetp.eq.u32 %p1, %t, 0;\n"
      "selp.b32 %r1, " +
      std::to_string(a) +
      ", 0, %p1;\n"
      "selp.b32 %r2, " +
      std::to_string(b) +
      ", 0, %p1;\n"
      "mov.b32 %r3, " +
      std::to_string(c) +
      ";\n"
      "mma.sync.aligned.m16n8k16.row.col" +
      modifier + "." + d + "." + t + "." + t + "." + d +
      " {%r4, %r5, %r6, %r7}, " +
      (d == "s32" ? "{%r1, %r0}, {%r2}" : "{%r1, %r0, %r0, %r0}, {%r2, %r0}") +
      ", {%r3, %r3, %r3, %r3};\n" + storeRegisters(4, 1, 0);
  EXPECT_TRUE(k.clean());
  return k.out.empty() ? 0 : k.out[0];
}

TEST(MmaNumbers, Halves) {
  const uint32_t two = 0x40000000, nan = 0x7fffffff, inf = 0x7f800000;
  EXPECT_EQ(single("f16", 0x3c00, 0x4000, 0), two);
  // The least subnormal: 2^-24 * 1.
  EXPECT_EQ(single("f16", 0x0001, 0x3c00, 0), 0x33800000u);
  EXPECT_EQ(single("f16", 0x83ff, 0x3c00, 0), 0xb87fc000u);
  EXPECT_EQ(single("f16", 0x7bff, 0x7bff, 0), 0x4f7fc004u);
  EXPECT_EQ(single("f16", 0x7c00, 0x3c00, 0), inf);
  EXPECT_EQ(single("f16", 0x7c00, 0x0000, 0), nan);
  EXPECT_EQ(single("f16", 0x7c01, 0x3c00, 0), nan);
  EXPECT_EQ(single("bf16", 0xff80, 0x3f80, 0), 0xff800000u);
  EXPECT_EQ(single("bf16", 0x0001, 0x3f80, 0), 0x00010000u);
}

TEST(MmaNumbers, Integers) {
  EXPECT_EQ(single("s8", 0x80, 0x80, 1), 16385u);
  EXPECT_EQ(single("s8", 0x01, 0x01, 0x7fffffff), 0x80000000u);
  EXPECT_EQ(single("s8", 0x01, 0x01, 0x7fffffff, ".satfinite"), 0x7fffffffu);
  EXPECT_EQ(single("s8", 0xff, 0x01, 0x80000000, ".satfinite"), 0x80000000u);
  EXPECT_EQ(single("u8", 0xff, 0xff, 0), 65025u);
}

/// tf32 ignores the low 13 bits.
TEST(MmaNumbers, TensorFloats) {
  MatrixKernel k;
  k.body = "mov.b32 %r0, 0;\nmov.b32 %r1, 0x3f801fff;\n"
           "mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32 "
           "{%r4, %r5, %r6, %r7}, {%r1, %r1}, {%r1}, {%r0, %r0, %r0, %r0};\n" +
           storeRegisters(4, 4, 0);
  ASSERT_TRUE(k.clean());
  EXPECT_EQ(k.out[0], 0x40800000u);
}

/// 1 + 2^-53 in each direction.
TEST(MmaNumbers, DoublesAreRounded) {
  auto run = [](const std::string &rounding) {
    MatrixKernel k;
    k.body = "mov.f64 %e0, 0d3CA0000000000000;\nmov.f64 %e1, "
             "0d3FF0000000000000;\nmov.f64 %e2, 0d0000000000000000;\n"
             "setp.eq.u32 %p1, %t, 0;\nselp.f64 %e0, %e0, %e2, %p1;\n"
             "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64" +
             rounding +
             " {%e4, %e5}, {%e0}, {%e1}, {%e1, %e1};\n"
             "mov.b64 {%r0, %r1}, %e4;\n" +
             storeRegisters(0, 2, 0);
    EXPECT_TRUE(k.clean());
    return k.out[0];
  };
  EXPECT_EQ(run(""), 0u);
  EXPECT_EQ(run(".rn"), 0u);
  EXPECT_EQ(run(".rz"), 0u);
  EXPECT_EQ(run(".rp"), 1u);
}

TEST(MmaCounts, TensorOperations) {
  MatrixKernel k;
  k.body = "mov.b32 %r0, 0;\n"
           "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
           "{%r4, %r5, %r6, %r7}, {%r0, %r0, %r0, %r0}, {%r0, %r0}, "
           "{%r0, %r0, %r0, %r0};\n"
           "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
           "{%r4, %r5, %r6, %r7}, {%r0, %r0, %r0, %r0}, {%r0, %r0}, "
           "{%r4, %r5, %r6, %r7};\n"
           "mma.sync.aligned.m8n8k16.row.col.s32.u8.u8.s32 "
           "{%r4, %r5}, {%r0}, {%r0}, {%r0, %r0};\n";
  Report r = k.run();
  EXPECT_TRUE(r.clean());
  EXPECT_EQ(r.tensorOperations, 2u * 2048 + 1024);
  ASSERT_EQ(r.tensorKinds.size(), 2u);
  EXPECT_EQ(r.tensorKinds[0].first, "mma.m16n8k16.f32.f16.f16.f32");
  EXPECT_EQ(r.tensorKinds[0].second[0], 2u);
  EXPECT_EQ(r.tensorKinds[1].second[1], 1024u);
  EXPECT_NE(r.json().find("\"mma.m8n8k16.s32.u8.u8.s32\": {\"products\": 1, "
                          "\"multiply_adds\": 1024}"),
            std::string::npos);
}

#define MMA                                                                    \
  "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%r4, %r5, %r6, %r7}, "    \
  "{%r0, %r0}, {%r0}, {%r0, %r0, %r0, %r0};"

TEST(MmaDefects, Divergent) {
  MatrixKernel k;
  std::string start = "mov.b32 %r0, 0; setp.lt.u32 %p1, %t, 16;";
  k.body = start + "@%p1 " MMA;
  Report report = k.run();
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.diagnostics[0].kind, "divergent-aligned");
  k.body = start + MMA;
  k.clean();
  k.threads = 48;
  k.body = start + MMA;
  report = k.run();
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.diagnostics[0].kind, "divergent-aligned");
}

TEST(MmaDefects, UndefinedRegisters) {
  MatrixKernel k;
  k.body = MMA;
  Report report = k.run();
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.diagnostics[0].kind, "uninitialized-register");
}

TEST(MmaErrors, NameWhatIsWrong) {
  auto error = [](const std::string &text) {
    MatrixKernel k;
    k.body = text;
    k.run();
    return k.error;
  };
  std::string operands = " {%r4, %r5, %r6, %r7}, {%r0, %r0}, {%r0}, "
                         "{%r0, %r0, %r0, %r0};";
  EXPECT_NE(error("mma.sync.aligned.m16n8k2.row.col.f32.f16.f16.f32" + operands)
                .find("this shape with multiplicands '.f16'"),
            std::string::npos);
  EXPECT_NE(
      error("mma.sync.aligned.m16n8k8.row.col.f32.f16.bf16.f32" + operands)
          .find("do not go together"),
      std::string::npos);
  EXPECT_NE(error("mma.sync.aligned.m16n8k8.row.row.f32.f16.f16.f32" + operands)
                .find(".row.col"),
            std::string::npos);
  EXPECT_NE(
      error("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32" + operands)
          .find("4 registers are needed, there are 2"),
      std::string::npos);
}

} // namespace
