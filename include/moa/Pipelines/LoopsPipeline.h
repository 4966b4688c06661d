//===- LoopsPipeline.h - From any level of moa to loops -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_PIPELINES_LOOPSPIPELINE_H
#define MOA_PIPELINES_LOOPSPIPELINE_H

#include "mlir/Pass/PassManager.h"

namespace moa {

struct MoaToLoopsOptions {
  /// That of `--convert-moa-to-onf`.
  int64_t columnBlock = 1024;
  /// Runs `--moa-fuse-folds`.
  bool fuseFolds = true;
  /// Runs `--moa-tighten-bounds`.
  bool tightenBounds = true;
};

/// The part that all targets share: from levels 0 to 2 on tensors to loops on
/// buffers (ONF), with one `scf.forall` for each array. No operation of moa is
/// left. Each public function `F` gets trailing arguments for its array results
/// and a function `F__contract`.
///
/// No canonicalization comes last: it would turn an `scf.forall` of one
/// iteration into code outside of any.
void buildMoaToLoopsPipeline(mlir::OpPassManager &manager,
                             const MoaToLoopsOptions &options);

} // namespace moa

#endif // MOA_PIPELINES_LOOPSPIPELINE_H
