//===- ClusterTest.cpp - Clusters, wide registers, fences -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySetup.h"

using namespace moa::ptx;

namespace {

BodySetup threads(uint32_t count) {
  BodySetup setup;
  setup.threads = count;
  return setup;
}

void expectClean(const Report &report) {
  EXPECT_TRUE(report.clean()) << textOf(report);
}

/// Each block adds up what all blocks of its cluster have in shared memory.
class ClusterSize : public testing::TestWithParam<uint32_t> {};

TEST_P(ClusterSize, SumsOverBlocks) {
  BodySetup setup;
  uint32_t size = GetParam();
  setup.cluster = size;
  setup.blocks = 2 * size;
  std::vector<uint32_t> r;
  expectClean(runBody(
      "mov.u32 %r1, %ctaid.x; mov.u32 %r2, s; setp.eq.u32 %p1, %t, 0;"
      "@%p1 st.shared.u32 [s], %r1; barrier.cluster.arrive.release.aligned;"
      "barrier.cluster.wait.acquire.aligned; mov.u32 %r3, %cluster_nctarank;"
      "setp.lt.u32 %p2, %t, %r3; mov.u32 %r5, 0;"
      "@%p2 mapa.shared::cluster.u32 %r4, %r2, %t;"
      "@%p2 ld.shared::cluster.u32 %r5, [%r4];"
      "redux.sync.add.u32 %r6, %r5, 0xffffffff; mad.wide.u32 %d1, %r1, 4, %d0;"
      "@%p1 st.global.u32 [%d1], %r6;"
      "barrier.cluster.arrive.relaxed; barrier.cluster.wait;",
      setup, &r));
  for (uint32_t b = 0; b < 2 * size; ++b) {
    uint32_t first = b / size * size;
    EXPECT_EQ(r[b], first * size + size * (size - 1) / 2);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ClusterSize, testing::Values(1u, 2u, 4u, 8u));

TEST(Cluster, RemoteAtomics) {
  BodySetup setup;
  setup.cluster = setup.blocks = 8;
  std::vector<uint32_t> r;
  expectClean(runBody(
      "setp.eq.u32 %p1, %t, 0; mov.u32 %r1, 0; @%p1 st.shared.u32 [s], %r1;"
      "barrier.cluster.arrive; barrier.cluster.wait;"
      "mov.u32 %r2, s; mapa.shared::cluster.u32 %r3, %r2, %r1;"
      "red.shared::cluster.add.u32 [%r3], %t; barrier.cluster.arrive;"
      "barrier.cluster.wait; mov.u32 %r4, %ctaid.x; setp.eq.u32 %p2, %r4, 0;"
      "@%p2 ld.shared.u32 %r5, [s]; @%p2 st.global.u32 [%d0], %r5;",
      setup, &r));
  EXPECT_EQ(r[0], 8u * 496);
}

TEST(Wide, MovesLoadsAndStores) {
  BodySetup setup;
  setup.threads = 1;
  std::vector<uint32_t> r = {1, 2, 3, 4};
  expectClean(runBody(
      "ld.global.b128 %q1, [%d0]; mov.b128 {%d1, %d2}, %q1;"
      "mov.b128 %q2, {%d2, %d1}; st.shared.b128 [s], %q2;"
      "ld.shared.b128 %q3, [s]; mov.b128 %q4, %q3;"
      "st.global.b128 [%d0+16], %q4; st.relaxed.gpu.global.b128 [%d0+32], %q1;"
      "ld.acquire.gpu.global.b128 %q5, [%d0+32]; st.global.b128 [%d0+48], %q5;",
      setup, &r));
  std::vector<uint32_t> wanted = {1, 2, 3, 4, 3, 4, 1, 2,
                                  1, 2, 3, 4, 1, 2, 3, 4};
  for (size_t i = 0; i < wanted.size(); ++i)
    EXPECT_EQ(r[i], wanted[i]) << i;
}

TEST(Wide, Atomics) {
  BodySetup setup;
  setup.threads = 1;
  std::vector<uint32_t> r = {1, 2, 3, 4};
  expectClean(runBody(
      "ld.global.b128 %q1, [%d0]; mov.u64 %d1, 5; mov.u64 %d2, 6;"
      "mov.b128 %q2, {%d1, %d2}; mov.b128 %q3, {%d2, %d1};"
      "atom.relaxed.gpu.global.cas.b128 %q4, [%d0], %q1, %q2;"
      "st.global.b128 [%d0+16], %q4;"
      "atom.global.cas.b128 %q4, [%d0], %q1, %q3; st.global.b128 [%d0+32], %q4;"
      "atom.acq_rel.gpu.global.exch.b128 %q5, [%d0], %q3;"
      "st.global.b128 [%d0+48], %q5;",
      setup, &r));
  std::vector<uint32_t> wanted = {6, 0, 5, 0, 1, 2, 3, 4,
                                  5, 0, 6, 0, 5, 0, 6, 0};
  for (size_t i = 0; i < wanted.size(); ++i)
    EXPECT_EQ(r[i], wanted[i]) << i;
}

TEST(Wide, UndefinedHalves) {
  Report report =
      runBody("mov.b128 {%d1, %d2}, %q1; add.u64 %d3, %d2, 1;", threads(1));
  EXPECT_EQ(firstKind(report), "uninitialized-register");
}

TEST(Fence, AllKindsAreAccepted) {
  expectClean(runBody(
      "membar.cta; membar.gl; membar.sys; membar.proxy.alias;"
      "fence.sc.gpu; fence.acq_rel.cta; fence.acq_rel.cluster; fence.sc.sys;"
      "fence.acquire.gpu; fence.release.cluster;"
      "fence.mbarrier_init.release.cluster; fence.proxy.alias;"
      "fence.proxy.async; fence.proxy.async.global;"
      "fence.proxy.async.shared::cta; fence.proxy.async.shared::cluster;"
      "fence.proxy.tensormap::generic.release.gpu;"
      "fence.proxy.tensormap::generic.acquire.gpu [%d0], 128;"
      "fence.acquire.sync_restrict::shared::cluster.cluster;"
      "fence.release.sync_restrict::shared::cta.cluster;"
      "fence.proxy.async::generic.acquire.sync_restrict::shared::cluster."
      "cluster;"
      "fence.proxy.async::generic.release.sync_restrict::shared::cta.cluster;"
      "griddepcontrol.wait; griddepcontrol.launch_dependents;",
      threads(1)));
}

TEST(Control, RegisterCounts) {
  const char *right = "setmaxnreg.dec.sync.aligned.u32 24;"
                      "setmaxnreg.inc.sync.aligned.u32 240;";
  expectClean(runBody(right, threads(32)));
  EXPECT_EQ(firstKind(runBody("setp.lt.u32 %p1, %t, 5; @%p1 "
                              "setmaxnreg.dec.sync.aligned.u32 24;",
                              threads(32))),
            "divergent-aligned");
  std::string error;
  auto bad = Emulator::create(kernelText("setmaxnreg.dec.sync.aligned.u32 25;"),
                              error);
  ASSERT_TRUE(bad) << error;
  LaunchConfig config;
  config.block = Dim3{32, 1, 1};
  config.arguments.emplace_back(8);
  Report report;
  EXPECT_FALSE(bad->launch(config, {}, report, error));
  EXPECT_NE(error.find("multiple of 8"), std::string::npos) << error;
}

} // namespace
