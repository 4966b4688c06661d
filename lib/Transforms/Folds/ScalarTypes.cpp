//===- ScalarTypes.cpp - Types of scalars as numbers ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;

/// In ascending order; 0 is no type, 1 that of truth values.
static SmallVector<Type> allTypes(MLIRContext *context) {
  Builder b(context);
  return {Type(),         b.getI1Type(),    b.getI8Type(),  b.getI16Type(),
          b.getI32Type(), b.getI64Type(),   b.getIndexType(), b.getF16Type(),
          b.getBF16Type(), b.getF32Type(),  b.getF64Type()};
}

std::optional<uint8_t> moa::getTypeNumber(Type type) {
  for (auto [number, known] : llvm::enumerate(allTypes(type.getContext())))
    if (type == known)
      return number;
  return std::nullopt;
}

Type moa::getNumberedType(MLIRContext *context, uint8_t number) {
  return allTypes(context)[number];
}

uint8_t moa::getFirstFloatNumber() { return 7; }

uint8_t moa::getCountNumber() { return 5; }

algebra::Reducer moa::getAlgebraReducer(ReducerKind kind) {
  switch (kind) {
  case ReducerKind::Add:
    return algebra::Reducer::Add;
  case ReducerKind::Mul:
    return algebra::Reducer::Mul;
  case ReducerKind::Max:
    return algebra::Reducer::Max;
  case ReducerKind::Min:
    return algebra::Reducer::Min;
  default:
    return algebra::Reducer::Other;
  }
}

Value moa::convertScalar(OpBuilder &b, Location loc, Value value, Type type) {
  Type from = value.getType();
  if (from == type)
    return value;
  if (from.isIndex() || type.isIndex()) {
    Type i64 = b.getI64Type();
    if (!from.isIndex())
      value = convertScalar(b, loc, value, i64);
    Type other = type.isIndex() ? type : i64;
    value = arith::IndexCastOp::create(b, loc, other, value);
    return convertScalar(b, loc, value, type);
  }
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(type);
  unsigned width = type.getIntOrFloatBitWidth();
  if (fromFloat && toFloat) {
    if (from.getIntOrFloatBitWidth() == width) { // f16 and bf16
      value = arith::ExtFOp::create(b, loc, b.getF32Type(), value);
      return arith::TruncFOp::create(b, loc, type, value);
    }
    if (from.getIntOrFloatBitWidth() < width)
      return arith::ExtFOp::create(b, loc, type, value);
    return arith::TruncFOp::create(b, loc, type, value);
  }
  if (toFloat)
    return from.isInteger(1)
               ? Value(arith::UIToFPOp::create(b, loc, type, value))
               : Value(arith::SIToFPOp::create(b, loc, type, value));
  if (fromFloat)
    return arith::FPToSIOp::create(b, loc, type, value);
  if (from.getIntOrFloatBitWidth() < width)
    return from.isInteger(1)
               ? Value(arith::ExtUIOp::create(b, loc, type, value))
               : Value(arith::ExtSIOp::create(b, loc, type, value));
  return arith::TruncIOp::create(b, loc, type, value);
}
