//===- AsyncTest.cpp - cp.async and bulk copies -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySetup.h"

using namespace moa::ptx;

namespace {

BodySetup threads(uint32_t count, uint32_t blocks = 1) {
  BodySetup setup;
  setup.threads = count;
  setup.blocks = setup.cluster = blocks;
  return setup;
}

void expectClean(const Report &report) {
  EXPECT_TRUE(report.clean()) << textOf(report);
}

/// 0, 1, 2, ... in the first half of the memory.
std::vector<uint32_t> numbers() {
  std::vector<uint32_t> r(256);
  for (uint32_t i = 0; i < 128; ++i)
    r[i] = i;
  return r;
}

TEST(CpAsync, SizesAndZeros) {
  std::vector<uint32_t> r = numbers();
  expectClean(runBody("setp.eq.u32 %p1, %t, 0; mov.u32 %r1, 5; mov.u32 %r2, 0;"
                      "cp.async.ca.shared.global [s], [%d0], 4;"
                      "cp.async.ca.shared.global [s+8], [%d0+8], 8;"
                      "cp.async.cg.shared.global.L2::128B [s+16], [%d0+16], 16;"
                      "cp.async.ca.shared.global [s+32], [%d0+32], 16, %r1;"
                      "cp.async.ca.shared.global [s+48], [%d0+48], 8, %p1;"
                      "cp.async.cg.shared.global [s+64], [%d0+64], 16, %r2;"
                      "cp.async.wait_all;"
                      "ld.shared.u32 %r3, [s];"
                      "st.global.u32 [%d0+512], %r3;"
                      "ld.shared.v2.u32 {%r3, %r4}, [s+8];"
                      "st.global.v2.u32 [%d0+520], {%r3, %r4};"
                      "ld.shared.v4.u32 {%r3, %r4, %r5, %r6}, [s+16];"
                      "st.global.v4.u32 [%d0+528], {%r3, %r4, %r5, %r6};"
                      "ld.shared.v4.u32 {%r3, %r4, %r5, %r6}, [s+32];"
                      "st.global.v4.u32 [%d0+544], {%r3, %r4, %r5, %r6};"
                      "ld.shared.v2.u32 {%r3, %r4}, [s+48];"
                      "st.global.v2.u32 [%d0+560], {%r3, %r4};"
                      "ld.shared.v4.u32 {%r3, %r4, %r5, %r6}, [s+64];"
                      "st.global.v4.u32 [%d0+576], {%r3, %r4, %r5, %r6};",
                      threads(1), &r));
  std::vector<uint32_t> expected = {0, 0, 2, 3, 4, 5, 6, 7, 8, 9,
                                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  expected[9] = 9; // one byte of it
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(r[128 + i], expected[i]) << i;
}

/// Data arrive at the wait and not before: with the checks off, a read that is
/// too early sees what was there.
TEST(CpAsync, DataArriveAtTheWait) {
  std::vector<uint32_t> r = numbers();
  BodySetup setup = threads(1);
  setup.options.checks.set("all", false);
  runBody("mov.u32 %r1, 77; st.shared.u32 [s], %r1; st.shared.u32 [s+4], %r1;"
          "cp.async.ca.shared.global [s], [%d0+4], 4; cp.async.commit_group;"
          "cp.async.ca.shared.global [s+4], [%d0+8], 4; cp.async.commit_group;"
          "ld.shared.u32 %r2, [s]; cp.async.wait_group 1;"
          "ld.shared.v2.u32 {%r3, %r4}, [s]; cp.async.wait_group 0;"
          "ld.shared.u32 %r5, [s+4];"
          "st.global.v4.u32 [%d0+512], {%r2, %r3, %r4, %r5};",
          setup, &r);
  EXPECT_EQ(r[128], 77u);
  EXPECT_EQ(r[129], 1u);
  EXPECT_EQ(r[130], 77u);
  EXPECT_EQ(r[131], 2u);
}

/// Every thread copies a word; its arrival stands for the copy.
TEST(CpAsync, MbarrierArrive) {
  for (bool noinc : {false, true}) {
    std::vector<uint32_t> r = numbers();
    std::string count = noinc ? "64" : "128";
    std::string arrive = noinc
                             ? "cp.async.mbarrier.arrive.noinc.shared.b64 [s];"
                             : "cp.async.mbarrier.arrive.shared::cta.b64 [s];"
                               "mbarrier.arrive.shared::cta.b64 _, [s], 2;";
    expectClean(runBody(
        "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], " +
            count +
            "; bar.sync 0; mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1;"
            "mad.wide.u32 %d1, %t, 4, %d0;"
            "cp.async.ca.shared.global [%r2+16], [%d1], 4;" +
            arrive +
            "L: mbarrier.try_wait.parity.shared::cta.b64 %p1, [s], 0;"
            "@!%p1 bra L; xor.b32 %r3, %t, 37; mad.lo.u32 %r3, %r3, 4, %r1;"
            "ld.shared.u32 %r4, [%r3+16]; st.global.u32 [%d1+512], %r4;",
        threads(64), &r));
    for (uint32_t t = 0; t < 64; ++t)
      EXPECT_EQ(r[128 + t], t ^ 37u);
  }
}

const std::string init =
    "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 1;"
    "@%p0 fence.mbarrier_init.release.cluster; bar.sync 0;";
const std::string clusterInit =
    "setp.eq.u32 %p0, %t, 0; @%p0 mbarrier.init.shared::cta.b64 [s], 1;"
    "@%p0 fence.mbarrier_init.release.cluster;"
    "barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;";
const std::string wait =
    "W: mbarrier.try_wait.parity.shared::cta.b64 %p7, [s], 0; @!%p7 bra W;";
const std::string expect256 =
    "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], 256;";

TEST(Bulk, GlobalToSharedAndBack) {
  for (std::string to : {"shared::cluster", "shared::cta"}) {
    std::vector<uint32_t> r = numbers();
    Report report = runBody(
        init + expect256 +
            "createpolicy.fractional.L2::evict_first.b64 %d5, 1.0;"
            "@%p0 cp.async.bulk.prefetch.L2.global [%d0], 256;"
            "@%p0 cp.async.bulk." +
            to +
            ".global.mbarrier::complete_tx::bytes.L2::cache_hint [s+128], "
            "[%d0+16], 256, [s], %d5;" +
            wait +
            "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1;"
            "ld.shared.u32 %r3, [%r2+128]; add.u32 %r3, %r3, 1000;"
            "st.shared.u32 [%r2+512], %r3; fence.proxy.async.shared::cta;"
            "bar.sync 0;"
            "@%p0 cp.async.bulk.global.shared::cta.bulk_group [%d0+512], "
            "[s+512], 256; @%p0 cp.async.bulk.commit_group;"
            "@%p0 cp.async.bulk.wait_group 0;",
        threads(64), &r);
    expectClean(report);
    for (uint32_t t = 0; t < 64; ++t)
      EXPECT_EQ(r[128 + t], t + 1004);
    for (const auto &[space, c] : report.spaces)
      if (space == "global") {
        EXPECT_EQ(c.loadBytes, 256u);
        EXPECT_EQ(c.storeBytes, 256u);
        EXPECT_EQ(c.loadSectors, 9u);
      }
  }
}

TEST(Bulk, Multicast) {
  std::vector<uint32_t> r = numbers();
  expectClean(runBody(
      clusterInit + expect256 +
          "mov.u32 %r1, %cluster_ctarank; setp.eq.u32 %p1, %r1, 1;"
          "and.pred %p2, %p0, %p1; mov.u16 %h1, 0xb;"
          "@%p2 cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::"
          "bytes.multicast::cluster [s+128], [%d0], 256, [s], %h1;"
          "setp.eq.u32 %p3, %r1, 2; @%p3 bra E;" +
          wait +
          "ld.shared.u32 %r2, [s+132]; mad.wide.u32 %d1, %r1, 4, %d0;"
          "@%p0 st.global.u32 [%d1+512], %r2;"
          "E: barrier.cluster.arrive; barrier.cluster.wait;",
      threads(32, 4), &r));
  EXPECT_EQ(r[128], 1u);
  EXPECT_EQ(r[129], 1u);
  EXPECT_EQ(r[130], 0u);
  EXPECT_EQ(r[131], 1u);
}

TEST(Bulk, SharedToCluster) {
  std::vector<uint32_t> r;
  // Each block gives 128 words to the next one: 1000 * rank + i.
  expectClean(runBody(
      clusterInit +
          "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], 128;"
          "mov.u32 %r1, %cluster_ctarank; mov.u32 %r2, s;"
          "mad.lo.u32 %r3, %t, 4, %r2; mad.lo.u32 %r4, %r1, 1000, %t;"
          "st.shared.u32 [%r3+128], %r4; fence.proxy.async; bar.sync 0;"
          "add.u32 %r5, %r1, 1; and.b32 %r5, %r5, 1;"
          "mapa.shared::cluster.u32 %r6, %r2, %r5;"
          "add.u32 %r7, %r6, 1024; add.u32 %r8, %r2, 128;"
          "@%p0 cp.async.bulk.shared::cluster.shared::cta.mbarrier::complete_"
          "tx::bytes [%r7], [%r8], 128, [%r6];" +
          wait +
          "ld.shared.u32 %r9, [%r3+1024]; mad.wide.u32 %d1, %t, 4, %d0;"
          "mad.wide.u32 %d1, %r1, 128, %d1; st.global.u32 [%d1], %r9;"
          "barrier.cluster.arrive; barrier.cluster.wait;",
      threads(32, 2), &r));
  for (uint32_t t = 0; t < 32; ++t) {
    EXPECT_EQ(r[t], 1000 + t);
    EXPECT_EQ(r[32 + t], t);
  }
}

TEST(Bulk, ReduceToGlobal) {
  std::vector<uint32_t> r = numbers();
  expectClean(runBody(
      "setp.eq.u32 %p0, %t, 0; mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1;"
      "st.shared.u32 [%r2], %t; fence.proxy.async.shared::cta; bar.sync 0;"
      "@%p0 cp.reduce.async.bulk.global.shared::cta.bulk_group.add.u32 [%d0], "
      "[s], 128; @%p0 cp.async.bulk.commit_group;"
      "@%p0 cp.reduce.async.bulk.global.shared::cta.bulk_group.max.s32 "
      "[%d0+128], [s], 64; @%p0 cp.async.bulk.commit_group;"
      "@%p0 cp.async.bulk.wait_group.read 0;",
      threads(32), &r));
  for (uint32_t t = 0; t < 32; ++t)
    EXPECT_EQ(r[t], 2 * t);
  EXPECT_EQ(r[35], 35u);
}

TEST(Bulk, ReduceFloats) {
  std::vector<uint32_t> r(256, 0x3c003c00); // pairs of 1.0 in f16
  expectClean(
      runBody("mov.u32 %r1, 0x40004200; st.shared.v4.u32 [s], {%r1, %r1, %r1, "
              "%r1}; fence.proxy.async.shared::cta;"
              "cp.reduce.async.bulk.global.shared::cta.bulk_group.add.noftz."
              "f16 [%d0], [s], 16; cp.async.bulk.commit_group;"
              "cp.async.bulk.wait_group 0;",
              threads(1), &r));
  EXPECT_EQ(r[0], 0x42004400u);
  EXPECT_EQ(r[4], 0x3c003c00u);
}

TEST(Bulk, StoreAndReduceAsync) {
  std::vector<uint32_t> r;
  expectClean(runBody(
      clusterInit +
          "mov.u32 %r1, %cluster_ctarank; mov.u32 %r2, s;"
          "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], "
          "640; xor.b32 %r3, %r1, 1;"
          "mapa.shared::cluster.u32 %r4, %r2, %r3;"
          "mad.lo.u32 %r5, %t, 16, %r4; add.u32 %r6, %t, %r1;"
          "st.async.shared::cluster.mbarrier::complete_tx::bytes.v4."
          "b32 [%r5+128], {%r6, %t, %r1, 7}, [%r4];"
          "setp.gt.u32 %p1, %t, 31; mov.u32 %r7, 3;" +
          std::string("st.async.weak.shared::cluster.mbarrier::complete_tx::"
                      "bytes.u32 [%r5+4096], %r7, [%r4];") +
          wait +
          "mad.lo.u32 %r5, %t, 16, %r2; ld.shared.u32 %r8, [%r5+128];"
          "ld.shared.u32 %r9, [%r5+4096]; add.u32 %r8, %r8, %r9;"
          "mad.wide.u32 %d1, %t, 4, %d0; mad.wide.u32 %d1, %r1, 128, %d1;"
          "st.global.u32 [%d1], %r8;"
          "barrier.cluster.arrive; barrier.cluster.wait;",
      threads(32, 2), &r));
  for (uint32_t t = 0; t < 32; ++t) {
    EXPECT_EQ(r[t], t + 1 + 3);
    EXPECT_EQ(r[32 + t], t + 3);
  }
}

TEST(Bulk, ReduceAsync) {
  std::vector<uint32_t> r;
  expectClean(runBody(
      "setp.eq.u32 %p0, %t, 0; mov.u32 %r1, 5; @%p0 st.shared.u32 [s+16], "
      "%r1;" +
          clusterInit +
          "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], 128;"
          "mov.u32 %r1, %cluster_ctarank; mov.u32 %r2, s; xor.b32 %r3, %r1, 1;"
          "mapa.shared::cluster.u32 %r4, %r2, %r3;"
          "red.async.relaxed.cluster.shared::cluster.mbarrier::complete_tx::"
          "bytes.add.u32 [%r4+16], %t, [%r4];" +
          wait +
          "ld.shared.u32 %r8, [s+16]; mad.wide.u32 %d1, %r1, 4, %d0;"
          "@%p0 st.global.u32 [%d1], %r8;"
          "barrier.cluster.arrive; barrier.cluster.wait;",
      threads(32, 2), &r));
  EXPECT_EQ(r[0], 501u);
  EXPECT_EQ(r[1], 501u);
}

struct Defect {
  const char *name, *kind;
  std::string wrong, right;
  uint32_t threads = 32;
};

const std::string store4 = "st.shared.v4.u32 [s+128], {%t, %t, %t, %t};";
const std::string load16 =
    "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [s+128],"
    " [%d0], 16, [s];";
std::string expectTx(int bytes) {
  return "mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], " +
         std::to_string(bytes) + ";";
}
const std::string init1 = "mbarrier.init.shared::cta.b64 [s], 1;";
const std::string storeGroup =
    "cp.async.bulk.global.shared::cta.bulk_group [%d0], [s+128], 16;"
    "cp.async.bulk.commit_group;";
const std::string cpAsync = "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1;"
                            "mad.wide.u32 %d1, %t, 4, %d0;"
                            "cp.async.ca.shared.global [%r2+16], [%d1], 4;"
                            "cp.async.commit_group;";

const Defect defects[] = {
    {"MissingWaitGroup", "async-race", cpAsync + "ld.shared.u32 %r4, [%r2+16];",
     cpAsync + "cp.async.wait_group 0; ld.shared.u32 %r4, [%r2+16];"},
    {"WaitForTooFew", "async-race",
     cpAsync + "cp.async.wait_group 1; ld.shared.u32 %r4, [%r2+16];",
     cpAsync + "cp.async.commit_group; cp.async.wait_group 1;"
               "ld.shared.u32 %r4, [%r2+16];"},
    {"WaitWithoutBarrier", "async-race",
     cpAsync + "cp.async.wait_group 0; xor.b32 %r3, %r2, 4;"
               "ld.shared.u32 %r4, [%r3+16];",
     cpAsync + "cp.async.wait_group 0; bar.sync 0; xor.b32 %r3, %r2, 4;"
               "ld.shared.u32 %r4, [%r3+16];"},
    {"OverwrittenWhileCopied", "async-race",
     cpAsync + "st.shared.u32 [%r2+16], %t; cp.async.wait_all;",
     cpAsync + "cp.async.wait_all; st.shared.u32 [%r2+16], %t;"},
    {"StageStillRead", "async-race",
     "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1; st.shared.u32 [%r2+16], %t;"
     "bar.sync 0; xor.b32 %r3, %r2, 4; ld.shared.u32 %r5, [%r3+16];" +
         cpAsync + "cp.async.wait_all;",
     "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1; st.shared.u32 [%r2+16], %t;"
     "bar.sync 0; xor.b32 %r3, %r2, 4; ld.shared.u32 %r5, [%r3+16]; bar.sync "
     "0;" +
         cpAsync + "cp.async.wait_all;"},
    {"MisalignedCpAsync", "misaligned",
     "cp.async.ca.shared.global [s+4], [%d0], 8;",
     "cp.async.ca.shared.global [s+8], [%d0], 8; cp.async.wait_all;", 1},
    {"SourceSize", "async-size",
     "mov.u32 %r1, 9; cp.async.ca.shared.global [s], [%d0], 8, %r1;",
     "mov.u32 %r1, 8; cp.async.ca.shared.global [s], [%d0], 8, %r1;", 1},
    {"CpAsyncBounds", "out-of-bounds",
     "cp.async.ca.shared.global [s], [%d0+1024], 8;",
     "cp.async.ca.shared.global [s], [%d0+1016], 8;", 1},
    {"BulkBounds", "out-of-bounds",
     init1 + "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::"
             "bytes [s+128], [%d0+512], 528, [s];",
     init1 + "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::"
             "bytes [s+128], [%d0+512], 512, [s];",
     1},
    {"BulkAddress", "misaligned",
     init1 + "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::"
             "bytes [s+128], [%d0+8], 16, [s];",
     init1 + load16, 1},
    {"BulkSize", "async-size",
     init1 + "mov.u32 %r1, 8; "
             "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::"
             "bytes [s+128], [%d0], %r1, [s];",
     init1 + load16, 1},
    {"BulkBarrier", "mbarrier-uninitialized", load16, init1 + load16, 1},
    {"ReadBeforeArrival", "async-race",
     init1 + expectTx(16) + load16 + "ld.shared.u32 %r1, [s+128];",
     init1 + expectTx(16) + load16 + wait + "ld.shared.u32 %r1, [s+128];", 1},
    {"ExpectTooMuch", "mbarrier-tx", init1 + expectTx(32) + load16 + wait,
     init1 + expectTx(16) + load16 + wait, 1},
    {"ExpectTooLittle", "mbarrier-tx", init1 + expectTx(8) + load16 + wait,
     init1 + expectTx(16) + load16 + wait, 1},
    {"ExpectNothing", "async-race",
     init1 + "mbarrier.arrive.shared::cta.b64 _, [s];" + load16 + wait +
         "ld.shared.u32 %r1, [s+128];",
     init1 + load16 + expectTx(16) + wait + "ld.shared.u32 %r1, [s+128];", 1},
    {"StageOverwritten", "async-race",
     init1 + expectTx(16) + load16 + "st.shared.u32 [s+128], %t;" + wait,
     init1 + expectTx(16) + load16 + wait + "st.shared.u32 [s+128], %t;", 1},
    {"TwoCopiesToOnePlace", "async-race",
     init1 + expectTx(32) + load16 + load16 + wait,
     init1 + expectTx(16) + load16 + wait + load16, 1},
    {"MissingProxyFence", "missing-proxy-fence",
     store4 + storeGroup + "cp.async.bulk.wait_group.read 0;",
     store4 + "fence.proxy.async.shared::cta;" + storeGroup +
         "cp.async.bulk.wait_group.read 0;",
     1},
    {"ProxyFenceOfAnother", "missing-proxy-fence",
     "setp.eq.u32 %p0, %t, 0; @!%p0 " + store4 +
         "fence.proxy.async.shared::cta; @!%p0 " + store4 +
         "bar.sync 0; @!%p0 bra E;" + storeGroup +
         "cp.async.bulk.wait_group.read 0; E:",
     "setp.eq.u32 %p0, %t, 0; @!%p0 " + store4 +
         "bar.sync 0; @!%p0 bra E; fence.proxy.async;" + storeGroup +
         "cp.async.bulk.wait_group.read 0; E:",
     2},
    {"SourceReused", "async-race",
     store4 + "fence.proxy.async.shared::cta;" + storeGroup + store4,
     store4 + "fence.proxy.async.shared::cta;" + storeGroup +
         "cp.async.bulk.wait_group.read 0;" + store4,
     1},
    {"UndefinedSource", "uninitialized-shared",
     storeGroup + "cp.async.bulk.wait_group.read 0;",
     store4 + "fence.proxy.async;" + storeGroup +
         "cp.async.bulk.wait_group.read 0;",
     1},
};

class AsyncDefect : public testing::TestWithParam<Defect> {};

TEST_P(AsyncDefect, IsReported) {
  Report report = runBody(GetParam().wrong, threads(GetParam().threads));
  EXPECT_EQ(firstKind(report), GetParam().kind) << textOf(report);
}

TEST_P(AsyncDefect, TwinIsClean) {
  expectClean(runBody(GetParam().right, threads(GetParam().threads)));
}

INSTANTIATE_TEST_SUITE_P(Defects, AsyncDefect, testing::ValuesIn(defects),
                         [](const auto &info) { return info.param.name; });

} // namespace
