//===- Property.h - Checks of random programs -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_TRANSFORMS_PROPERTY_H
#define MOA_TEST_UNIT_TRANSFORMS_PROPERTY_H

#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Support/HostArray.h"

#include "mlir/Pass/PassManager.h"

#include <functional>
#include <string>
#include <vector>

namespace moa::test {

/// How two runs of a program may differ.
struct Tolerance {
  double relative = 1e-12;
  double absolute = 0;
  /// Where a float that is expected is not finite, anything is fine: what is
  /// fused has proper values where IEEE arithmetic on the naive text has none.
  bool finiteOnly = false;
};

/// A message about the first difference; empty if there is none.
std::string compare(const HostArray &before, const HostArray &after,
                    const Tolerance &tolerance = {});

/// What must not change the value of a program: passes, and perhaps the run in
/// random parts behind them.
struct Change {
  const char *name;
  mlir::PassManager *passes;
  bool inParts = false;
};

/// Applies `changes` to function `f` of `module`, one behind the other, and runs
/// it after each. What is wrong: empty if nothing is.
std::string checkChanges(ModuleOp module, ArrayRef<HostArray> arguments,
                         ArrayRef<HostArray> expected,
                         ArrayRef<Change> changes,
                         const Tolerance &tolerance = {});

/// Makes the list of choices of a failing program smaller: without some of
/// them, or with smaller ones, as long as `fails` holds, at most for 20 seconds.
std::vector<unsigned>
shrink(std::vector<unsigned> list,
       const std::function<bool(const std::vector<unsigned> &)> &fails);

/// A number from the environment.
uint64_t fromEnvironment(const char *name, uint64_t fallback);

} // namespace moa::test

#endif // MOA_TEST_UNIT_TRANSFORMS_PROPERTY_H
