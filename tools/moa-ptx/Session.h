//===- Session.h - One launch and its files ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_PTX_SESSION_H
#define MOA_TOOLS_MOA_PTX_SESSION_H

#include "moa/PTXEmulator/Emulator.h"
#include "moa/PTXEmulator/TensorMap.h"

#include <string>
#include <vector>

namespace moa::ptx {

struct Json;

/// An argument as the command line or a launch file describes it.
struct Argument {
  std::string kind; ///< scalar in inout out null scratch bytes
                    ///< tensormap
  std::string name, type, file, value, hex;
  std::vector<uint64_t> shape;
  std::string fill = "poison";
  uint64_t bytes = 0, align = 256;
  TensorMap map; ///< of the buffer `name`
};

struct Job {
  std::string ptx, reportFile, outDir = ".", provider = "emulator";
  LaunchConfig launch;
  std::vector<Argument> arguments, buffers;
  Options options;
};

/// Exit codes of moa-ptx.
enum ExitCode { Clean = 0, BadInput = 1, CheckFired = 2 };

bool parseCommandLine(int argc, char **argv, Job &job, std::string &error);
bool parseLaunchFile(const std::string &path, Job &job, std::string &error);
/// `f32:1.5`, `in:x.npy`, `inout:x.npy`, `out:NAME:f32:4x8[:FILL]`,
/// `scratch:BYTES`, `hex:0011`, `null`.
bool parseArgument(const std::string &spec, Argument &argument,
                   std::string &error);
/// `4x8` or `4,8`.
bool parseExtents(const std::string &text, std::vector<uint64_t> &extents);
/// The tensor map that `json` describes.
bool readTensorMap(const Json &json, Argument &argument, std::string &error);
bool parseUnsigned(const std::string &text, uint64_t &value);

/// The bytes of a scalar of that type.
bool scalarBytes(const Argument &argument, std::vector<uint8_t> &bytes,
                 std::string &error);

/// Runs the job and writes its files.
ExitCode runJob(Job &job);

} // namespace moa::ptx

#endif // MOA_TOOLS_MOA_PTX_SESSION_H
