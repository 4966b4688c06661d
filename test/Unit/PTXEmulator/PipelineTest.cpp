//===- PipelineTest.cpp - Defects of a pipeline of copies -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One thread fetches tiles into two stages, four warps add to them and store
// them through two more. Each defect changes one line; the report must have its
// kind, and the line (for a race, at one of its two sites).
//
//===----------------------------------------------------------------------===//

#include "BodySetup.h"

using namespace moa::ptx;

namespace {

constexpr uint32_t tiles = 6, words = 128, outputAt = 1024; ///< in words

const std::string pipeline = R"(
setp.eq.u32 %p0, %t, 0;
mov.u32 %r2, s;
@!%p0 bra READY;
mbarrier.init.shared::cta.b64 [s], 1;
mbarrier.init.shared::cta.b64 [s+8], 1;
mbarrier.init.shared::cta.b64 [s+16], 128;
mbarrier.init.shared::cta.b64 [s+24], 128;
fence.mbarrier_init.release.cluster;
READY:
bar.sync 0;
mov.u32 %r1, 0;
setp.lt.u32 %p1, %t, 32;
@!%p1 bra CONSUMER;
@!%p0 bra END;
PRODUCER:
and.b32 %r3, %r1, 1;
shr.u32 %r4, %r1, 1;
not.b32 %r4, %r4;
and.b32 %r4, %r4, 1;
mad.lo.u32 %r5, %r3, 8, %r2;
EMPTY:
mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r5+16], %r4;
@!%p2 bra EMPTY;
mbarrier.arrive.expect_tx.shared::cta.b64 _, [%r5], 512;
mad.lo.u32 %r6, %r3, 512, %r2;
mad.wide.u32 %d1, %r1, 512, %d0;
cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%r6+1024], [%d1], 512, [%r5];
add.u32 %r1, %r1, 1;
setp.lt.u32 %p3, %r1, 6;
@%p3 bra PRODUCER;
bra END;
CONSUMER:
sub.u32 %r7, %t, 32;
setp.eq.u32 %p4, %r7, 0;
TILE:
and.b32 %r3, %r1, 1;
shr.u32 %r4, %r1, 1;
and.b32 %r4, %r4, 1;
mad.lo.u32 %r5, %r3, 8, %r2;
FULL:
mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r5], %r4;
@!%p2 bra FULL;
mad.lo.u32 %r6, %r3, 512, %r2;
mad.lo.u32 %r8, %r7, 4, %r6;
ld.shared.u32 %r9, [%r8+1024];
mbarrier.arrive.shared::cta.b64 _, [%r5+16];
add.u32 %r9, %r9, 1000;
@%p4 cp.async.bulk.wait_group.read 1;
bar.sync 1, 128;
st.shared.u32 [%r8+2048], %r9;
fence.proxy.async.shared::cta;
bar.sync 2, 128;
mad.wide.u32 %d1, %r1, 512, %d0;
@%p4 cp.async.bulk.global.shared::cta.bulk_group [%d1+4096], [%r6+2048], 512;
@%p4 cp.async.bulk.commit_group;
add.u32 %r1, %r1, 1;
setp.lt.u32 %p3, %r1, 6;
@%p3 bra TILE;
@%p4 cp.async.bulk.wait_group 0;
END:
)";

Report runPipeline(const std::string &body, std::vector<uint32_t> *result) {
  BodySetup setup;
  setup.threads = 160;
  setup.bytes = 8192;
  std::vector<uint32_t> memory(tiles * words);
  for (uint32_t i = 0; i < memory.size(); ++i)
    memory[i] = i * i;
  Report report = runBody(body, setup, &memory);
  if (result)
    *result = memory;
  return report;
}

TEST(Pipeline, IsClean) {
  std::vector<uint32_t> memory;
  Report report = runPipeline(pipeline, &memory);
  EXPECT_TRUE(report.clean()) << textOf(report);
  ASSERT_EQ(report.copies.size(), 2u);
  EXPECT_EQ(report.copies[0].first, "bulk_load");
  EXPECT_EQ(report.copies[1].first, "bulk_store");
  for (const auto &[kind, sums] : report.copies) {
    EXPECT_EQ(sums[0], tiles);
    EXPECT_EQ(sums[1], 4 * tiles * words);
  }
  for (uint32_t i = 0; i < tiles * words; ++i)
    ASSERT_EQ(memory[outputAt + i], i * i + 1000) << i;
}

struct Defect {
  const char *name, *line, *changed, *kind;
  const char *at; ///< part of the text of a line at fault
};

const Defect defects[] = {
    {"ProducerDoesNotWait", "@!%p2 bra EMPTY;", "", "mbarrier-count",
     "mbarrier.arrive.expect_tx"},
    {"ProducerParity", "not.b32 %r4, %r4;", "", "deadlock", "[%r5+16], %r4"},
    {"ConsumerDoesNotWait", "@!%p2 bra FULL;", "", "async-race", "ld.shared"},
    {"ConsumerParity", "mad.lo.u32 %r5, %r3, 8, %r2;\nFULL:",
     "xor.b32 %r4, %r4, 1;\nmad.lo.u32 %r5, %r3, 8, %r2;\nFULL:", "async-race",
     "ld.shared"},
    {"LostArrive", "mbarrier.arrive.shared::cta.b64 _, [%r5+16];",
     "@!%p4 mbarrier.arrive.shared::cta.b64 _, [%r5+16];", "deadlock",
     "mbarrier.try_wait"},
    {"EarlyArrive",
     "ld.shared.u32 %r9, [%r8+1024];\nmbarrier.arrive.shared::cta.b64 _, "
     "[%r5+16];",
     "mbarrier.arrive.shared::cta.b64 _, [%r5+16];\nld.shared.u32 %r9, "
     "[%r8+1024];",
     "async-race", "ld.shared"},
    {"FewerArrivals", "[s+16], 128", "[s+16], 96", "async-race", "ld.shared"},
    {"MoreBytesExpected", "_, [%r5], 512", "_, [%r5], 528", "mbarrier-tx",
     "mbarrier.try_wait"},
    {"FewerBytesExpected", "_, [%r5], 512", "_, [%r5], 256", "mbarrier-tx",
     "mbarrier.try_wait"},
    {"NoBytesExpected",
     "mbarrier.arrive.expect_tx.shared::cta.b64 _, [%r5], 512;",
     "mbarrier.arrive.shared::cta.b64 _, [%r5];", "async-race", "ld.shared"},
    {"NoInit", "mbarrier.init.shared::cta.b64 [s+8], 1;", "",
     "mbarrier-uninitialized", "mbarrier"},
    {"NoBarrierAfterInit", "bar.sync 0;", "", "shared-race", "mbarrier.init"},
    {"NoProxyFence", "fence.proxy.async.shared::cta;", "",
     "missing-proxy-fence", "cp.async.bulk.global"},
    {"GenericFence", "fence.proxy.async.shared::cta;", "fence.acq_rel.cta;",
     "missing-proxy-fence", "cp.async.bulk.global"},
    {"NoWaitForTheStore", "@%p4 cp.async.bulk.wait_group.read 1;", "",
     "async-race", "st.shared"},
    {"WaitForTooFewStores", "wait_group.read 1", "wait_group.read 2",
     "async-race", "st.shared"},
    {"NoBarrierBeforeTheStage", "bar.sync 1, 128;", "", "async-race",
     "st.shared"},
    {"NoBarrierBeforeTheStore", "bar.sync 2, 128;", "", "async-race",
     "cp.async.bulk.global"},
    {"MisalignedStage", "[%r6+1024]", "[%r6+1032]", "misaligned",
     "cp.async.bulk.shared"},
    {"NoWaitAtTheEnd", "@%p4 cp.async.bulk.wait_group 0;", "",
     "async-unfinished", "ret"},
    {"OneTileTooMany", "setp.lt.u32 %p3, %r1, 6;\n@%p3 bra TILE;",
     "setp.le.u32 %p3, %r1, 6;\n@%p3 bra TILE;", "deadlock",
     "mbarrier.try_wait"},
};

class PipelineDefect : public testing::TestWithParam<Defect> {};

TEST_P(PipelineDefect, IsReported) {
  const Defect &d = GetParam();
  std::string body = pipeline;
  size_t at = body.find(d.line);
  ASSERT_NE(at, std::string::npos);
  body.replace(at, std::string(d.line).size(), d.changed);
  Report report = runPipeline(body, nullptr);
  bool found = false;
  for (const Diagnostic &x : report.diagnostics) {
    std::string texts = x.site.text;
    for (const Site &s : x.others)
      texts += s.text;
    found |= x.kind == d.kind && texts.find(d.at) != std::string::npos;
  }
  EXPECT_TRUE(found) << textOf(report);
}

INSTANTIATE_TEST_SUITE_P(All, PipelineDefect, testing::ValuesIn(defects),
                         [](const auto &info) { return info.param.name; });

} // namespace
