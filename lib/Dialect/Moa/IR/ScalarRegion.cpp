//===- ScalarRegion.cpp - Regions of pure scalar code ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/ScalarRegion.h"
#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace moa;

bool moa::isElementType(Type type) {
  return type.isF16() || type.isBF16() || type.isF32() || type.isF64() ||
         type.isInteger(1) || type.isInteger(8) || type.isInteger(32) ||
         type.isInteger(64) || type.isIndex();
}

/// True if `op` has no effect but to read. What stands in its regions is not
/// looked at.
static bool onlyReads(Operation *op) {
  auto interface = dyn_cast<MemoryEffectOpInterface>(op);
  if (!interface)
    return op->hasTrait<OpTrait::HasRecursiveMemoryEffects>();
  SmallVector<MemoryEffects::EffectInstance> effects;
  interface.getEffects(effects);
  return llvm::all_of(effects, [](MemoryEffects::EffectInstance &effect) {
    return isa<MemoryEffects::Read>(effect.getEffect());
  });
}

/// Scalar code: no side effects, and no arrays as results (a `moa.psi` with a
/// partial index, say).
static LogicalResult verifyScalarCode(Operation *op, Region &region,
                                      StringRef name) {
  WalkResult result = region.walk([&](Operation *nested) {
    if (!onlyReads(nested)) {
      op->emitOpError() << "region '" << name << "' must be pure, but holds '"
                        << nested->getName() << "'";
      return WalkResult::interrupt();
    }
    for (Type type : nested->getResultTypes()) {
      if (!isa<ShapedType>(type))
        continue;
      op->emitOpError() << "region '" << name << "' must be scalar code, but '"
                        << nested->getName() << "' in it yields " << type;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult moa::verifyScalarRegion(Operation *op, Region &region,
                                      StringRef name, TypeRange arguments,
                                      TypeRange yielded) {
  if (!llvm::hasSingleElement(region))
    return op->emitOpError() << "region '" << name << "' must have one block";
  Block &block = region.front();
  if (block.getNumArguments() != arguments.size())
    return op->emitOpError()
           << "region '" << name << "' must have " << arguments.size()
           << " arguments, but has " << block.getNumArguments();
  for (auto [index, type] : llvm::enumerate(arguments))
    if (block.getArgument(index).getType() != type)
      return op->emitOpError() << "region '" << name << "' must have argument #"
                               << index << " of type " << type << ", but it is "
                               << block.getArgument(index).getType();

  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (!yield)
    return op->emitOpError()
           << "region '" << name << "' must end in 'moa.yield'";
  if (yield.getNumOperands() != yielded.size())
    return op->emitOpError()
           << "region '" << name << "' must yield " << yielded.size()
           << " values, but yields " << yield.getNumOperands();
  for (auto [index, type] : llvm::enumerate(yielded)) {
    Type actual = yield.getOperand(index).getType();
    if (type && actual != type)
      return op->emitOpError()
             << "region '" << name << "' must yield " << type << " as value #"
             << index << ", but yields " << actual;
    if (!isElementType(actual))
      return op->emitOpError() << "region '" << name << "' yields " << actual
                               << ", which is no element type";
  }
  return verifyScalarCode(op, region, name);
}

LogicalResult moa::verifyReduction(Operation *op, ReducerKind kind, Type type,
                                   Value init, Region &combiner) {
  if (!isLegalReducer(kind, type))
    return op->emitOpError() << "reducer '" << stringifyReducerKind(kind)
                             << "' is not defined on " << type;
  if (init && init.getType() != type)
    return op->emitOpError()
           << "start value must be " << type << ", but is " << init.getType();
  if (kind != ReducerKind::Custom) {
    if (!combiner.empty())
      return op->emitOpError()
             << "has a combiner region, which only reducer 'custom' takes";
    return success();
  }
  if (!init)
    return op->emitOpError() << "reducer 'custom' needs a start value";
  if (combiner.empty())
    return op->emitOpError() << "reducer 'custom' needs a combiner region";
  return success();
}

LogicalResult moa::verifyCombiner(Operation *op, Type type, Region &combiner) {
  if (combiner.empty())
    return success();
  return verifyScalarRegion(op, combiner, "combine", {type, type}, {type});
}

void moa::nameArguments(Region &region, OpAsmSetValueNameFn set,
                        ArrayRef<StringRef> names) {
  for (auto [argument, name] : llvm::zip(region.getArguments(), names))
    set(argument, name);
}

void moa::nameElements(Region &region, OpAsmSetValueNameFn set) {
  nameArguments(region, set, {"x", "y", "z"});
}

SmallVector<Value> moa::inlineScalarRegion(OpBuilder &builder, Region &region,
                                           ValueRange arguments) {
  IRMapping mapping;
  mapping.map(region.getArguments(), arguments);
  for (Operation &op : region.front().without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(
      region.front().getTerminator()->getOperands(),
      [&](Value v) { return mapping.lookupOrDefault(v); });
}
