//===- CpuPipeline.cpp - From any level of moa to LLVM -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Pipelines/CpuPipeline.h"

#include "moa/Conversion/LegalizeCPUMath/Passes.h"
#include "moa/Conversion/MoaToONF/Passes.h"
#include "moa/Pipelines/LoopsPipeline.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/RequestCWrappers.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace moa;

static void addCleanup(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

/// Scalar code that needs no runtime library but libm.
static void addMathLegalization(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(math::createMathExtendToSupportedTypes());
  math::MathExpandOpsPassOptions clamp;
  clamp.opMnemonics = {"clampf"};
  manager.addNestedPass<func::FuncOp>(math::createMathExpandOpsPass(clamp));
  manager.addPass(createLegalizeCPUMath());
  arith::ArithEmulateUnsupportedFloatsOptions emulation;
  emulation.sourceTypeStrs = {"bf16"};
  manager.addNestedPass<func::FuncOp>(
      arith::createArithEmulateUnsupportedFloats(emulation));
  arith::ArithExpandOpsPassOptions expansion;
  expansion.includeBf16 = true;
  manager.addNestedPass<func::FuncOp>(
      arith::createArithExpandOpsPass(expansion));
}

void moa::buildMoaToCpuPipeline(OpPassManager &manager,
                                const MoaToCpuOptions &options) {
  buildMoaToLoopsPipeline(manager, {options.columnBlock, options.fuseFolds,
                                    options.tightenBounds, options.simplify,
                                    options.materialize});
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(createForallToForLoopPass());
  manager.addNestedPass<func::FuncOp>(createMoaHoistScratch());
  // Before functions of libm are declared: those have no wrappers.
  manager.addNestedPass<func::FuncOp>(LLVM::createLLVMRequestCWrappersPass());
  addMathLegalization(manager);
  manager.addNestedPass<func::FuncOp>(memref::createExpandStridedMetadataPass());
  manager.addPass(createLowerAffinePass());
  addCleanup(manager);
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(createConvertToLLVMPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

void moa::registerMoaToCpuPipeline() {
  PassPipelineRegistration<MoaToCpuOptions>(
      "moa-to-cpu",
      "Lower moa programs, of any level, to the LLVM dialect for the CPU",
      buildMoaToCpuPipeline);
}
