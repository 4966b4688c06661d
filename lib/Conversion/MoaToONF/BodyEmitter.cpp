//===- BodyEmitter.cpp - Loops and scalar code of one body -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace moa;

BodyEmitter::BodyEmitter(OpBuilder &builder, ArrayOp array,
                         ArrayRef<unsigned> results, const LoopPlan &plan,
                         AxisMasks &masks)
    : builder(builder), loc(array.getLoc()), root(array), array(array),
      plan(plan), masks(masks), unbound(array.getNumAxes(), true),
      firstColumns(plan.groups.size()), columns(plan.groups.size()) {
  // Something that stays in front of all that is to come.
  scratchPoint = arith::ConstantIndexOp::create(builder, loc, 0);
  scopes.emplace_back();
  blocks.push_back(&array.getBody().front());
  findLiveValues(llvm::map_to_vector(
      results, [&](unsigned r) { return array.getYieldedValues()[r]; }));
}

BodyEmitter::BodyEmitter(OpBuilder &builder, FoldOp fold, const LoopPlan &plan,
                         AxisMasks &masks)
    : builder(builder), loc(fold.getLoc()), root(fold), plan(plan),
      masks(masks), scratchPoint(nullptr) {
  scopes.emplace_back();
  blocks.push_back(fold->getBlock());
  findLiveValues(fold.getResults());
  emitFold(fold, llvm::to_vector(llvm::seq(fold.getNumResults())));
}

//===----------------------------------------------------------------------===//
// Scopes and rows
//===----------------------------------------------------------------------===//

void BodyEmitter::bindAxis(unsigned axis, Value index) {
  define(array.getAxes()[axis], index);
  unbound.reset(axis);
}

void BodyEmitter::setFirstColumn(unsigned group, Value column) {
  firstColumns[group] = column;
}

std::optional<unsigned> BodyEmitter::getNextGroup() {
  for (auto [number, group] : llvm::enumerate(plan.groups))
    if (group.mask.anyCommon(unbound))
      return number;
  return std::nullopt;
}

SmallVector<unsigned> BodyEmitter::getVaryingGroups(Value value) {
  AxisMask mask = masks.get(value);
  mask &= unbound;
  SmallVector<unsigned> groups;
  for (auto [number, group] : llvm::enumerate(plan.groups))
    if (group.mask.anyCommon(mask))
      groups.push_back(number);
  return groups;
}

BodyEmitter::Entry *BodyEmitter::find(Value value) {
  for (Scope &scope : llvm::reverse(scopes)) {
    auto it = scope.find(value);
    if (it != scope.end())
      return &it->second;
  }
  return nullptr;
}

bool BodyEmitter::isOutside(Value value) {
  return !root->isAncestor(value.getParentRegion()->getParentOp());
}

Value BodyEmitter::lookup(Value value) {
  Entry *entry = find(value);
  if (!entry)
    return isOutside(value) ? value : Value();
  if (!entry->row)
    return entry->value;
  Row row = *entry->row;
  SmallVector<Value> indices = getRowIndices(row);
  if (llvm::is_contained(indices, Value()))
    return {};
  Value loaded = memref::LoadOp::create(builder, loc, row.memory, indices);
  define(value, loaded);
  return loaded;
}

Value BodyEmitter::get(Value value) {
  emit(value);
  return lookup(value);
}

BodyEmitter::Row BodyEmitter::allocateRow(Value value) {
  Row row;
  row.groups = getVaryingGroups(value);
  SmallVector<int64_t> shape;
  for (unsigned group : row.groups)
    shape.push_back(plan.groups[group].block);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfter(scratchPoint);
  row.memory = memref::AllocaOp::create(
      builder, loc, MemRefType::get(shape, value.getType()));
  return row;
}

SmallVector<Value> BodyEmitter::getRowIndices(const Row &row) {
  return llvm::map_to_vector(row.groups,
                             [&](unsigned group) { return columns[group]; });
}

//===----------------------------------------------------------------------===//
// Loops over columns
//===----------------------------------------------------------------------===//

void BodyEmitter::emitColumnLoop(unsigned number, function_ref<void()> body) {
  const AxisGroup &group = plan.groups[number];
  OpBuilder::InsertionGuard guard(builder);
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> extents = array.getMixedExtents();
  auto shape = llvm::map_to_vector(
      group.axes, [&](unsigned axis) { return extents[axis]; });
  OpFoldResult count = math.product(shape);
  if (group.severalBlocks)
    count = math.min(math.constant(group.block),
                     math.sub(count, firstColumns[number]));
  auto loop = scf::ForOp::create(
      builder, loc, math.value(math.constant(0)), math.value(count),
      math.value(math.constant(1)));
  builder.setInsertionPointToStart(loop.getBody());

  AxisMask before = unbound;
  scopes.emplace_back();
  columns[number] = loop.getInductionVar();
  OpFoldResult column = columns[number];
  if (group.severalBlocks)
    column = math.add(firstColumns[number], column);
  for (auto [axis, index] :
       llvm::zip_equal(group.axes, math.delinearize(column, shape)))
    bindAxis(axis, math.value(index));
  emitGuards(before);
  body();
  columns[number] = {};
  scopes.pop_back();
  unbound = before;
}

void BodyEmitter::emitColumnLoops(ArrayRef<unsigned> groups,
                                  function_ref<void()> body) {
  if (groups.empty())
    return body();
  emitColumnLoop(groups.front(),
                 [&] { emitColumnLoops(groups.drop_front(), body); });
}

/// Goes on inside branches on the conditions that vary no longer, but did with
/// the axes `before` unbound.
void BodyEmitter::emitGuards(const AxisMask &before) {
  for (const Guard &guard : llvm::to_vector(guards)) {
    if (!masks.get(guard.condition).anyCommon(before) ||
        varies(guard.condition))
      continue;
    Value condition = get(guard.condition);
    auto branch = scf::IfOp::create(builder, loc, TypeRange(), condition,
                                    /*withElseRegion=*/!guard.polarity);
    builder.setInsertionPointToStart(guard.polarity ? branch.thenBlock()
                                                    : branch.elseBlock());
  }
}

//===----------------------------------------------------------------------===//
// What is needed
//===----------------------------------------------------------------------===//

/// As `forEachDependence`, and what a fold in one pass corrects with. The state
/// of a fold that is being emitted is given, not needed.
void BodyEmitter::visitDependences(Value value,
                                   function_ref<void(Value)> visit) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (llvm::is_contained(blocks, argument.getOwner()))
      return;
  forEachDependence(value, visit);
  auto fold = value.getDefiningOp<FoldOp>();
  if (fold && runsInOnePass(fold))
    visit(fold.getCorrected()[cast<OpResult>(value).getResultNumber()]);
}

void BodyEmitter::findLiveValues(ValueRange values) {
  SmallVector<Value> worklist(values);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    bool inside = !isOutside(value) || value.getDefiningOp() == root;
    if (inside && live.insert(value).second)
      visitDependences(value, [&](Value v) { worklist.push_back(v); });
  }
}

/// Of an operation of which one result is needed all live results are: towers
/// and branches are emitted once, not once for each result.
BodyEmitter::Needs BodyEmitter::findNeeds(ValueRange values) {
  Needs needs;
  llvm::SmallPtrSet<Operation *, 16> ops;
  SmallVector<Value> worklist(values);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (isKnown(value) || !needs.values.insert(value).second)
      continue;
    Operation *op = value.getDefiningOp();
    if (op && llvm::is_contained(blocks, op->getBlock()) &&
        ops.insert(op).second) {
      needs.ops.push_back(op);
      for (Value result : op->getResults())
        if (live.contains(result))
          worklist.push_back(result);
    }
    visitDependences(value, [&](Value v) { worklist.push_back(v); });
  }
  auto depth = [&](Operation *op) {
    return llvm::find(blocks, op->getBlock()) - blocks.begin();
  };
  llvm::sort(needs.ops, [&](Operation *a, Operation *b) {
    if (a->getBlock() != b->getBlock())
      return depth(a) < depth(b);
    return a->isBeforeInBlock(b);
  });
  return needs;
}

SmallVector<unsigned> BodyEmitter::getNeededResults(Operation *op,
                                                    const Needs &needs) {
  SmallVector<unsigned> results;
  for (OpResult result : op->getResults())
    if (needs.values.contains(result))
      results.push_back(result.getResultNumber());
  return results;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void BodyEmitter::emit(ValueRange values) {
  Needs needs = findNeeds(values);
  for (Operation *op : needs.ops)
    emitOp(op, getNeededResults(op, needs));
}

void BodyEmitter::emitOp(Operation *op, ArrayRef<unsigned> needed) {
  SmallVector<unsigned> uniform;
  for (unsigned result : needed)
    if (!varies(op->getResult(result)))
      uniform.push_back(result);
  if (uniform.size() == needed.size())
    return emitUniform(op, needed);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return emitVaryingIf(branch, needed);
  if (auto fold = dyn_cast<FoldOp>(op))
    if (keepsRows(fold, needed))
      return emitFold(fold, needed);
  if (!uniform.empty())
    emitUniform(op, uniform);
}

void BodyEmitter::emitUniform(Operation *op, ArrayRef<unsigned> needed) {
  if (auto fold = dyn_cast<FoldOp>(op))
    return emitFold(fold, needed);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return emitIf(branch, needed);
  if (auto psi = dyn_cast<PsiOp>(op)) {
    SmallVector<Value> indices = llvm::map_to_vector(
        psi.getIndices(), [&](Value index) { return lookup(index); });
    Value element = memref::LoadOp::create(builder, psi.getLoc(),
                                           lookup(psi.getSource()), indices);
    return define(psi.getResult(), element);
  }
  emitScalar(op);
}

void BodyEmitter::emitScalar(Operation *op) {
  IRMapping mapping;
  for (Value operand : op->getOperands())
    mapping.map(operand, lookup(operand));
  Operation *copy = builder.clone(*op, mapping);
  for (auto [result, emitted] :
       llvm::zip_equal(op->getResults(), copy->getResults()))
    define(result, emitted);
}

void BodyEmitter::emitToRows(Operation *op, ArrayRef<unsigned> needed) {
  for (unsigned number : needed) {
    Value result = op->getResult(number);
    if (find(result) || !varies(result))
      continue;
    Row row = allocateRow(result);
    emitColumnLoops(row.groups, [&] {
      Value value = get(result);
      memref::StoreOp::create(builder, loc, value, row.memory,
                              getRowIndices(row));
    });
    define(result, Entry{{}, row});
  }
}
