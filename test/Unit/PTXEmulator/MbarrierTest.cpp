//===- MbarrierTest.cpp - Barriers in shared memory -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySetup.h"

using namespace moa::ptx;

namespace {

/// mbarriers at s and s+8; thread 0 makes one for `count` arrivals.
std::string init(int count) {
  return "setp.eq.u32 %p0, %t, 0;"
         "@%p0 mbarrier.init.shared::cta.b64 [s], " +
         std::to_string(count) + "; bar.sync 0;\n";
}

const char *wait0 = "W0: mbarrier.try_wait.parity.shared::cta.b64 %p7, [s], 0;"
                    "@!%p7 bra W0;\n";

BodySetup threads(uint32_t count) {
  BodySetup setup;
  setup.threads = count;
  return setup;
}

void expectClean(const Report &report) {
  EXPECT_TRUE(report.clean()) << textOf(report);
}

TEST(Mbarrier, ArrivalsCompleteAPhase) {
  std::vector<uint32_t> r;
  std::string body =
      init(64) +
      "shl.b32 %r1, %t, 2; mov.u32 %r2, s; add.u32 %r1, %r1, %r2;"
      "st.shared.u32 [%r1+64], %t;"
      "mbarrier.arrive.shared::cta.b64 %d1, [s];" +
      wait0 +
      "xor.b32 %r3, %t, 33; shl.b32 %r3, %r3, 2; add.u32 %r3, %r3, %r2;"
      "ld.shared.u32 %r4, [%r3+64]; mad.wide.u32 %d2, %t, 4, %d0;"
      "st.global.u32 [%d2], %r4;";
  expectClean(runBody(body, threads(64), &r));
  for (uint32_t t = 0; t < 64; ++t)
    EXPECT_EQ(r[t], t ^ 33u);
}

TEST(Mbarrier, StateTokensAndPendingCount) {
  std::vector<uint32_t> r;
  expectClean(runBody("mbarrier.init.shared::cta.b64 [s], 5;"
                      "mbarrier.arrive.noComplete.shared::cta.b64 %d1, [s], 2;"
                      "mbarrier.pending_count.b64 %r1, %d1;"
                      "mbarrier.test_wait.shared::cta.b64 %p1, [s], %d1;"
                      "mbarrier.arrive.shared::cta.b64 %d2, [s], 3;"
                      "mbarrier.pending_count.b64 %r2, %d2;"
                      "mbarrier.test_wait.shared::cta.b64 %p2, [s], %d1;"
                      "mbarrier.arrive.shared::cta.b64 %d3, [s];"
                      "mbarrier.test_wait.shared::cta.b64 %p3, [s], %d3;"
                      "selp.u32 %r3, 1, 0, %p1; selp.u32 %r4, 1, 0, %p2;"
                      "selp.u32 %r5, 1, 0, %p3;"
                      "st.global.v4.u32 [%d0], {%r1, %r2, %r3, %r4};"
                      "st.global.u32 [%d0+16], %r5;"
                      "mbarrier.inval.shared::cta.b64 [s];",
                      threads(1), &r));
  EXPECT_EQ(r[0], 5u);
  EXPECT_EQ(r[1], 3u);
  EXPECT_EQ(r[2], 0u);
  EXPECT_EQ(r[3], 1u);
  EXPECT_EQ(r[4], 0u);
}

TEST(Mbarrier, DropLowersTheNextPhase) {
  std::vector<uint32_t> r;
  expectClean(runBody("mbarrier.init.shared::cta.b64 [s], 2;"
                      "mbarrier.arrive_drop.shared::cta.b64 %d1, [s];"
                      "mbarrier.arrive.shared::cta.b64 _, [s];"
                      "mbarrier.arrive.shared::cta.b64 %d2, [s];"
                      "mbarrier.pending_count.b64 %r1, %d2;"
                      "mbarrier.test_wait.parity.shared::cta.b64 %p1, [s], 1;"
                      "selp.u32 %r2, 1, 0, %p1;"
                      "st.global.v2.u32 [%d0], {%r1, %r2};",
                      threads(1), &r));
  EXPECT_EQ(r[0], 1u);
  EXPECT_EQ(r[1], 1u);
}

TEST(Mbarrier, BytesBeforeAndAfterTheyAreExpected) {
  expectClean(
      runBody("mbarrier.init.shared::cta.b64 [s], 1;"
              "mbarrier.complete_tx.relaxed.cluster.shared::cta.b64 [s], 64;"
              "mbarrier.expect_tx.relaxed.cta.shared::cta.b64 [s], 32;"
              "mbarrier.arrive.expect_tx.shared::cta.b64 %d1, [s], 48;"
              "mbarrier.test_wait.shared::cta.b64 %p1, [s], %d1;"
              "@%p1 trap;"
              "mbarrier.complete_tx.shared::cluster.b64 [s], 16;" +
                  std::string(wait0),
              threads(1)));
}

TEST(Mbarrier, GenericAddressesAndTimes) {
  expectClean(runBody("mov.u64 %d1, s; cvta.shared.u64 %d1, %d1;"
                      "mbarrier.init.b64 [%d1], 1;"
                      "mbarrier.arrive.release.cta.b64 %d2, [%d1], 1;"
                      "L: mbarrier.try_wait.acquire.cta.shared::cta.b64 %p1, "
                      "[s], %d2, 1000; @!%p1 bra L;"
                      "mbarrier.try_wait.b64 %p1, [%d1], %d2; @!%p1 trap;"
                      "mbarrier.inval.b64 [%d1];",
                      threads(1)));
}

TEST(Mbarrier, RemoteArrivals) {
  BodySetup setup = threads(32);
  setup.blocks = setup.cluster = 4;
  std::vector<uint32_t> r;
  // Each block arrives at the mbarrier of the next one.
  expectClean(runBody(
      "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 32;"
      "@%p0 fence.mbarrier_init.release.cluster;"
      "barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;"
      "mov.u32 %r1, %cluster_ctarank; add.u32 %r2, %r1, 1; and.b32 %r2, %r2, 3;"
      "mov.u32 %r3, s; mapa.shared::cluster.u32 %r4, %r3, %r2;"
      "mad.lo.u32 %r5, %t, 4, %r4; st.shared::cluster.u32 [%r5+128], %r1;"
      "mbarrier.arrive.release.cluster.shared::cluster.b64 _, [%r4];"
      "W: mbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 %p1, [s], 0;"
      "@!%p1 bra W;"
      "mad.lo.u32 %r5, %t, 4, %r3; ld.shared.u32 %r6, [%r5+128];"
      "mad.wide.u32 %d1, %r1, 4, %d0; @%p0 st.global.u32 [%d1], %r6;"
      "barrier.cluster.arrive; barrier.cluster.wait;",
      setup, &r));
  EXPECT_EQ(r[0], 3u);
  EXPECT_EQ(r[1], 0u);
  EXPECT_EQ(r[3], 2u);
}

/// A wait that sleeps does not count against the budget, and one in a loop of
/// test_wait does not hide a deadlock.
TEST(Mbarrier, WaitingIsCheap) {
  std::string body = init(32) +
                     "setp.lt.u32 %p1, %t, 32; @%p1 bra A; mov.u32 %r1, 0;"
                     "B: add.u32 %r1, %r1, 1; setp.lt.u32 %p2, %r1, 100000;"
                     "@%p2 bra B; mbarrier.arrive.shared::cta.b64 _, [s]; A:" +
                     wait0;
  Report report = runBody(body, threads(64));
  expectClean(report);
  for (const auto &[name, count] : report.opcodes)
    if (name == "mbarrier") {
      EXPECT_LT(count[0], 50u);
    }
  Report stuck =
      runBody(init(33) + "mbarrier.arrive.shared::cta.b64 %d1, [s];"
                         "L: mbarrier.test_wait.shared::cta.b64 %p1, [s], %d1;"
                         "@!%p1 bra L;",
              threads(32));
  EXPECT_EQ(firstKind(stuck), "deadlock");
  EXPECT_LT(stuck.threadInstructions, 1000000u);
}

struct Defect {
  const char *name, *kind, *wrong, *right;
  uint32_t threads;
  bool fence = false;
};

const Defect defects[] = {
    {"Uninitialized", "mbarrier-uninitialized",
     "mbarrier.arrive.shared::cta.b64 %d1, [s];",
     "mbarrier.init.shared::cta.b64 [s], 1;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s];",
     1},
    {"UseAfterInval", "mbarrier-uninitialized",
     "mbarrier.init.shared::cta.b64 [s], 1; mbarrier.inval.shared::cta.b64 [s];"
     "mbarrier.arrive.shared::cta.b64 %d1, [s];",
     "mbarrier.init.shared::cta.b64 [s], 1; mbarrier.inval.shared::cta.b64 [s];"
     "mbarrier.init.shared::cta.b64 [s], 1;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s];",
     1},
    {"Overwritten", "mbarrier-overwritten",
     "mbarrier.init.shared::cta.b64 [s], 1; st.shared.u32 [s+4], %t;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s];",
     "mbarrier.init.shared::cta.b64 [s], 1; st.shared.u32 [s+8], %t;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s];",
     1},
    {"Misaligned", "misaligned", "mbarrier.init.shared::cta.b64 [s+4], 1;",
     "mbarrier.init.shared::cta.b64 [s+8], 1;", 1},
    {"InitCount", "mbarrier-count", "mbarrier.init.shared::cta.b64 [s], 0;",
     "mbarrier.init.shared::cta.b64 [s], 1048575;", 1},
    {"TooManyArrivals", "mbarrier-count",
     "mbarrier.init.shared::cta.b64 [s], 2;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s], 3;",
     "mbarrier.init.shared::cta.b64 [s], 2;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s], 2;",
     1},
    {"NoComplete", "mbarrier-count",
     "mbarrier.init.shared::cta.b64 [s], 2;"
     "mbarrier.arrive.noComplete.shared::cta.b64 %d1, [s], 2;",
     "mbarrier.init.shared::cta.b64 [s], 2;"
     "mbarrier.arrive.noComplete.shared::cta.b64 %d1, [s], 1;",
     1},
    {"Reinit", "mbarrier-reinit",
     "mbarrier.init.shared::cta.b64 [s], 2;"
     "mbarrier.init.shared::cta.b64 [s], 2;",
     "mbarrier.init.shared::cta.b64 [s], 2;"
     "mbarrier.inval.shared::cta.b64 [s];"
     "mbarrier.init.shared::cta.b64 [s], 2;",
     1},
    {"NotAState", "mbarrier-state",
     "mbarrier.init.shared::cta.b64 [s], 1; mov.u64 %d1, 1;"
     "mbarrier.test_wait.shared::cta.b64 %p1, [s], %d1;",
     "mbarrier.init.shared::cta.b64 [s], 1;"
     "mbarrier.arrive.shared::cta.b64 %d1, [s];"
     "mbarrier.test_wait.shared::cta.b64 %p1, [s], %d1;",
     1},
    {"LostArrive", "deadlock",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 33;"
     "bar.sync 0; mbarrier.arrive.shared::cta.b64 %d1, [s];"
     "L: mbarrier.try_wait.shared::cta.b64 %p1, [s], %d1; @!%p1 bra L;",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 32;"
     "bar.sync 0; mbarrier.arrive.shared::cta.b64 %d1, [s];"
     "L: mbarrier.try_wait.shared::cta.b64 %p1, [s], %d1; @!%p1 bra L;",
     32},
    {"WrongParity", "shared-race",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 1;@%p0 "
     "st.shared.u32 [s+16], %t;"
     "bar.sync 0; @%p0 st.shared.u32 [s+16], %t;"
     "@%p0 mbarrier.arrive.shared::cta.b64 _, [s];"
     "L: mbarrier.try_wait.parity.shared::cta.b64 %p1, [s], 1; @!%p1 bra L;"
     "ld.shared.u32 %r1, [s+16];",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 1;@%p0 "
     "st.shared.u32 [s+16], %t;"
     "bar.sync 0; @%p0 st.shared.u32 [s+16], %t;"
     "@%p0 mbarrier.arrive.shared::cta.b64 _, [s];"
     "L: mbarrier.try_wait.parity.shared::cta.b64 %p1, [s], 0; @!%p1 bra L;"
     "ld.shared.u32 %r1, [s+16];",
     64},
    {"InitNotOrdered", "shared-race",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 64;"
     "bar.warp.sync -1; mbarrier.arrive.shared::cta.b64 %d1, [s];",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 64;"
     "bar.sync 0; mbarrier.arrive.shared::cta.b64 %d1, [s];",
     64},
    {"RelaxedArrive", "shared-race",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 1;"
     "bar.sync 0; @%p0 st.shared.u32 [s+16], %t;"
     "@%p0 mbarrier.arrive.relaxed.cluster.shared::cta.b64 %d1, [s];"
     "L: mbarrier.try_wait.parity.shared::cta.b64 %p1, [s], 0; @!%p1 bra L;"
     "ld.shared.u32 %r1, [s+16];",
     "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 1;"
     "bar.sync 0; @%p0 st.shared.u32 [s+16], %t; @%p0 fence.acq_rel.cta;"
     "@%p0 mbarrier.arrive.relaxed.cluster.shared::cta.b64 %d1, [s];"
     "L: mbarrier.try_wait.parity.shared::cta.b64 %p1, [s], 0; @!%p1 bra L;"
     "ld.shared.u32 %r1, [s+16];",
     64},
    {"BytesNeverCome", "mbarrier-tx",
     "mbarrier.init.shared::cta.b64 [s], 1;"
     "mbarrier.arrive.expect_tx.shared::cta.b64 %d1, [s], 16;"
     "L: mbarrier.try_wait.shared::cta.b64 %p1, [s], %d1; @!%p1 bra L;",
     "mbarrier.init.shared::cta.b64 [s], 1;"
     "mbarrier.arrive.expect_tx.shared::cta.b64 %d1, [s], 0;"
     "L: mbarrier.try_wait.shared::cta.b64 %p1, [s], %d1; @!%p1 bra L;",
     1},
};

class MbarrierDefect : public testing::TestWithParam<Defect> {};

TEST_P(MbarrierDefect, IsReported) {
  Report report = runBody(GetParam().wrong, threads(GetParam().threads));
  EXPECT_EQ(firstKind(report), GetParam().kind) << textOf(report);
  if (!report.clean()) {
    EXPECT_GT(report.diagnostics[0].site.line, 0u);
  }
}

TEST_P(MbarrierDefect, TwinIsClean) {
  expectClean(runBody(GetParam().right, threads(GetParam().threads)));
}

INSTANTIATE_TEST_SUITE_P(Defects, MbarrierDefect, testing::ValuesIn(defects),
                         [](const auto &info) { return info.param.name; });

TEST(Mbarrier, DeadlockNamesWhatIsMissing) {
  Report report = runBody(defects[9].wrong, threads(32));
  ASSERT_FALSE(report.clean());
  EXPECT_NE(report.diagnostics[0].message.find("1 of 33 arrivals pending"),
            std::string::npos)
      << textOf(report);
  EXPECT_EQ(report.diagnostics[0].others.size(), 1u);
}

} // namespace
