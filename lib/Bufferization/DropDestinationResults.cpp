//===- DropDestinationResults.cpp - Destinations are not returned -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Drops the results of functions that are buffers which the caller has passed.
//
//===----------------------------------------------------------------------===//

#include "moa/Bufferization/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace moa {
#define GEN_PASS_DEF_MOADROPDESTINATIONRESULTS
#include "moa/Bufferization/Passes.h.inc"
} // namespace moa

using namespace moa;

static bool isDestination(func::FuncOp function, unsigned argument) {
  return function.getArgAttr(argument, "moa.destination") != nullptr;
}

/// True if `value` is a destination argument of `function`, or a cast of one.
static bool isDestination(func::FuncOp function, Value value) {
  while (auto cast = value.getDefiningOp<memref::CastOp>())
    value = cast.getSource();
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == &function.getBody().front() &&
         isDestination(function, argument.getArgNumber());
}

/// Drops the buffers that `function`, which has destinations, returns.
static LogicalResult dropResults(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError() << "has several blocks and destinations";
  Operation *terminator = function.getBody().front().getTerminator();
  BitVector dropped(function.getNumResults());
  for (auto [number, value] : llvm::enumerate(terminator->getOperands())) {
    if (!isa<BaseMemRefType>(value.getType()))
      continue;
    if (!isDestination(function, value))
      return function.emitOpError()
             << "returns as result #" << number
             << " a buffer that is not one of its destinations";
    dropped.set(number);
  }
  terminator->eraseOperands(dropped);
  if (failed(function.eraseResults(dropped)))
    llvm_unreachable("the type of a function has any results");
  return success();
}

namespace {
struct DropDestinationResultsPass
    : public moa::impl::MoaDropDestinationResultsBase<
          DropDestinationResultsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      bool hasDestinations =
          llvm::any_of(llvm::seq(function.getNumArguments()),
                       [&](unsigned i) { return isDestination(function, i); });
      if (!function.isExternal() && hasDestinations &&
          failed(dropResults(function)))
        return signalPassFailure();
    }
  }
};
} // namespace
