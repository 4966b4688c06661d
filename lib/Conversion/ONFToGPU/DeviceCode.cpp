//===- DeviceCode.cpp - What of a function runs on the device ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceCode.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace moa;

SmallVector<Value> moa::usedFromOutside(Operation *op) {
  llvm::SetVector<Value> values;
  values.insert(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), values);
  return values.takeVector();
}

/// The array that `value` is a view of.
static Value rootOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// The arrays that `op` touches with an effect of type `Effect`. A null value
/// among them stands for memory that is not known.
template <typename Effect>
static SmallVector<Value> touchedArrays(Operation *op) {
  SmallVector<Value> roots;
  if (auto effects = getEffectsRecursively(op))
    for (const MemoryEffects::EffectInstance &effect : *effects)
      if (isa<Effect>(effect.getEffect()))
        roots.push_back(effect.getValue() ? rootOf(effect.getValue())
                                          : Value());
  return roots;
}

static bool isScratch(Value root) {
  return root && root.getDefiningOp<memref::AllocaOp>();
}

Operation *DeviceCode::topLevel(Operation *op) const {
  return body->findAncestorOpInRegion(*op);
}

void DeviceCode::addHostSlice(Value value,
                              llvm::DenseSet<Operation *> &ops) const {
  SmallVector<Value> worklist{value};
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (op && ops.insert(op).second)
      llvm::append_range(worklist, usedFromOutside(op));
  }
}

bool DeviceCode::belongsToDevice(
    Operation *op, const llvm::DenseSet<Operation *> &bounds) const {
  if (!isMemoryEffectFree(op))
    return true;
  if (llvm::any_of(usedFromOutside(op), [&](Value value) {
        Operation *def = value.getDefiningOp();
        return def && device.contains(def) &&
               !def->hasTrait<OpTrait::ConstantLike>();
      }))
    return true;
  // The host may need constants too; both have them for nothing.
  if (op->hasTrait<OpTrait::ConstantLike>() || isa<memref::GetGlobalOp>(op))
    return true;
  if (bounds.contains(op) || isa<memref::MemRefDialect>(op->getDialect()))
    return false;
  return op->getNumRegions() > 0 ||
         !llvm::all_of(op->getResultTypes(),
                       llvm::IsaPred<IntegerType, IndexType>);
}

LogicalResult DeviceCode::analyze() {
  Block &block = body->front();
  llvm::DenseSet<Operation *> bounds;
  for (auto forall : block.getOps<scf::ForallOp>())
    for (Value operand : forall->getOperands())
      addHostSlice(operand, bounds);
  for (Operation &op : block.without_terminator()) {
    if (!getEffectsRecursively(&op))
      return op.emitOpError() << "has unknown effects on memory; it cannot run "
                                 "in a kernel";
    if (isa<scf::ForallOp>(op) || belongsToDevice(&op, bounds))
      device.insert(&op);
  }
  for (auto forall : block.getOps<scf::ForallOp>()) {
    llvm::DenseSet<Operation *> needed;
    for (Value operand : forall->getOperands())
      addHostSlice(operand, needed);
    for (Operation *op : needed)
      if (!isMemoryEffectFree(op))
        return forall
                   .emitOpError("has bounds that depend on elements of "
                                "arrays; the host cannot compute them")
                   .attachNote(op->getLoc())
               << "such an element is read here";
  }
  return success();
}

bool DeviceCode::writesArrays(Operation *op) const {
  return llvm::any_of(touchedArrays<MemoryEffects::Write>(op),
                      [](Value root) { return !isScratch(root); });
}

LogicalResult DeviceCode::checkReads(Operation *op, const Slice &moved,
                                     Operation *at) const {
  for (Value root : touchedArrays<MemoryEffects::Read>(op)) {
    if (isScratch(root))
      continue;
    for (Operation *next = op->getNextNode(); next && next != at;
         next = next->getNextNode()) {
      if (moved.contains(next))
        continue;
      for (Value written : touchedArrays<MemoryEffects::Write>(next))
        if (!written || !root || written == root)
          return op->emitOpError("reads an array that is overwritten before a "
                                 "kernel uses the value")
                     .attachNote(next->getLoc())
                 << "it is overwritten here";
    }
  }
  return success();
}

LogicalResult DeviceCode::checkScratch(Operation *alloca,
                                       const Slice &slice) const {
  for (Operation *user : alloca->getUsers())
    if (auto forall = dyn_cast<scf::ForallOp>(topLevel(user)))
      if (llvm::is_contained(touchedArrays<MemoryEffects::Write>(forall),
                             alloca->getResult(0)) &&
          !llvm::all_of(alloca->getUsers(), [&](Operation *other) {
            return topLevel(other) == forall;
          }))
        return alloca->emitOpError("is written by a parallel loop and used "
                                   "outside of it; scratch memory belongs to "
                                   "one thread");
  return success();
}

FailureOr<DeviceCode::Slice> DeviceCode::slice(ArrayRef<Operation *> roots,
                                               Operation *at) const {
  llvm::DenseSet<Operation *> found(roots.begin(), roots.end());
  SmallVector<Operation *> worklist(roots);
  auto add = [&](Operation *op) {
    if (isDevice(op) && found.insert(op).second)
      worklist.push_back(op);
  };
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    for (Value value : usedFromOutside(op))
      if (Operation *def = value.getDefiningOp())
        add(def);
    // What fills a scratch array comes along with it.
    if (isa<memref::AllocaOp>(op))
      for (Operation *user : op->getUsers())
        if (Operation *top = topLevel(user);
            !isa<scf::ForallOp>(top) && top->isBeforeInBlock(at))
          add(top);
  }
  Slice slice;
  for (Operation &op : body->front())
    if (found.contains(&op) && !llvm::is_contained(roots, &op))
      slice.insert(&op);
  Slice moved = slice;
  moved.insert(roots.begin(), roots.end());
  for (Operation *op : slice) {
    if (writesArrays(op))
      return op->emitOpError("writes an array and has a result that a kernel "
                             "uses; it would run in every thread");
    if (failed(checkReads(op, moved, at)) ||
        (isa<memref::AllocaOp>(op) && failed(checkScratch(op, slice))))
      return failure();
  }
  return slice;
}
