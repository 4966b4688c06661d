//===- RandomReductions.cpp - Random reductions and comprehensions -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// reduce, scan, inner and moa.array with folds in it.
//
//===----------------------------------------------------------------------===//

#include "RandomProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;
using namespace moa::test;

std::optional<Expr> RandomProgram::reduce(Expr a) {
  SmallVector<int64_t> axes, shape;
  int64_t folded = 1;
  for (int64_t axis = 0; axis < a.rank(); ++axis) {
    if (choices.flip()) {
      shape.push_back(a.shape[axis]);
      continue;
    }
    axes.push_back(axis);
    folded *= a.shape[axis];
  }
  Type type = a.element();
  ReducerKind kind = randomReducer(type);
  Value init = randomInit(kind, type);
  auto op = ReduceOp::create(builder, loc, arrayType(shape, type), kind,
                             a.value, axes, init);
  if (kind == ReducerKind::Custom)
    fillCombiner(op.getCombiner(), type);
  return Expr{op, shape, a.cost * std::max<int64_t>(folded, 1) + 1};
}

std::optional<Expr> RandomProgram::scan(Expr a) {
  if (a.rank() == 0)
    return std::nullopt;
  uint64_t axis = choices.below(a.rank());
  Type type = a.element();
  ReducerKind kind = randomReducer(type);
  Value init = randomInit(kind, type);
  bool exclusive = choices.flip(), reverse = choices.flip();
  auto op = ScanOp::create(builder, loc, a.value.getType(), kind, a.value, axis,
                           init, exclusive, reverse);
  if (kind == ReducerKind::Custom)
    fillCombiner(op.getCombiner(), type);
  return Expr{op, a.shape, a.cost * std::max<int64_t>(a.shape[axis], 1) + 1};
}

std::optional<Expr> RandomProgram::inner(Expr a) {
  if (a.rank() == 0)
    a = reshaped(a, {1});
  Expr b = pick();
  int64_t n = a.shape.back();
  if (b.rank() == 0 || b.shape.front() != n) {
    SmallVector<int64_t> shape(b.shape);
    if (shape.empty())
      shape.push_back(n);
    shape.front() = n;
    b = reshaped(b, shape);
  }
  Expr result{Value(), a.shape,
              (a.cost + b.cost + 1) * std::max<int64_t>(n, 1)};
  result.shape.pop_back();
  llvm::append_range(result.shape, ArrayRef(b.shape).drop_front());
  Type type = randomElement();
  ReducerKind kind = randomReducer(type);
  Value init = randomInit(kind, type);
  auto op = InnerOp::create(builder, loc, arrayType(result.shape, type), kind,
                            a.value, b.value, init);
  fillRegion(op.getBody(), {a.element(), b.element()}, type,
             /*mayCapture=*/true);
  if (kind == ReducerKind::Custom)
    fillCombiner(op.getCombiner(), type);
  result.value = op;
  return result;
}

/// A moa.array over the shape of `a`, transposed or without its last axis for a
/// second result, which reads `a`, other arrays, and perhaps folds one.
std::optional<Expr> RandomProgram::comprehension(Expr a) {
  SmallVector<OpFoldResult> extents;
  for (int64_t extent : a.shape) {
    if (choices.flip())
      extents.push_back(indexValue(extent));
    else
      extents.push_back(builder.getIndexAttr(extent));
  }
  Type type = randomElement();
  bool hasRows = a.rank() > 0 && choices.flip();
  AffineMap identity = builder.getMultiDimIdentityMap(a.rank());
  SmallVector<AffineMap> maps{identity};
  SmallVector<Type> types{arrayType(a.shape, type)};
  ArrayRef<int64_t> rows = ArrayRef(a.shape).drop_back(hasRows);
  if (hasRows) {
    maps.push_back(identity.dropResult(a.rank() - 1));
    types.push_back(arrayType(rows, builder.getI64Type()));
  }
  auto op = ArrayOp::create(builder, loc, types, extents, maps);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.getBody().front());
  SmallVector<Value> axes(op.getAxes());
  ValueRange outerAxes = ValueRange(axes).drop_back(hasRows);
  Value row = scalarCode({readAnywhere(outerAxes)}, builder.getI64Type());
  SmallVector<Value> values{PsiOp::create(builder, loc, a.value, axes), row};
  int64_t cost = 2 * a.cost + 4;
  if (choices.flip()) {
    int64_t n = choices.below(4);
    Value lower = constantScalar(builder.getIndexType(), 0);
    Value upper = constantScalar(builder.getIndexType(), n);
    if (!axes.empty() && choices.flip())
      upper = axes[choices.below(axes.size())]; // a triangle
    Type folded = randomElement();
    ReducerKind kind = randomReducer(folded);
    Value init = randomInit(kind, folded);
    SmallVector<Value> inits;
    if (init)
      inits.push_back(init);
    auto fold = FoldOp::create(builder, loc, lower, upper, folded, kind, inits);
    OpBuilder::InsertionGuard inFold(builder);
    if (kind == ReducerKind::Custom) {
      Region &combiner = *fold.getCombiner(0);
      combiner.getBlocks().clear();
      fillCombiner(combiner, folded);
    }
    builder.setInsertionPointToEnd(&fold.getBody().front());
    SmallVector<Value> indices(axes);
    indices.push_back(fold.getIndex());
    Value element =
        scalarCode({readAnywhere(indices), fold.getIndex()}, folded);
    YieldOp::create(builder, loc, ValueRange{element});
    values.push_back(fold.getResult(0));
    cost += 4 * pool.back().cost;
  }
  builder.setInsertionPointToEnd(&op.getBody().front());
  SmallVector<Value> yields{scalarCode(values, type)};
  if (hasRows)
    yields.push_back(row);
  YieldOp::create(builder, loc, yields);
  if (hasRows)
    pool.push_back({op.getResult(1), SmallVector<int64_t>(rows), cost});
  return Expr{op.getResult(0), a.shape, cost};
}
