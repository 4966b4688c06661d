//===- ExtentFacts.cpp - Which extents are known to be equal ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExtentFacts.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

/// True for an argument of a function, or an extent of one: it is known
/// everywhere.
static bool isOfArgument(Value value) {
  auto argument = dyn_cast_or_null<BlockArgument>(value);
  return argument && isa<func::FuncOp>(argument.getOwner()->getParentOp());
}

bool ExtentFacts::Classes::isBetter(Extent a, Extent b) {
  if (a.isConstant() != b.isConstant())
    return a.isConstant();
  return isOfArgument(a.value) && !isOfArgument(b.value);
}

unsigned ExtentFacts::Classes::numberOf(Extent extent) {
  auto [it, isNew] = numbers.try_emplace(extent.pair(), extents.size());
  if (isNew) {
    parents.push_back(extents.size());
    extents.push_back(extent);
  }
  unsigned number = it->second;
  while (parents[number] != number)
    number = parents[number] = parents[parents[number]];
  return number;
}

ExtentFacts::Extent ExtentFacts::Classes::find(Extent extent) {
  return extents[numberOf(extent)];
}

void ExtentFacts::Classes::unite(Extent a, Extent b) {
  unsigned x = numberOf(a), y = numberOf(b);
  // Two constants that differ: an error that an assertion reports.
  if (x == y || (extents[x].isConstant() && extents[y].isConstant()))
    return;
  bool first = isBetter(extents[x], extents[y]) ||
               (!isBetter(extents[y], extents[x]) && x < y);
  (first ? parents[y] : parents[x]) = first ? x : y;
}

//===----------------------------------------------------------------------===//
// What is known of one extent
//===----------------------------------------------------------------------===//

ExtentFacts::Extent ExtentFacts::known(OpFoldResult extent) {
  if (std::optional<int64_t> constant = getConstantIntValue(extent))
    return {Value(), *constant};
  auto value = current(cast<Value>(extent));
  if (auto dim = value.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> axis = dim.getConstantIndex())
      if (isa<RankedTensorType>(dim.getSource().getType()))
        return known(dim.getSource(), *axis);
  if (auto outer = value.getDefiningOp<arith::IndexCastOp>())
    if (auto inner = outer.getIn().getDefiningOp<arith::IndexCastOp>())
      if (inner.getIn().getType().isIndex())
        return known(inner.getIn());
  return {value, -1};
}

/// The axis of the source that is axis `axis` of its reshaped form, if that
/// axis is in a group on its own.
static std::optional<int64_t> lonelyAxis(ArrayRef<ReassociationIndices> groups,
                                         int64_t axis) {
  for (auto [number, group] : llvm::enumerate(groups))
    if (group.size() == 1 && group.front() == axis)
      return number;
  return std::nullopt;
}

ExtentFacts::Extent ExtentFacts::known(Value array, int64_t axis) {
  array = current(array);
  auto type = cast<RankedTensorType>(array.getType());
  if (!type.isDynamicDim(axis))
    return {Value(), type.getDimSize(axis)};
  Operation *op = array.getDefiningOp();
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    return known(empty.getMixedSizes()[axis]);
  if (auto splat = dyn_cast_or_null<tensor::SplatOp>(op))
    return known(splat.getDynamicSizes()[type.getDynamicDimIndex(axis)]);
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op))
    if (isa<RankedTensorType>(cast.getSource().getType()))
      return known(cast.getSource(), axis);
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op)) {
    if (auto from = lonelyAxis(expand.getReassociationIndices(), axis))
      return known(expand.getSrc(), *from);
    return known(expand.getMixedOutputShape()[axis]);
  }
  if (auto collapse = dyn_cast_or_null<tensor::CollapseShapeOp>(op)) {
    ReassociationIndices group = collapse.getReassociationIndices()[axis];
    if (group.size() == 1)
      return known(collapse.getSrc(), group.front());
  }
  if (auto insert = dyn_cast_or_null<tensor::InsertSliceOp>(op))
    return known(insert.getDest(), axis);
  if (auto structured = dyn_cast_or_null<linalg::LinalgOp>(op))
    return known(
        structured.getDpsInits()[cast<OpResult>(array).getResultNumber()],
        axis);
  if (auto made = dyn_cast_or_null<ArrayOp>(op)) {
    AffineMap map = made.getMap(cast<OpResult>(array).getResultNumber());
    return known(made.getMixedExtents()[map.getDimPosition(axis)]);
  }
  return {array, axis};
}

Value ExtentFacts::current(Value value) {
  for (auto it = replaced.find(value); it != replaced.end();
       it = replaced.find(value))
    value = it->second;
  return value;
}

//===----------------------------------------------------------------------===//
// Facts of a function
//===----------------------------------------------------------------------===//

void moa::forEachLoopExtent(
    Operation *structured,
    function_ref<void(unsigned, Value, int64_t)> visit) {
  auto op = cast<linalg::LinalgOp>(structured);
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [axis, expr] : llvm::enumerate(map.getResults()))
      if (auto loop = dyn_cast<AffineDimExpr>(expr))
        visit(loop.getPosition(), operand.get(), axis);
  }
}

void ExtentFacts::collect(Operation *op) {
  if (auto structured = dyn_cast<linalg::LinalgOp>(op)) {
    SmallVector<std::optional<Extent>> loops(structured.getNumLoops());
    forEachLoopExtent(op, [&](unsigned loop, Value array, int64_t axis) {
      Extent extent = known(array, axis);
      if (loops[loop])
        classes.unite(*loops[loop], extent);
      loops[loop] = extent;
    });
  }
  if (auto concat = dyn_cast<tensor::ConcatOp>(op)) {
    for (Value input : concat.getInputs().drop_front())
      for (int64_t axis = 0; axis < concat.getRank(); ++axis)
        if (axis != static_cast<int64_t>(concat.getDim()))
          classes.unite(known(concat.getInputs().front(), axis),
                        known(input, axis));
  }
}

ExtentFacts::ExtentFacts(func::FuncOp function) {
  function.walk([&](Operation *op) {
    if (llvm::all_of(op->getOperandTypes(), [](Type type) {
          return !isa<ShapedType>(type) || isa<RankedTensorType>(type);
        }))
      collect(op);
  });
}

OpFoldResult ExtentFacts::get(OpBuilder &builder, Location loc, Value array,
                              int64_t axis) {
  array = current(array);
  Extent leader = classes.find(known(array, axis));
  if (leader.isConstant())
    return builder.getIndexAttr(leader.axis);
  Value value = current(leader.value);
  // What stands in another region may not be known here.
  if (!value.getParentRegion()->isAncestor(
          builder.getInsertionBlock()->getParent()))
    return IndexMath(builder, loc).extentOf(array, axis);
  if (leader.axis < 0)
    return value;
  return IndexMath(builder, loc).extentOf(value, leader.axis);
}

SmallVector<OpFoldResult> ExtentFacts::get(OpBuilder &builder, Location loc,
                                           Value array) {
  SmallVector<OpFoldResult> shape;
  for (int64_t axis = 0, rank = cast<RankedTensorType>(array.getType()).getRank();
       axis < rank; ++axis)
    shape.push_back(get(builder, loc, array, axis));
  return shape;
}

bool ExtentFacts::areEqual(OpFoldResult a, OpFoldResult b) {
  return classes.find(known(a)) == classes.find(known(b));
}

void ExtentFacts::replace(Value before, Value after) {
  int64_t rank = cast<RankedTensorType>(before.getType()).getRank();
  SmallVector<Extent> extents;
  for (int64_t axis = 0; axis < rank; ++axis)
    extents.push_back(known(before, axis));
  replaced[before] = after;
  for (auto [axis, extent] : llvm::enumerate(extents)) {
    classes.unite(extent, known(after, axis));
    asserted.unite(extent, known(after, axis));
  }
}

/// Which operand of `op` an array is.
static std::string describe(Operation *op, Value array, int64_t axis) {
  auto operands = op->getOperands();
  auto number = std::distance(operands.begin(), llvm::find(operands, array));
  return "axis " + std::to_string(axis) + " of operand #" +
         std::to_string(number);
}

void ExtentFacts::require(OpBuilder &builder, Operation *op, Value a,
                          int64_t axisA, Value b, int64_t axisB) {
  Extent x = known(a, axisA), y = known(b, axisB);
  if (asserted.find(x) == asserted.find(y))
    return;
  asserted.unite(x, y);
  IndexMath math(builder, op->getLoc());
  Value holds =
      math.equal(math.extentOf(a, axisA), math.extentOf(b, axisB));
  cf::AssertOp::create(builder, op->getLoc(), holds,
                       "'" + op->getName().getStringRef().str() + "' op " +
                           describe(op, b, axisB) +
                           " must be as long as " + describe(op, a, axisA));
}
