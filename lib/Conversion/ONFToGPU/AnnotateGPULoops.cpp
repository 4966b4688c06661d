//===- AnnotateGPULoops.cpp - Leave unrolling at run time to ptxas -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Conversion/ONFToGPU/Passes.h"

#include "mlir/Analysis/CFGLoopInfo.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Dominance.h"

namespace moa {
#define GEN_PASS_DEF_ANNOTATEGPULOOPS
#include "moa/Conversion/ONFToGPU/Passes.h.inc"
} // namespace moa

using namespace moa;

/// "Do not unroll where the number of iterations is not a constant."
static LLVM::LoopAnnotationAttr rolledAtRunTime(MLIRContext *context) {
  LLVM::LoopUnrollAttr unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/nullptr, /*count=*/nullptr,
      /*runtimeDisable=*/BoolAttr::get(context, true), /*full=*/nullptr,
      /*followupUnrolled=*/nullptr, /*followupRemainder=*/nullptr,
      /*followupAll=*/nullptr);
  return LLVM::LoopAnnotationAttr::get(
      context, /*disableNonforced=*/nullptr, /*vectorize=*/nullptr,
      /*interleave=*/nullptr, unroll, /*unrollAndJam=*/nullptr,
      /*licm=*/nullptr, /*distribute=*/nullptr, /*pipeline=*/nullptr,
      /*peeled=*/nullptr, /*unswitch=*/nullptr, /*mustProgress=*/nullptr,
      /*isVectorized=*/nullptr, /*startLoc=*/nullptr, /*endLoc=*/nullptr,
      /*parallelAccesses=*/{});
}

/// LLVM reads a loop's annotation from the branches back to its header.
static void annotate(Operation *branch, LLVM::LoopAnnotationAttr annotation) {
  if (auto br = dyn_cast<LLVM::BrOp>(branch))
    br.setLoopAnnotationAttr(annotation);
  else if (auto condBr = dyn_cast<LLVM::CondBrOp>(branch))
    condBr.setLoopAnnotationAttr(annotation);
}

namespace {
struct AnnotateGPULoops
    : moa::impl::AnnotateGPULoopsBase<AnnotateGPULoops> {
  void runOnOperation() override {
    LLVM::LoopAnnotationAttr annotation = rolledAtRunTime(&getContext());
    getOperation().walk([&](LLVM::LLVMFuncOp function) {
      // Upstream has no loops for a region of one block.
      if (function.isExternal() || function.getBody().hasOneBlock())
        return;
      DominanceInfo dominance(function);
      CFGLoopInfo loops(dominance.getDomTree(&function.getBody()));
      for (CFGLoop *loop : loops.getLoopsInPreorder()) {
        SmallVector<Block *> latches;
        loop->getLoopLatches(latches);
        for (Block *latch : latches)
          annotate(latch->getTerminator(), annotation);
      }
    });
  }
};
} // namespace
