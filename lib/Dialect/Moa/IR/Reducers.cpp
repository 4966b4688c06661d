//===- Reducers.cpp - The monoids of reductions ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Reducers.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;

bool moa::isLegalReducer(ReducerKind kind, Type type) {
  switch (kind) {
  case ReducerKind::Add:
  case ReducerKind::Mul:
  case ReducerKind::Max:
  case ReducerKind::Min:
    return !type.isInteger(1);
  case ReducerKind::And:
  case ReducerKind::Or:
  case ReducerKind::Xor:
    return type.isIntOrIndex();
  case ReducerKind::Custom:
    return true;
  }
  llvm_unreachable("unknown reducer");
}

/// The smallest or largest value of an integer or index type, read as signed.
static APInt extremeInteger(Type type, bool smallest) {
  unsigned width = type.isIndex() ? IndexType::kInternalStorageBitWidth
                                  : type.getIntOrFloatBitWidth();
  return smallest ? APInt::getSignedMinValue(width)
                  : APInt::getSignedMaxValue(width);
}

TypedAttr moa::getReducerIdentity(ReducerKind kind, Type type) {
  Builder builder(type.getContext());
  auto floatType = dyn_cast<FloatType>(type);
  switch (kind) {
  case ReducerKind::Add:
  case ReducerKind::Or:
  case ReducerKind::Xor:
    return cast<TypedAttr>(builder.getZeroAttr(type));
  case ReducerKind::Mul:
    return cast<TypedAttr>(builder.getOneAttr(type));
  case ReducerKind::And: {
    unsigned width = type.isIndex() ? IndexType::kInternalStorageBitWidth
                                    : type.getIntOrFloatBitWidth();
    return builder.getIntegerAttr(type, APInt::getAllOnes(width));
  }
  case ReducerKind::Max:
  case ReducerKind::Min: {
    bool isMax = kind == ReducerKind::Max;
    if (floatType)
      return builder.getFloatAttr(
          type, APFloat::getInf(floatType.getFloatSemantics(), isMax));
    return builder.getIntegerAttr(type, extremeInteger(type, isMax));
  }
  case ReducerKind::Custom:
    break;
  }
  llvm_unreachable("a custom reducer has no known identity");
}

Value moa::buildReduction(OpBuilder &builder, Location loc, ReducerKind kind,
                          Value accumulated, Value next, Region *combiner) {
  auto build = [&]<typename FloatOp, typename IntegerOp>() -> Value {
    if (isa<FloatType>(accumulated.getType()))
      return builder.createOrFold<FloatOp>(loc, accumulated, next);
    return builder.createOrFold<IntegerOp>(loc, accumulated, next);
  };
  switch (kind) {
  case ReducerKind::Add:
    return build.operator()<arith::AddFOp, arith::AddIOp>();
  case ReducerKind::Mul:
    return build.operator()<arith::MulFOp, arith::MulIOp>();
  case ReducerKind::Max:
    return build.operator()<arith::MaximumFOp, arith::MaxSIOp>();
  case ReducerKind::Min:
    return build.operator()<arith::MinimumFOp, arith::MinSIOp>();
  case ReducerKind::And:
    return builder.createOrFold<arith::AndIOp>(loc, accumulated, next);
  case ReducerKind::Or:
    return builder.createOrFold<arith::OrIOp>(loc, accumulated, next);
  case ReducerKind::Xor:
    return builder.createOrFold<arith::XOrIOp>(loc, accumulated, next);
  case ReducerKind::Custom:
    return inlineScalarRegion(builder, *combiner, {accumulated, next}).front();
  }
  llvm_unreachable("unknown reducer");
}

Value moa::buildReductionStart(OpBuilder &builder, Location loc,
                               ReducerKind kind, Type type, Value init) {
  if (init)
    return init;
  return arith::ConstantOp::create(builder, loc,
                                   getReducerIdentity(kind, type));
}
