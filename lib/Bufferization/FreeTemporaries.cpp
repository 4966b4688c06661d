//===- FreeTemporaries.cpp - Free what is allocated -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Bufferization/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace moa {
#define GEN_PASS_DEF_MOAFREETEMPORARIES
#include "moa/Bufferization/Passes.h.inc"
} // namespace moa

using namespace moa;

/// True if `buffer`, or a view of it, is an operand of `terminator`.
static bool isReturned(Value buffer, Operation *terminator) {
  return llvm::any_of(buffer.getUsers(), [&](Operation *user) {
    if (user == terminator)
      return true;
    return isa<ViewLikeOpInterface>(user) &&
           llvm::any_of(user->getResults(), [&](Value view) {
             return isReturned(view, terminator);
           });
  });
}

namespace {
struct FreeTemporariesPass
    : public moa::impl::MoaFreeTemporariesBase<FreeTemporariesPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function.getBody().hasOneBlock())
      return;
    Block &block = function.getBody().front();
    Operation *terminator = block.getTerminator();
    OpBuilder builder(terminator);
    for (auto allocation : block.getOps<memref::AllocOp>())
      if (!isReturned(allocation, terminator) &&
          llvm::none_of(allocation->getUsers(),
                        llvm::IsaPred<memref::DeallocOp>))
        memref::DeallocOp::create(builder, allocation.getLoc(), allocation);
  }
};
} // namespace
