//===- Group.h - Folds that can share one range -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_FOLDS_GROUP_H
#define MOA_LIB_TRANSFORMS_FOLDS_GROUP_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// Folds of one block over one range, in order, and the pure operations between
/// them that use their results.
struct FoldGroup {
  SmallVector<FoldOp> folds;
  SmallVector<Operation *> between;
};

/// The group that begins with `first`: later folds over the same range that use
/// its results, through scalar code at most, or read the same arrays.
FoldGroup collectFoldGroup(FoldOp first);

/// True if the fold can be part of a group: named reducers on types that the
/// algebra knows, no start values.
bool canFuse(FoldOp fold);

/// True if two indices are provably equal.
bool areEqualIndices(Value a, Value b);

/// The folds of the block whose results `fold` uses, through scalar code.
llvm::SetVector<Operation *> getUsedFolds(FoldOp fold);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_FOLDS_GROUP_H
