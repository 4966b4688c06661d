//===- FoldBuilder.cpp - Building folds of one result ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/FoldBuilder.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/IR/IRMapping.h"

using namespace moa;

Value moa::buildFold(OpBuilder &builder, Location loc,
                     const Reduction &reduction, Type type, OpFoldResult lower,
                     OpFoldResult upper,
                     function_ref<Value(OpBuilder &, Value)> element) {
  IndexMath math(builder, loc);
  ValueRange inits = reduction.init ? ValueRange(reduction.init) : ValueRange();
  auto fold = FoldOp::create(builder, loc, math.value(lower), math.value(upper),
                             type, reduction.kind, inits);
  if (reduction.kind == ReducerKind::Custom) {
    Region &combiner = fold.getCombiners().front();
    combiner.getBlocks().clear();
    IRMapping mapping;
    reduction.combiner->cloneInto(&combiner, mapping);
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&fold.getBody().front());
  YieldOp::create(builder, loc, element(builder, fold.getIndex()));
  return fold.getResult(0);
}

/// One fold in another, the outermost axis outside.
static Value
buildNestedFolds(OpBuilder &builder, Location loc, const Reduction &reduction,
                 Type type, ArrayRef<OpFoldResult> extents,
                 SmallVectorImpl<Value> &indices,
                 function_ref<Value(OpBuilder &, ValueRange)> element) {
  if (extents.empty())
    return element(builder, indices);
  return buildFold(builder, loc, reduction, type, builder.getIndexAttr(0),
                   extents.front(), [&](OpBuilder &b, Value index) {
                     indices.push_back(index);
                     Value inner = buildNestedFolds(
                         b, loc, {reduction.kind, {}}, type,
                         extents.drop_front(), indices, element);
                     indices.pop_back();
                     return inner;
                   });
}

Value moa::buildFoldOverAxes(
    OpBuilder &builder, Location loc, const Reduction &reduction, Type type,
    ArrayRef<OpFoldResult> extents,
    function_ref<Value(OpBuilder &, ValueRange)> element) {
  // An inner fold of a named reducer may start from the identity. A custom one
  // has none: it walks all axes as one. So does a fold over no axis at all,
  // which still has a start value to add to.
  if (reduction.kind != ReducerKind::Custom && !extents.empty()) {
    SmallVector<Value> indices;
    return buildNestedFolds(builder, loc, reduction, type, extents, indices,
                            element);
  }
  IndexMath math(builder, loc);
  return buildFold(builder, loc, reduction, type, math.constant(0),
                   math.product(extents), [&](OpBuilder &b, Value offset) {
                     IndexMath inner(b, loc);
                     return element(
                         b, inner.values(inner.delinearize(offset, extents)));
                   });
}
