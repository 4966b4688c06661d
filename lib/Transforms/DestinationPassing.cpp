//===- DestinationPassing.cpp - Results of functions become destinations -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

namespace moa {
#define GEN_PASS_DEF_MOADESTINATIONPASSING
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

/// True if every result of the array behind `value` is returned, once, and by
/// nothing else used: then the array can be built in destinations.
static bool canBuildInDestinations(Value value) {
  auto array = value.getDefiningOp<ArrayOp>();
  return array && array.getOuts().empty() &&
         llvm::all_of(array->getResults(), [](Value result) {
           return result.hasOneUse() &&
                  isa<func::ReturnOp>(*result.user_begin());
         });
}

/// The new last argument of `function`, in which `value` is to be built.
static Value addDestination(func::FuncOp function, Value value) {
  Builder builder(function.getContext());
  DictionaryAttr attributes = builder.getDictionaryAttr(
      {builder.getNamedAttr("bufferization.writable",
                            builder.getBoolAttr(true)),
       builder.getNamedAttr("moa.destination", builder.getUnitAttr())});
  unsigned number = function.getNumArguments();
  if (failed(function.insertArgument(number, value.getType(), attributes,
                                     value.getLoc())))
    llvm_unreachable("the type of a function takes any argument");
  return function.getArgument(number);
}

/// One destination argument for each tensor result of `function`.
static void addDestinations(func::FuncOp function) {
  auto terminator =
      cast<func::ReturnOp>(function.getBody().back().getTerminator());
  llvm::MapVector<Operation *, SmallVector<Value>> outs;
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value value = operand.get();
    if (!isa<RankedTensorType>(value.getType()))
      continue;
    Value destination = addDestination(function, value);
    if (canBuildInDestinations(value)) {
      auto result = cast<OpResult>(value);
      SmallVector<Value> &list = outs[result.getOwner()];
      list.resize(result.getOwner()->getNumResults());
      list[result.getResultNumber()] = destination;
      continue;
    }
    OpBuilder at(terminator);
    operand.set(bufferization::MaterializeInDestinationOp::create(
                    at, value.getLoc(), value.getType(), value, destination)
                    .getResult());
  }
  for (auto &[array, destinations] : outs)
    cast<ArrayOp>(array).getOutsMutable().assign(destinations);
}

namespace {
struct DestinationPassingPass
    : public moa::impl::MoaDestinationPassingBase<DestinationPassingPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal() || !function.isPublic() ||
          llvm::none_of(function.getResultTypes(),
                        llvm::IsaPred<RankedTensorType>))
        continue;
      if (!function.getBody().hasOneBlock()) {
        function.emitOpError() << "has several blocks; destinations need one";
        return signalPassFailure();
      }
      auto uses = SymbolTable::getSymbolUses(function, module);
      if (!uses || !uses->empty()) {
        function.emitOpError() << "is called in the module, so its results "
                                  "cannot become destinations; make it private "
                                  "or inline it";
        return signalPassFailure();
      }
      addDestinations(function);
    }
  }
};
} // namespace
