//===- LoopsPipeline.cpp - From any level of moa to loops -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Pipelines/LoopsPipeline.h"

#include "moa/Bufferization/Passes.h"
#include "moa/Conversion/LinalgToMoa/Passes.h"
#include "moa/Conversion/MoaToONF/Passes.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace moa;

static void addCleanup(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

/// Tensors become buffers; arguments may have any strides.
static void addBufferization(OpPassManager &manager) {
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::FullyDynamicLayoutMap;
  manager.addPass(createMoaDestinationPassing());
  manager.addPass(bufferization::createOneShotBufferizePass(options));
  manager.addPass(createMoaDropDestinationResults());
  manager.addPass(createMoaFreeArrays());
}

void moa::buildMoaToLoopsPipeline(OpPassManager &manager,
                                  const MoaToLoopsOptions &options) {
  manager.addNestedPass<func::FuncOp>(
      options.convertLinalg ? createConvertLinalgToMoa()
                            : createConvertElementwiseToLinalgPass());
  manager.addPass(createMoaOutlineContract());
  manager.addNestedPass<func::FuncOp>(createMoaExpand());
  if (options.simplify)
    manager.addNestedPass<func::FuncOp>(createMoaSimplify());
  MoaPsiReduceOptions reduction;
  if (!options.materialize)
    reduction.materialize = Materialization::Never;
  manager.addNestedPass<func::FuncOp>(createMoaPsiReduce(reduction));
  if (options.fuseFolds)
    manager.addNestedPass<func::FuncOp>(createMoaFuseFolds());
  if (options.splitSegments)
    manager.addNestedPass<func::FuncOp>(createMoaSplitSegments());
  if (options.tightenBounds)
    manager.addNestedPass<func::FuncOp>(createMoaTightenBounds());
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(createMoaVerifyDNF());
  addBufferization(manager);
  addCleanup(manager);
  manager.addNestedPass<func::FuncOp>(
      createConvertMoaToONF({options.columnBlock}));
}
