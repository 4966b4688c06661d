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
#include "mlir/Pass/PassOptions.h"

namespace moa {

struct MoaToLoopsOptions {
  /// That of `--convert-moa-to-onf`.
  int64_t columnBlock = 1024;
  /// Runs `--moa-fuse-folds`.
  bool fuseFolds = true;
  /// Runs `--moa-split-segments`.
  bool splitSegments = true;
  /// Runs `--moa-tighten-bounds`.
  bool tightenBounds = true;
  /// Runs `--convert-linalg-to-moa`.
  bool convertLinalg = true;
  /// Runs `--moa-simplify`.
  bool simplify = true;
  /// Lets `--moa-psi-reduce` store intermediate arrays where that is cheaper.
  bool materialize = false;
};

/// The same as options of a target's pipeline, with its default of
/// `column-block`.
template <typename Derived, int64_t columns>
struct MoaToLoopsPipelineOptions : mlir::PassPipelineOptions<Derived> {
  template <typename T>
  using Option = typename mlir::PassPipelineOptions<Derived>::template Option<T>;

  Option<int64_t> columnBlock{
      *this, "column-block",
      llvm::cl::desc("Columns whose state is kept in scratch at a time"),
      llvm::cl::init(columns)};
  Option<bool> fuseFolds{
      *this, "fuse-folds",
      llvm::cl::desc("Make one-pass towers of chains of folds"),
      llvm::cl::init(true)};
  Option<bool> splitSegments{
      *this, "split-segments",
      llvm::cl::desc("Make one fold for each segment of a concatenation"),
      llvm::cl::init(true)};
  Option<bool> tightenBounds{*this, "tighten-bounds",
                             llvm::cl::desc("Make bounds of masks of folds"),
                             llvm::cl::init(true)};
  Option<bool> convertLinalg{
      *this, "convert-linalg",
      llvm::cl::desc("Take linalg and tensor programs as arrays of moa"),
      llvm::cl::init(true)};
  Option<bool> simplify{
      *this, "simplify",
      llvm::cl::desc("Simplify expressions by laws of the algebra"),
      llvm::cl::init(true)};

  MoaToLoopsOptions loops() const {
    return {columnBlock,   fuseFolds, splitSegments, tightenBounds,
            convertLinalg, simplify,  false};
  }
};

/// The part that all targets share: from levels 0 to 2 on tensors to loops on
/// buffers (ONF), with one `scf.forall` for each array. No operation of moa is
/// left. Each public function `F` gets trailing arguments for its array results
/// and a function `F__contract`. What is not converted stays `linalg`, on
/// buffers.
///
/// No canonicalization comes last: it would turn an `scf.forall` of one
/// iteration into code outside of any.
void buildMoaToLoopsPipeline(mlir::OpPassManager &manager,
                             const MoaToLoopsOptions &options);

} // namespace moa

#endif // MOA_PIPELINES_LOOPSPIPELINE_H
