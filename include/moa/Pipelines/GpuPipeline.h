//===- GpuPipeline.h - From algebra to GPU binaries -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_PIPELINES_GPUPIPELINE_H
#define MOA_PIPELINES_GPUPIPELINE_H

#include "moa/Target/PTX/BinaryFormat.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace moa {

/// Options of `--moa-to-gpu`.
struct MoaToGpuOptions : mlir::PassPipelineOptions<MoaToGpuOptions> {
  Option<std::string> chip{*this, "chip",
                           llvm::cl::desc("NVIDIA chip: sm_80, sm_90a, ..."),
                           llvm::cl::init("sm_80")};
  Option<BinaryFormat> format{
      *this, "format", llvm::cl::desc("What the kernels become"),
      llvm::cl::init(BinaryFormat::Fatbin), binaryFormatValues()};
  Option<int64_t> blockSize{
      *this, "block-size",
      llvm::cl::desc("Threads of a block: a multiple of 32, at most 1024"),
      llvm::cl::init(128)};
  Option<int64_t> columnBlock{
      *this, "column-block",
      llvm::cl::desc("Columns whose state a thread keeps in scratch at a time"),
      llvm::cl::init(64)};
  Option<bool> fuseFolds{
      *this, "fuse-folds",
      llvm::cl::desc("Make one-pass towers of chains of folds"),
      llvm::cl::init(true)};
  Option<bool> splitSegments{
      *this, "split-segments",
      llvm::cl::desc("Make one fold for each segment of a concatenation"),
      llvm::cl::init(true)};
  Option<bool> tightenBounds{
      *this, "tighten-bounds",
      llvm::cl::desc("Make bounds of masks of folds"), llvm::cl::init(true)};
  Option<std::string> cudaRoot{
      *this, "cuda-root",
      llvm::cl::desc("Folder of the CUDA toolkit; if empty $MOA_CUDA_ROOT, "
                     "$CUDA_ROOT, $CUDA_HOME, $CUDA_PATH, /usr/local/cuda"),
      llvm::cl::init("")};
};

/// From loops (ONF) to kernels in the NVVM dialect, with the chip attached, and
/// host functions that launch them.
void buildOnfToNvvmPipeline(mlir::OpPassManager &manager,
                            const MoaToGpuOptions &options);

/// From there to a `gpu.binary`.
void buildNvvmToBinaryPipeline(mlir::OpPassManager &manager,
                               const MoaToGpuOptions &options);

/// From there to host functions in the LLVM dialect, which load the binary and
/// launch its kernels through MLIR's mgpu functions.
void buildGpuHostPipeline(mlir::OpPassManager &manager);

/// `--moa-to-gpu`: all of it, from any level of moa on tensors.
void buildMoaToGpuPipeline(mlir::OpPassManager &manager,
                           const MoaToGpuOptions &options);

/// Registers `moa-to-gpu` and `moa-onf-to-gpu`.
void registerMoaToGpuPipelines();

} // namespace moa

#endif // MOA_PIPELINES_GPUPIPELINE_H
