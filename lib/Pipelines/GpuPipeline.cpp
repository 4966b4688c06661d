//===- GpuPipeline.cpp - From algebra to GPU binaries -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Pipelines/GpuPipeline.h"

#include "moa/Conversion/ONFToGPU/Passes.h"
#include "moa/Pipelines/LoopsPipeline.h"
#include "moa/Target/PTX/CudaToolkit.h"
#include "moa/Target/PTX/Passes.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/GPUCommon/GPUCommonPass.h"
#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/RequestCWrappers.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace moa;

/// Kernels: from scalar code to the NVVM dialect.
static void buildKernelPipeline(OpPassManager &manager) {
  math::MathExtendToSupportedTypesOptions extend;
  extend.targetTypeStr = "f32";
  manager.addPass(math::createMathExtendToSupportedTypes(extend));
  math::MathExpandOpsPassOptions expand;
  expand.opMnemonics = {"clampf"};
  manager.addPass(math::createMathExpandOpsPass(expand));
  manager.addPass(createLegalizeGPUMath());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createSCFToControlFlowPass());
  ConvertGpuOpsToNVVMOpsOptions convert;
  convert.useBarePtrCallConv = true;
  convert.indexBitwidth = 64;
  manager.addPass(createConvertGpuOpsToNVVMOps(convert));
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createAnnotateGPULoops());
}

void moa::buildOnfToNvvmPipeline(OpPassManager &manager,
                                 const MoaToGpuOptions &options) {
  manager.addPass(createLowerAffinePass());
  ConvertONFToGPUOptions launch;
  launch.blockSize = options.blockSize;
  manager.addNestedPass<func::FuncOp>(createConvertONFToGPU(launch));
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addNestedPass<func::FuncOp>(createSplitLaunchMemrefs());
  manager.addPass(createGpuKernelOutliningPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createAttachChip(AttachChipOptions{options.chip}));
  buildKernelPipeline(manager.nest<gpu::GPUModuleOp>());
}

static StringRef upstreamName(BinaryFormat format) {
  switch (format) {
  case BinaryFormat::Ptx:
    return "isa";
  case BinaryFormat::Cubin:
    return "bin";
  case BinaryFormat::Fatbin:
    return "fatbin";
  }
  llvm_unreachable("unknown format");
}

void moa::buildNvvmToBinaryPipeline(OpPassManager &manager,
                                    const MoaToGpuOptions &options) {
  manager.addPass(createCheckCudaToolkit(
      CheckCudaToolkitOptions{options.cudaRoot, options.format}));
  GpuModuleToBinaryPassOptions binary;
  binary.toolkitPath = CudaToolkit(options.cudaRoot).root();
  binary.compilationTarget = upstreamName(options.format);
  manager.addPass(createGpuModuleToBinaryPass(binary));
}

void moa::buildGpuHostPipeline(OpPassManager &manager) {
  OpPassManager &functions = manager.nest<func::FuncOp>();
  functions.addPass(memref::createExpandStridedMetadataPass());
  functions.addPass(createLowerAffinePass());
  functions.addPass(arith::createArithExpandOpsPass());
  manager.addPass(createSCFToControlFlowPass());
  manager.addNestedPass<func::FuncOp>(LLVM::createLLVMRequestCWrappersPass());
  GpuToLLVMConversionPassOptions convert;
  convert.kernelBarePtrCallConv = true;
  manager.addPass(createGpuToLLVMConversionPass(convert));
  manager.addPass(createReconcileUnrealizedCastsPass());
}

void moa::buildMoaToGpuPipeline(OpPassManager &manager,
                                const MoaToGpuOptions &options) {
  buildMoaToLoopsPipeline(manager, {options.columnBlock, options.fuseFolds,
                                    options.splitSegments,
                                    options.tightenBounds});
  buildOnfToNvvmPipeline(manager, options);
  buildNvvmToBinaryPipeline(manager, options);
}

void moa::registerMoaToGpuPipelines() {
  PassPipelineRegistration<MoaToGpuOptions>(
      "moa-to-gpu", "Lower moa programs, of any level, to GPU binaries",
      buildMoaToGpuPipeline);
  PassPipelineRegistration<MoaToGpuOptions>(
      "moa-onf-to-gpu",
      "Lower loops (the operational normal form) to GPU binaries",
      [](OpPassManager &manager, const MoaToGpuOptions &options) {
        buildOnfToNvvmPipeline(manager, options);
        buildNvvmToBinaryPipeline(manager, options);
      });
}
