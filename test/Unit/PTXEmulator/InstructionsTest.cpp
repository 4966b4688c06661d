//===- InstructionsTest.cpp - Single instructions ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each case is a kernel of one thread that loads its operands, executes one
// instruction and stores the result. Registers are %d0..%d3 (64 bits), %r, %h
// and %p; the letters of `operands` say which kind each operand has.
//
//===----------------------------------------------------------------------===//

#include "moa/PTXEmulator/Emulator.h"

#include <gtest/gtest.h>

using namespace moa::ptx;

namespace {

struct Case {
  const char *instruction; ///< "add.u32"
  const char *operands;    ///< result first: "rrr"
  std::vector<uint64_t> inputs;
  uint64_t expected;
};

std::string kernelOf(const Case &c) {
  std::string body, list, operands = c.operands;
  auto reg = [](char kind, size_t i) {
    return std::string("%") + kind + std::to_string(i);
  };
  for (size_t i = 1; i < operands.size(); ++i) {
    std::string d = reg('d', i);
    body += "ld.global.b64 " + d + ", [%base+" + std::to_string(8 * i) + "];\n";
    if (operands[i] == 'r')
      body += "cvt.u32.u64 " + reg('r', i) + ", " + d + ";\n";
    if (operands[i] == 'h')
      body += "cvt.u16.u64 " + reg('h', i) + ", " + d + ";\n";
    if (operands[i] == 'p')
      body += "setp.ne.u64 " + reg('p', i) + ", " + d + ", 0;\n";
    list += ", " + reg(operands[i], i);
  }
  body += std::string(c.instruction) + " " + reg(operands[0], 0) + list + ";\n";
  if (operands[0] == 'r')
    body += "cvt.u64.u32 %d0, %r0;\n";
  if (operands[0] == 'h')
    body += "cvt.u64.u16 %d0, %h0;\n";
  if (operands[0] == 'p')
    body += "selp.u64 %d0, 1, 0, %p0;\n";
  return ".version 8.0\n.target sm_90\n.address_size 64\n"
         ".visible .entry k(.param .u64 p) {\n"
         ".reg .b64 %base, %d<6>;\n.reg .b32 %r<6>;\n.reg .b16 %h<6>;\n"
         ".reg .pred %p<6>;\nld.param.u64 %base, [p];\n" +
         body + "st.global.b64 [%base], %d0;\nret;\n}\n";
}

class Instructions : public testing::TestWithParam<Case> {};

TEST_P(Instructions, GiveTheExpectedValue) {
  const Case &c = GetParam();
  std::string error;
  auto emulator = Emulator::create(kernelOf(c), error);
  ASSERT_TRUE(emulator) << error;
  uint64_t memory = emulator->allocate(64, Fill::Zero, "memory");
  for (size_t i = 0; i < c.inputs.size(); ++i)
    emulator->write(memory + 8 * (i + 1), &c.inputs[i], 8);
  LaunchConfig config;
  config.block = Dim3{1, 1, 1};
  config.arguments.emplace_back(8);
  std::copy_n(reinterpret_cast<uint8_t *>(&memory), 8,
              config.arguments[0].begin());
  Report report;
  ASSERT_TRUE(emulator->launch(config, {}, report, error)) << error;
  ASSERT_TRUE(report.clean()) << report.diagnostics[0].format();
  uint64_t result = 0;
  emulator->read(memory, &result, 8);
  EXPECT_EQ(result, c.expected) << c.instruction << std::hex << ": 0x" << result
                                << " != 0x" << c.expected;
}

constexpr uint64_t one = 0x3f800000, two = 0x40000000, three = 0x40400000,
                   half = 0x3f000000, nan32 = 0x7fffffff, inf = 0x7f800000,
                   minusOne = 0xbf800000;
constexpr uint64_t one64 = 0x3ff0000000000000, three64 = 0x4008000000000000;

const Case integers[] = {
    {"add.u32", "rrr", {0xffffffff, 2}, 1},
    {"add.s64", "ddd", {~0ull, 1}, 0},
    {"add.u16", "hhh", {0xffff, 3}, 2},
    {"add.sat.s32", "rrr", {0x7fffffff, 1}, 0x7fffffff},
    {"sub.sat.s32", "rrr", {0x80000000, 1}, 0x80000000},
    {"add.u16x2", "rrr", {0x0001ffff, 0x00010001}, 0x00020000},
    {"sub.u32", "rrr", {3, 5}, 0xfffffffe},
    {"mul.lo.u32", "rrr", {0x10001, 0x10001}, 0x20001},
    {"mul.hi.u32", "rrr", {0xffffffff, 0xffffffff}, 0xfffffffe},
    {"mul.hi.s32", "rrr", {0xffffffff, 2}, 0xffffffff},
    {"mul.hi.u64", "ddd", {~0ull, ~0ull}, ~1ull},
    {"mul.wide.s32", "drr", {0xffffffff, 2}, ~1ull},
    {"mul.wide.u32", "drr", {0xffffffff, 2}, 0x1fffffffe},
    {"mul.wide.u16", "rhh", {0xffff, 0xffff}, 0xfffe0001},
    {"mul.wide.s16", "rhh", {0xffff, 5}, 0xfffffffb},
    {"mad.lo.s32", "rrrr", {3, 4, 5}, 17},
    {"mad.wide.u32", "drrd", {0xffffffff, 2, 2}, 0x200000000},
    {"mad.hi.u32", "rrrr", {0x80000000, 4, 1}, 3},
    {"mul24.lo.u32", "rrr", {0xff000003, 5}, 15},
    {"mul24.hi.u32", "rrr", {0x800000, 0x800000}, 0x40000000},
    {"sad.u32", "rrrr", {3, 10, 1}, 8},
    {"sad.s32", "rrrr", {0xffffffff, 1, 1}, 3},
    {"div.s32", "rrr", {0xfffffff9, 2}, 0xfffffffd},
    {"div.u64", "ddd", {100, 7}, 14},
    {"div.u32", "rrr", {5, 0}, 0xffffffff},
    {"div.s32", "rrr", {0x80000000, 0xffffffff}, 0x80000000},
    {"rem.s32", "rrr", {0xfffffff9, 2}, 0xffffffff},
    {"rem.u16", "hhh", {17, 5}, 2},
    {"abs.s32", "rr", {0xfffffffb}, 5},
    {"neg.s64", "dd", {1}, ~0ull},
    {"min.s32", "rrr", {0xffffffff, 1}, 0xffffffff},
    {"min.u32", "rrr", {0xffffffff, 1}, 1},
    {"max.s16", "hhh", {0xffff, 1}, 1},
    {"max.u16x2", "rrr", {0x00050001, 0x00020003}, 0x00050003},
    {"max.relu.s32", "rrr", {0xfffffffe, 0xffffffff}, 0},
    {"min.relu.s16x2", "rrr", {0xffff0005, 0x00070003}, 0x00000003},
    {"dp4a.u32.u32", "rrrr", {0x01020304, 0x01010101, 5}, 15},
    {"dp4a.s32.s32", "rrrr", {0xff000000, 0x02000000, 0}, 0xfffffffe},
    {"dp2a.lo.u32.u32", "rrrr", {0x00020003, 0x04030201, 0}, 7},
    {"dp2a.hi.u32.u32", "rrrr", {0x00020003, 0x04030201, 0}, 17},
};

const Case bits[] = {
    {"and.b32", "rrr", {0xff00, 0x0ff0}, 0x0f00},
    {"or.b64", "ddd", {1ull << 63, 1}, 0x8000000000000001},
    {"xor.b16", "hhh", {0xffff, 0x00ff}, 0xff00},
    {"not.b32", "rr", {0}, 0xffffffff},
    {"cnot.b32", "rr", {0}, 1},
    {"and.pred", "ppp", {1, 0}, 0},
    {"or.pred", "ppp", {1, 0}, 1},
    {"xor.pred", "ppp", {1, 1}, 0},
    {"not.pred", "pp", {0}, 1},
    {"popc.b32", "rr", {0xf0f0}, 8},
    {"popc.b64", "rd", {~0ull}, 64},
    {"clz.b32", "rr", {1}, 31},
    {"clz.b64", "rd", {0}, 64},
    {"bfind.u32", "rr", {0x100}, 8},
    {"bfind.s32", "rr", {0xffffffff}, 0xffffffff},
    {"bfind.s32", "rr", {0xfffffffe}, 0},
    {"bfind.shiftamt.u32", "rr", {0x100}, 23},
    {"brev.b32", "rr", {1}, 0x80000000},
    {"brev.b64", "dd", {1}, 1ull << 63},
    {"shl.b32", "rrr", {1, 31}, 0x80000000},
    {"shl.b32", "rrr", {1, 32}, 0},
    {"shr.s32", "rrr", {0x80000000, 40}, 0xffffffff},
    {"shr.u64", "ddr", {1ull << 63, 63}, 1},
    {"shr.s16", "hhr", {0x8000, 15}, 0xffff},
    {"shf.l.wrap.b32", "rrrr", {0x80000000, 1, 1}, 3},
    {"shf.r.clamp.b32", "rrrr", {0x80000000, 1, 32}, 1},
    {"shf.r.wrap.b32", "rrrr", {0x80000000, 1, 33}, 0xc0000000},
    {"bfe.u32", "rrrr", {0xabcd, 4, 8}, 0xbc},
    {"bfe.s32", "rrrr", {0xf0, 4, 4}, 0xffffffff},
    {"bfe.u64", "ddrr", {0xabcdull << 32, 32, 16}, 0xabcd},
    {"bfe.u32", "rrrr", {0xabcd, 4, 0}, 0},
    {"bfi.b32", "rrrrr", {0xf, 0, 4, 4}, 0xf0},
    {"bfi.b64", "dddrr", {1, 0, 40, 1}, 1ull << 40},
    {"bmsk.clamp.b32", "rrr", {4, 8}, 0xff0},
    {"bmsk.wrap.b32", "rrr", {36, 8}, 0xff0},
    {"szext.clamp.s32", "rrr", {0x80, 8}, 0xffffff80},
    {"szext.wrap.u32", "rrr", {0x1ff, 8}, 0xff},
    {"fns.b32", "rrrr", {0xaaaa, 0, 3}, 5},
    {"fns.b32", "rrrr", {0xaaaa, 15, 0xfffffffe}, 13},
    {"prmt.b32", "rrrr", {0x33221100, 0x77665544, 0x7610}, 0x77661100},
    {"prmt.b32", "rrrr", {0x00000080, 0, 0x8888}, 0xffffffff},
    {"prmt.b32.f4e", "rrrr", {0x33221100, 0x77665544, 1}, 0x44332211},
    {"prmt.b32.rc8", "rrrr", {0x33221100, 0, 2}, 0x22222222},
    {"mov.b32", "rr", {0x12345678}, 0x12345678},
    {"selp.b32", "rrrp", {1, 2, 0}, 2},
    {"slct.u32.s32", "rrrr", {1, 2, 0xffffffff}, 2},
    {"slct.u32.f32", "rrrr", {1, 2, one}, 1},
};

const Case floats[] = {
    {"add.f32", "rrr", {one, two}, three},
    {"add.rz.f32", "rrr", {one, 0x33000001}, one},
    {"add.rp.f32", "rrr", {one, 0x33000001}, 0x3f800001},
    {"add.rm.f32", "rrr", {one, 0xb3000001}, 0x3f7fffff},
    {"add.sat.f32", "rrr", {one, two}, one},
    {"add.ftz.f32", "rrr", {0x00000001, 0x00000001}, 0},
    {"add.f32", "rrr", {0x00000001, 0x00000001}, 2},
    {"add.f32", "rrr", {inf, 0xff800000}, nan32},
    {"sub.f32", "rrr", {one, two}, minusOne},
    {"mul.f32", "rrr", {three, half}, 0x3fc00000},
    {"fma.rn.f32", "rrrr", {three, two, one}, 0x40e00000},
    {"fma.rz.f32", "rrrr", {0x3f800001, 0x3f800001, 0}, 0x3f800002},
    {"div.rn.f32", "rrr", {one, three}, 0x3eaaaaab},
    {"div.rz.f32", "rrr", {one, three}, 0x3eaaaaaa},
    {"rcp.rn.f32", "rr", {two}, half},
    {"sqrt.rn.f32", "rr", {two}, 0x3fb504f3},
    {"sqrt.rp.f32", "rr", {two}, 0x3fb504f4},
    {"rsqrt.approx.f32", "rr", {0x40800000}, half},
    {"min.f32", "rrr", {nan32, one}, one},
    {"min.NaN.f32", "rrr", {nan32, one}, nan32},
    {"min.f32", "rrr", {0x80000000, 0}, 0x80000000},
    {"max.f32", "rrr", {0x80000000, 0}, 0},
    {"max.xorsign.abs.f32", "rrr", {minusOne, two}, 0xc0000000},
    {"abs.f32", "rr", {minusOne}, one},
    {"neg.f32", "rr", {one}, minusOne},
    {"ex2.approx.f32", "rr", {three}, 0x41000000},
    {"ex2.approx.ftz.f32", "rr", {0xff800000}, 0},
    {"lg2.approx.f32", "rr", {0x41000000}, three},
    {"sin.approx.f32", "rr", {0}, 0},
    {"cos.approx.f32", "rr", {0}, one},
    {"tanh.approx.f32", "rr", {0}, 0},
    {"copysign.f32", "rrr", {0x80000000, one}, minusOne},
    {"add.f64", "ddd", {one64, one64}, 0x4000000000000000},
    {"div.rn.f64", "ddd", {one64, three64}, 0x3fd5555555555555},
    {"div.rp.f64", "ddd", {one64, three64}, 0x3fd5555555555556},
    {"fma.rn.f64", "dddd", {three64, three64, one64}, 0x4024000000000000},
    {"sqrt.rn.f64", "dd", {0x4022000000000000}, three64},
    {"add.f16", "hhh", {0x3c00, 0x4000}, 0x4200},
    {"add.f16", "hhh", {0x7bff, 0x7bff}, 0x7c00},
    {"mul.f16x2", "rrr", {0x3c004000, 0x42004200}, 0x42004600},
    {"fma.rn.f16", "hhhh", {0x3c01, 0x3c01, 0}, 0x3c02},
    {"fma.rn.relu.f16", "hhhh", {0xbc00, 0x3c00, 0}, 0},
    {"fma.rn.sat.f16", "hhhh", {0x4000, 0x3c00, 0}, 0x3c00},
    {"add.bf16", "hhh", {0x3f80, 0x3f80}, 0x4000},
    {"fma.rn.bf16x2", "rrrr", {0x3f803f80, 0x40004000, 0x3f80bf80}, 0x40403f80},
    {"neg.bf16", "hh", {0x3f80}, 0xbf80},
    {"abs.f16x2", "rr", {0xbc00c000}, 0x3c004000},
    {"max.bf16", "hhh", {0x3f80, 0x7fff}, 0x3f80},
    {"max.NaN.f16", "hhh", {0x3c00, 0x7fff}, 0x7fff},
    {"ex2.approx.f16", "hh", {0x4000}, 0x4400},
    {"tanh.approx.bf16", "hh", {0}, 0},
};

const Case comparisons[] = {
    {"setp.lt.s32", "prr", {0xffffffff, 0}, 1},
    {"setp.lo.u32", "prr", {0xffffffff, 0}, 0},
    {"setp.eq.f32", "prr", {nan32, nan32}, 0},
    {"setp.equ.f32", "prr", {nan32, one}, 1},
    {"setp.ne.f32", "prr", {nan32, one}, 0},
    {"setp.neu.f32", "prr", {one, one}, 0},
    {"setp.num.f32", "prr", {one, two}, 1},
    {"setp.nan.f32", "prr", {one, nan32}, 1},
    {"setp.ge.f64", "pdd", {three64, one64}, 1},
    {"setp.gt.f16", "phh", {0x4000, 0x3c00}, 1},
    {"setp.lt.bf16", "phh", {0x3f80, 0x4000}, 1},
    {"setp.eq.and.s32", "prrp", {1, 1, 0}, 0},
    {"setp.eq.or.s32", "prrp", {1, 2, 1}, 1},
    {"setp.eq.xor.s32", "prrp", {1, 1, 1}, 0},
    {"setp.ge.ftz.f32", "prr", {0x80000001, 0}, 1},
    {"set.lt.u32.s32", "rrr", {1, 2}, 0xffffffff},
    {"set.lt.f32.s32", "rrr", {1, 2}, one},
    {"testp.finite.f32", "pr", {inf}, 0},
    {"testp.notanumber.f32", "pr", {nan32}, 1},
    {"testp.subnormal.f32", "pr", {1}, 1},
    {"testp.normal.f64", "pd", {one64}, 1},
};

const Case conversions[] = {
    {"cvt.s64.s32", "dr", {0xffffffff}, ~0ull},
    {"cvt.u64.u32", "dr", {0xffffffff}, 0xffffffff},
    {"cvt.s32.s8", "rr", {0x80}, 0xffffff80},
    {"cvt.u32.u8", "rr", {0x180}, 0x80},
    {"cvt.sat.u8.s32", "rr", {0xffffffff}, 0},
    {"cvt.sat.s8.s32", "rr", {1000}, 0x7f},
    {"cvt.rn.f32.s32", "rr", {0xffffffff}, minusOne},
    {"cvt.rn.f32.u32", "rr", {0x01000001}, 0x4b800000},
    {"cvt.rp.f32.u32", "rr", {0x01000001}, 0x4b800001},
    {"cvt.rn.f64.u64", "dd", {~0ull}, 0x43f0000000000000},
    {"cvt.rz.f32.u64", "rd", {~0ull}, 0x5f7fffff},
    {"cvt.rzi.s32.f32", "rr", {0xc0200000}, 0xfffffffe},
    {"cvt.rni.s32.f32", "rr", {0x40200000}, 2},
    {"cvt.rmi.s32.f32", "rr", {0xbf000000}, 0xffffffff},
    {"cvt.rpi.s32.f32", "rr", {half}, 1},
    {"cvt.rzi.u32.f32", "rr", {minusOne}, 0},
    {"cvt.rzi.s32.f32", "rr", {nan32}, 0},
    {"cvt.rzi.s32.f32", "rr", {inf}, 0x7fffffff},
    {"cvt.rzi.s64.f64", "dd", {0x7ff8000000000000}, 1ull << 63},
    {"cvt.rni.f32.f32", "rr", {0x40200000}, two},
    {"cvt.f64.f32", "dr", {three}, three64},
    {"cvt.rn.f32.f64", "rd", {0x3fb999999999999a}, 0x3dcccccd},
    {"cvt.rz.f32.f64", "rd", {0x3fb999999999999a}, 0x3dcccccc},
    {"cvt.rn.f16.f32", "hr", {0x3f801000}, 0x3c00},
    {"cvt.rn.f16.f32", "hr", {0x3f803000}, 0x3c02},
    {"cvt.rz.f16.f32", "hr", {0x47800000}, 0x7bff},
    {"cvt.f32.f16", "rh", {0x0001}, 0x33800000},
    {"cvt.rn.bf16.f32", "hr", {0x3f808000}, 0x3f80},
    {"cvt.rn.bf16.f32", "hr", {0x3f818000}, 0x3f82},
    {"cvt.f32.bf16", "rh", {0x3f80}, one},
    {"cvt.rn.f16x2.f32", "rrr", {one, two}, 0x3c004000},
    {"cvt.rn.bf16x2.f32", "rrr", {one, two}, 0x3f804000},
    {"cvt.rn.relu.bf16x2.f32", "rrr", {minusOne, two}, 0x00004000},
    {"cvt.rna.tf32.f32", "rr", {0x3f801000}, 0x3f802000},
    {"cvt.rn.satfinite.e4m3x2.f32", "hrr", {0x44800000, one}, 0x7e38},
    {"cvt.rn.satfinite.e5m2x2.f32", "hrr", {0x4f000000, one}, 0x7b3c},
    {"cvt.rn.f16x2.e4m3x2", "rh", {0x7e38}, 0x5f003c00},
    {"cvt.rn.f16x2.e5m2x2", "rh", {0x3c40}, 0x3c004000},
    {"cvt.sat.f32.f32", "rr", {two}, one},
    {"cvt.pack.sat.u16.s32", "rrr", {0xffffffff, 70000}, 0x0000ffff},
};

std::string nameOf(const testing::TestParamInfo<Case> &info) {
  std::string name;
  for (char c : std::string(info.param.instruction))
    name += std::isalnum((unsigned char)c) ? c : '_';
  return name + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Integers, Instructions, testing::ValuesIn(integers),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(Bits, Instructions, testing::ValuesIn(bits), nameOf);
INSTANTIATE_TEST_SUITE_P(Floats, Instructions, testing::ValuesIn(floats),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(Comparisons, Instructions,
                         testing::ValuesIn(comparisons), nameOf);
INSTANTIATE_TEST_SUITE_P(Conversions, Instructions,
                         testing::ValuesIn(conversions), nameOf);

} // namespace
