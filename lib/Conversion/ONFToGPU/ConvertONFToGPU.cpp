//===- ConvertONFToGPU.cpp - Parallel loops become launches -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceCode.h"
#include "LaunchBuilder.h"

#include "moa/Conversion/ONFToGPU/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/Matchers.h"

namespace moa {
#define GEN_PASS_DEF_CONVERTONFTOGPU
#include "moa/Conversion/ONFToGPU/Passes.h.inc"
} // namespace moa

using namespace moa;

/// Emits an error where `function` holds something other than ONF that kernels
/// can do.
static LogicalResult checkOps(func::FuncOp function) {
  WalkResult result =
      function.getBody().walk<WalkOrder::PreOrder>([](Operation *op) {
        if (auto alloca = dyn_cast<memref::AllocaOp>(op);
            alloca && alloca->getNumOperands() > 0) {
          alloca.emitOpError("has a size that is not static; the memory of a "
                             "thread must be");
          return WalkResult::interrupt();
        }
        if (isa<memref::AllocOp, memref::DeallocOp>(op)) {
          op->emitOpError(
              "stands for a temporary array, which kernels have none "
              "of");
          return WalkResult::interrupt();
        }
        if (auto forall = dyn_cast<scf::ForallOp>(op);
            forall && forall->getNumResults() > 0) {
          forall.emitOpError(
              "has tensor results; bufferize the function first");
          return WalkResult::interrupt();
        }
        if (isa<func::ReturnOp>(op) ||
            isa_and_nonnull<affine::AffineDialect, arith::ArithDialect,
                            math::MathDialect, memref::MemRefDialect,
                            scf::SCFDialect, ub::UBDialect>(op->getDialect()))
          return WalkResult::advance();
        op->emitOpError("is not of the operational normal form that becomes "
                        "kernels (affine, arith, math, memref and scf)");
        return WalkResult::interrupt();
      });
  return failure(result.wasInterrupted());
}

/// Replaces `copy` by a parallel loop over its elements.
static void expandCopy(memref::CopyOp copy) {
  OpBuilder builder(copy);
  Location loc = copy.getLoc();
  auto type = cast<MemRefType>(copy.getTarget().getType());
  SmallVector<OpFoldResult> extents;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    extents.push_back(
        memref::getMixedSize(builder, loc, copy.getTarget(), axis));
  auto copyElement = [&](OpBuilder &b, ValueRange indices) {
    Value x = memref::LoadOp::create(b, loc, copy.getSource(), indices);
    memref::StoreOp::create(b, loc, x, copy.getTarget(), indices);
  };
  if (type.getRank() == 0) {
    copyElement(builder, {});
  } else {
    auto loop = scf::ForallOp::create(builder, loc, extents, ValueRange(),
                                      /*mapping=*/std::nullopt);
    builder.setInsertionPointToStart(loop.getBody());
    copyElement(builder, loop.getInductionVars());
  }
  copy.erase();
}

/// Turns the scalar results of `function` into trailing destinations of rank 0.
static LogicalResult resultsToDestinations(func::FuncOp function) {
  auto terminator =
      cast<func::ReturnOp>(function.getBody().front().getTerminator());
  OpBuilder builder(terminator);
  for (Value value : terminator.getOperands()) {
    Location loc = value.getLoc();
    if (!value.getType().isIntOrIndexOrFloat())
      return terminator.emitOpError()
             << "returns a value of type " << value.getType()
             << "; kernels return scalars only";
    NamedAttribute mark =
        builder.getNamedAttr("moa.destination", builder.getUnitAttr());
    if (failed(function.insertArgument(function.getNumArguments(),
                                       MemRefType::get({}, value.getType()),
                                       builder.getDictionaryAttr(mark), loc)))
      return failure();
    memref::StoreOp::create(builder, loc, value, function.getArguments().back(),
                            ValueRange());
  }
  terminator->setOperands({});
  function.setFunctionType(
      builder.getFunctionType(function.getArgumentTypes(), {}));
  function.removeResAttrsAttr();
  return success();
}

/// Brings `function` to the form that `DeviceCode` divides: copies are loops,
/// only the outermost loops are parallel, and nothing is returned.
static LogicalResult prepare(func::FuncOp function) {
  SmallVector<memref::CopyOp> copies;
  function.walk([&](memref::CopyOp op) { copies.push_back(op); });
  llvm::for_each(copies, expandCopy);

  SmallVector<scf::ForallOp> nested;
  function.walk([&](scf::ForallOp op) {
    if (op->getParentOp() != function)
      nested.push_back(op);
  });
  IRRewriter rewriter(function.getContext());
  for (scf::ForallOp op : nested) {
    rewriter.setInsertionPoint(op);
    if (failed(scf::forallToForLoop(rewriter, op)))
      return op.emitOpError("cannot be made a sequential loop");
  }
  return resultsToDestinations(function);
}

static bool hasLoop(Operation *op) {
  return op->walk([](LoopLikeOpInterface) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

/// Replaces what the device runs by launches.
static LogicalResult makeLaunches(func::FuncOp function,
                                  LaunchBuilder &launches) {
  DeviceCode code(function);
  if (failed(code.analyze()))
    return failure();

  SmallVector<Operation *> ops, stores;
  for (Operation &op : function.getBody().front())
    ops.push_back(&op);
  auto flushStores = [&](Operation *at) -> LogicalResult {
    if (stores.empty())
      return success();
    FailureOr<DeviceCode::Slice> slice = code.slice(stores, at);
    if (failed(slice))
      return failure();
    slice->insert(stores.begin(), stores.end());
    SmallVector<Operation *> all = slice->takeVector();
    llvm::sort(
        all, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    launches.launchOnce(all, at);
    stores.clear();
    return success();
  };
  for (Operation *op : ops) {
    auto forall = dyn_cast<scf::ForallOp>(op);
    if (forall || op == ops.back())
      if (failed(flushStores(op)))
        return failure();
    if (forall) {
      FailureOr<DeviceCode::Slice> slice = code.slice(op, op);
      if (failed(slice))
        return failure();
      for (Operation *before : *slice)
        if (hasLoop(before))
          before->emitRemark("this fold is computed again in each thread of a "
                             "parallel loop that uses it");
      launches.launchForall(forall, slice->getArrayRef());
    } else if (code.isDevice(op) && code.writesArrays(op)) {
      stores.push_back(op);
    }
  }
  for (Operation *op : llvm::reverse(ops))
    if (code.isDevice(op) && op->use_empty())
      op->erase();
  return success();
}

namespace {
struct ConvertONFToGPUPass
    : public moa::impl::ConvertONFToGPUBase<ConvertONFToGPUPass> {
  using ConvertONFToGPUBase::ConvertONFToGPUBase;

  LogicalResult initialize(MLIRContext *context) override {
    if (blockSize >= 32 && blockSize <= 1024 && blockSize % 32 == 0)
      return success();
    return emitError(UnknownLoc::get(context))
           << "convert-onf-to-gpu: block-size is " << blockSize.getValue()
           << "; it must be a multiple of 32 from 32 to 1024";
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.isPublic() ||
        function->hasAttr("moa.messages"))
      return;
    if (!function.getBody().hasOneBlock()) {
      function.emitOpError("has several blocks; kernels are made of one");
      return signalPassFailure();
    }
    LaunchBuilder launches(function.getName(), kernelModule, blockSize);
    if (failed(checkOps(function)) || failed(prepare(function)) ||
        failed(makeLaunches(function, launches)))
      signalPassFailure();
  }
};
} // namespace
