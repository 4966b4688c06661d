//===- LoadMatrixTest.cpp - ldmatrix, stmatrix, movmatrix -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MatrixKernel.h"

using namespace moa::ptx;

namespace {

/// 32 rows of 16 bytes: lane l gives the address of row l, or of a permutation
/// of the rows, so that addresses matter.
unsigned rowOf(unsigned lane) { return lane ^ 5; }

const char *rowAddress = "xor.b32 %r100, %t, 5;\n"
                         "mad.lo.u32 %r100, %r100, 16, %r299;\n";

struct Load {
  const char *modifiers;
  unsigned registers;
  /// Byte `i` of register `r` of lane `lane`, from the rows.
  uint8_t (*expected)(const uint8_t *s, unsigned r, unsigned lane, unsigned i);
};

uint8_t byteOf(const uint8_t *s, unsigned row, unsigned byte) {
  return s[16 * rowOf(row) + byte];
}

uint8_t bitsOfRow(const uint8_t *s, unsigned row, unsigned first,
                  unsigned count) {
  unsigned value = 0;
  for (unsigned b = 0; b < count; ++b) {
    unsigned bit = first + b;
    value |= (byteOf(s, row, bit / 8) >> bit % 8 & 1u) << b;
  }
  return value;
}

uint8_t plain(const uint8_t *s, unsigned r, unsigned lane, unsigned i) {
  return byteOf(s, 8 * r + lane / 4, lane % 4 * 4 + i);
}
/// Row and column exchanged: element (row g, columns 2t, 2t+1) of the
/// transposed matrix.
uint8_t transposed(const uint8_t *s, unsigned r, unsigned lane, unsigned i) {
  unsigned row = lane / 4, column = lane % 4 * 2 + i / 2;
  return byteOf(s, 8 * r + column, row * 2 + i % 2);
}
uint8_t big(const uint8_t *s, unsigned r, unsigned lane, unsigned i) {
  unsigned row = lane / 4 + 8 * (r % 2), column = lane % 4 * 4 + i;
  return byteOf(s, r / 2 * 16 + column, row);
}
template <unsigned bits>
uint8_t bigPacked(const uint8_t *s, unsigned r, unsigned lane, unsigned i) {
  unsigned row = lane / 4 + 8 * (r % 2), column = lane % 4 * 4 + i;
  return bitsOfRow(s, r / 2 * 16 + column, row * bits, bits);
}
template <unsigned bits>
uint8_t wide(const uint8_t *s, unsigned r, unsigned lane, unsigned i) {
  return bitsOfRow(s, r * 8 + lane / 4, (lane % 4 * 4 + i) * bits, bits);
}

const Load loads[] = {
    {"m8n8.x1.shared.b16", 1, plain},
    {"m8n8.x2.shared::cta.b16", 2, plain},
    {"m8n8.x4.shared.b16", 4, plain},
    {"m8n8.x1.trans.shared.b16", 1, transposed},
    {"m8n8.x2.trans.shared.b16", 2, transposed},
    {"m8n8.x4.trans.shared.b16", 4, transposed},
    {"m16n16.x1.trans.shared.b8", 2, big},
    {"m16n16.x2.trans.shared::cta.b8", 4, big},
    {"m16n16.x1.trans.shared.b8x16.b6x16_p32", 2, bigPacked<6>},
    {"m16n16.x2.trans.shared.b8x16.b4x16_p64", 4, bigPacked<4>},
    {"m8n16.x1.shared.b8x16.b4x16_p64", 1, wide<4>},
    {"m8n16.x2.shared.b8x16.b6x16_p32", 2, wide<6>},
    {"m8n16.x4.shared.b8x16.b4x16_p64", 4, wide<4>},
};

class LoadMatrix : public testing::TestWithParam<Load> {};

TEST_P(LoadMatrix, GivesEachLaneItsElements) {
  const Load &c = GetParam();
  MatrixKernel k;
  k.in = randomWords(128);
  k.body = fillShared(128, 32) + rowAddress + "ldmatrix.sync.aligned." +
           c.modifiers + " " + braces("%r", 0, c.registers) + ", [%r100];\n" +
           storeRegisters(0, c.registers, 0);
  ASSERT_TRUE(k.clean());
  const auto *s = reinterpret_cast<const uint8_t *>(k.in.data());
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned r = 0; r < c.registers; ++r)
      for (unsigned i = 0; i < 4; ++i)
        ASSERT_EQ(k.out[lane * c.registers + r] >> 8 * i & 0xff,
                  c.expected(s, r, lane, i))
            << "lane " << lane << " register " << r << " byte " << i;
}

INSTANTIATE_TEST_SUITE_P(Shapes, LoadMatrix, testing::ValuesIn(loads));

struct Store {
  const char *store, *load;
  unsigned registers;
};

class StoreMatrix : public testing::TestWithParam<Store> {};

/// What stmatrix wrote, ldmatrix reads back.
TEST_P(StoreMatrix, IsTheInverseOfLoadMatrix) {
  const Store &c = GetParam();
  MatrixKernel k;
  k.in = randomWords(128);
  std::string list = braces("%r", 0, c.registers);
  k.body = "mov.u32 %r299, s;\n" + std::string(rowAddress) +
           loadRegisters(0, c.registers, 0) + "stmatrix.sync.aligned." +
           c.store + " [%r100], " + list + ";\nbar.warp.sync 0xffffffff;\n" +
           "ldmatrix.sync.aligned." + c.load + " " + list + ", [%r100];\n" +
           storeRegisters(0, c.registers, 0);
  ASSERT_TRUE(k.clean());
  k.out.resize(32 * c.registers);
  k.in.resize(32 * c.registers);
  EXPECT_EQ(k.out, k.in);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, StoreMatrix,
    testing::Values(Store{"m8n8.x1.shared.b16", "m8n8.x1.shared.b16", 1},
                    Store{"m8n8.x2.shared.b16", "m8n8.x2.shared.b16", 2},
                    Store{"m8n8.x4.shared.b16", "m8n8.x4.shared.b16", 4},
                    Store{"m8n8.x4.trans.shared.b16",
                          "m8n8.x4.trans.shared.b16", 4}));

/// An accumulator of bytes, rows g and g + 8, columns 2t and 2t + 1: stored
/// with each column as a row of memory.
TEST(StoreMatrixBytes, WritesColumns) {
  MatrixKernel k;
  k.in = randomWords(128);
  k.body = "mov.u32 %r299, s;\n" + std::string(rowAddress) +
           loadRegisters(0, 4, 0) +
           "stmatrix.sync.aligned.m16n8.x4.trans.shared.b8 [%r100], "
           "{%r0, %r1, %r2, %r3};\nbar.sync 0;\n"
           "mad.lo.u32 %r100, %t, 16, %r299;\n"
           "ld.shared.v4.b32 {%r0, %r1, %r2, %r3}, [%r100];\n" +
           storeRegisters(0, 4, 0);
  ASSERT_TRUE(k.clean());
  const auto *s = reinterpret_cast<const uint8_t *>(k.out.data());
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned m = 0; m < 4; ++m)
      for (unsigned i = 0; i < 4; ++i) {
        unsigned row = lane / 4 + 8 * (i / 2), column = lane % 4 * 2 + i % 2;
        EXPECT_EQ(byteOf(s, 8 * m + column, row),
                  k.in[4 * lane + m] >> 8 * i & 0xff);
      }
}

TEST(MoveMatrix, Transposes) {
  MatrixKernel k;
  k.in = randomWords(32);
  k.body = loadRegisters(0, 1, 0) +
           "movmatrix.sync.aligned.m8n8.trans.b16 %r0, %r0;\n" +
           storeRegisters(0, 1, 0);
  ASSERT_TRUE(k.clean());
  const auto *from = reinterpret_cast<const uint16_t *>(k.in.data());
  const auto *to = reinterpret_cast<const uint16_t *>(k.out.data());
  for (unsigned row = 0; row < 8; ++row)
    for (unsigned column = 0; column < 8; ++column)
      EXPECT_EQ(to[8 * row + column], from[8 * column + row]);
}

TEST(LoadMatrixGeneric, TakesGenericAddresses) {
  MatrixKernel k;
  k.in = randomWords(128);
  k.body = fillShared(128, 32) + rowAddress +
           "cvt.u64.u32 %d1, %r100;\ncvta.shared.u64 %d1, %d1;\n"
           "ldmatrix.sync.aligned.m8n8.x1.b16 {%r0}, [%d1];\n" +
           storeRegisters(0, 1, 0);
  ASSERT_TRUE(k.clean());
  const auto *s = reinterpret_cast<const uint8_t *>(k.in.data());
  EXPECT_EQ(k.out[5] & 0xff, plain(s, 0, 5, 0));
}

TEST(LoadMatrixCounts, BankConflicts) {
  auto wavefronts = [](unsigned pitch) {
    MatrixKernel k;
    k.sharedBytes = 8192;
    k.in = randomWords(2048);
    k.body = fillShared(2048, 32) + "mad.lo.u32 %r100, %t, " +
             std::to_string(pitch) +
             ", %r299;\nldmatrix.sync.aligned.m8n8.x4.shared.b16 "
             "{%r0, %r1, %r2, %r3}, [%r100];\n";
    Report r = k.run();
    EXPECT_TRUE(r.clean());
    // Without those of the stores: one for each 32 words.
    return std::pair(r.sharedWavefronts - 64, r.sharedMinimum - 64);
  };
  EXPECT_EQ(wavefronts(16), std::pair(uint64_t(4), uint64_t(4)));
  EXPECT_EQ(wavefronts(144), std::pair(uint64_t(4), uint64_t(4)));
  EXPECT_EQ(wavefronts(64), std::pair(uint64_t(16), uint64_t(4)));
  EXPECT_EQ(wavefronts(128), std::pair(uint64_t(32), uint64_t(4)));
}

struct Wrong {
  const char *name, *kind, *wrong, *right;
};

class MatrixDefects : public testing::TestWithParam<Wrong> {};

TEST_P(MatrixDefects, AreReported) {
  const Wrong &c = GetParam();
  MatrixKernel k;
  k.in = randomWords(128);
  k.body = fillShared(128, 32) + c.wrong;
  Report report = k.run();
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.diagnostics[0].kind, c.kind);
  EXPECT_NE(report.diagnostics[0].site.text.find("matrix"), std::string::npos);
  k.body = fillShared(128, 32) + c.right;
  k.clean();
}

#define LOAD "ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r0}, "
#define STORE "stmatrix.sync.aligned.m8n8.x1.shared.b16 "
#define ROWS "and.b32 %r1, %t, 7; mad.lo.u32 %r1, %r1, 16, %r299;"

INSTANTIATE_TEST_SUITE_P(
    Defects, MatrixDefects,
    testing::Values(
        Wrong{"Divergent", "divergent-aligned",
              ROWS "setp.lt.u32 %p1, %t, 16; @%p1 " LOAD "[%r1];",
              ROWS LOAD "[%r1];"},
        Wrong{"Branches", "divergent-aligned",
              ROWS "setp.lt.u32 %p1, %t, 16; @%p1 bra A; " LOAD
                   "[%r1]; bra B; A: " LOAD "[%r1]; B:",
              ROWS "setp.lt.u32 %p1, %t, 16; @%p1 bra A; mov.u32 %r2, 1; "
                   "bra B; A: mov.u32 %r2, 2; B: " LOAD "[%r1];"},
        Wrong{"Misaligned", "misaligned", ROWS LOAD "[%r1+8];",
              ROWS LOAD "[%r1+16];"},
        Wrong{"Bounds", "out-of-bounds", ROWS LOAD "[%r1+4096];",
              ROWS LOAD "[%r1+128];"},
        Wrong{"Undefined", "uninitialized-shared", ROWS LOAD "[%r1+512];",
              ROWS LOAD "[%r1+384];"},
        Wrong{"UndefinedRegister", "uninitialized-register",
              ROWS STORE "[%r1], {%r9};", ROWS STORE "[%r1], {%t};"}),
    [](const auto &info) { return std::string(info.param.name); });

} // namespace
