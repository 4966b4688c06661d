//===- MatrixKernel.h - Kernels on matrices ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a body with an input and an output buffer, and gives the places that the
// PTX manual gives to the elements of fragments.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_PTXEMULATOR_MATRIXKERNEL_H
#define MOA_TEST_UNIT_PTXEMULATOR_MATRIXKERNEL_H

#include "moa/PTXEmulator/Emulator.h"

#include <cstring>
#include <gtest/gtest.h>
#include <random>

namespace moa::ptx {

struct MatrixKernel {
  std::string body; ///< %in, %out: addresses; %t: %tid.x
  std::vector<uint32_t> in;
  size_t outWords = 1024;
  uint32_t threads = 32;
  uint32_t sharedBytes = 4096; ///< of `s`, aligned to 1024
  Options options = {};
  std::vector<uint32_t> out = {};
  std::string error = {};

  std::string text() const {
    return ".version 8.7\n.target sm_90a\n.address_size 64\n"
           ".visible .entry k(.param .u64 a, .param .u64 b) {\n"
           ".reg .b64 %in, %out, %d<16>;\n.reg .b32 %t, %r<300>;\n"
           ".reg .f64 %e<24>;\n.reg .pred %p<9>;\n"
           ".shared .align 1024 .b8 s[" +
           std::to_string(sharedBytes) +
           "];\nld.param.u64 %in, [a];\nld.param.u64 %out, [b];\n"
           "mov.u32 %t, %tid.x;\n" +
           body + "\nret;\n}\n";
  }

  Report run() {
    Report report;
    auto emulator = Emulator::create(text(), error);
    EXPECT_TRUE(emulator) << error;
    if (!emulator)
      return report;
    uint64_t a = emulator->allocate(in.size() * 4 + 4, Fill::Zero, "in");
    uint64_t b = emulator->allocate(outWords * 4, Fill::Zero, "out");
    emulator->write(a, in.data(), in.size() * 4);
    LaunchConfig config;
    config.block = Dim3{threads, 1, 1};
    for (uint64_t pointer : {a, b}) {
      config.arguments.emplace_back(8);
      std::memcpy(config.arguments.back().data(), &pointer, 8);
    }
    if (!emulator->launch(config, options, report, error))
      return report;
    out.resize(outWords);
    emulator->read(b, out.data(), outWords * 4);
    return report;
  }

  /// Runs; nothing may be reported.
  bool clean() {
    Report report = run();
    EXPECT_EQ(error, "");
    EXPECT_TRUE(report.clean()) << report.diagnostics[0].format();
    return error.empty() && report.clean();
  }
};

inline std::string braces(const char *prefix, size_t first, size_t count) {
  std::string s = "{";
  for (size_t i = 0; i < count; ++i)
    s += (i ? ", " : "") + std::string(prefix) + std::to_string(first + i);
  return s + "}";
}

/// %r(first + i) = in[word + count * %t + i]
inline std::string loadRegisters(size_t first, size_t count, size_t word) {
  std::string s =
      "mad.wide.u32 %d9, %t, " + std::to_string(4 * count) + ", %in;\n";
  for (size_t i = 0; i < count; ++i)
    s += "ld.global.b32 %r" + std::to_string(first + i) + ", [%d9+" +
         std::to_string(4 * (word + i)) + "];\n";
  return s;
}

/// out[word + count * %t + i] = %r(first + i)
inline std::string storeRegisters(size_t first, size_t count, size_t word) {
  std::string s =
      "mad.wide.u32 %d9, %t, " + std::to_string(4 * count) + ", %out;\n";
  for (size_t i = 0; i < count; ++i)
    s += "st.global.b32 [%d9+" + std::to_string(4 * (word + i)) + "], %r" +
         std::to_string(first + i) + ";\n";
  return s;
}

/// Copies `words` words of the input to `s`; all threads take part.
inline std::string fillShared(size_t words, uint32_t threads) {
  std::string s = "mov.u32 %r299, s;\nmov.u32 %r298, %t;\n"
                  "FILL: mad.wide.u32 %d9, %r298, 4, %in;\n"
                  "ld.global.b32 %r297, [%d9];\n"
                  "mad.lo.u32 %r296, %r298, 4, %r299;\n"
                  "st.shared.b32 [%r296], %r297;\n"
                  "add.u32 %r298, %r298, " +
                  std::to_string(threads) + ";\nsetp.lt.u32 %p8, %r298, " +
                  std::to_string(words) + ";\n@%p8 bra FILL;\nbar.sync 0;\n";
  return s;
}

inline std::vector<uint32_t> randomWords(size_t count, uint32_t seed = 1) {
  std::mt19937 engine(seed);
  std::vector<uint32_t> words(count);
  for (uint32_t &w : words)
    w = engine();
  return words;
}

} // namespace moa::ptx

#endif // MOA_TEST_UNIT_PTXEMULATOR_MATRIXKERNEL_H
