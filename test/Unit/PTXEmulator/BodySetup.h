//===- BodySetup.h - Runs a body with clusters and tensor maps --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_PTXEMULATOR_BODYSETUP_H
#define MOA_TEST_UNIT_PTXEMULATOR_BODYSETUP_H

#include "Kernel.h"
#include "moa/PTXEmulator/TensorMap.h"

#include <functional>

namespace moa::ptx {

/// How a body is run.
struct BodySetup {
  uint32_t threads = 32, blocks = 1, cluster = 1; ///< one block in x
  Options options = {};
  Fill fill = Fill::Zero;
  uint32_t bytes = 1024; ///< of the memory that p points to
  /// The tensor map m, given the address of the memory; or none.
  std::function<TensorMapBytes(uint64_t)> map = {};
};

/// The kernel's parameter p points to memory, in %d0; %tid.x is in %t, and s is
/// in shared memory.
inline std::string kernelText(const std::string &body, bool hasMap = false) {
  return std::string(".version 8.6\n.target sm_90a\n.address_size 64\n") +
         ".visible .entry k(.param .u64 p" +
         (hasMap ? ", .param .align 64 .b8 m[128]" : "") + ") {\n" +
         ".reg .b64 %d<20>;\n.reg .b32 %r<20>, %t;\n.reg .b16 %h<9>;\n"
         ".reg .b128 %q<9>;\n.reg .f32 %f<9>;\n"
         ".reg .pred %p<9>;\n.shared .align 1024 .b8 s[16384];\n"
         "ld.param.u64 %d0, [p];\nmov.u32 %t, %tid.x;\n" +
         body + "\nret;\n}\n";
}

/// Runs a body; `result` is what the memory holds before (if it is not empty)
/// and after.
inline Report runBody(const std::string &body, const BodySetup &setup,
                      std::vector<uint32_t> *result = nullptr) {
  std::string error;
  Report report;
  auto emulator = Emulator::create(kernelText(body, bool(setup.map)), error);
  EXPECT_TRUE(emulator) << error;
  if (!emulator)
    return report;
  uint64_t memory = emulator->allocate(setup.bytes, setup.fill, "memory");
  if (result && !result->empty())
    emulator->write(memory, result->data(), 4 * result->size());
  LaunchConfig config;
  config.grid = Dim3{setup.blocks, 1, 1};
  config.block = Dim3{setup.threads, 1, 1};
  if (setup.cluster > 1)
    config.cluster = Dim3{setup.cluster, 1, 1};
  config.arguments.emplace_back(8);
  std::memcpy(config.arguments[0].data(), &memory, 8);
  if (setup.map) {
    TensorMapBytes bytes = setup.map(memory);
    config.arguments.emplace_back(bytes.begin(), bytes.end());
  }
  EXPECT_TRUE(emulator->launch(config, setup.options, report, error)) << error;
  if (result) {
    result->resize(setup.bytes / 4);
    emulator->read(memory, result->data(), setup.bytes);
  }
  return report;
}

/// All diagnostics as text, for messages of tests.
inline std::string textOf(const Report &report) {
  std::string text;
  for (const Diagnostic &d : report.diagnostics)
    text += d.format() + "\n";
  return text;
}

} // namespace moa::ptx

#endif // MOA_TEST_UNIT_PTXEMULATOR_BODYSETUP_H
