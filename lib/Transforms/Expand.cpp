//===- Expand.cpp - Variants as naive algebra ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Transforms/Passes.h"
#include "moa/Transforms/AttentionExpansion.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace moa {
#define GEN_PASS_DEF_MOAEXPAND
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {
struct ExpandPass : public moa::impl::MoaExpandBase<ExpandPass> {
  void runOnOperation() override {
    SmallVector<AttentionOp> variants;
    getOperation().walk([&](AttentionOp op) { variants.push_back(op); });
    for (AttentionOp op : variants) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(expandAttention(builder, op));
      op->erase();
    }
  }
};
} // namespace
