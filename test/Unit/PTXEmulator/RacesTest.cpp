//===- RacesTest.cpp - Races between blocks ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySetup.h"

using namespace moa::ptx;

namespace {

struct Defect {
  const char *name, *kind;
  std::string wrong, right;
  uint32_t threads = 1, blocks = 2, cluster = 1;
};

const std::string block = "mov.u32 %r1, %ctaid.x; setp.eq.u32 %p1, %r1, 0;"
                          "mad.wide.u32 %d1, %r1, 4, %d0;";
/// Block 0 gives data to block 1 through a flag at +64.
std::string message(const char *fence, const char *write, const char *read) {
  return block + "@!%p1 bra R; mov.u32 %r2, 7; st.global.u32 [%d0], %r2;" +
         fence + write + " [%d0+64], %r2; bra E; R:" + read +
         " %r3, [%d0+64]; setp.eq.u32 %p2, %r3, 0; @%p2 bra R;" + fence +
         "ld.global.u32 %r4, [%d0]; E:";
}
/// The last block that comes adds up what all of them wrote.
std::string lastBlock(const char *fence) {
  return block + "st.global.u32 [%d1], %r1;" + fence +
         "atom.global.add.u32 %r2, [%d0+64], 1; mov.u32 %r3, %nctaid.x;"
         "sub.u32 %r3, %r3, 1; setp.ne.u32 %p2, %r2, %r3; @%p2 bra E;" +
         fence +
         "mov.u32 %r4, 0; mov.u32 %r5, 0; mov.u64 %d2, %d0;"
         "L: ld.global.u32 %r6, [%d2]; add.u32 %r5, %r5, %r6;"
         "add.u64 %d2, %d2, 4; add.u32 %r4, %r4, 1;"
         "setp.le.u32 %p3, %r4, %r3; @%p3 bra L;"
         "st.global.u32 [%d0+68], %r5; E:";
}
const std::string remote =
    "mov.u32 %r1, %cluster_ctarank; mov.u32 %r2, s; st.shared.u32 [s], %r1;"
    "barrier.cluster.arrive; barrier.cluster.wait;"
    "setp.ne.u32 %p1, %r1, 0; @%p1 bra E; mov.u32 %r3, 0;"
    "L: add.u32 %r3, %r3, 1; setp.lt.u32 %p2, %r3, 20000; @%p2 bra L;"
    "mov.u32 %r4, 1; mapa.shared::cluster.u32 %r5, %r2, %r4;"
    "ld.shared::cluster.u32 %r6, [%r5]; E:";

const Defect defects[] = {
    {"SameWord", "global-race", "st.global.u32 [%d0], %t;",
     block + "st.global.u32 [%d1], %t;"},
    {"BytesOfAWord", "global-race", "st.global.u8 [%d0+1], %t;",
     block + "cvt.u64.u32 %d2, %r1; add.u64 %d2, %d2, %d0;"
             "st.global.u8 [%d2], %t;"},
    {"HalvesOfAWord", "global-race",
     block + "mad.wide.u32 %d2, %r1, 2, %d0; st.global.u32 [%d0], %t;",
     block + "mad.wide.u32 %d2, %r1, 2, %d0; st.global.u16 [%d2], %t;"},
    {"PlainIncrement", "global-race",
     "ld.global.u32 %r1, [%d0]; add.u32 %r1, %r1, 1; st.global.u32 [%d0], %r1;",
     "red.global.add.u32 [%d0], 1;"},
    {"ReadOfANeighbour", "global-race",
     block + "ld.global.u32 %r2, [%d1]; ld.global.u32 %r3, [%d1+4];"
             "st.global.u32 [%d1], %r3;",
     block + "ld.global.u32 %r2, [%d1]; ld.global.u32 %r3, [%d1+4];"
             "st.global.u32 [%d1+128], %r3;",
     1, 8},
    {"FlagWithoutFence", "global-race",
     message("", "st.volatile.global.u32", "ld.volatile.global.u32"),
     message("membar.gl;", "st.volatile.global.u32", "ld.volatile.global.u32")},
    {"RelaxedFlag", "global-race",
     message("", "st.relaxed.gpu.global.u32", "ld.relaxed.gpu.global.u32"),
     message("", "st.release.gpu.global.u32", "ld.acquire.gpu.global.u32")},
    {"LastBlock", "global-race", lastBlock(""), lastBlock("membar.gl;"), 1, 6},
    {"SharedAfterExit", "shared-after-exit", remote,
     remote + "barrier.cluster.arrive; barrier.cluster.wait;", 1, 2, 2},
};

class BlockRace : public testing::TestWithParam<Defect> {
protected:
  BodySetup setup(bool checked = true) {
    BodySetup s;
    s.threads = GetParam().threads;
    s.blocks = GetParam().blocks;
    s.cluster = GetParam().cluster;
    s.options.checks.globalRaces = s.options.checks.races = checked;
    return s;
  }
};

TEST_P(BlockRace, IsReported) {
  Report report = runBody(GetParam().wrong, setup());
  EXPECT_EQ(firstKind(report), GetParam().kind) << textOf(report);
  if (!report.clean() && report.diagnostics[0].kind == "global-race") {
    ASSERT_EQ(report.diagnostics[0].others.size(), 1u);
    EXPECT_GT(report.diagnostics[0].others[0].line, 0u);
    EXPECT_FALSE(report.diagnostics[0].others[0].text.empty());
    EXPECT_NE(report.diagnostics[0].others[0].block,
              report.diagnostics[0].site.block);
  }
}

TEST_P(BlockRace, TwinIsClean) {
  Report report = runBody(GetParam().right, setup());
  EXPECT_TRUE(report.clean()) << textOf(report);
}

TEST_P(BlockRace, CanBeSwitchedOff) {
  Report report = runBody(GetParam().wrong, setup(false));
  EXPECT_TRUE(report.clean()) << textOf(report);
}

INSTANTIATE_TEST_SUITE_P(Defects, BlockRace, testing::ValuesIn(defects),
                         [](const auto &info) { return info.param.name; });

} // namespace
