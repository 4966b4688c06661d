//===- PsiReduce.cpp - The pass moa-psi-reduce -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Transforms/Passes.h"
#include "moa/Transforms/PsiReduction.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace moa {
#define GEN_PASS_DEF_MOAPSIREDUCE
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

namespace {
struct PsiReducePass : public moa::impl::MoaPsiReduceBase<PsiReducePass> {
  void runOnOperation() override {
    if (failed(moa::psiReduce(getOperation())))
      signalPassFailure();
  }
};
} // namespace
