//===- LinalgToMoa.cpp - The pass convert-linalg-to-moa ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Converter.h"

#include "moa/Conversion/LinalgToMoa/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace moa {
#define GEN_PASS_DEF_CONVERTLINALGTOMOA
#include "moa/Conversion/LinalgToMoa/Passes.h.inc"
} // namespace moa

using namespace moa;

static bool isTensor(Type type) { return isa<TensorType>(type); }

/// True for an operation on scalars that is applied to tensors.
static bool isElementwise(Operation *op) {
  return OpTrait::hasElementwiseMappableTraits(op) &&
         llvm::any_of(op->getResultTypes(), isTensor);
}

/// True for an operation that makes an array in a way that moa can say, too.
static bool isCandidate(Operation *op) {
  if (!llvm::any_of(op->getResultTypes(), isTensor) ||
      isa<tensor::CastOp, tensor::EmptyOp, tensor::FromElementsOp,
          tensor::SplatOp>(op))
    return false;
  return isElementwise(op) ||
         isa<linalg::LinalgDialect, tensor::TensorDialect>(op->getDialect());
}

Value LinalgConverter::buildArray(OpBuilder &builder, Location loc, Type type,
                                  ArrayRef<OpFoldResult> extents,
                                  ElementFn element) {
  auto array = ArrayOp::create(builder, loc, TypeRange(type), extents);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&array.getBody().front());
  SmallVector<Value> axes(array.getAxes().begin(), array.getAxes().end());
  YieldOp::create(builder, loc, ValueRange{element(builder, axes)});
  return array.getResult(0);
}

void LinalgConverter::replace(Value before, Value after) {
  facts.replace(before, after);
  before.replaceAllUsesWith(after);
  if (done.empty() || done.back() != before.getDefiningOp())
    done.push_back(before.getDefiningOp());
}

void LinalgConverter::eraseReplaced() {
  for (Operation *op : llvm::reverse(done))
    op->erase();
  done.clear();
}

void LinalgConverter::convert(Operation *op) {
  if (op->use_empty() && isPure(op))
    return;
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  std::string obstacle =
      structured ? convertStructured(structured) : convertTensor(op);
  if (!obstacle.empty())
    remark::missed(op->getLoc(), remark::RemarkOpts::name("NotConverted")
                                     .category("linalg-to-moa"))
        << remark::add("'{0}' stays: {1}", op->getName().getStringRef().str(),
                       obstacle);
}

/// Operations in one of several pieces become these.
static void decompose(func::FuncOp function) {
  SmallVector<linalg::AggregatedOpInterface> aggregated;
  function.walk([&](linalg::AggregatedOpInterface op) {
    if (llvm::all_of(op->getResultTypes(), isTensor))
      aggregated.push_back(op);
  });
  for (linalg::AggregatedOpInterface op : aggregated) {
    OpBuilder builder(op);
    FailureOr<SmallVector<Value>> values = op.decomposeOperation(builder);
    if (failed(values) || values->size() != op->getNumResults())
      continue;
    op->replaceAllUsesWith(*values);
    op->erase();
  }
}

namespace {
struct LinalgToMoaPass
    : public moa::impl::ConvertLinalgToMoaBase<LinalgToMoaPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!hasCandidates(function))
      return markAllAnalysesPreserved();
    if (failed(prepare(function)))
      return signalPassFailure();
    SmallVector<Operation *> candidates;
    function.walk([&](Operation *op) {
      if (isCandidate(op))
        candidates.push_back(op);
    });
    LinalgConverter converter(function);
    for (Operation *op : candidates)
      converter.convert(op);
    converter.eraseReplaced();
  }

private:
  static bool hasCandidates(func::FuncOp function) {
    return function
        .walk([](Operation *op) {
          return isCandidate(op) ? WalkResult::interrupt()
                                 : WalkResult::advance();
        })
        .wasInterrupted();
  }

  /// Extents in their simplest form, everything as structured operations.
  LogicalResult prepare(func::FuncOp function) {
    OpPassManager manager(function->getName());
    manager.addPass(arith::createIntRangeOptimizationsPass());
    manager.addPass(createCanonicalizerPass());
    manager.addPass(createCSEPass());
    manager.addPass(createConvertElementwiseToLinalgPass());
    if (failed(runPipeline(manager, function)))
      return failure();
    decompose(function);
    return success();
  }
};
} // namespace
