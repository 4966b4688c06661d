//===- LegalizeCPUMath.cpp - Scalar code as LLVM's CPU targets have it -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Conversion/LegalizeCPUMath/Passes.h"

#include "moa/Conversion/ExpandMath/ExpandMath.h"

#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/DialectConversion.h"

namespace moa {
#define GEN_PASS_DEF_LEGALIZECPUMATH
#include "moa/Conversion/LegalizeCPUMath/Passes.h.inc"
} // namespace moa

using namespace moa;

static bool isHalf(Type type) { return type.isF16() || type.isBF16(); }

/// `value`, an f64, as an f32 that is odd in its last bit wherever it is not
/// exact. Rounding that to a type of at most 22 bits of precision is the same as
/// rounding `value`.
static Value roundToOdd(OpBuilder &builder, Location loc, Value value) {
  Type f32 = builder.getF32Type(), i32 = builder.getI32Type();
  auto constant = [&](int32_t bits) -> Value {
    return arith::ConstantIntOp::create(builder, loc, i32, bits);
  };
  auto magnitude = [&](Value v) -> Value {
    return math::AbsFOp::create(builder, loc, v);
  };
  Value nearest = arith::TruncFOp::create(builder, loc, f32, value);
  Value back = arith::ExtFOp::create(builder, loc, value.getType(), nearest);
  Value bits = arith::BitcastOp::create(builder, loc, i32, nearest);
  // Towards zero: the magnitude is in the low bits.
  Value away =
      arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT,
                            magnitude(back), magnitude(value));
  Value below = arith::SubIOp::create(builder, loc, bits, constant(1));
  Value cut = arith::SelectOp::create(builder, loc, away, below, bits);
  Value odd = arith::OrIOp::create(builder, loc, cut, constant(1));
  // Ordered: a NaN stays as it is.
  Value inexact = arith::CmpFOp::create(
      builder, loc, arith::CmpFPredicate::ONE, back, value);
  Value chosen = arith::SelectOp::create(builder, loc, inexact, odd, bits);
  return arith::BitcastOp::create(builder, loc, f32, chosen);
}

namespace {

/// f64 to f16 or bf16, rounded once.
struct TruncateThroughF32 : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getIn().getType().isF64() || !isHalf(op.getType()))
      return rewriter.notifyMatchFailure(op, "not from f64 to f16 or bf16");
    Value odd = roundToOdd(rewriter, op.getLoc(), op.getIn());
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), odd);
    return success();
  }
};

/// bf16 to f64.
struct ExtendThroughF32 : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getIn().getType().isBF16() || !op.getType().isF64())
      return rewriter.notifyMatchFailure(op, "not from bf16 to f64");
    Value single = arith::ExtFOp::create(rewriter, op.getLoc(),
                                         rewriter.getF32Type(), op.getIn());
    rewriter.replaceOpWithNewOp<arith::ExtFOp>(op, op.getType(), single);
    return success();
  }
};

/// `math.fma` on f16 and bf16.
struct MultiplyAddInF64 : OpRewritePattern<math::FmaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::FmaOp op,
                                PatternRewriter &rewriter) const override {
    if (!isHalf(op.getType()))
      return rewriter.notifyMatchFailure(op, "not f16 or bf16");
    SmallVector<Value> wide;
    for (Value operand : op->getOperands())
      wide.push_back(arith::ExtFOp::create(rewriter, op.getLoc(),
                                           rewriter.getF64Type(), operand));
    Value result = math::FmaOp::create(rewriter, op.getLoc(), wide[0], wide[1],
                                       wide[2]);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), result);
    return success();
  }
};

struct LegalizeCPUMathPass
    : public moa::impl::LegalizeCPUMathBase<LegalizeCPUMathPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<TruncateThroughF32, ExtendThroughF32>(&getContext());
    // Upstream has one through f32, which rounds twice.
    patterns.add<MultiplyAddInF64>(&getContext(), /*benefit=*/2);
    populateExpandMathPatterns(patterns);
    populateMathToLibmConversionPatterns(patterns);
    ConversionTarget target(getContext());
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    target.addDynamicallyLegalOp<arith::TruncFOp>([](arith::TruncFOp op) {
      return !op.getIn().getType().isF64() || !isHalf(op.getType());
    });
    target.addDynamicallyLegalOp<arith::ExtFOp>([](arith::ExtFOp op) {
      return !op.getIn().getType().isBF16() || !op.getType().isF64();
    });
    target.addDynamicallyLegalOp<math::FmaOp>(
        [](math::FmaOp op) { return !isHalf(op.getType()); });
    target.addDynamicallyLegalOp<math::FPowIOp>([](math::FPowIOp op) {
      return op.getRhs().getType().isInteger(32);
    });
    target.addDynamicallyLegalOp<arith::SIToFPOp, arith::UIToFPOp>(
        [](Operation *op) { return !op->getResultTypes().front().isBF16(); });
    target.addDynamicallyLegalOp<arith::AddUIExtendedOp>(
        [](arith::AddUIExtendedOp op) { return !op.getSum().getType().isIndex(); });
    target.addIllegalOp<math::AcoshOp, math::AsinhOp, math::AtanhOp,
                        math::CbrtOp, math::ErfOp, math::ErfcOp, math::ExpM1Op,
                        math::IPowIOp, math::IsInfOp, math::IsNormalOp,
                        math::Log1pOp>();
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
