//===- RandomScalars.cpp - Random scalar code -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the regions of random programs hold: total functions, on floats exact
// ones.
//
//===----------------------------------------------------------------------===//

#include "RandomProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;
using namespace moa::test;

/// Between -64 and 64: sums of products stay exact.
Value RandomProgram::clamp(Value value) {
  Type type = value.getType();
  Value low = constantScalar(type, -64), high = constantScalar(type, 64);
  if (type.isF64()) {
    Value above = arith::MaximumFOp::create(builder, loc, value, low);
    return arith::MinimumFOp::create(builder, loc, above, high);
  }
  Value above = arith::MaxSIOp::create(builder, loc, value, low);
  return arith::MinSIOp::create(builder, loc, above, high);
}

Value RandomProgram::convert(Value value, Type to) {
  Type from = value.getType(), i64 = builder.getI64Type();
  if (from == to)
    return value;
  if (to.isInteger(1)) {
    Value zero = constantScalar(from, 0);
    if (from.isF64())
      return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT,
                                   value, zero);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sgt, value,
                                 zero);
  }
  // By way of i64.
  if (from.isF64())
    return convert(arith::FPToSIOp::create(builder, loc, i64, clamp(value)),
                   to);
  if (from.isInteger(1))
    return convert(arith::ExtUIOp::create(builder, loc, i64, value), to);
  if (from.isIndex())
    return convert(arith::IndexCastOp::create(builder, loc, i64, value), to);
  if (to.isIndex())
    return arith::IndexCastOp::create(builder, loc, to, value);
  return arith::SIToFPOp::create(builder, loc, to, clamp(value));
}

/// A value of the type that both have.
Value RandomProgram::combine(Value x, Value y) {
  Type type = x.getType();
  auto make = [&]<typename FloatOp, typename IntOp>() -> Value {
    if (type.isF64())
      return FloatOp::create(builder, loc, x, y);
    return IntOp::create(builder, loc, x, y);
  };
  if (type.isInteger(1)) {
    unsigned how = choices.below(3);
    if (how == 0)
      return arith::AndIOp::create(builder, loc, x, y);
    if (how == 1)
      return arith::XOrIOp::create(builder, loc, x, y);
    return arith::OrIOp::create(builder, loc, x, y);
  }
  switch (choices.below(6)) {
  case 0:
    return make.operator()<arith::AddFOp, arith::AddIOp>();
  case 1:
    return make.operator()<arith::SubFOp, arith::SubIOp>();
  case 2:
    return clamp(make.operator()<arith::MulFOp, arith::MulIOp>());
  case 3:
    return make.operator()<arith::MaximumFOp, arith::MaxSIOp>();
  case 4:
    return make.operator()<arith::MinimumFOp, arith::MinSIOp>();
  default: {
    Value positive = convert(x, builder.getI1Type());
    return arith::SelectOp::create(builder, loc, positive, y, x);
  }
  }
}

Value RandomProgram::scalarCode(ValueRange values, Type to) {
  Value result = convert(values[choices.below(values.size())], to);
  for (unsigned more = choices.below(3); more > 0; --more) {
    Value other = values[choices.below(values.size())];
    result = combine(result, convert(other, to));
  }
  return result;
}

/// An element of some array so far, as a captured array is read: at indices
/// that are made to fit by a remainder.
Value RandomProgram::readAnywhere(ValueRange indices) {
  Expr expr = pick();
  if (expr.size() == 0)
    return constantScalar(builder.getI64Type(), 7);
  SmallVector<Value> at;
  for (auto [axis, extent] : llvm::enumerate(expr.shape)) {
    if (indices.empty() || choices.flip()) {
      at.push_back(
          constantScalar(builder.getIndexType(), choices.below(extent)));
      continue;
    }
    Value bound = constantScalar(builder.getIndexType(), extent);
    Value any = indices[choices.below(indices.size())];
    at.push_back(arith::RemUIOp::create(builder, loc, any, bound));
  }
  return PsiOp::create(builder, loc, expr.value, at);
}

void RandomProgram::fillRegion(Region &region, TypeRange arguments,
                               Type yielded, bool mayCapture) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> locs(arguments.size(), loc);
  Block *block = builder.createBlock(&region, {}, arguments, locs);
  SmallVector<Value> values(block->getArguments());
  SmallVector<Value> indices;
  for (Value argument : block->getArguments())
    if (argument.getType().isIndex() && choices.flip())
      indices.push_back(argument);
  if (mayCapture && choices.rarely(4))
    values.push_back(readAnywhere(indices));
  Value result = scalarCode(values, yielded);
  YieldOp::create(builder, loc, ValueRange{result});
}

//===----------------------------------------------------------------------===//
// Reducers
//===----------------------------------------------------------------------===//

ReducerKind RandomProgram::randomReducer(Type type) {
  using K = ReducerKind;
  if (type.isInteger(1))
    return choices.oneOf({K::Or, K::And, K::Xor, K::Custom});
  if (type.isF64())
    return choices.oneOf({K::Add, K::Max, K::Min, K::Custom});
  return choices.oneOf(
      {K::Add, K::Max, K::Min, K::Custom, K::Mul, K::And, K::Or, K::Xor});
}

Value RandomProgram::randomInit(ReducerKind kind, Type type) {
  if (kind != ReducerKind::Custom && choices.flip())
    return Value();
  return constantScalar(type, type.isInteger(1) ? choices.below(2)
                                                : choices.below(5));
}

/// A function that is neither commutative nor associative.
void RandomProgram::fillCombiner(Region &region, Type type) {
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&region, {}, {type, type}, {loc, loc});
  Value old = block->getArgument(0), next = block->getArgument(1);
  Value result;
  if (type.isInteger(1)) {
    Value both = arith::AndIOp::create(builder, loc, old, next);
    result = arith::XOrIOp::create(builder, loc, both, constantScalar(type, 1));
  } else if (type.isF64()) {
    result = arith::SubFOp::create(builder, loc, next, old);
  } else {
    Value three = constantScalar(type, 3);
    Value scaled = arith::MulIOp::create(builder, loc, old, three);
    result = arith::SubIOp::create(builder, loc, scaled, next);
  }
  YieldOp::create(builder, loc, ValueRange{result});
}
