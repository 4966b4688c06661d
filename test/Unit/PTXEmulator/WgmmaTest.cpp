//===- WgmmaTest.cpp - wgmma ------------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The host lays random matrices out in shared memory: in panels as wide as the
// swizzle, each row of a panel below the other, or without swizzle as core
// matrices of 8 rows of 16 bytes. The kernel multiplies them step by step in k.
//
//===----------------------------------------------------------------------===//

#include "MatrixKernel.h"
#include "MatrixKinds.h"

using namespace moa::ptx;

namespace {

/// A multiplicand in shared memory. `rows`: m or n.
struct Tile {
  int rows, k;
  const Kind *kind;
  unsigned swizzle; ///< bytes: 0, 32, 64, 128
  bool mnMajor;
  uint32_t start;    ///< offset in the shared memory
  uint32_t base = 0; ///< base offset: rows of 128 bytes
  std::vector<int> values = {};

  int &at(int r, int c) { return values[r * k + c]; }
  unsigned across() const { return (mnMajor ? rows : k) * kind->bits / 8; }
  unsigned down() const { return mnMajor ? k : rows; }
  unsigned bytes() const { return across() * down(); }

  /// Offset of the byte that holds an element.
  uint32_t offset(int r, int c) const {
    unsigned major = mnMajor ? c : r;
    unsigned minor = (mnMajor ? r : c) * kind->bits / 8;
    if (!swizzle)
      return start + minor / 16 * 16 * down() + major * 16 + minor % 16;
    uint32_t at = start + minor / swizzle * swizzle * down() + major * swizzle +
                  minor % swizzle;
    unsigned mask = swizzle / 16 - 1;
    return at ^ (((at >> 7) - base) & mask) << 4;
  }
  /// The constant part of the descriptor.
  uint64_t descriptor() const {
    uint64_t leading, stride, mode = 0;
    if (swizzle) {
      leading = mnMajor ? swizzle * k : 16;
      stride = 8 * swizzle;
      mode = swizzle == 128 ? 1 : swizzle == 64 ? 2 : 3;
    } else if (mnMajor) {
      leading = 128;
      stride = 16 * k;
    } else {
      leading = 16 * rows;
      stride = 128;
    }
    return leading / 16 << 16 | stride / 16 << 32 | uint64_t(base) << 49 |
           mode << 62;
  }
  /// From the start to the matrix of step `step`.
  uint32_t advance(int step, int depth) const {
    unsigned minor = step * 32;
    if (mnMajor)
      return step * depth * (swizzle ? swizzle : 16);
    if (!swizzle)
      return minor / 16 * 16 * rows;
    return minor / swizzle * swizzle * rows + minor % swizzle;
  }
};

struct Case {
  int n;
  const Kind *d, *a, *b;
  unsigned swizzleA, swizzleB;
  bool mnMajorA = false, mnMajorB = false, fromRegisters = false;
  int negateA = 1, negateB = 1;
  const char *before = "", *after = "";
  uint32_t base = 0; ///< rows of 128 bytes before the patterns
};

/// %d`reg` = descriptor of the tile, moved by `advance` bytes.
std::string descriptor(int reg, const Tile &t, uint32_t advance) {
  std::string d = "%d" + std::to_string(reg);
  return "mov.u32 %r290, s;\nadd.u32 %r290, %r290, " +
         std::to_string(t.start + advance) +
         ";\nand.b32 %r290, %r290, 0x3ffff;\nshr.u32 %r290, %r290, 4;\n"
         "cvt.u64.u32 " +
         d + ", %r290;\nor.b64 " + d + ", " + d + ", " +
         std::to_string(t.descriptor()) + ";\n";
}

std::string products(const Case &c, Tile &a, Tile &b, int steps) {
  int depth = 256 / c.a->bits;
  bool isFloat = c.d != &s32, wide = c.a->bits == 16;
  unsigned registers = c.n * c.d->bits / 64;
  std::string text, tail;
  if (isFloat)
    tail = ", " + std::to_string(c.negateA) + ", " + std::to_string(c.negateB);
  if (wide && !c.fromRegisters)
    tail += c.mnMajorA ? ", 1" : ", 0";
  if (wide)
    tail += c.mnMajorB ? ", 1" : ", 0";
  for (int step = 0; step < steps; ++step) {
    text += descriptor(2, b, b.advance(step, depth));
    if (!c.fromRegisters)
      text += descriptor(1, a, a.advance(step, depth));
    text += std::string(step ? "setp.eq.u32" : "setp.ne.u32") +
            " %p1, 0, 0;\nwgmma.mma_async.sync.aligned.m64n" +
            std::to_string(c.n) + "k" + std::to_string(depth) + c.before + "." +
            c.d->name + "." + c.a->name + "." + c.b->name + c.after + " " +
            braces("%r", 0, registers) + ", " +
            (c.fromRegisters ? braces("%r", 200 + 4 * step, 4) : "%d1") +
            ", %d2, %p1" + tail + ";\n";
  }
  return text;
}

/// A in registers: rows g and g + 8 of the warp's 16, e elements from e t, then
/// 4 e further.
std::string loadA(MatrixKernel &kernel, Tile &a, int steps) {
  unsigned each = 32 / a.kind->bits;
  size_t word = kernel.in.size();
  for (int thread = 0; thread < 128; ++thread)
    for (int step = 0; step < steps; ++step)
      for (int reg = 0; reg < 4; ++reg) {
        uint32_t bits = 0;
        for (unsigned i = 0; i < each; ++i) {
          int row = thread / 32 * 16 + thread % 32 / 4 + reg % 2 * 8;
          int k = (step * 8 + reg / 2 * 4 + thread % 4) * each + i;
          bits |= uint32_t(a.kind->code(a.at(row, k))) << i * a.kind->bits;
        }
        kernel.in.push_back(bits);
      }
  return loadRegisters(200, 4 * steps, word);
}

void lay(MatrixKernel &kernel, Tile &t) {
  auto *bytes = reinterpret_cast<uint8_t *>(kernel.in.data());
  for (int r = 0; r < t.rows; ++r)
    for (int c = 0; c < t.k; ++c) {
      uint64_t code = t.kind->code(t.at(r, c));
      uint32_t at = t.offset(r, c);
      unsigned bit = t.kind->bits < 8 ? c * t.kind->bits % 8 : 0;
      for (unsigned i = 0; i < (t.kind->bits + 7) / 8; ++i)
        bytes[at + i] |= uint8_t(code >> 8 * i << bit);
    }
}

const char *visible = "fence.proxy.async;\nbar.sync 0;\n";
const char *complete = "wgmma.commit_group.sync.aligned;\n"
                       "wgmma.wait_group.sync.aligned 0;\n";

class Wgmma : public testing::TestWithParam<Case> {};

TEST_P(Wgmma, IsTheProduct) {
  const Case &c = GetParam();
  int depth = 256 / c.a->bits, steps = 4;
  uint32_t gap = c.base * 128;
  Tile a{64, depth * steps, c.a, c.swizzleA, c.mnMajorA, gap, c.base};
  Tile b{c.n, depth * steps, c.b, c.swizzleB, c.mnMajorB, 0, c.base};
  b.start =
      (c.fromRegisters ? 0 : (gap + a.bytes() + 1023) / 1024 * 1024) + gap;
  std::mt19937 engine(11);
  for (Tile *t : {&a, &b}) {
    t->values.resize(t->rows * t->k);
    for (int &v : t->values)
      v = std::uniform_int_distribution<int>(t->kind->least,
                                             t->kind->most)(engine);
  }
  MatrixKernel k;
  k.threads = 128;
  k.sharedBytes = b.start + b.bytes();
  k.in.resize(k.sharedBytes / 4);
  if (!c.fromRegisters)
    lay(k, a);
  lay(k, b);
  k.body = fillShared(k.in.size(), 128);
  if (c.fromRegisters)
    k.body += loadA(k, a, steps);
  unsigned registers = c.n * c.d->bits / 64;
  k.outWords = 128 * registers;
  k.body += std::string(visible) + "wgmma.fence.sync.aligned;\n" +
            products(c, a, b, steps) + complete +
            storeRegisters(0, registers, 0);
  ASSERT_TRUE(k.clean());
  for (int thread = 0; thread < 128; ++thread)
    for (int i = 0; i < c.n / 2; ++i) {
      int row = thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8;
      int column = i / 4 * 8 + thread % 4 * 2 + i % 2;
      int64_t sum = 0;
      for (int l = 0; l < a.k; ++l)
        sum += int64_t(a.at(row, l)) * b.at(column, l);
      sum *= c.negateA * c.negateB;
      uint32_t expected = uint32_t(accumulatorCode(*c.d, sum)), got;
      if (c.d->bits == 16)
        got = k.out[thread * registers + i / 2] >> 16 * (i % 2) & 0xffff;
      else
        got = k.out[thread * registers + i];
      ASSERT_EQ(got, expected) << "thread " << thread << " element " << i;
    }
}

const Case cases[] = {
    // Every swizzle and order of f16.
    {64, &f32, &f16, &f16, 0, 0},
    {64, &f32, &f16, &f16, 32, 32},
    {64, &f32, &f16, &f16, 64, 64},
    {64, &f32, &f16, &f16, 128, 128},
    {64, &f32, &f16, &f16, 128, 32},
    {64, &f32, &f16, &f16, 0, 0, true, true},
    {64, &f32, &f16, &f16, 32, 32, true, true},
    {64, &f32, &f16, &f16, 64, 64, true, true},
    {64, &f32, &f16, &f16, 128, 128, true, true},
    {128, &f32, &f16, &f16, 128, 128, false, true},
    {192, &f32, &f16, &f16, 128, 64, true, false},
    // Other sizes.
    {8, &f32, &f16, &f16, 128, 128},
    {24, &f32, &f16, &f16, 128, 0},
    {104, &f32, &f16, &f16, 64, 128},
    {256, &f32, &f16, &f16, 128, 128},
    {256, &f32, &f16, &f16, 128, 128, false, true},
    // Half-precision sums, A in registers, negation.
    {64, &f16, &f16, &f16, 128, 128},
    {40, &f16, &f16, &f16, 128, 128, false, false, true},
    {64, &f32, &f16, &f16, 0, 128, false, true, true},
    {64, &f32, &f16, &f16, 128, 128, false, false, false, -1, 1},
    {64, &f32, &f16, &f16, 128, 128, false, false, true, -1, -1},
    {64, &f32, &f16, &f16, 128, 128, false, false, true, 1, -1},
    // Patterns that do not begin at a multiple of their size.
    {64, &f32, &f16, &f16, 128, 128, false, false, false, 1, 1, "", "", 3},
    {64, &f32, &f16, &f16, 128, 128, true, true, false, 1, 1, "", "", 5},
    // Other types.
    {64, &f32, &bf16, &bf16, 128, 128},
    {96, &f32, &bf16, &bf16, 64, 64, false, true},
    {64, &f32, &bf16, &bf16, 0, 128, false, true, true},
    {64, &f32, &tf32, &tf32, 128, 128},
    {32, &f32, &tf32, &tf32, 32, 0},
    {64, &f32, &tf32, &tf32, 0, 64, false, false, true},
    {64, &f32, &e4m3, &e4m3, 128, 128},
    {64, &f32, &e5m2, &e4m3, 64, 32},
    {64, &f16, &e4m3, &e5m2, 0, 128},
    {64, &f32, &e4m3, &e5m2, 0, 128, false, false, true},
    {64, &s32, &s8, &s8, 128, 128},
    {80, &s32, &u8, &s8, 64, 0, false, false, false, 1, 1, ".satfinite"},
    {24, &s32, &u8, &u8, 0, 128, false, false, true},
    {64, &s32, &b1, &b1, 128, 128, false, false, false, 1, 1, "", ".and.popc"},
    {16, &s32, &b1, &b1, 0, 0, false, false, true, 1, 1, "", ".and.popc"},
};

INSTANTIATE_TEST_SUITE_P(Layouts, Wgmma, testing::ValuesIn(cases));

/// Kernels on a product of zeros, to be made wrong.
struct Group {
  MatrixKernel k;
  Case c{32, &f32, &f16, &f16, 128, 128};
  Tile a{64, 64, &f16, 128, false, 0}, b{32, 64, &f16, 128, false, 8192};

  Group() {
    k.threads = 128;
    k.sharedBytes = 12288;
    k.in.resize(3072);
    k.outWords = 128 * 16;
  }
  std::string fill() const { return fillShared(3072, 128); }
  std::string product(int steps = 1, bool registers = false) {
    c.fromRegisters = registers;
    return products(c, a, b, steps);
  }
  /// The kinds that are reported.
  std::string kinds(const std::string &body) {
    k.body = body;
    Report r = k.run();
    EXPECT_EQ(k.error, "");
    std::string all;
    for (const Diagnostic &d : r.diagnostics) {
      EXPECT_GT(d.site.line, 0u);
      all += (all.empty() ? "" : " ") + d.kind;
    }
    return all;
  }
};

const std::string fence = "wgmma.fence.sync.aligned;\n";
const std::string commit = "wgmma.commit_group.sync.aligned;\n";
const std::string waitAll = "wgmma.wait_group.sync.aligned 0;\n";

TEST(WgmmaDefects, MissingFence) {
  Group g;
  std::string start = g.fill() + visible;
  EXPECT_EQ(g.kinds(start + fence + g.product() + complete), "");
  EXPECT_EQ(g.kinds(start + g.product() + complete), "missing-wgmma-fence");
}

TEST(WgmmaDefects, MissingFenceAfterWrites) {
  Group g;
  std::string start = g.fill() + visible + fence + g.product() + complete;
  std::string scale = "mul.f32 %r3, %r3, 0f40000000;\n";
  EXPECT_EQ(g.kinds(start + scale + fence + g.product() + complete), "");
  EXPECT_EQ(g.kinds(start + scale + g.product() + complete),
            "missing-wgmma-fence");
}

TEST(WgmmaDefects, MissingFenceForA) {
  Group g;
  std::string start = g.fill() + visible;
  for (int i = 0; i < 4; ++i)
    start += "cvt.rn.f16x2.f32 %r" + std::to_string(200 + i) +
             ", 0f3f800000, 0f3f800000;\n";
  std::string again = "cvt.rn.f16x2.f32 %r201, 0f00000000, 0f00000000;\n";
  std::string once = fence + g.product(1, true) + complete;
  EXPECT_EQ(g.kinds(start + once + again + once), "");
  EXPECT_EQ(g.kinds(start + once + again + g.product(1, true) + complete),
            "missing-wgmma-fence");
}

TEST(WgmmaDefects, MissingFenceForAnotherShape) {
  Group g;
  std::string start = g.fill() + visible + fence + g.product();
  g.c.n = 16;
  EXPECT_EQ(g.kinds(start + g.product() + complete), "missing-wgmma-fence");
  EXPECT_EQ(g.kinds(start + fence + g.product() + complete), "");
}

TEST(WgmmaDefects, EarlyAccumulatorRead) {
  Group g;
  std::string start = g.fill() + visible + fence + g.product() + commit;
  std::string use = "add.f32 %r150, %r2, 0f3f800000;\n";
  EXPECT_EQ(g.kinds(start + waitAll + use), "");
  EXPECT_EQ(g.kinds(start + use + waitAll), "wgmma-in-flight");
  // A copy is no use of it; what is done with the copy is.
  EXPECT_EQ(g.kinds(start + "mov.b32 %r151, %r2;\n" + waitAll), "");
  EXPECT_EQ(g.kinds(start +
                    "mov.b32 %r151, %r2;\n"
                    "add.f32 %r150, %r151, 0f3f800000;\n" +
                    waitAll),
            "wgmma-in-flight");
}

TEST(WgmmaDefects, WaitForTheWrongGroup) {
  Group g;
  std::string start = g.fill() + visible + fence + g.product() + commit;
  std::string second = products({32, &f32, &f16, &f16, 128, 128}, g.a, g.b, 1);
  for (size_t at; (at = second.find("{%r0, ")) != std::string::npos;)
    second.replace(at, second.find('}') - at + 1, braces("%r", 50, 16));
  start += second + commit;
  std::string first = "add.f32 %r150, %r2, 0f3f800000;\n";
  std::string last = "add.f32 %r151, %r52, 0f3f800000;\n";
  std::string waitOne = "wgmma.wait_group.sync.aligned 1;\n";
  EXPECT_EQ(g.kinds(start + waitOne + first + waitAll + last), "");
  EXPECT_EQ(g.kinds(start + waitOne + last + waitAll), "wgmma-in-flight");
}

TEST(WgmmaDefects, WaitWithoutCommit) {
  Group g;
  EXPECT_EQ(g.kinds(g.fill() + visible + fence + g.product() + waitAll +
                    "add.f32 %r150, %r2, 0f3f800000;\n"),
            "wgmma-in-flight");
}

TEST(WgmmaDefects, OverwrittenA) {
  Group g;
  std::string start = g.fill() + visible;
  for (int i = 0; i < 4; ++i)
    start += "mov.b32 %r" + std::to_string(200 + i) + ", 0;\n";
  std::string write = "cvt.rn.f16x2.f32 %r201, 0f00000000, 0f00000000;\n";
  start += fence + g.product(1, true) + commit;
  EXPECT_EQ(g.kinds(start + waitAll + write), "");
  EXPECT_EQ(g.kinds(start + write + waitAll), "wgmma-in-flight");
}

TEST(WgmmaDefects, MissingProxyFence) {
  Group g;
  std::string end = fence + g.product() + complete;
  EXPECT_EQ(g.kinds(g.fill() + visible + end), "");
  EXPECT_EQ(g.kinds(g.fill() + end), "missing-proxy-fence");
}

TEST(WgmmaDefects, OverwrittenStage) {
  Group g;
  std::string start = g.fill() + visible + fence + g.product() + commit;
  std::string write = "st.shared.b32 [s+8192], 0;\n";
  std::string one = "setp.eq.u32 %p2, %t, 96;\n@%p2 ";
  EXPECT_EQ(g.kinds(start + waitAll + "bar.sync 0;\n" + one + write), "");
  EXPECT_EQ(g.kinds(start + one + write + waitAll), "async-race");
}

TEST(WgmmaDefects, Divergent) {
  Group g;
  std::string start = g.fill() + visible + fence;
  std::string product = g.product();
  std::string guarded = product;
  guarded.insert(guarded.find("wgmma.mma"), "setp.lt.u32 %p2, %t, 40;\n@%p2 ");
  EXPECT_EQ(g.kinds(start + product + complete), "");
  EXPECT_EQ(g.kinds(start + guarded + complete), "divergent-aligned");
  // One warp goes another way.
  EXPECT_EQ(g.kinds(start + "setp.lt.u32 %p2, %t, 96;\n@!%p2 bra END;\n" +
                    product + complete + "END:\n"),
            "divergent-aligned");
  EXPECT_EQ(g.kinds(start + "setp.lt.u32 %p2, %t, 96;\n@!%p2 bra END;\n" +
                    product + complete + "bra LAST;\nEND:\n" + product +
                    complete + "LAST:\n"),
            "divergent-aligned");
  g.k.threads = 96;
  EXPECT_EQ(
      g.kinds(fillShared(3072, 96) + visible + fence + product + complete),
      "divergent-aligned");
}

TEST(WgmmaDefects, OperandsThatDiffer) {
  Group g;
  std::string product = g.product(), start = g.fill() + visible + fence;
  std::string lanes = product, warps = product;
  size_t at = product.find("wgmma.mma");
  lanes.insert(at, "cvt.u64.u32 %d3, %t;\nadd.u64 %d2, %d2, %d3;\n");
  warps.insert(at, "shr.u32 %r291, %t, 5;\nsetp.lt.u32 %p1, %r291, 2;\n");
  EXPECT_EQ(g.kinds(start + lanes + complete), "operands-differ");
  EXPECT_EQ(g.kinds(start + warps + complete).substr(0, 15), "operands-differ");
}

TEST(WgmmaDefects, SharedMemory) {
  Group g;
  g.b.start = 12288 - 2048;
  EXPECT_EQ(g.kinds(g.fill() + visible + fence + g.product() + complete),
            "out-of-bounds");
  g.b.start = 8192;
  EXPECT_EQ(
      g.kinds(fillShared(2048, 128) + visible + fence + g.product() + complete),
      "uninitialized-shared");
}

TEST(WgmmaDefects, UndefinedAccumulator) {
  Group g;
  std::string product = g.product();
  product.replace(product.find("setp.ne"), 7, "setp.eq");
  EXPECT_EQ(g.kinds(g.fill() + visible + fence + product + complete),
            "uninitialized-register");
}

/// A tile laid out for one swizzle and read with another is wrong.
TEST(WgmmaDefects, WrongSwizzle) {
  auto run = [](unsigned layout, unsigned read) {
    Group g;
    g.k.in.assign(3072, 0);
    g.a.swizzle = g.b.swizzle = layout;
    g.a.k = g.b.k = 16;
    for (Tile *t : {&g.a, &g.b}) {
      t->values.resize(t->rows * t->k);
      for (size_t i = 0; i < t->values.size(); ++i)
        t->values[i] = int(i * 7 / 3 % 5) - 2;
      lay(g.k, *t);
    }
    std::vector<int> a = g.a.values;
    g.a.swizzle = g.b.swizzle = read;
    EXPECT_EQ(g.kinds(g.fill() + visible + fence + g.product() + complete +
                      storeRegisters(0, 16, 0)),
              "");
    return g.k.out;
  };
  EXPECT_NE(run(32, 32), run(32, 64));
  EXPECT_EQ(run(32, 32), run(0, 0));
}

TEST(WgmmaCounts, ProductsAndWavefronts) {
  auto run = [](unsigned swizzle) {
    Group g;
    g.a.swizzle = g.b.swizzle = swizzle;
    if (swizzle == 0) // Columns of rows of 128 bytes: all in the same banks.
      g.a.swizzle = 0;
    g.k.body = g.fill() + visible + fence + g.product() + complete;
    return g.k.run();
  };
  Report r = run(128);
  EXPECT_TRUE(r.clean());
  ASSERT_EQ(r.tensorKinds.size(), 1u);
  EXPECT_EQ(r.tensorKinds[0].first, "wgmma.m64n32k16.f32.f16.f16");
  EXPECT_EQ(r.tensorKinds[0].second[0], 1u);
  EXPECT_EQ(r.tensorOperations, 64u * 32 * 16);
  // 96 rows of 32 bytes: two pieces each, eight at once; 96 for the stores.
  EXPECT_EQ(r.sharedMinimum, 24u + 96);
  EXPECT_EQ(r.sharedWavefronts, 24u + 96);
  // Rows 32 bytes apart: eight pieces are in four places.
  r = run(32);
  EXPECT_EQ(r.sharedWavefronts, 24u + 96);
}

TEST(WgmmaErrors, NameWhatIsWrong) {
  auto error = [](const std::string &text) {
    MatrixKernel k;
    k.threads = 128;
    k.body = text;
    k.run();
    return k.error;
  };
  std::string start = "wgmma.mma_async.sync.aligned.", d = braces("%r", 0, 4);
  EXPECT_NE(error(start + "m64n8k16.f32.f16.bf16 " + d +
                  ", %d1, %d2, %p1, 1, 1, 0, 0;")
                .find("combination of types"),
            std::string::npos);
  EXPECT_NE(error(start + "m64n12k16.f32.f16.f16 " + d +
                  ", %d1, %d2, %p1, 1, 1, 0, 0;")
                .find("this shape of 'wgmma'"),
            std::string::npos);
  EXPECT_NE(error(start + "m64n8k16.f32.f16.f16 " + d +
                  ", %d1, %d2, %p1, 1, 2, 0, 0;")
                .find("operand 6 must be 1 or -1"),
            std::string::npos);
  EXPECT_NE(error(start + "m64n8k8.f32.tf32.tf32 " + d +
                  ", %d1, %d2, %p1, 1, 1, 0, 0;")
                .find("takes 6 operands, there are 8"),
            std::string::npos);
  EXPECT_NE(error("wgmma.mma_async.sp.sync.aligned.m64n8k32.f32.f16.f16 " + d +
                  ", %d1, %d2, %r0, 0, %p1, 1, 1, 0, 0;")
                .find("sparse"),
            std::string::npos);
}

} // namespace
