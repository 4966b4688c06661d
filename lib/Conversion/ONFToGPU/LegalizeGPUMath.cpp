//===- LegalizeGPUMath.cpp - Scalar operations that NVVM lacks --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Conversion/ExpandMath/ExpandMath.h"
#include "moa/Conversion/ONFToGPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace moa {
#define GEN_PASS_DEF_LEGALIZEGPUMATH
#include "moa/Conversion/ONFToGPU/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {

/// `math.sqrt` as LLVM's intrinsic, by name: `convert-gpu-to-nvvm` takes the
/// intrinsic's own operation for something that is not lowered yet.
struct Sqrt : OpRewritePattern<math::SqrtOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::SqrtOp op,
                                PatternRewriter &rewriter) const override {
    if (!isa<Float32Type, Float64Type>(op.getType()))
      return rewriter.notifyMatchFailure(op, "not f32 or f64");
    StringRef name = op.getType().isF32() ? "llvm.sqrt.f32" : "llvm.sqrt.f64";
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, op.getType(), rewriter.getStringAttr(name), op->getOperands());
    return success();
  }
};

/// `math.trunc` as LLVM's intrinsic.
struct Trunc : OpRewritePattern<math::TruncOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::TruncOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::FTruncOp>(op, op.getType(),
                                                op.getOperand());
    return success();
  }
};

/// `op(x)` as an LLVM intrinsic with a flag that says what is poison: nothing.
/// index goes through i64.
template <typename MathOp, typename Intrinsic>
struct IntegerIntrinsic : OpRewritePattern<MathOp> {
  using OpRewritePattern<MathOp>::OpRewritePattern;
  LogicalResult matchAndRewrite(MathOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = op.getOperand();
    bool isIndex = isa<IndexType>(op.getType());
    if (isIndex)
      x = arith::IndexCastOp::create(rewriter, loc, rewriter.getI64Type(), x);
    Value y = intrinsic(rewriter, loc, x);
    if (isIndex)
      y = arith::IndexCastOp::create(rewriter, loc, op.getType(), y);
    rewriter.replaceOp(op, y);
    return success();
  }

  static Value intrinsic(PatternRewriter &rewriter, Location loc, Value x) {
    if constexpr (std::is_same_v<Intrinsic, LLVM::CtPopOp>)
      return Intrinsic::create(rewriter, loc, x.getType(), x);
    else
      return Intrinsic::create(rewriter, loc, x.getType(), x, false);
  }
};

/// A true i1 is -1 as a signed number; LLVM's NVPTX back end makes 1 of it where
/// the result is bf16 and the chip converts to that.
struct SignedBoolToFloat : OpRewritePattern<arith::SIToFPOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::SIToFPOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<FloatType>(op.getType());
    if (!type || !op.getIn().getType().isInteger(1))
      return rewriter.notifyMatchFailure(op, "not from i1 to a float");
    auto number = [&](double value) {
      return arith::ConstantOp::create(rewriter, op.getLoc(),
                                       rewriter.getFloatAttr(type, value));
    };
    Value minusOne = number(-1), zero = number(0);
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, op.getIn(), minusOne,
                                                 zero);
    return success();
  }
};

struct LegalizeGPUMathPass
    : public moa::impl::LegalizeGPUMathBase<LegalizeGPUMathPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<
        Sqrt, Trunc, IntegerIntrinsic<math::AbsIOp, LLVM::AbsOp>,
        IntegerIntrinsic<math::CountLeadingZerosOp, LLVM::CountLeadingZerosOp>,
        IntegerIntrinsic<math::CountTrailingZerosOp,
                         LLVM::CountTrailingZerosOp>,
        IntegerIntrinsic<math::CtPopOp, LLVM::CtPopOp>>(&getContext());
    // Before the patterns that know no difference between i1 and i32.
    patterns.add<SignedBoolToFloat>(&getContext(), PatternBenefit(2));
    populateExpandMathPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
