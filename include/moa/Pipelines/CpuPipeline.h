//===- CpuPipeline.h - From any level of moa to LLVM -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_PIPELINES_CPUPIPELINE_H
#define MOA_PIPELINES_CPUPIPELINE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace moa {

struct MoaToCpuOptions : mlir::PassPipelineOptions<MoaToCpuOptions> {
  Option<int64_t> columnBlock{
      *this, "column-block",
      llvm::cl::desc("columns whose state is kept in scratch at a time"),
      llvm::cl::init(1024)};
  Option<bool> fuseFolds{
      *this, "fuse-folds",
      llvm::cl::desc("make one-pass towers of chains of folds"),
      llvm::cl::init(true)};
  Option<bool> tightenBounds{
      *this, "tighten-bounds",
      llvm::cl::desc("make bounds of masks of folds"), llvm::cl::init(true)};
};

/// `--moa-to-cpu`: to the LLVM dialect, each public function with a wrapper
/// `_mlir_ciface_F` for callers in C.
void buildMoaToCpuPipeline(mlir::OpPassManager &manager,
                           const MoaToCpuOptions &options);

/// Registers `--moa-to-cpu`.
void registerMoaToCpuPipeline();

} // namespace moa

#endif // MOA_PIPELINES_CPUPIPELINE_H
