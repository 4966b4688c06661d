//===- Device.h - The emulator as a device ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The emulator behind the launch table. What is put into a stream runs at once,
// so streams and events have nothing to wait for; while a stream is captured,
// its operations are kept for the graph.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_PROVIDER_DEVICE_H
#define MOA_LIB_PTXEMULATOR_PROVIDER_DEVICE_H

#include "moa-runtime/launch.h"
#include "moa/PTXEmulator/Emulator.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// Something that a stream does, now or when a graph is launched.
using Operation = std::function<moa_status()>;

struct moa_graph {
  std::vector<Operation> operations;
};

struct moa_stream {
  std::unique_ptr<moa_graph> captured; ///< null: operations run at once
};

struct moa_event {
  bool isRecorded = false;
  bool isCaptured = false; ///< the last record went into a graph
  std::chrono::steady_clock::time_point time;
};

struct moa_kernel {
  moa_module *module;
  std::string name;
  std::vector<uint64_t> parameterSizes;
};

struct moa_module {
  std::unique_ptr<moa::ptx::Emulator> emulator;
  std::map<std::string, std::unique_ptr<moa_kernel>> kernels;
};

struct moa_device {
  std::unique_ptr<moa::ptx::Emulator> memory; ///< a module without code
  moa::ptx::Options options;
  std::vector<std::string> reports;
  std::string taken; ///< what take_reports gave
};

#endif // MOA_LIB_PTXEMULATOR_PROVIDER_DEVICE_H
