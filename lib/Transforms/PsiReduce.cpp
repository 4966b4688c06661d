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
  using MoaPsiReduceBase::MoaPsiReduceBase;

  void runOnOperation() override {
    moa::PsiReductionOptions options{materialize, extent, traffic, columns};
    for (auto [name, value, least] : {std::tuple("extent", options.extent, 1),
                                      {"traffic", options.traffic, 0},
                                      {"columns", options.columns, 1}})
      if (value < least) {
        getOperation().emitError() << "moa-psi-reduce: " << name << " = "
                                   << value << ", must be at least " << least;
        return signalPassFailure();
      }
    if (failed(moa::psiReduce(getOperation(), options)))
      signalPassFailure();
  }
};
} // namespace
