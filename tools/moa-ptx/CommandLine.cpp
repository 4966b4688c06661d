//===- CommandLine.cpp - Options of moa-ptx ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"

#include <functional>
#include <map>

using namespace moa::ptx;

static bool parseDim(const std::string &text, std::optional<Dim3> &dim) {
  std::vector<uint64_t> extents;
  if (!parseExtents(text, extents) || extents.size() > 3)
    return false;
  dim = Dim3{1, 1, 1};
  for (size_t i = 0; i < extents.size(); ++i) {
    if (extents[i] > 0x7fffffff)
      return false;
    (*dim)[i] = uint32_t(extents[i]);
  }
  return true;
}

bool moa::ptx::parseCommandLine(int argc, char **argv, Job &job,
                                std::string &error) {
  uint64_t number = 0;
  std::string launchFile;
  using Parse = std::function<bool(const std::string &)>;
  const std::map<std::string, Parse> options = {
      {"--kernel",
       [&](auto &v) {
         job.launch.kernel = v;
         return true;
       }},
      {"--grid", [&](auto &v) { return parseDim(v, job.launch.grid); }},
      {"--block", [&](auto &v) { return parseDim(v, job.launch.block); }},
      {"--cluster", [&](auto &v) { return parseDim(v, job.launch.cluster); }},
      {"--smem",
       [&](auto &v) {
         bool ok = parseUnsigned(v, number) && number < (1u << 30);
         job.launch.dynamicShared = uint32_t(number);
         return ok;
       }},
      {"--arg",
       [&](auto &v) {
         job.arguments.emplace_back();
         return parseArgument(v, job.arguments.back(), error);
       }},
      {"--checks", [&](auto &v) { return job.options.checks.parse(v); }},
      {"--threads",
       [&](auto &v) {
         bool ok = parseUnsigned(v, number) && number <= 1024;
         job.options.threads = unsigned(number);
         return ok;
       }},
      {"--budget",
       [&](auto &v) { return parseUnsigned(v, job.options.budget); }},
      {"--report",
       [&](auto &v) {
         job.reportFile = v;
         return true;
       }},
      {"--out-dir",
       [&](auto &v) {
         job.outDir = v;
         return true;
       }},
      {"--launch",
       [&](auto &v) {
         launchFile = v;
         return true;
       }},
  };
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word.empty() || word[0] != '-') {
      if (!job.ptx.empty()) {
        error = "more than one PTX file";
        return false;
      }
      job.ptx = word;
      continue;
    }
    std::string value;
    size_t equals = word.find('=');
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    auto option = options.find(word);
    if (option == options.end()) {
      error = "unknown option '" + word + "'; see --help";
      return false;
    }
    if (equals == std::string::npos) {
      if (++i == argc) {
        error = "option '" + word + "' needs a value";
        return false;
      }
      value = argv[i];
    }
    if (!option->second(value)) {
      if (error.empty())
        error = "bad value '" + value + "' of option '" + word + "'";
      return false;
    }
  }
  if (!launchFile.empty()) {
    if (!job.ptx.empty() || !job.arguments.empty()) {
      error = "--launch takes the PTX file and the arguments from its file";
      return false;
    }
    return parseLaunchFile(launchFile, job, error);
  }
  if (job.ptx.empty())
    error = "no PTX file; see --help";
  return error.empty();
}
