//===- ScalarKinds.cpp - What a scalar operation counts as ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarKinds.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

using Kinds = std::optional<SmallVector<ScalarKind, 2>>;

static Kinds one(bool isFloat, StringRef name) {
  return SmallVector<ScalarKind, 2>{{isFloat, name.str()}};
}

static Kinds kindsOfArith(Operation *op) {
  bool isFloat = isa<FloatType>(op->getResult(0).getType());
  return llvm::TypeSwitch<Operation *, Kinds>(op)
      .Case([](arith::ConstantOp) { return SmallVector<ScalarKind, 2>(); })
      .Case<arith::AddFOp, arith::SubFOp>([](auto) { return one(true, "add"); })
      .Case<arith::AddIOp, arith::SubIOp>(
          [](auto) { return one(false, "add"); })
      .Case([](arith::MulFOp) { return one(true, "mul"); })
      .Case([](arith::MulIOp) { return one(false, "mul"); })
      .Case([](arith::DivFOp) { return one(true, "div"); })
      .Case([](arith::RemFOp) { return one(true, "rem"); })
      .Case([](arith::NegFOp) { return one(true, "neg"); })
      .Case<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
            arith::MinNumFOp>([](auto) { return one(true, "max_min"); })
      .Case<arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(
          [](auto) { return one(false, "max_min"); })
      .Case([](arith::CmpFOp) { return one(true, "cmp"); })
      .Case([](arith::CmpIOp) { return one(false, "cmp"); })
      .Case([&](arith::SelectOp) { return one(isFloat, "select"); })
      .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::ShLIOp,
            arith::ShRSIOp, arith::ShRUIOp>(
          [](auto) { return one(false, "logic"); })
      .Case<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp,
            arith::FloorDivSIOp, arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [](auto) { return one(false, "div"); })
      .Default([&](Operation *other) -> Kinds {
        if (!isa<CastOpInterface>(other))
          return std::nullopt;
        return one(isFloat || isa<FloatType>(other->getOperand(0).getType()),
                   "cast");
      });
}

static Kinds kindsOfMath(Operation *op) {
  return llvm::TypeSwitch<Operation *, Kinds>(op)
      .Case([](math::FmaOp) {
        return SmallVector<ScalarKind, 2>{{true, "mul"}, {true, "add"}};
      })
      .Case([](math::ClampFOp) { return one(true, "max_min"); })
      .Case<math::IsFiniteOp, math::IsInfOp, math::IsNaNOp, math::IsNormalOp>(
          [](auto) { return one(true, "cmp"); })
      .Default([](Operation *other) {
        return one(isa<FloatType>(other->getResult(0).getType()),
                   other->getName().stripDialect());
      });
}

Kinds moa::scalarKindsOf(Operation *op) {
  if (op->getNumResults() != 1 ||
      llvm::any_of(op->getOperandTypes(), llvm::IsaPred<ShapedType>))
    return std::nullopt;
  if (isa<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(op))
    return one(false, "affine");
  Dialect *dialect = op->getDialect();
  if (isa_and_nonnull<arith::ArithDialect>(dialect))
    return kindsOfArith(op);
  if (isa_and_nonnull<math::MathDialect>(dialect))
    return kindsOfMath(op);
  return std::nullopt;
}

ScalarKind moa::scalarKindOf(ReducerKind reducer, Type type) {
  bool isFloat = isa<FloatType>(type);
  switch (reducer) {
  case ReducerKind::Add:
    return {isFloat, "add"};
  case ReducerKind::Mul:
    return {isFloat, "mul"};
  case ReducerKind::Max:
  case ReducerKind::Min:
    return {isFloat, "max_min"};
  case ReducerKind::And:
  case ReducerKind::Or:
  case ReducerKind::Xor:
    return {isFloat, "logic"};
  case ReducerKind::Custom:
    break;
  }
  llvm_unreachable("a custom reducer counts the operations in its region");
}
