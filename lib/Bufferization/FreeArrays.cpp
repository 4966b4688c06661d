//===- FreeArrays.cpp - Arrays that a program stores for itself -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Bufferization/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"

namespace moa {
#define GEN_PASS_DEF_MOAFREEARRAYS
#include "moa/Bufferization/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {
struct FreeArraysPass : public moa::impl::MoaFreeArraysBase<FreeArraysPass> {
  void runOnOperation() override {
    bool allocates = getOperation()
                         .walk([](memref::AllocOp) {
                           return WalkResult::interrupt();
                         })
                         .wasInterrupted();
    if (!allocates)
      return markAllAnalysesPreserved();
    OpPassManager manager(ModuleOp::getOperationName());
    bufferization::buildBufferDeallocationPipeline(manager);
    if (failed(runPipeline(manager, getOperation())))
      signalPassFailure();
  }
};
} // namespace
