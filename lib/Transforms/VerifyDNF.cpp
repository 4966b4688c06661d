//===- VerifyDNF.cpp - The contract between the two halves -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace moa {
#define GEN_PASS_DEF_MOAVERIFYDNF
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

/// True for an operation that may stand in a body of the normal form.
static bool isScalarCode(Operation *op) {
  return isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
         isa<affine::AffineApplyOp, scf::IfOp, scf::YieldOp, tensor::DimOp,
             memref::DimOp, FoldOp, PsiOp, YieldOp>(op);
}

/// A psi reads one element of a leaf.
static LogicalResult verifyLeaf(PsiOp psi) {
  if (!psi.isFull())
    return psi.emitOpError() << "has a partial index in normal form";
  Operation *source = psi.getSource().getDefiningOp();
  if (isa_and_nonnull<ArrayOp>(source)) {
    InFlightDiagnostic diag = psi.emitOpError()
                              << "reads an intermediate array in normal form";
    diag.attachNote(source->getLoc()) << "computed here";
    return diag;
  }
  return success();
}

static LogicalResult verifyOp(Operation *op) {
  if (isa<MoaDialect>(op->getDialect()) &&
      !isa<ArrayOp, FoldOp, PsiOp, YieldOp, MaterializeOp>(op))
    return op->emitOpError() << "is not allowed in normal form";
  if (auto psi = dyn_cast<PsiOp>(op))
    if (failed(verifyLeaf(psi)))
      return failure();
  auto array = op->getParentOfType<ArrayOp>();
  auto fold = op->getParentOfType<FoldOp>();
  if ((array || fold) && !isScalarCode(op))
    return op->emitOpError() << "is not allowed in a body in normal form";
  return success();
}

namespace {
struct VerifyDNFPass : public moa::impl::MoaVerifyDNFBase<VerifyDNFPass> {
  void runOnOperation() override {
    WalkResult result = getOperation().walk([](Operation *op) {
      return failed(verifyOp(op)) ? WalkResult::interrupt()
                                  : WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
