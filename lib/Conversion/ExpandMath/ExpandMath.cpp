//===- ExpandMath.cpp - Scalar operations in terms of simpler ones -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Conversion/ExpandMath/ExpandMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace moa;

namespace {

Value constant(PatternRewriter &rewriter, Location loc, Type type, double x) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(rewriter, loc,
                                     rewriter.getFloatAttr(type, x));
  return arith::ConstantOp::create(
      rewriter, loc, rewriter.getIntegerAttr(type, static_cast<int64_t>(x)));
}

/// Any integer to bf16 with one rounding. What f64 cannot hold exactly is first
/// rounded to odd at a place far below bf16's last: then the later rounding
/// goes the right way.
template <typename CastOp> struct IntegerToBF16 : OpRewritePattern<CastOp> {
  using OpRewritePattern<CastOp>::OpRewritePattern;
  LogicalResult matchAndRewrite(CastOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isBF16())
      return rewriter.notifyMatchFailure(op, "the result is not bf16");
    Location loc = op.getLoc();
    Value x = op.getIn();
    if (x.getType().getIntOrFloatBitWidth() > 53)
      x = roundToOdd(rewriter, loc, x);
    Value wide = CastOp::create(rewriter, loc, rewriter.getF64Type(), x);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), wide);
    return success();
  }

  /// `x` if |x| < 2^53; else `x` with its last 12 bits replaced by 2^11 if any
  /// of them is set. The result has at most 53 significant bits.
  static Value roundToOdd(PatternRewriter &rewriter, Location loc, Value x) {
    Type type = x.getType();
    auto number = [&](int64_t n) -> Value {
      return arith::ConstantOp::create(rewriter, loc,
                                       rewriter.getIntegerAttr(type, n));
    };
    Value low = arith::AndIOp::create(rewriter, loc, x, number(4095));
    Value high = arith::XOrIOp::create(rewriter, loc, x, low);
    Value inexact = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::ne, low, number(0));
    Value sticky = arith::SelectOp::create(rewriter, loc, inexact, number(2048),
                                           number(0));
    Value odd = arith::OrIOp::create(rewriter, loc, high, sticky);
    // Bits above 2^53 that do not just repeat the sign.
    Value shifted =
        arith::AddIOp::create(rewriter, loc, x, number(int64_t(1) << 53));
    Value large =
        arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ugt, shifted,
                              number(int64_t(1) << 54));
    return arith::SelectOp::create(rewriter, loc, large, odd, x);
  }
};

/// The sum of index values and its carry, which LLVM's conversion of arith does
/// for integers only.
struct AddIndexExtended : OpRewritePattern<arith::AddUIExtendedOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::AddUIExtendedOp op,
                                PatternRewriter &rewriter) const override {
    if (!isa<IndexType>(op.getSum().getType()))
      return rewriter.notifyMatchFailure(op, "not of type index");
    Value sum =
        arith::AddIOp::create(rewriter, op.getLoc(), op.getLhs(), op.getRhs());
    Value carry = arith::CmpIOp::create(
        rewriter, op.getLoc(), arith::CmpIPredicate::ult, sum, op.getLhs());
    rewriter.replaceOp(op, {sum, carry});
    return success();
  }
};

/// smallest normal <= |x| < inf.
struct IsNormal : OpRewritePattern<math::IsNormalOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::IsNormalOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<FloatType>(op.getOperand().getType());
    auto limit = [&](const APFloat &x) -> Value {
      return arith::ConstantOp::create(rewriter, loc,
                                       rewriter.getFloatAttr(type, x));
    };
    const llvm::fltSemantics &format = type.getFloatSemantics();
    Value x = math::AbsFOp::create(rewriter, loc, op.getOperand());
    Value least =
        arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OGE, x,
                              limit(APFloat::getSmallestNormalized(format)));
    Value finite =
        arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OLT, x,
                              limit(APFloat::getInf(format)));
    rewriter.replaceOpWithNewOp<arith::AndIOp>(op, least, finite);
    return success();
  }
};

/// |x| == inf.
struct IsInf : OpRewritePattern<math::IsInfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::IsInfOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<FloatType>(op.getOperand().getType());
    Value x = math::AbsFOp::create(rewriter, op.getLoc(), op.getOperand());
    Value infinity = arith::ConstantOp::create(
        rewriter, op.getLoc(),
        rewriter.getFloatAttr(type, APFloat::getInf(type.getFloatSemantics())));
    rewriter.replaceOpWithNewOp<arith::CmpFOp>(op, arith::CmpFPredicate::OEQ, x,
                                               infinity);
    return success();
  }
};

/// An integer power by squaring. A negative exponent of anything but 1 and -1
/// gives 0 (and a division by zero is not defined), as in upstream.
struct IPowI : OpRewritePattern<math::IPowIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::IPowIOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type type = op.getType();
    Value base = op.getLhs(), exponent = op.getRhs();
    Value zero = constant(rewriter, loc, type, 0);
    Value one = constant(rewriter, loc, type, 1);
    auto loop = scf::WhileOp::create(
        rewriter, loc, TypeRange{type, type, type},
        ValueRange{one, base, exponent},
        [&](OpBuilder &b, Location, ValueRange state) {
          Value more = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne,
                                             state[2], zero);
          scf::ConditionOp::create(b, loc, more, state);
        },
        [&](OpBuilder &b, Location, ValueRange state) {
          Value bit = arith::AndIOp::create(b, loc, state[2], one);
          Value isSet = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne,
                                              bit, zero);
          Value times = arith::MulIOp::create(b, loc, state[0], state[1]);
          Value power = arith::SelectOp::create(b, loc, isSet, times, state[0]);
          Value square = arith::MulIOp::create(b, loc, state[1], state[1]);
          Value rest = arith::ShRUIOp::create(b, loc, state[2], one);
          // A shift by the whole width of i1 is not defined.
          if (type.isInteger(1))
            rest = zero;
          scf::YieldOp::create(b, loc, ValueRange{power, square, rest});
        });
    rewriter.replaceOp(op, selectNegative(rewriter, loc, base, exponent,
                                          loop.getResult(0), zero, one));
    return success();
  }

  /// base^exponent for a negative exponent, `power` for others.
  static Value selectNegative(PatternRewriter &rewriter, Location loc,
                              Value base, Value exponent, Value power,
                              Value zero, Value one) {
    Type type = power.getType();
    if (type.isInteger(1))
      return power;
    auto compare = [&](arith::CmpIPredicate predicate, Value a, Value b) {
      return arith::CmpIOp::create(rewriter, loc, predicate, a, b);
    };
    Value minusOne = constant(rewriter, loc, type, -1);
    Value odd =
        compare(arith::CmpIPredicate::ne,
                arith::AndIOp::create(rewriter, loc, exponent, one), zero);
    Value sign = arith::SelectOp::create(rewriter, loc, odd, minusOne, one);
    Value isMinusOne = compare(arith::CmpIPredicate::eq, base, minusOne);
    Value isOne = compare(arith::CmpIPredicate::eq, base, one);
    Value inverse =
        arith::SelectOp::create(rewriter, loc, isMinusOne, sign, zero);
    inverse = arith::SelectOp::create(rewriter, loc, isOne, one, inverse);
    Value negative = compare(arith::CmpIPredicate::slt, exponent, zero);
    return arith::SelectOp::create(rewriter, loc, negative, inverse, power);
  }
};

/// Libraries take exponents of i32 only. A wider one goes through the power of
/// f64, which knows whether it is odd up to 2^53.
struct FPowI : OpRewritePattern<math::FPowIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::FPowIOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    unsigned width = op.getRhs().getType().getIntOrFloatBitWidth();
    if (width == 32)
      return rewriter.notifyMatchFailure(op, "the exponent is an i32");
    if (width < 32) {
      Value exponent = arith::ExtSIOp::create(
          rewriter, loc, rewriter.getI32Type(), op.getRhs());
      rewriter.replaceOpWithNewOp<math::FPowIOp>(op, op.getLhs(), exponent);
      return success();
    }
    Type f64 = rewriter.getF64Type();
    Value base = op.getLhs();
    if (base.getType() != f64)
      base = arith::ExtFOp::create(rewriter, loc, f64, base);
    Value exponent = arith::SIToFPOp::create(rewriter, loc, f64, op.getRhs());
    Value power = math::PowFOp::create(rewriter, loc, base, exponent);
    if (op.getType() != f64)
      power = arith::TruncFOp::create(rewriter, loc, op.getType(), power);
    rewriter.replaceOp(op, power);
    return success();
  }
};

} // namespace

void moa::populateExpandMathPatterns(RewritePatternSet &patterns) {
  patterns.add<AddIndexExtended, FPowI, IntegerToBF16<arith::SIToFPOp>,
               IntegerToBF16<arith::UIToFPOp>, IPowI, IsInf, IsNormal>(
      patterns.getContext());
}
