//===- LoopPlan.h - The order of the axes of an array -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which axes of a moa.array run in parallel, in which order the others follow
// inside, and how many columns are processed at a time.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_MOATOONF_LOOPPLAN_H
#define MOA_LIB_CONVERSION_MOATOONF_LOOPPLAN_H

#include "moa/Dialect/Moa/IR/Dependence.h"

#include "llvm/ADT/SmallBitVector.h"

namespace moa {

/// A set of axes of one array, by number.
using AxisMask = llvm::SmallBitVector;

/// The axes of one array on which values depend, as masks.
class AxisMasks {
public:
  /// `array` may be null: then every mask is empty.
  explicit AxisMasks(ArrayOp array) : array(array) {}

  const AxisMask &get(Value value);
  /// All axes, those of folds included.
  const AxisSet &getAxes(Value value) { return sets.get(value); }

private:
  ArrayOp array;
  AxisSets sets;
  llvm::DenseMap<Value, AxisMask> known;
};

/// Axes that are looped over together, flattened to one index.
struct AxisGroup {
  SmallVector<unsigned> axes;
  AxisMask mask;
  /// The number of columns for which there is scratch memory; 0 if the group
  /// needs none and is walked whole.
  int64_t block = 0;
  /// True if there may be more columns than `block`.
  bool severalBlocks = false;
};

/// The loops of an array, outermost first. Group 0 runs in parallel (it may be
/// empty); the others are column groups.
struct LoopPlan {
  SmallVector<AxisGroup> groups;
};

/// True for an operation worth computing once: a fold, or a function as `exp`.
bool isWork(Operation *op);

/// True if computing `fold` anew for each column of the axes `group` would
/// repeat work: some of it depends on them, and a result of the tower or work in
/// it depends on none of the axes `unbound`, which include `group`.
bool sharesWork(FoldOp fold, const AxisMask &group, const AxisMask &unbound,
                AxisMasks &masks);

/// The plan for results of `array` with axes as in `results`, each of which
/// includes the next or is included in it.
LoopPlan planLoops(ArrayOp array, ArrayRef<AxisMask> results, AxisMasks &masks,
                   int64_t columnBlock);

} // namespace moa

#endif // MOA_LIB_CONVERSION_MOATOONF_LOOPPLAN_H
