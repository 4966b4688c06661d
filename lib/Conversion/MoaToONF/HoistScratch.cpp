//===- HoistScratch.cpp - Scratch memory at function entry -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Conversion/MoaToONF/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace moa {
#define GEN_PASS_DEF_MOAHOISTSCRATCH
#include "moa/Conversion/MoaToONF/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {
struct HoistScratchPass : public moa::impl::MoaHoistScratchBase<HoistScratchPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    SmallVector<memref::AllocaOp> scratch;
    function.walk([&](memref::AllocaOp op) {
      if (op->getNumOperands() == 0)
        scratch.push_back(op);
    });
    for (memref::AllocaOp op : llvm::reverse(scratch))
      op->moveBefore(&function.getBody().front(),
                     function.getBody().front().begin());
  }
};
} // namespace
