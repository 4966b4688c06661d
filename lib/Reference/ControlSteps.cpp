//===- ControlSteps.cpp - scf.if, scf.for, func.call, cf.assert -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Control flow around arrays and in scalar code.
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace moa;
using namespace moa::reference;

/// Copies values from one list of slots to another, at once.
static void copySlots(const Frame &from, ArrayRef<Slot> sources, Frame &to,
                      ArrayRef<Slot> targets) {
  SmallVector<Cell> cells;
  SmallVector<Array> arrays;
  for (Slot slot : sources) {
    if (slot.isArray)
      arrays.push_back(from.arrays[slot.number]);
    else
      cells.push_back(from.scalars[slot.number]);
  }
  auto cell = cells.begin();
  auto array = arrays.begin();
  for (Slot slot : targets) {
    if (slot.isArray)
      to.arrays[slot.number] = std::move(*array++);
    else
      to.scalars[slot.number] = *cell++;
  }
}

namespace {
/// A region that yields values of any kind.
struct Branch {
  Code code;
  std::vector<Slot> yields;

  LogicalResult decode(Region &region, Decoder &decoder) {
    if (region.empty())
      return success();
    if (failed(decoder.decodeBlock(region.front(), code)))
      return failure();
    yields = decoder.slots(region.front().getTerminator()->getOperands());
    return success();
  }
};

class IfStep : public Step {
public:
  IfStep(scf::IfOp op, Decoder &decoder)
      : Step(op), condition(decoder.scalar(op.getCondition())),
        results(decoder.slots(op.getResults())) {}

  LogicalResult run(Frame &frame) const override {
    const Branch &branch = frame.scalars[condition].i ? onTrue : onFalse;
    if (failed(branch.code.run(frame)))
      return failure();
    copySlots(frame, branch.yields, frame, results);
    return success();
  }

  Branch onTrue, onFalse;

private:
  unsigned condition;
  std::vector<Slot> results;
};

class ForStep : public Step {
public:
  ForStep(scf::ForOp op, Decoder &decoder)
      : Step(op), lower(decoder.scalar(op.getLowerBound())),
        upper(decoder.scalar(op.getUpperBound())),
        stride(decoder.scalar(op.getStep())),
        index(decoder.scalar(op.getInductionVar())),
        inits(decoder.slots(op.getInitArgs())),
        carried(decoder.slots(op.getRegionIterArgs())),
        results(decoder.slots(op.getResults())) {}

  LogicalResult run(Frame &frame) const override {
    int64_t begin = frame.scalars[lower].i, end = frame.scalars[upper].i;
    int64_t by = frame.scalars[stride].i;
    if (by <= 0)
      return error() << "has step " << by << ", which is not positive";
    copySlots(frame, inits, frame, carried);
    // Counted down, so that the index cannot overflow.
    uint64_t trips = begin < end ? (uint64_t(end) - begin - 1) / by + 1 : 0;
    for (int64_t k = begin; trips > 0; --trips, k += by) {
      frame.scalars[index] = cellOf(k);
      if (failed(body.code.run(frame)))
        return failure();
      copySlots(frame, body.yields, frame, carried);
    }
    copySlots(frame, carried, frame, results);
    return success();
  }

  Branch body;

private:
  unsigned lower, upper, stride, index;
  std::vector<Slot> inits, carried, results;
};

class CallStep : public Step {
public:
  /// A callee may be deep, a chain of calls without end is an error.
  static constexpr unsigned maxDepth = 256;

  CallStep(func::CallOp op, const FunctionCode *callee, Decoder &decoder)
      : Step(op), callee(callee), operands(decoder.slots(op.getOperands())),
        results(decoder.slots(op.getResults())) {}

  LogicalResult run(Frame &frame) const override {
    if (frame.depth >= maxDepth)
      return error() << "is call number " << maxDepth
                     << " of a chain: more than the limit";
    Frame inner = callee->makeFrame(frame.depth + 1);
    copySlots(frame, operands, inner, callee->arguments);
    if (failed(callee->code.run(inner)))
      return failure();
    copySlots(inner, callee->results, frame, results);
    return success();
  }

private:
  const FunctionCode *callee;
  std::vector<Slot> operands, results;
};

class AssertStep : public Step {
public:
  AssertStep(cf::AssertOp op, Decoder &decoder)
      : Step(op), condition(decoder.scalar(op.getArg())) {}

  LogicalResult run(Frame &frame) const override {
    if (frame.scalars[condition].i)
      return success();
    return error() << "failed: " << cast<cf::AssertOp>(op).getMsg();
  }

private:
  unsigned condition;
};
} // namespace

FailureOr<StepPtr> moa::reference::decodeControl(Operation *op,
                                                 Decoder &decoder) {
  if (auto choice = dyn_cast<scf::IfOp>(op)) {
    auto step = std::make_unique<IfStep>(choice, decoder);
    if (failed(step->onTrue.decode(choice.getThenRegion(), decoder)) ||
        failed(step->onFalse.decode(choice.getElseRegion(), decoder)))
      return failure();
    return StepPtr(std::move(step));
  }
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    auto step = std::make_unique<ForStep>(loop, decoder);
    if (failed(step->body.decode(loop.getRegion(), decoder)))
      return failure();
    return StepPtr(std::move(step));
  }
  if (auto call = dyn_cast<func::CallOp>(op)) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        op, call.getCalleeAttr());
    if (!callee)
      return op->emitOpError()
             << "calls '" << call.getCallee() << "', which is no function";
    FailureOr<const FunctionCode *> code =
        decoder.program.decode(callee, /*isEntry=*/false);
    if (failed(code))
      return failure();
    return StepPtr(std::make_unique<CallStep>(call, *code, decoder));
  }
  if (auto assertion = dyn_cast<cf::AssertOp>(op))
    return StepPtr(std::make_unique<AssertStep>(assertion, decoder));
  return StepPtr();
}
