//===- ArrayLowering.cpp - An array as loops -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArrayLowering.h"
#include "BodyEmitter.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;

namespace {

/// The loops of those results of an array that share them.
class ArrayLowering {
public:
  ArrayLowering(ArrayOp array, ArrayRef<unsigned> results, int64_t columnBlock)
      : array(array), results(results), builder(array), math(builder, loc()),
        masks(array) {
    SmallVector<AxisMask> axes = llvm::map_to_vector(
        results, [&](unsigned result) { return getResultAxes(result); });
    plan = planLoops(array, axes, masks, columnBlock);
  }

  void emit();

  AxisMask getResultAxes(unsigned result) {
    AxisMask axes(array.getNumAxes());
    for (AffineExpr expr : array.getMap(result).getResults())
      axes.set(cast<AffineDimExpr>(expr).getPosition());
    return axes;
  }

private:
  Location loc() { return array.getLoc(); }
  scf::ForallOp emitForall();
  OpFoldResult countBlocks(const AxisGroup &group);
  void bindForall(BodyEmitter &emitter, scf::ForallOp forall);
  void emitStores(BodyEmitter &emitter, ArrayRef<unsigned> pending);
  void emitStore(BodyEmitter &emitter, unsigned result);

  ArrayOp array;
  ArrayRef<unsigned> results;
  OpBuilder builder;
  IndexMath math;
  AxisMasks masks;
  LoopPlan plan;
  /// For each group of several blocks the number of the block.
  SmallVector<std::pair<unsigned, Value>> blocks;
};

} // namespace

/// How many blocks there are. One even if there are no columns: there may be
/// results without them.
OpFoldResult ArrayLowering::countBlocks(const AxisGroup &group) {
  SmallVector<OpFoldResult> extents = array.getMixedExtents();
  OpFoldResult size = math.product(llvm::map_to_vector(
      group.axes, [&](unsigned axis) { return extents[axis]; }));
  OpFoldResult count =
      math.div(math.add(size, math.constant(group.block - 1)),
               math.constant(group.block));
  return math.max(count, math.constant(1));
}

scf::ForallOp ArrayLowering::emitForall() {
  SmallVector<OpFoldResult> extents = array.getMixedExtents(), bounds;
  for (unsigned axis : plan.groups.front().axes)
    bounds.push_back(extents[axis]);
  for (const AxisGroup &group : plan.groups)
    if (group.severalBlocks)
      bounds.push_back(countBlocks(group));
  // A forall without any index crashes upstream passes.
  if (bounds.empty())
    bounds.push_back(math.constant(1));
  return scf::ForallOp::create(builder, loc(), bounds, ValueRange(),
                               std::nullopt);
}

void ArrayLowering::bindForall(BodyEmitter &emitter, scf::ForallOp forall) {
  SmallVector<Value> indices = forall.getInductionVars();
  ArrayRef<unsigned> parallel = plan.groups.front().axes;
  for (auto [axis, index] : llvm::zip(parallel, indices))
    emitter.bindAxis(axis, index);
  unsigned next = parallel.size();
  for (auto [number, group] : llvm::enumerate(plan.groups)) {
    if (!group.severalBlocks)
      continue;
    Value block = indices[next++];
    blocks.emplace_back(number, block);
    emitter.setFirstColumn(
        number, math.value(math.mul(block, math.constant(group.block))));
  }
}

void ArrayLowering::emit() {
  scf::ForallOp forall = emitForall();
  builder.setInsertionPointToStart(forall.getBody());
  BodyEmitter emitter(builder, array, results, plan, masks);
  bindForall(emitter, forall);
  emitStores(emitter, results);
}

/// Stores the results whose axes are all bound, and the others in a loop over
/// the next columns.
void ArrayLowering::emitStores(BodyEmitter &emitter,
                               ArrayRef<unsigned> pending) {
  SmallVector<unsigned> later;
  for (unsigned result : pending) {
    if (getResultAxes(result).anyCommon(emitter.getUnboundAxes()))
      later.push_back(result);
    else
      emitStore(emitter, result);
  }
  if (later.empty())
    return;
  // What they share.
  emitter.emit(llvm::map_to_vector(
      later, [&](unsigned r) { return array.getYieldedValues()[r]; }));
  emitter.emitColumnLoop(*emitter.getNextGroup(),
                         [&] { emitStores(emitter, later); });
}

void ArrayLowering::emitStore(BodyEmitter &emitter, unsigned result) {
  Value element = emitter.get(array.getYieldedValues()[result]);
  SmallVector<Value> indices;
  for (AffineExpr expr : array.getMap(result).getResults())
    indices.push_back(emitter.lookup(
        array.getAxes()[cast<AffineDimExpr>(expr).getPosition()]));
  OpBuilder::InsertionGuard guard(builder);
  // Of several blocks of columns that a result does not have the first stores
  // it.
  AxisMask axes = getResultAxes(result);
  for (auto [group, block] : blocks) {
    if (axes.anyCommon(plan.groups[group].mask))
      continue;
    Value zero = arith::ConstantIndexOp::create(builder, loc(), 0);
    Value first = arith::CmpIOp::create(
        builder, loc(), arith::CmpIPredicate::eq, block, zero);
    auto branch = scf::IfOp::create(builder, loc(), TypeRange(), first, false);
    builder.setInsertionPointToStart(branch.thenBlock());
  }
  memref::StoreOp::create(builder, loc(), element, array.getOuts()[result],
                          indices);
}

/// Splits the results into lists such that in each of them the axes of one
/// result include those of another or are included in them.
static SmallVector<SmallVector<unsigned>> splitResults(ArrayOp array) {
  auto axesOf = [&](unsigned result) {
    AxisMask axes(array.getNumAxes());
    for (AffineExpr expr : array.getMap(result).getResults())
      axes.set(cast<AffineDimExpr>(expr).getPosition());
    return axes;
  };
  SmallVector<SmallVector<unsigned>> lists;
  for (unsigned result = 0; result < array.getOuts().size(); ++result) {
    AxisMask axes = axesOf(result);
    auto *list = llvm::find_if(lists, [&](ArrayRef<unsigned> others) {
      return llvm::all_of(others, [&](unsigned other) {
        AxisMask others = axesOf(other);
        return !axes.test(others) || !others.test(axes);
      });
    });
    if (list == lists.end())
      lists.push_back({result});
    else
      list->push_back(result);
  }
  return lists;
}

void moa::lowerArray(ArrayOp array, int64_t columnBlock) {
  for (ArrayRef<unsigned> results : splitResults(array))
    ArrayLowering(array, results, columnBlock).emit();
}

void moa::lowerFold(FoldOp fold) {
  OpBuilder builder(fold);
  LoopPlan plan;
  AxisMasks masks{ArrayOp()};
  BodyEmitter emitter(builder, fold, plan, masks);
  for (Value result : fold.getResults())
    result.replaceAllUsesWith(emitter.lookup(result));
}
