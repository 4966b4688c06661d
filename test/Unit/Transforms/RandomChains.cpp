//===- RandomChains.cpp - Random chains of folds ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `--moa-fuse-folds` is for: folds over one range of which each may use the
// results of those before it, as naive algebra with an array for each. Their
// elements are not exact, so nothing discontinuous comes behind them.
//
//===----------------------------------------------------------------------===//

#include "RandomProgram.h"

#include "moa/Dialect/Moa/IR/FoldBuilder.h"
#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace moa;
using namespace moa::test;

namespace {
/// A result so far: its value in the body at hand, and what it is.
struct Row {
  Value array;
  enum Kind { ExtremeOfX, SumOfX, SumOfExponentials, Other } kind;
};
} // namespace

/// `a` as floats between -64 and 64, of rank 1 or more.
Expr RandomProgram::chainInput(Expr a) {
  if (a.rank() == 0)
    a = reshaped(a, {1});
  Type f64 = builder.getF64Type();
  auto op = MapOp::create(builder, loc, arrayType(a.shape, f64), a.value);
  OpBuilder::InsertionGuard guard(builder);
  Block *block =
      builder.createBlock(&op.getBody(), {}, {a.element()}, {loc});
  Value x = clamp(convert(block->getArgument(0), f64));
  YieldOp::create(builder, loc, ValueRange{x});
  return {op, a.shape, a.cost + 1};
}

namespace {
/// Builds the elements of the folds of one chain.
class ChainBody {
public:
  ChainBody(OpBuilder &builder, Location loc, Choices &choices)
      : builder(builder), loc(loc), choices(choices) {}

  Value x, y, extent, index;
  SmallVector<std::pair<Value, Row::Kind>> rows;

  /// An element, and what its fold by `reducer` is.
  std::pair<Value, Row::Kind> build(ReducerKind reducer);

private:
  Value number(double value) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF64FloatAttr(value));
  }
  Value find(Row::Kind kind) {
    for (auto [value, known] : rows)
      if (known == kind)
        return value;
    return Value();
  }
  template <typename OpTy> Value make(Value a, Value b) {
    return OpTy::create(builder, loc, a, b);
  }
  Value exponential();
  Value atExtreme();
  Value shifted();
  Value mixed();

  OpBuilder &builder;
  Location loc;
  Choices &choices;
};
} // namespace

/// exp(x - m), where there is a maximum, perhaps with something else in the
/// exponent; else of a number that is not positive.
Value ChainBody::exponential() {
  Value extreme = find(Row::ExtremeOfX);
  Value exponent;
  if (extreme)
    exponent = make<arith::SubFOp>(x, extreme);
  else
    exponent = make<arith::MinimumFOp>(x, number(0));
  if (choices.rarely(3))
    exponent = make<arith::MulFOp>(exponent, number(0.5));
  return math::ExpOp::create(builder, loc,
                             make<arith::MinimumFOp>(exponent, number(60)));
}

/// Something where x is the extreme, else nothing.
Value ChainBody::atExtreme() {
  Value extreme = find(Row::ExtremeOfX);
  if (!extreme)
    return x;
  Value is = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, x,
                                   extreme);
  return arith::SelectOp::create(builder, loc, is, y, number(0));
}

/// A power of x minus its mean.
Value ChainBody::shifted() {
  Value sum = find(Row::SumOfX);
  if (!sum)
    return make<arith::MulFOp>(x, x);
  Value mean = make<arith::DivFOp>(sum, extent);
  Value difference = make<arith::SubFOp>(x, mean);
  Value power = difference;
  for (unsigned degree = choices.below(3); degree > 0; --degree)
    power = make<arith::MulFOp>(power, difference);
  return choices.flip() ? make<arith::MulFOp>(power, y) : power;
}

/// Any continuous function of x, y and an earlier result.
Value ChainBody::mixed() {
  Value a = choices.flip() ? x : y;
  Value b = rows.empty() ? y : rows[choices.below(rows.size())].first;
  switch (choices.below(6)) {
  case 0:
    return make<arith::AddFOp>(a, b);
  case 1:
    return make<arith::MulFOp>(a, b);
  case 2:
    return make<arith::MaximumFOp>(a, b);
  case 3:
    return make<arith::SubFOp>(b, a);
  case 4:
    return math::AbsFOp::create(builder, loc, make<arith::SubFOp>(a, b));
  default: {
    Value square = make<arith::MulFOp>(b, b);
    Value divisor = make<arith::AddFOp>(square, number(1));
    return make<arith::DivFOp>(a, divisor);
  }
  }
}

std::pair<Value, Row::Kind> ChainBody::build(ReducerKind reducer) {
  bool isSum = reducer == ReducerKind::Add;
  switch (choices.below(8)) {
  case 0:
  case 1:
    return {x, reducer == ReducerKind::Max ? Row::ExtremeOfX
               : isSum                     ? Row::SumOfX
                                           : Row::Other};
  case 2:
    return {exponential(), isSum ? Row::SumOfExponentials : Row::Other};
  case 3:
    return {make<arith::MulFOp>(exponential(), y), Row::Other};
  case 4: {
    Value sum = find(Row::SumOfExponentials), e = exponential();
    return {sum ? make<arith::DivFOp>(e, sum) : e, Row::Other};
  }
  case 5:
    return {atExtreme(), Row::Other};
  case 6:
    return {shifted(), Row::Other};
  default:
    return {mixed(), Row::Other};
  }
}

/// Returns one array for each fold of a random chain over the last axis of some
/// array.
SmallVector<Value> RandomProgram::chain() {
  Type f64 = builder.getF64Type();
  Expr a = chainInput(pick());
  // Splitting reads along empty axes, too.
  if (llvm::is_contained(ArrayRef(a.shape).drop_back(), 0))
    a = chainInput(makeArgument(f64, {2, a.shape.back()}));
  // An element of an empty array may be the same for all indices; such a one is
  // taken out of the fold, and must not be read there.
  if (a.shape.back() == 0)
    a = chainInput(makeArgument(f64, a.shape));
  Expr b = chainInput(choices.flip() ? pick() : a);
  if (b.shape != a.shape)
    b = a;
  int64_t n = a.shape.back();
  ArrayRef<int64_t> shape = ArrayRef(a.shape).drop_back();
  SmallVector<OpFoldResult> extents;
  for (int64_t extent : shape)
    extents.push_back(builder.getIndexAttr(extent));
  OpFoldResult upper = builder.getIndexAttr(n);
  if (choices.flip())
    upper = indexValue(n);
  unsigned mask = choices.below(4);

  SmallVector<Row> rows;
  for (unsigned count = 1 + choices.below(5); count > 0; --count) {
    ReducerKind kind = choices.oneOf({ReducerKind::Max, ReducerKind::Add,
                                      ReducerKind::Add, ReducerKind::Min});
    auto array =
        ArrayOp::create(builder, loc, TypeRange(arrayType(shape, f64)), extents);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&array.getBody().front());
    SmallVector<Value> axes(array.getAxes());
    Row::Kind made = Row::Other;
    Value folded = buildFold(
        builder, loc, {kind, Value()}, f64, builder.getIndexAttr(0), upper,
        [&](OpBuilder &inner, Value index) {
          OpBuilder::InsertionGuard guard(builder);
          builder.setInsertionPoint(inner.getInsertionBlock(),
                                    inner.getInsertionPoint());
          ChainBody body(builder, loc, choices);
          SmallVector<Value> at(axes);
          at.push_back(index);
          body.index = index;
          body.x = PsiOp::create(builder, loc, a.value, at);
          body.y = PsiOp::create(builder, loc, b.value, at);
          body.extent = constantScalar(f64, std::max<int64_t>(n, 1));
          for (Row &row : rows)
            body.rows.push_back(
                {PsiOp::create(builder, loc, row.array, axes), row.kind});
          auto [element, known] = body.build(kind);
          made = known;
          return masked(element, body.y, kind, axes, index, mask);
        });
    YieldOp::create(builder, loc, ValueRange{folded});
    rows.push_back({array.getResult(0), made});
  }
  return llvm::map_to_vector(rows, [](Row &row) { return row.array; });
}

/// `element` where a mask holds, else the reducer's identity. Masks: none, by
/// the index, by the index and an axis, by an element.
Value RandomProgram::masked(Value element, Value y, ReducerKind kind,
                            ValueRange axes, Value index, unsigned mask) {
  Value holds;
  if (mask == 1)
    holds = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::slt, index,
        constantScalar(builder.getIndexType(), 2));
  if (mask == 2)
    holds = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::sle, index,
        axes.empty() ? constantScalar(builder.getIndexType(), 1) : axes.back());
  if (mask == 3)
    holds = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, y,
                                  constantScalar(y.getType(), 0));
  if (!holds)
    return element;
  Value identity = arith::ConstantOp::create(
      builder, loc, getReducerIdentity(kind, element.getType()));
  return arith::SelectOp::create(builder, loc, holds, element, identity);
}
