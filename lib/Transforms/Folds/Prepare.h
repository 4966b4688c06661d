//===- Prepare.h - Folds in the form that can be fused ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_FOLDS_PREPARE_H
#define MOA_LIB_TRANSFORMS_FOLDS_PREPARE_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// Brings the folds of a block into the form that groups are made of:
///
/// - folds of folds with one reducer, of which another such pair over the same
///   ranges uses the result, are one fold over all pairs of indices;
/// - a start value of a fold over a range that another one has, too, is combined
///   with the result behind the fold;
/// - branches that compute no more than scalars are choices.
void prepareFolds(Block &block);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_FOLDS_PREPARE_H
