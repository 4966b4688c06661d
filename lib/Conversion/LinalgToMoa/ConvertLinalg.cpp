//===- ConvertLinalg.cpp - Structured operations as arrays ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every result of a structured operation is an array of its own over the loops
// that its indexing map names; psi-reduction joins them again.
//
//===----------------------------------------------------------------------===//

#include "Converter.h"
#include "Payload.h"

#include "moa/Dialect/Moa/IR/FoldBuilder.h"
#include "moa/Dialect/Moa/IR/Guard.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace moa;

static AffineMap mapOfResult(linalg::LinalgOp op, unsigned number) {
  return op.getMatchingIndexingMap(op.getDpsInitOperand(number));
}

static Value argumentOfResult(linalg::LinalgOp op, unsigned number) {
  return op.getRegionOutputArgs()[number];
}

static Value yieldedFor(linalg::LinalgOp op, unsigned number) {
  return op.getBlock()->getTerminator()->getOperand(number);
}

/// The loops that the map of result `number` does not name.
static SmallVector<unsigned> foldedLoops(linalg::LinalgOp op, unsigned number) {
  AffineMap map = mapOfResult(op, number);
  SmallVector<unsigned> loops;
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    if (!map.isFunctionOfDim(loop))
      loops.push_back(loop);
  return loops;
}

/// The arguments of the body that carry a value from iteration to iteration.
static SmallVector<Value> runningArguments(linalg::LinalgOp op) {
  SmallVector<Value> running;
  for (int64_t number = 0; number < op.getNumDpsInits(); ++number)
    if (!foldedLoops(op, number).empty())
      running.push_back(argumentOfResult(op, number));
  return running;
}

/// True if each result of `map` is a loop of its own, or a constant.
static bool isProjection(AffineMap map) {
  llvm::SmallDenseSet<unsigned> seen;
  return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    if (auto loop = dyn_cast<AffineDimExpr>(expr))
      return seen.insert(loop.getPosition()).second;
    return isa<AffineConstantExpr>(expr);
  });
}

std::string LinalgConverter::checkResult(linalg::LinalgOp op, unsigned number) {
  std::string where = "result #" + std::to_string(number) + ": ";
  if (!isProjection(mapOfResult(op, number)))
    return where + "its indexing map is no projection";
  SmallVector<unsigned> folded = foldedLoops(op, number);
  for (unsigned loop : folded)
    if (op.getIteratorTypesArray()[loop] != utils::IteratorType::reduction)
      return where + "parallel iterations write one element";
  SmallVector<Value> running = runningArguments(op);
  if (folded.empty()) {
    if (dependsOn(yieldedFor(op, number), running))
      return where + "it depends on an unfinished accumulator";
    return "";
  }
  std::string reason;
  if (failed(matchRecurrence(yieldedFor(op, number),
                             argumentOfResult(op, number), running, reason)))
    return where + reason;
  return "";
}

/// The extent of each loop. What the operands say of it must agree.
SmallVector<OpFoldResult>
LinalgConverter::findLoopExtents(OpBuilder &builder, linalg::LinalgOp op) {
  SmallVector<OpFoldResult> extents(op.getNumLoops());
  SmallVector<std::pair<Value, int64_t>> first(op.getNumLoops());
  forEachLoopExtent(op, [&](unsigned loop, Value array, int64_t axis) {
    if (!extents[loop]) {
      extents[loop] = facts.get(builder, op.getLoc(), array, axis);
      first[loop] = {array, axis};
      return;
    }
    facts.require(builder, op, first[loop].first, first[loop].second, array,
                  axis);
  });
  return extents;
}

/// The combiner region of a custom reducer: the body's code from the accumulator
/// and one other value.
static void fillCombiner(Region &region, OpBuilder &builder, Location loc,
                         linalg::LinalgOp op, unsigned number, Value next,
                         ArrayRef<OpFoldResult> extents, ExtentFacts &facts) {
  OpBuilder::InsertionGuard guard(builder);
  Value accumulator = argumentOfResult(op, number);
  Type type = accumulator.getType();
  Block *block = builder.createBlock(&region, {}, {type, type}, {loc, loc});
  Payload payload(builder, op, {}, extents, facts);
  payload.set(accumulator, block->getArgument(0));
  payload.set(next, block->getArgument(1));
  YieldOp::create(builder, loc,
                  ValueRange{payload.emit(yieldedFor(op, number))});
}

/// `start` combined with a finished fold.
static Value addStart(OpBuilder &builder, Location loc, const Recurrence &how,
                      Value start, Value folded) {
  TypedAttr identity = getReducerIdentity(how.kind, folded.getType());
  Attribute constant;
  if (matchPattern(start, m_Constant(&constant)) &&
      (constant == identity || (how.kind == ReducerKind::Add &&
                                matchPattern(start, m_AnyZeroFloat()))))
    return folded;
  if (how.terms.front().ignoresNaN) {
    if (how.kind == ReducerKind::Max)
      return arith::MaxNumFOp::create(builder, loc, start, folded);
    return arith::MinNumFOp::create(builder, loc, start, folded);
  }
  return buildReduction(builder, loc, how.kind, start, folded);
}

/// The element of result `number` at `axes`, the indices of its array.
Value LinalgConverter::buildStructuredElement(OpBuilder &builder,
                                              linalg::LinalgOp op,
                                              unsigned number, ValueRange axes,
                                              ArrayRef<OpFoldResult> extents) {
  Location loc = op.getLoc();
  SmallVector<Value> loops(op.getNumLoops());
  for (auto [axis, expr] : llvm::enumerate(mapOfResult(op, number).getResults()))
    if (auto loop = dyn_cast<AffineDimExpr>(expr))
      loops[loop.getPosition()] = axes[axis];
  SmallVector<unsigned> folded = foldedLoops(op, number);
  Value next = yieldedFor(op, number);
  if (folded.empty())
    return Payload(builder, op, loops, extents, facts).emit(next);

  std::string reason;
  Recurrence how = *matchRecurrence(next, argumentOfResult(op, number),
                                    runningArguments(op), reason);
  AffineMap identity = builder.getMultiDimIdentityMap(axes.size());
  Value start = buildElementAt(builder, loc,
                               op.getDpsInitOperand(number)->get(), identity,
                               axes);
  Region combiner;
  Reduction reduction{how.kind, Value(), nullptr};
  if (how.kind == ReducerKind::Custom) {
    fillCombiner(combiner, builder, loc, op, number, how.terms.front().a,
                 extents, facts);
    reduction = {how.kind, start, &combiner};
  }
  SmallVector<OpFoldResult> range;
  for (unsigned loop : folded)
    range.push_back(extents[loop]);
  Value result = buildFoldOverAxes(
      builder, loc, reduction, start.getType(), range,
      [&](OpBuilder &inner, ValueRange indices) {
        for (auto [loop, index] : llvm::zip_equal(folded, indices))
          loops[loop] = index;
        return Payload(inner, op, loops, extents, facts).emitTerms(how);
      });
  return how.kind == ReducerKind::Custom
             ? result
             : addStart(builder, loc, how, start, result);
}

Value LinalgConverter::buildResult(OpBuilder &builder, linalg::LinalgOp op,
                                   unsigned number) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> extents = findLoopExtents(builder, op);
  AffineMap map = mapOfResult(op, number);
  Value init = op.getDpsInitOperand(number)->get();
  SmallVector<OpFoldResult> shape = facts.get(builder, loc, init);
  return buildArray(
      builder, loc, init.getType(), shape,
      [&](OpBuilder &inner, ValueRange axes) {
        auto written = [&](OpBuilder &b, Location) {
          return buildStructuredElement(b, op, number, axes, extents);
        };
        auto kept = [&](OpBuilder &b, Location l) {
          return buildElementAt(b, l, init,
                                b.getMultiDimIdentityMap(axes.size()), axes);
        };
        // Along an axis with a constant index only one element is written.
        IndexMath math(inner, loc);
        Value here;
        for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
          auto constant = dyn_cast<AffineConstantExpr>(expr);
          if (!constant || (constant.getValue() == 0 &&
                            getConstantIntValue(shape[axis]) == 1))
            continue;
          Value is = math.equal(OpFoldResult(axes[axis]),
                                math.constant(constant.getValue()));
          here = here ? arith::AndIOp::create(inner, loc, here, is) : is;
        }
        return here ? buildGuarded(inner, loc, here, written, kept)
                    : written(inner, loc);
      });
}

std::string LinalgConverter::convertStructured(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics())
    return "it works on buffers";
  if (std::string obstacle = findObstacle(op); !obstacle.empty())
    return obstacle;
  OpBuilder builder(op);
  if (auto fill = dyn_cast<linalg::FillOp>(op.getOperation())) {
    auto type = cast<RankedTensorType>(fill.output().getType());
    if (type.getElementType() == fill.value().getType()) {
      IndexMath math(builder, op.getLoc());
      SmallVector<Value> sizes;
      for (int64_t axis = 0; axis < type.getRank(); ++axis)
        if (type.isDynamicDim(axis))
          sizes.push_back(math.value(
              facts.get(builder, op.getLoc(), fill.output(), axis)));
      replace(op->getResult(0),
              tensor::SplatOp::create(builder, op.getLoc(), fill.value(), type,
                                      sizes));
      return "";
    }
  }
  SmallVector<unsigned> needed;
  for (OpResult result : op->getResults())
    if (!result.use_empty())
      needed.push_back(result.getResultNumber());
  for (unsigned number : needed)
    if (std::string obstacle = checkResult(op, number); !obstacle.empty())
      return obstacle;
  SmallVector<Value> arrays;
  for (unsigned number : needed)
    arrays.push_back(buildResult(builder, op, number));
  for (auto [number, array] : llvm::zip_equal(needed, arrays))
    replace(op->getResult(number), array);
  return "";
}
