//===- FuzzPTX.cpp - Fuzzes the PTX emulator --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes any bytes for PTX text, and runs each kernel of it for a while on a few
// threads. Whatever the text says, this must end in time, with an error, a
// diagnostic or a result, and without undefined behaviour.
//
//===----------------------------------------------------------------------===//

#include "moa/PTXEmulator/Emulator.h"

#include <cstring>

using namespace moa::ptx;

/// Enough for every instruction of a small kernel, and a few rounds of loops.
static constexpr uint64_t budget = 20000;
static constexpr uint64_t bufferBytes = 4096;

/// A value for a parameter: of 8 bytes an address, else a small number.
static std::vector<uint8_t> argument(uint64_t bytes, uint64_t address) {
  std::vector<uint8_t> value(bytes);
  uint64_t number = bytes == 8 ? address : 3;
  std::memcpy(value.data(), &number, std::min<uint64_t>(bytes, 8));
  return value;
}

static void runKernel(Emulator &emulator, const std::string &kernel,
                      uint64_t address, bool checks) {
  Options options;
  options.checks.set("all", checks);
  options.threads = 1;
  options.budget = budget;
  LaunchConfig config;
  config.kernel = kernel;
  config.grid = Dim3{2, 1, 1};
  config.block = Dim3{40, 1, 1};
  config.dynamicShared = 1024;
  for (uint64_t bytes : emulator.parameterSizes(kernel))
    config.arguments.push_back(argument(bytes, address));
  Report report;
  std::string error;
  if (emulator.launch(config, options, report, error))
    report.json();
  else if (error.empty())
    __builtin_trap(); // each refusal says why
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > 32768)
    return 0;
  std::string text(reinterpret_cast<const char *>(data), size), error;
  auto emulator = Emulator::create(text, error);
  if (!emulator) {
    if (error.empty())
      __builtin_trap();
    return 0;
  }
  unsigned count = 0;
  for (const std::string &kernel : emulator->kernels()) {
    if (++count > 4)
      break;
    uint64_t address = emulator->allocate(bufferBytes, Fill::Zero, "buffer");
    runKernel(*emulator, kernel, address, size % 2);
  }
  return 0;
}
