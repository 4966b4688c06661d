//===- CpuPipeline.h - From any level of moa to LLVM -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_PIPELINES_CPUPIPELINE_H
#define MOA_PIPELINES_CPUPIPELINE_H

#include "moa/Pipelines/LoopsPipeline.h"

namespace moa {

struct MoaToCpuOptions : MoaToLoopsPipelineOptions<MoaToCpuOptions, 1024> {
  MoaToLoopsPipelineOptions::Option<bool> materialize{
      *this, "materialize",
      llvm::cl::desc("Store intermediate arrays where that is cheaper"),
      llvm::cl::init(true)};
};

/// `--moa-to-cpu`: to the LLVM dialect, each public function with a wrapper
/// `_mlir_ciface_F` for callers in C.
void buildMoaToCpuPipeline(mlir::OpPassManager &manager,
                           const MoaToCpuOptions &options);

/// Registers `--moa-to-cpu`.
void registerMoaToCpuPipeline();

} // namespace moa

#endif // MOA_PIPELINES_CPUPIPELINE_H
