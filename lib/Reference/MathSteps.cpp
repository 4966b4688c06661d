//===- MathSteps.cpp - The math dialect on scalars -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elementary functions, by the C++ standard library in double precision.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath.h"
#include "ScalarSteps.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

using Unary = double (*)(double);

/// The functions of one float that have a name of their own in C++.
static const llvm::StringMap<Unary> &unaryFunctions() {
  static const llvm::StringMap<Unary> table = {
      {"math.absf", std::fabs},
      {"math.acos", std::acos},
      {"math.acosh", std::acosh},
      {"math.asin", std::asin},
      {"math.asinh", std::asinh},
      {"math.atan", std::atan},
      {"math.atanh", std::atanh},
      {"math.cbrt", std::cbrt},
      {"math.ceil", std::ceil},
      {"math.cos", std::cos},
      {"math.cosh", std::cosh},
      {"math.erf", std::erf},
      {"math.erfc", std::erfc},
      {"math.exp", std::exp},
      {"math.exp2", std::exp2},
      {"math.expm1", std::expm1},
      {"math.floor", std::floor},
      {"math.log", std::log},
      {"math.log10", std::log10},
      {"math.log1p", std::log1p},
      {"math.log2", std::log2},
      {"math.round", std::round},
      {"math.roundeven", std::nearbyint},
      {"math.rsqrt", [](double x) { return 1.0 / std::sqrt(x); }},
      {"math.sin", std::sin},
      {"math.sinh", std::sinh},
      {"math.sqrt", std::sqrt},
      {"math.tan", std::tan},
      {"math.tanh", std::tanh},
      {"math.trunc", std::trunc},
  };
  return table;
}

/// `base` to an integer power; the powers of an integer are cut to 64 bits, a
/// negative one of an integer rounds towards zero.
static double power(double base, int64_t exponent) {
  return std::pow(base, static_cast<double>(exponent));
}
static int64_t integerPower(int64_t base, int64_t exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  uint64_t result = 1, factor = base;
  for (; exponent > 0; exponent >>= 1, factor *= factor)
    if (exponent & 1)
      result *= factor;
  return static_cast<int64_t>(result);
}

/// x * y + z, rounded once.
static StepPtr decodeFma(math::FmaOp op, Decoder &decoder) {
  uint64_t *muls = decoder.floatCount("mul"), *adds = decoder.floatCount("add");
  return makeScalarStep<3>(op, decoder, muls,
                           [=](const std::array<Cell, 3> &x) {
                             ++*adds;
                             return cellOf(std::fma(x[0].f, x[1].f, x[2].f));
                           });
}

/// A predicate on floats.
static StepPtr makeTest(Operation *op, Decoder &decoder, bool (*test)(double)) {
  return makeScalarStep<1>(op, decoder, decoder.floatCount("cmp"),
                           [=](const std::array<Cell, 1> &x) {
                             return cellOf(int64_t(test(x[0].f)));
                           });
}

/// A function of one integer, read unsigned.
static StepPtr makeBits(Operation *op, Decoder &decoder,
                        int64_t (*function)(uint64_t, unsigned)) {
  unsigned width = widthOf(op->getResult(0).getType());
  StringRef name = op->getName().stripDialect();
  return makeScalarStep<1>(
      op, decoder, decoder.integerCount(name),
      [=](const std::array<Cell, 1> &x) {
        return cellOf(wrap(function(asUnsigned(x[0].i, width), width), width));
      });
}

static StepPtr decodeSpecial(Operation *op, Decoder &d) {
  using U = uint64_t;
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](math::FmaOp fma) { return decodeFma(fma, d); })
      .Case([&](math::Atan2Op) {
        return makeFloatBinary(op, d, "atan2", [](double a, double b) {
          return std::atan2(a, b);
        });
      })
      .Case([&](math::CopySignOp) {
        return makeFloatBinary(op, d, "copysign", [](double a, double b) {
          return std::copysign(a, b);
        });
      })
      .Case([&](math::PowFOp) {
        return makeFloatBinary(
            op, d, "powf", [](double a, double b) { return std::pow(a, b); });
      })
      .Case([&](math::ClampFOp) {
        return makeScalarStep<3>(
            op, d, d.floatCount("max_min"), [](const std::array<Cell, 3> &x) {
              return cellOf(minNum(maxNum(x[0].f, x[1].f), x[2].f));
            });
      })
      .Case([&](math::FPowIOp) {
        unsigned width = widthOf(op->getOperand(1).getType());
        return makeScalarStep<2>(
            op, d, d.floatCount("fpowi"), [=](const std::array<Cell, 2> &x) {
              return cellOf(power(x[0].f, asSigned(x[1].i, width)));
            });
      })
      .Case([&](math::IPowIOp) {
        unsigned width = widthOf(op->getResult(0).getType());
        return makeScalarStep<2>(
            op, d, d.integerCount("ipowi"), [=](const std::array<Cell, 2> &x) {
              return cellOf(wrap(integerPower(asSigned(x[0].i, width),
                                              asSigned(x[1].i, width)),
                                 width));
            });
      })
      .Case([&](math::IsFiniteOp) {
        return makeTest(op, d, [](double x) { return bool(std::isfinite(x)); });
      })
      .Case([&](math::IsInfOp) {
        return makeTest(op, d, [](double x) { return bool(std::isinf(x)); });
      })
      .Case([&](math::IsNaNOp) {
        return makeTest(op, d, [](double x) { return bool(std::isnan(x)); });
      })
      .Case([&](math::IsNormalOp) {
        return makeTest(op, d, [](double x) { return bool(std::isnormal(x)); });
      })
      .Case([&](math::AbsIOp) {
        return makeBits(op, d, [](U x, unsigned width) {
          return std::abs(asSigned(wrap(int64_t(x), width), width));
        });
      })
      .Case([&](math::CountLeadingZerosOp) {
        return makeBits(op, d, [](U x, unsigned width) {
          return int64_t(llvm::countl_zero(x)) - (64 - int64_t(width));
        });
      })
      .Case([&](math::CountTrailingZerosOp) {
        return makeBits(op, d, [](U x, unsigned width) {
          return std::min<int64_t>(llvm::countr_zero(x), width);
        });
      })
      .Case([&](math::CtPopOp) {
        return makeBits(
            op, d, [](U x, unsigned) { return int64_t(llvm::popcount(x)); });
      })
      .Default([](Operation *) { return nullptr; });
}

FailureOr<StepPtr> moa::reference::decodeMath(Operation *op, Decoder &decoder) {
  if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
      llvm::any_of(op->getOperandTypes(), llvm::IsaPred<ShapedType>))
    return StepPtr();
  auto function = unaryFunctions().find(op->getName().getStringRef());
  if (function != unaryFunctions().end())
    return makeFloatUnary(op, decoder, op->getName().stripDialect(),
                          function->second);
  return decodeSpecial(op, decoder);
}
