//===- CastSteps.cpp - arith: conversions -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conversions between scalar types. Between float types there is nothing to do.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath.h"
#include "ScalarSteps.h"

#include "moa/Support/HalfFloat.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

/// The bits of `value` in the format of `type`, which it is rounded to.
static int64_t bitsOf(double value, Type type) {
  if (type.isF64())
    return llvm::bit_cast<int64_t>(value);
  if (type.isF32())
    return llvm::bit_cast<int32_t>(float(value));
  return type.isF16() ? f16FromDouble(value) : bf16FromDouble(value);
}

static double floatOf(int64_t bits, Type type) {
  if (type.isF64())
    return llvm::bit_cast<double>(bits);
  if (type.isF32())
    return llvm::bit_cast<float>(int32_t(bits));
  return type.isF16() ? f16ToDouble(uint16_t(bits))
                      : bf16ToDouble(uint16_t(bits));
}

static Cell bitcast(Cell value, Type from, Type to) {
  int64_t bits = isa<FloatType>(from) ? bitsOf(value.f, from) : value.i;
  if (isa<FloatType>(to))
    return cellOf(floatOf(bits, to));
  return cellOf(wrap(bits, widthOf(to)));
}

/// Truncated towards zero and clamped; NaN gives 0.
static int64_t toSigned(double value, unsigned width) {
  double limit = std::ldexp(1.0, width - 1);
  if (std::isnan(value))
    return 0;
  if (value >= limit)
    return maxSigned(width);
  return value < -limit ? minSigned(width) : wrap(int64_t(value), width);
}
static int64_t toUnsigned(double value, unsigned width) {
  if (std::isnan(value) || value < 0)
    return 0;
  if (value >= std::ldexp(1.0, width))
    return wrap(-1, width);
  return wrap(int64_t(uint64_t(value)), width);
}

FailureOr<StepPtr> moa::reference::decodeArithCast(Operation *op,
                                                   Decoder &decoder) {
  if (op->getNumOperands() != 1 || op->getNumResults() != 1 ||
      isa<ShapedType>(op->getOperand(0).getType()))
    return StepPtr();
  Type source = op->getOperand(0).getType(),
       target = op->getResult(0).getType();
  unsigned from = widthOf(source), to = widthOf(target);
  bool isFloat = isa<FloatType>(source) || isa<FloatType>(target);
  auto convert = [&](auto function) {
    uint64_t *count =
        isFloat ? decoder.floatCount("cast") : decoder.integerCount("cast");
    return makeScalarStep<1>(
        op, decoder, count,
        [=](const std::array<Cell, 1> &x) { return function(x[0]); });
  };
  auto signExtend = [&] {
    return convert(
        [=](Cell x) { return cellOf(wrap(asSigned(x.i, from), to)); });
  };
  auto zeroExtend = [&] {
    return convert([=](Cell x) {
      return cellOf(wrap(int64_t(asUnsigned(x.i, from)), to));
    });
  };
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case<arith::ExtFOp, arith::TruncFOp>(
          [&](auto) { return convert([](Cell x) { return x; }); })
      .Case<arith::ExtSIOp, arith::IndexCastOp, arith::TruncIOp>(
          [&](auto) { return signExtend(); })
      .Case<arith::ExtUIOp, arith::IndexCastUIOp>(
          [&](auto) { return zeroExtend(); })
      .Case([&](arith::SIToFPOp) {
        return convert(
            [=](Cell x) { return cellOf(double(asSigned(x.i, from))); });
      })
      .Case([&](arith::UIToFPOp) {
        return convert(
            [=](Cell x) { return cellOf(double(asUnsigned(x.i, from))); });
      })
      .Case([&](arith::FPToSIOp) {
        return convert([=](Cell x) { return cellOf(toSigned(x.f, to)); });
      })
      .Case([&](arith::FPToUIOp) {
        return convert([=](Cell x) { return cellOf(toUnsigned(x.f, to)); });
      })
      .Case([&](arith::BitcastOp) {
        return convert([=](Cell x) { return bitcast(x, source, target); });
      })
      .Default([](Operation *) { return nullptr; });
}
