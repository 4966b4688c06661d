//===- MoaToONF.cpp - From the normal form to loops -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArrayLowering.h"

#include "moa/Conversion/MoaToONF/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace moa {
#define GEN_PASS_DEF_CONVERTMOATOONF
#include "moa/Conversion/MoaToONF/Passes.h.inc"
} // namespace moa

using namespace moa;

/// Operations of moa that have loops: the normal form, on buffers.
static LogicalResult verifyMoaOp(Operation *op) {
  if (!isa<ArrayOp, FoldOp, PsiOp, YieldOp>(op))
    return op->emitOpError()
           << "is not in normal form, so it has no loops; --moa-expand and "
              "--moa-psi-reduce bring it there";
  auto isTensor = [](Type type) { return isa<TensorType>(type); };
  auto array = dyn_cast<ArrayOp>(op);
  if (llvm::any_of(op->getOperandTypes(), isTensor) ||
      llvm::any_of(op->getResultTypes(), isTensor) ||
      (array && !array.hasBufferSemantics()))
    return op->emitOpError()
           << "works on tensors; --one-shot-bufferize must come first";
  if (auto psi = dyn_cast<PsiOp>(op); psi && !psi.isFull())
    return op->emitOpError() << "has a partial index";
  return success();
}

static LogicalResult verifyInput(func::FuncOp function) {
  WalkResult result = function.walk([](Operation *op) {
    if (isa<MoaDialect>(op->getDialect()))
      return failed(verifyMoaOp(op)) ? WalkResult::interrupt()
                                     : WalkResult::advance();
    bool inBody = op->getParentOfType<ArrayOp>() || op->getParentOfType<FoldOp>();
    if (inBody && op->getNumRegions() != 0 && !isa<scf::IfOp>(op)) {
      op->emitOpError() << "is not allowed in a body in normal form";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// The arrays, folds and elements that are in no other.
static SmallVector<Operation *> getRoots(func::FuncOp function) {
  SmallVector<Operation *> roots;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (!isa<ArrayOp, FoldOp, PsiOp>(op))
      return WalkResult::advance();
    roots.push_back(op);
    return WalkResult::skip();
  });
  return roots;
}

static void lowerElement(PsiOp psi) {
  OpBuilder builder(psi);
  psi.getResult().replaceAllUsesWith(memref::LoadOp::create(
      builder, psi.getLoc(), psi.getSource(), psi.getIndices()));
}

namespace {
struct MoaToONFPass : public moa::impl::ConvertMoaToONFBase<MoaToONFPass> {
  using ConvertMoaToONFBase::ConvertMoaToONFBase;

  void runOnOperation() override {
    if (columnBlock < 1) {
      getOperation().emitError()
          << "column-block must be at least 1, but is "
          << columnBlock.getValue();
      return signalPassFailure();
    }
    if (failed(verifyInput(getOperation())))
      return signalPassFailure();
    for (Operation *root : getRoots(getOperation())) {
      if (auto array = dyn_cast<ArrayOp>(root))
        lowerArray(array, columnBlock);
      else if (auto fold = dyn_cast<FoldOp>(root))
        lowerFold(fold);
      else
        lowerElement(cast<PsiOp>(root));
      root->erase();
    }
  }
};
} // namespace
