//===- Kernel.h - Runs a kernel given by its body ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_PTXEMULATOR_KERNEL_H
#define MOA_TEST_UNIT_PTXEMULATOR_KERNEL_H

#include "moa/PTXEmulator/Emulator.h"

#include <cstring>
#include <gtest/gtest.h>

namespace moa::ptx {

/// The kernel's one parameter p points to 1024 bytes; %tid.x is in %t.
inline Report runBody(const std::string &body, uint32_t threads = 32,
                      Options options = {}, Fill fill = Fill::Zero,
                      std::vector<uint32_t> *result = nullptr) {
  std::string text = ".version 8.0\n.target sm_90\n.address_size 64\n"
                     ".visible .entry k(.param .u64 p) {\n"
                     ".reg .b64 %d<9>;\n.reg .b32 %r<9>, %t;\n"
                     ".reg .pred %p<9>;\n.shared .align 16 .b8 s[256];\n"
                     "ld.param.u64 %d0, [p];\nmov.u32 %t, %tid.x;\n" +
                     body + "\nret;\n}\n";
  std::string error;
  Report report;
  auto emulator = Emulator::create(text, error);
  EXPECT_TRUE(emulator) << error;
  if (!emulator)
    return report;
  uint64_t memory = emulator->allocate(1024, fill, "memory");
  LaunchConfig config;
  config.block = Dim3{threads, 1, 1};
  config.arguments.emplace_back(8);
  std::memcpy(config.arguments[0].data(), &memory, 8);
  EXPECT_TRUE(emulator->launch(config, options, report, error)) << error;
  if (result) {
    result->resize(256);
    emulator->read(memory, result->data(), 1024);
  }
  return report;
}

/// The kind of the first diagnostic, or nothing.
inline std::string firstKind(const Report &report) {
  return report.clean() ? "" : report.diagnostics[0].kind;
}

} // namespace moa::ptx

#endif // MOA_TEST_UNIT_PTXEMULATOR_KERNEL_H
