//===- ChecksTest.cpp - Seeded defects --------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"

using namespace moa::ptx;

namespace {

struct Defect {
  const char *name, *kind, *wrong, *right;
  uint32_t threads = 32;
};

const Defect defects[] = {
    {"GlobalBounds", "out-of-bounds", "st.global.u32 [%d0+1024], %t;",
     "st.global.u32 [%d0+1020], %t;", 1},
    {"NullPointer", "out-of-bounds",
     "mov.u64 %d1, 0; ld.global.u32 %r1, [%d1];", "ld.global.u32 %r1, [%d0];"},
    {"SharedBounds", "out-of-bounds", "st.shared.u32 [s+256], %t;",
     "st.shared.u32 [s+252], %t;", 1},
    {"Misaligned", "misaligned", "ld.global.u32 %r1, [%d0+2];",
     "ld.global.u32 %r1, [%d0+4];"},
    {"MisalignedVector", "misaligned",
     "ld.global.v4.u32 {%r1,%r2,%r3,%r4}, [%d0+8];",
     "ld.global.v4.u32 {%r1,%r2,%r3,%r4}, [%d0+16];"},
    {"UndefinedShared", "uninitialized-shared", "ld.shared.u32 %r1, [s];",
     "st.shared.u32 [s], %t; ld.shared.u32 %r1, [s];", 1},
    {"UndefinedRegister", "uninitialized-register", "add.u32 %r1, %r2, 1;",
     "mov.u32 %r2, 1; add.u32 %r1, %r2, 1;"},
    {"UndefinedThroughMove", "uninitialized-register",
     "mov.b32 %r1, %r2; add.u32 %r3, %r1, 1;", "mov.b32 %r1, %r2;"},
    {"WarpRace", "shared-race",
     "shl.b32 %r1, %t, 2; mov.u32 %r2, s; add.u32 %r1, %r1, %r2;"
     "st.shared.u32 [%r1], %t; xor.b32 %r3, %r1, 4; ld.shared.u32 %r4, [%r3];",
     "shl.b32 %r1, %t, 2; mov.u32 %r2, s; add.u32 %r1, %r1, %r2;"
     "st.shared.u32 [%r1], %t; bar.warp.sync 0xffffffff;"
     "xor.b32 %r3, %r1, 4; ld.shared.u32 %r4, [%r3];"},
    {"BlockRace", "shared-race",
     "setp.eq.u32 %p1, %t, 0; @%p1 st.shared.u32 [s], %t;"
     "bar.warp.sync 0xffffffff; ld.shared.u32 %r1, [s];",
     "setp.eq.u32 %p1, %t, 0; @%p1 st.shared.u32 [s], %t;"
     "bar.sync 0; ld.shared.u32 %r1, [s];",
     64},
    {"ByteRace", "shared-race",
     "mov.u32 %r2, s; shr.u32 %r3, %t, 1; add.u32 %r2, %r2, %r3;"
     "st.shared.u8 [%r2], %t;",
     "mov.u32 %r2, s; add.u32 %r2, %r2, %t; st.shared.u8 [%r2], %t;"},
    {"LanesStoreToOnePlace", "shared-race", "st.shared.u32 [s], %t;",
     "mov.u32 %r1, 5; st.shared.u32 [s], %r1;"},
    {"OneLaneStoresAnotherValue", "shared-race",
     "setp.eq.u32 %p1, %t, 9; selp.u32 %r1, 1, 5, %p1; st.shared.u32 [s], %r1;",
     "setp.eq.u32 %p1, %t, 9; selp.u32 %r1, 5, 5, %p1;"
     "st.shared.u32 [s], %r1;"},
    {"WarpsStoreToOnePlace", "shared-race",
     "shr.u32 %r1, %t, 5; st.shared.v2.u32 [s], {%r1, %r1};",
     "mov.u32 %r1, 5; st.shared.v2.u32 [s], {%r1, %r1};", 64},
    {"DivergentAligned", "divergent-aligned",
     "setp.lt.u32 %p1, %t, 16; @%p1 bar.sync 0;", "bar.sync 0;"},
    {"DivergentBranches", "divergent-aligned",
     "setp.lt.u32 %p1, %t, 16; @%p1 bra A; bar.sync 0; bra B; A: bar.sync 0; "
     "B:",
     "setp.lt.u32 %p1, %t, 16; @%p1 bra A; mov.u32 %r1, 1; bra B; A: B: "
     "bar.sync 0;"},
    {"LostArrive", "deadlock", "setp.lt.u32 %p1, %t, 32; @%p1 bar.sync 1, 64;",
     "bar.sync 1, 64;", 64},
    {"BarrierCount", "barrier-count", "bar.sync 1, 33;", "bar.sync 1, 64;", 64},
    {"BarrierId", "barrier-id", "bar.sync 16;", "bar.sync 15;"},
    {"ShuffleMask", "lane-outside-mask",
     "shfl.sync.idx.b32 %r1, %t, 0, 31, 0x0000ffff;",
     "shfl.sync.idx.b32 %r1, %t, 0, 31, 0xffffffff;"},
    {"ShuffleInactive", "shuffle-inactive-lane",
     "setp.lt.u32 %p1, %t, 16; @!%p1 bra E;"
     "shfl.sync.idx.b32 %r1, %t, 20, 31, 0x0000ffff; E:",
     "setp.lt.u32 %p1, %t, 16; @!%p1 bra E;"
     "shfl.sync.idx.b32 %r1, %t, 5, 31, 0x0000ffff; E:"},
    {"BadCall", "bad-call",
     "mov.u64 %d1, 8; { call %d1, (), proto; } bra E; proto: .callprototype _ "
     "();"
     " E:",
     "mov.u32 %r1, 0;"},
    {"Trap", "trap", "trap;", "mov.u32 %r1, 0;"},
};

class Checked : public testing::TestWithParam<Defect> {};

TEST_P(Checked, DefectIsReported) {
  const Defect &d = GetParam();
  Report report = runBody(d.wrong, d.threads);
  EXPECT_EQ(firstKind(report), d.kind);
  if (!report.clean())
    EXPECT_GT(report.diagnostics[0].site.line, 0u);
}

TEST_P(Checked, CorrectTwinIsClean) {
  const Defect &d = GetParam();
  Report report = runBody(d.right, d.threads);
  EXPECT_TRUE(report.clean()) << report.diagnostics[0].format();
}

INSTANTIATE_TEST_SUITE_P(Defects, Checked, testing::ValuesIn(defects),
                         [](const auto &info) { return info.param.name; });

TEST(Checks, UndefinedGlobalMemory) {
  const char *body = "ld.global.u32 %r1, [%d0];";
  EXPECT_EQ(firstKind(runBody(body, 1, {}, Fill::Uninitialized)),
            "uninitialized-global");
  EXPECT_TRUE(runBody(body, 1).clean());
}

TEST(Checks, EachCanBeSwitchedOff) {
  Options options;
  ASSERT_TRUE(options.checks.set("all", false));
  EXPECT_TRUE(runBody("ld.shared.u32 %r1, [s];", 1, options).clean());
  EXPECT_TRUE(runBody("add.u32 %r1, %r2, 1;", 1, options).clean());
  EXPECT_TRUE(runBody("st.shared.u32 [s], %t;", 32, options).clean());
  EXPECT_FALSE(options.checks.set("nonsense", true));
}

TEST(Checks, EndlessLoopMeetsItsBudget) {
  Options options;
  options.budget = 1 << 22;
  Report report = runBody("L: bra L;", 32, options);
  ASSERT_EQ(firstKind(report), "budget");
  EXPECT_FALSE(report.diagnostics[0].others.empty());
}

TEST(Checks, RaceNamesBothSites) {
  Report report = runBody("st.shared.u32 [s], %t;", 2);
  ASSERT_EQ(firstKind(report), "shared-race");
  const Diagnostic &d = report.diagnostics[0];
  ASSERT_EQ(d.others.size(), 1u);
  EXPECT_EQ(d.site.lane, 1);
  EXPECT_EQ(d.others[0].lane, 0);
}

TEST(Checks, FencedAtomicsOrder) {
  // Thread 0 publishes with a fence and an atomic; thread 32 reads after it
  // has seen the flag.
  const char *text =
      "setp.eq.u32 %p1, %t, 32; setp.eq.u32 %p2, %t, 0;"
      "@%p2 st.shared.u32 [s+8], 0; bar.sync 0;"
      "@%p2 st.shared.u32 [s], 7; @%p2 membar.cta;"
      "@%p2 atom.shared.exch.b32 %r1, [s+8], 1;"
      "L: @%p1 atom.shared.or.b32 %r2, [s+8], 0;"
      "@%p1 setp.eq.u32 %p3, %r2, 0; @!%p1 setp.ne.u32 %p3, %t, %t;"
      "@%p3 bra L; FENCE @%p1 ld.shared.u32 %r3, [s];";
  std::string with = text, without = text;
  with.replace(with.find("FENCE"), 5, "@%p1 membar.cta;");
  without.replace(without.find("FENCE"), 5, "");
  EXPECT_TRUE(runBody(with, 64).clean());
  EXPECT_EQ(firstKind(runBody(without, 64)), "shared-race");
}

TEST(Warp, ShuffleModes) {
  std::vector<uint32_t> r;
  EXPECT_TRUE(runBody("shfl.sync.up.b32 %r1, %t, 1, 0, 0xffffffff;"
                      "mad.wide.u32 %d1, %t, 4, %d0; st.global.u32 [%d1], %r1;",
                      32, {}, Fill::Zero, &r)
                  .clean());
  EXPECT_EQ(r[0], 0u);
  EXPECT_EQ(r[5], 4u);
  EXPECT_TRUE(runBody("shfl.sync.bfly.b32 %r1, %t, 3, 31, 0xffffffff;"
                      "mad.wide.u32 %d1, %t, 4, %d0; st.global.u32 [%d1], %r1;",
                      32, {}, Fill::Zero, &r)
                  .clean());
  EXPECT_EQ(r[5], 6u);
}

TEST(Warp, LanesMeetFromDifferentPlaces) {
  std::vector<uint32_t> r;
  EXPECT_TRUE(runBody("setp.lt.u32 %p1, %t, 16; @%p1 bra A;"
                      "shfl.sync.bfly.b32 %r1, %t, 16, 31, 0xffffffff; bra B;"
                      "A: shfl.sync.bfly.b32 %r1, %t, 16, 31, 0xffffffff; B:"
                      "mad.wide.u32 %d1, %t, 4, %d0; st.global.u32 [%d1], %r1;",
                      32, {}, Fill::Zero, &r)
                  .clean());
  EXPECT_EQ(r[3], 19u);
  EXPECT_EQ(r[19], 3u);
}

TEST(Warp, VotesMatchesAndReductions) {
  std::vector<uint32_t> r;
  EXPECT_TRUE(
      runBody("setp.lt.u32 %p1, %t, 4;"
              "vote.sync.ballot.b32 %r1, %p1, 0xffffffff;"
              "and.b32 %r2, %t, 1; match.any.sync.b32 %r3, %r2, 0xffffffff;"
              "redux.sync.add.u32 %r4, %t, 0xffffffff;"
              "activemask.b32 %r5;"
              "st.global.u32 [%d0], %r1; st.global.u32 [%d0+4], %r4;"
              "st.global.u32 [%d0+8], %r5; setp.eq.u32 %p2, %t, 1;"
              "@%p2 st.global.u32 [%d0+12], %r3;",
              32, {}, Fill::Zero, &r)
          .clean());
  EXPECT_EQ(r[0], 0xfu);
  EXPECT_EQ(r[1], 496u);
  EXPECT_EQ(r[2], 0xffffffffu);
  EXPECT_EQ(r[3], 0xaaaaaaaau);
}

} // namespace
