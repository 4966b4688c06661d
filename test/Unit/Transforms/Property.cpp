//===- Property.cpp - Checks of random programs -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Property.h"

#include "moa/Reference/Interpreter.h"

#include <chrono>
#include <cmath>

using namespace moa;
using namespace moa::test;

static bool isSame(double before, double after, const Tolerance &tolerance) {
  if (before == after || (std::isnan(before) && std::isnan(after)) ||
      (tolerance.finiteOnly && !std::isfinite(before)))
    return true;
  double scale = std::max(std::abs(before), std::abs(after));
  return std::abs(before - after) <=
         tolerance.relative * scale + tolerance.absolute;
}

std::string moa::test::compare(const HostArray &before, const HostArray &after,
                               const Tolerance &tolerance) {
  if (before.elementType() != after.elementType() ||
      before.shape() != after.shape())
    return "shape " + after.describe() + " instead of " + before.describe();
  for (int64_t offset = 0; offset < before.numElements(); ++offset) {
    double x = before.loadDouble(offset), y = after.loadDouble(offset);
    bool same = isFloat(before.elementType())
                    ? isSame(x, y, tolerance)
                    : before.loadInt(offset) == after.loadInt(offset);
    if (!same)
      return "element " + std::to_string(offset) + " of " + before.describe() +
             " is " + std::to_string(y) + " instead of " + std::to_string(x);
  }
  return "";
}

std::string moa::test::checkChanges(ModuleOp module,
                                    ArrayRef<HostArray> arguments,
                                    ArrayRef<HostArray> expected,
                                    ArrayRef<Change> changes,
                                    const Tolerance &tolerance) {
  std::string done = "after ";
  for (const Change &change : changes) {
    done += change.name;
    if (failed(change.passes->run(module)))
      return done + ", which fails";
    InterpreterOptions options;
    if (change.inParts)
      options.partitionSeed = 7;
    FailureOr<SmallVector<HostArray>> results = interpret(
        module.lookupSymbol<mlir::func::FuncOp>("f"), arguments, options);
    if (failed(results))
      return done + ", the program does not run";
    for (auto [x, y] : llvm::zip_equal(expected, *results))
      if (std::string problem = compare(x, y, tolerance); !problem.empty())
        return done + (change.inParts ? " in parts: " : ": ") + problem;
    done += ", ";
  }
  return "";
}

std::vector<unsigned> moa::test::shrink(
    std::vector<unsigned> list,
    const std::function<bool(const std::vector<unsigned> &)> &stillFails) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto fails = [&](const std::vector<unsigned> &candidate) {
    return std::chrono::steady_clock::now() < deadline && stillFails(candidate);
  };
  for (bool progress = true; progress;) {
    progress = false;
    auto attempt = [&](std::vector<unsigned> candidate) {
      if (!fails(candidate))
        return false;
      list = std::move(candidate);
      return progress = true;
    };
    for (size_t length : {32, 16, 8, 4, 2, 1})
      for (size_t at = list.size(); at-- > 0;)
        if (at + length <= list.size()) {
          std::vector<unsigned> shorter(list);
          shorter.erase(shorter.begin() + at, shorter.begin() + at + length);
          attempt(std::move(shorter));
        }
    for (size_t at = 0; at < list.size(); ++at)
      for (unsigned smaller : {0u, list[at] / 2, list[at] - 1}) {
        std::vector<unsigned> lower(list);
        if (smaller >= list[at])
          continue;
        lower[at] = smaller;
        if (attempt(std::move(lower)))
          break;
      }
  }
  return list;
}

uint64_t moa::test::fromEnvironment(const char *name, uint64_t fallback) {
  const char *text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : fallback;
}
