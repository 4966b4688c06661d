//===- Reuse.h - How often elements are computed ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What storing an intermediate array saves and costs, from the counts of
// `Counts.h` evaluated at concrete extents.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ANALYSIS_REUSE_H
#define MOA_ANALYSIS_REUSE_H

#include "moa/Analysis/ClosedForm.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace moa {

/// Extents that are not known, and how loops share.
struct ReuseOptions {
  int64_t extent = 1024;
  int64_t columns = 1024;
};

/// Counts over a function whose intermediate arrays are all stored by
/// `moa.materialize`: what one element of each costs, and how many elements of
/// one are read where another is computed.
class ReuseAnalysis {
public:
  ReuseAnalysis(func::FuncOp function, const ReuseOptions &options);
  ~ReuseAnalysis();

  /// The operations that computing all elements of `op` costs: functions as 16,
  /// divisions and roots as 4, all others and each read as 1. None where the
  /// counts depend on data.
  std::optional<double> costOf(ArrayOp op);
  /// The number of elements.
  std::optional<double> sizeOf(Value array);
  /// How often `reader` asks for elements of `stored` at one place, the one that
  /// asks most: several places are fused into one loop. What differs only in
  /// axes of `reader` that the element does not depend on is shared by blocks
  /// of columns.
  std::optional<double> readsOf(ArrayOp reader, Value stored);

  /// The closed form behind `sizeOf`.
  std::string sizeText(Value array);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace moa

#endif // MOA_ANALYSIS_REUSE_H
