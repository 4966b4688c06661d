//===- OutlineContract.cpp - What a function asks of its arguments -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeadCode.h"
#include "Extents.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/RuntimeVerifiableOpInterface.h"

namespace moa {
#define GEN_PASS_DEF_MOAOUTLINECONTRACT
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

/// Emits what a structured operation, one that was not converted, asks: extents
/// along one loop are equal. (Upstream's own checks stand under `scf.if`.)
static void emitStructuredConditions(linalg::LinalgOp op) {
  OpBuilder builder(op);
  IndexMath math(builder, op.getLoc());
  SmallVector<OpFoldResult> loops(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (!loop)
        continue;
      OpFoldResult extent = math.extentOf(operand.get(), axis);
      OpFoldResult &first = loops[loop.getPosition()];
      if (!first)
        first = extent;
      else if (isa<Value>(first) || isa<Value>(extent))
        cf::AssertOp::create(builder, op.getLoc(), math.equal(first, extent),
                             "'" + op->getName().getStringRef().str() +
                                 "' op operand #" +
                                 std::to_string(operand.getOperandNumber()) +
                                 " must be as long along axis " +
                                 std::to_string(axis) +
                                 " as other operands along the same loop");
    }
  }
}

/// Emits `cf.assert` for the conditions of each operation of the algebra, and of
/// `linalg`. What stands in a region of one is scalar code, without conditions.
static void emitConditions(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    bool isStructured = isa<linalg::LinalgOp>(op);
    if (!isStructured && !isa_and_nonnull<MoaDialect>(op->getDialect()))
      return WalkResult::advance();
    if (isStructured || isa<RuntimeVerifiableOpInterface>(op))
      ops.push_back(op);
    return WalkResult::skip();
  });
  for (Operation *op : ops) {
    if (auto structured = dyn_cast<linalg::LinalgOp>(op)) {
      emitStructuredConditions(structured);
      continue;
    }
    OpBuilder builder(op);
    cast<RuntimeVerifiableOpInterface>(op).generateRuntimeVerification(
        builder, op->getLoc(), [](Operation *at, StringRef message) {
          return ("'" + at->getName().getStringRef() + "' op " + message).str();
        });
  }
}

/// Replaces the asserts of `function` by a status: 0, or 1 + the number of the
/// first one that fails. Appends their messages.
static Value collectStatus(OpBuilder &builder, func::FuncOp function,
                           SmallVectorImpl<Attribute> &messages) {
  Location loc = function.getLoc();
  SmallVector<cf::AssertOp> asserts;
  function.walk([&](cf::AssertOp op) { asserts.push_back(op); });
  auto number = [&](int64_t n) {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(n));
  };
  Value status = number(0);
  SmallVector<cf::AssertOp> checked;
  for (cf::AssertOp op : asserts)
    if (op->getParentOp() == function) // Not under control flow.
      checked.push_back(op);
  for (size_t i = checked.size(); i-- > 0;)
    status = arith::SelectOp::create(builder, loc, checked[i].getArg(), status,
                                     number(i + 1));
  for (cf::AssertOp op : checked)
    messages.push_back(op.getMsgAttr());
  for (cf::AssertOp op : asserts)
    op->erase();
  return status;
}

/// What the contract asks the function takes for granted.
static void dropConditions(func::FuncOp function) {
  SmallVector<cf::AssertOp> asserts(function.getOps<cf::AssertOp>());
  for (cf::AssertOp op : asserts)
    op->erase();
  if (!asserts.empty())
    eraseDeadCode(function);
}

/// Turns `function`, a copy, into the contract.
static void makeContract(func::FuncOp function) {
  emitConditions(function);
  auto terminator =
      cast<func::ReturnOp>(function.getBody().back().getTerminator());
  OpBuilder builder(terminator);
  SmallVector<Attribute> messages;
  SmallVector<Value> results{collectStatus(builder, function, messages)};
  IndexMath math(builder, function.getLoc());
  for (Value value : terminator.getOperands())
    if (isa<RankedTensorType>(value.getType()))
      llvm::append_range(results, math.values(math.shapeOf(value)));
  terminator.getOperandsMutable().assign(results);
  Extents extents;
  extents.resolveDims(function);

  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), TypeRange(terminator.getOperands())));
  function.removeResAttrsAttr();
  function->setAttr("moa.messages", builder.getArrayAttr(messages));
  eraseDeadCode(function);
}

namespace {
struct OutlineContractPass
    : public moa::impl::MoaOutlineContractBase<OutlineContractPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
    for (func::FuncOp function : functions) {
      if (function.isExternal() || !function.isPublic())
        continue;
      if (!function.getBody().hasOneBlock()) {
        function.emitOpError() << "has several blocks; a contract needs one";
        return signalPassFailure();
      }
      std::string name = (function.getName() + "__contract").str();
      if (symbols.lookup(name)) {
        function.emitOpError() << "cannot have a contract: the name '" << name
                               << "' is taken";
        return signalPassFailure();
      }
      auto contract = cast<func::FuncOp>(function->clone());
      contract.setName(name);
      symbols.insert(contract, std::next(Block::iterator(function)));
      makeContract(contract);
      dropConditions(function);
    }
  }
};
} // namespace
