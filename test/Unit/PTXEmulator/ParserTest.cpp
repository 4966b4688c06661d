//===- ParserTest.cpp - The parser ------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"

using namespace moa::ptx;

namespace {

const std::string head = ".version 8.0\n.target sm_90\n.address_size 64\n";

std::string errorOf(const std::string &text) {
  std::string error;
  EXPECT_FALSE(Emulator::create(text, error));
  return error;
}

std::string launchError(const std::string &body) {
  std::string error;
  auto emulator = Emulator::create(
      head + ".entry k() { .reg .b32 %r<4>; .reg .f32 %f<4>;\n" + body + "\n}",
      error);
  EXPECT_TRUE(emulator) << error;
  LaunchConfig config;
  config.block = Dim3{1, 1, 1};
  Report report;
  EXPECT_FALSE(emulator && emulator->launch(config, {}, report, error));
  return error;
}

TEST(Parser, NamesLineAndWord) {
  EXPECT_EQ(errorOf("hello"), "line 1: expected '.version', found 'hello'");
  EXPECT_EQ(errorOf(head + ".entry k() {\n bra NOWHERE;\n}"),
            "line 5: unknown label 'NOWHERE'");
  EXPECT_EQ(errorOf(head + ".entry k() { .reg .b32 %r1, %r1; }"),
            "line 4: register '%r1' is declared twice, found ';'");
  EXPECT_EQ(errorOf(head + ".entry k() { mov.u32 %r1, 1"),
            "line 4: expected ';' at the end of the text");
  EXPECT_EQ(errorOf(head + "/* open"), "line 4: a comment that does not end");
}

TEST(Parser, RefusesWhatIsNotSupportedByName) {
  EXPECT_NE(launchError("tcgen05.alloc.b32 [%r1], 32;")
                .find("line 5: instruction 'tcgen05' is not supported"),
            std::string::npos);
  EXPECT_NE(launchError("add.rn.nonsense.f32 %f1, %f2, %f3;")
                .find("modifier '.nonsense' of 'add'"),
            std::string::npos);
  EXPECT_NE(launchError("add.u32 %r1, %r2;").find("takes 3 operands"),
            std::string::npos);
}

TEST(Parser, FormsThatCompilersWrite) {
  std::vector<uint32_t> r;
  // Scopes with the same label and register, spaces, hints, debug lines.
  Report report = runBody(".loc 1 2 3, function_name $L, inlined_at 1 2 3\n"
                          ".pragma \"nounroll\";\n"
                          "{ .reg.b32 x; mov.u32 x, 5; bra.uni L; L: "
                          "st.global.u32 [ %d0 + 0 ], x; }\n"
                          "{ .reg.b32 x; mov.u32 x, (3 << 1) + 1; bra L; L: "
                          "st.global.b32 [%d0+4], x; }\n"
                          "mov.b64 %d1, {%t, %t}; mov.b64 {%r1, _}, %d1; "
                          "st.global.u32 [%d0+8], %r1;",
                          1, {}, Fill::Zero, &r);
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(r[0], 5u);
  EXPECT_EQ(r[1], 7u);
}

TEST(Parser, InitializersThatHoldAddresses) {
  std::string error;
  auto emulator = Emulator::create(
      head + ".global .align 4 .b32 table[2] = {7, 9};\n"
             ".global .u64 where = generic(table)+4;\n"
             ".const .f32 c = 0f40400000;\n"
             ".entry k(.param .u64 p) { .reg .b64 %d<3>; .reg .b32 %r<3>;\n"
             "ld.param.u64 %d0, [p]; ld.global.u64 %d1, [where];\n"
             "ld.u32 %r1, [%d1]; st.global.u32 [%d0], %r1;\n"
             "ld.const.b32 %r2, [c]; st.global.u32 [%d0+4], %r2; }",
      error);
  ASSERT_TRUE(emulator) << error;
  uint64_t memory = emulator->allocate(8, Fill::Uninitialized, "out");
  LaunchConfig config;
  config.block = Dim3{1, 1, 1};
  config.arguments.emplace_back(8);
  std::memcpy(config.arguments[0].data(), &memory, 8);
  Report report;
  ASSERT_TRUE(emulator->launch(config, {}, report, error)) << error;
  uint32_t got[2];
  emulator->read(memory, got, 8);
  EXPECT_EQ(got[0], 9u);
  EXPECT_EQ(got[1], 0x40400000u);
}

TEST(Launch, ContradictionsAreErrors) {
  std::string error;
  auto emulator =
      Emulator::create(head + ".entry k() .reqntid 64 { ret; }", error);
  LaunchConfig config;
  Report report;
  EXPECT_TRUE(emulator->launch(config, {}, report, error)) << error;
  EXPECT_EQ(report.block[0], 64u);
  config.block = Dim3{32, 1, 1};
  EXPECT_FALSE(emulator->launch(config, {}, report, error));
  EXPECT_EQ(error, "the block 32,1,1 contradicts .reqntid 64,1,1");
  config.block.reset();
  config.arguments.emplace_back(4);
  EXPECT_FALSE(emulator->launch(config, {}, report, error));
  EXPECT_EQ(error, "kernel 'k' takes 0 arguments, there are 1");
}

TEST(Launch, NewerVersionIsAWarning) {
  std::string error;
  auto emulator = Emulator::create(
      ".version 9.9\n.target sm_90\n.entry k() { ret; }", error);
  ASSERT_TRUE(emulator) << error;
  LaunchConfig config;
  config.block = Dim3{1, 1, 1};
  Report report;
  EXPECT_TRUE(emulator->launch(config, {}, report, error));
  EXPECT_EQ(report.warnings.size(), 1u);
}

} // namespace
