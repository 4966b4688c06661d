//===- CanonicalizeAlgebra.cpp - Canonical forms of level 1 -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"

#include "moa/Dialect/Moa/IR/Inference.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Constant operands become static
//===----------------------------------------------------------------------===//

static SmallVector<OpFoldResult> getMixedExtents(IotaOp op) {
  Builder builder(op.getContext());
  return getMixedValues(op.getType().getShape(), op.getExtents(), builder);
}

namespace {
/// The static extents of an iota stand in its type.
struct StaticIota : public OpRewritePattern<IotaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IotaOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<OpFoldResult> mixed = getMixedExtents(op);
    if (failed(makeConstantsStatic(mixed, /*allowNegative=*/false)))
      return failure();
    SmallVector<Value> operands;
    SmallVector<int64_t> shape;
    dispatchIndexOpFoldResults(mixed, operands, shape);
    auto iota = IotaOp::create(rewriter, op.getLoc(), op.getType().clone(shape),
                               operands, op.getAxis());
    iota->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    replaceWithCast(rewriter, op, iota);
    return success();
  }
};

/// The mixed list of `moa.reshape`: extents.
struct ExtentList {
  static constexpr bool allowNegative = false;
  static OperandRange getDynamic(ReshapeOp op) { return op.getExtents(); }
  static ArrayRef<int64_t> getStatic(ReshapeOp op) {
    return op.getStaticExtents();
  }
  static void set(ReshapeOp op, ValueRange values, ArrayRef<int64_t> integers) {
    op.getExtentsMutable().assign(values);
    op.setStaticExtents(integers);
  }
};

/// The mixed list of `moa.take`, `moa.drop` and `moa.rotate`: counts.
struct CountList {
  static constexpr bool allowNegative = true;
  template <typename OpTy> static OperandRange getDynamic(OpTy op) {
    return op.getCounts();
  }
  template <typename OpTy> static ArrayRef<int64_t> getStatic(OpTy op) {
    return op.getStaticCounts();
  }
  template <typename OpTy>
  static void set(OpTy op, ValueRange values, ArrayRef<int64_t> integers) {
    op.getCountsMutable().assign(values);
    op.setStaticCounts(integers);
  }
};

template <typename OpTy, typename List>
struct StaticList : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    SmallVector<OpFoldResult> mixed =
        getMixedValues(List::getStatic(op), List::getDynamic(op), rewriter);
    if (failed(makeConstantsStatic(mixed, List::allowNegative)))
      return failure();
    SmallVector<Value> operands;
    SmallVector<int64_t> integers;
    dispatchIndexOpFoldResults(mixed, operands, integers);
    // The constant may contradict the result's type: an error at run time.
    OpTy fresh = cast<OpTy>(op->clone());
    List::set(fresh, operands, integers);
    bool valid = isValid(fresh);
    fresh->destroy();
    if (!valid)
      return failure();
    rewriter.modifyOpInPlace(op, [&] { List::set(op, operands, integers); });
    return success();
  }
};
} // namespace

void IotaOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<StaticIota>(context);
}

void TakeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<StaticList<TakeOp, CountList>>(context);
}

void DropOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<StaticList<DropOp, CountList>>(context);
}

//===----------------------------------------------------------------------===//
// rotate
//===----------------------------------------------------------------------===//

namespace {
/// Brings static counts into `0 .. extent - 1`. Axes with at most one index do
/// not rotate.
struct NormalizeCounts : public OpRewritePattern<RotateOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RotateOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> operands;
    SmallVector<int64_t> counts;
    auto dynamic = op.getCounts().begin();
    for (auto [axis, count] : llvm::enumerate(op.getStaticCounts())) {
      Value operand = ShapedType::isDynamic(count) ? *dynamic++ : Value();
      int64_t extent = op.getType().getDimSize(axis);
      bool isKnown = !ShapedType::isDynamic(extent);
      if (isKnown && extent <= 1)
        counts.push_back(0);
      else if (isKnown && !operand)
        counts.push_back((count % extent + extent) % extent);
      else
        counts.push_back(count);
      if (operand && ShapedType::isDynamic(counts.back()))
        operands.push_back(operand);
    }
    if (ArrayRef(counts) == op.getStaticCounts())
      return failure();
    rewriter.modifyOpInPlace(op, [&] { CountList::set(op, operands, counts); });
    return success();
  }
};
} // namespace

void RotateOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *context) {
  patterns.add<StaticList<RotateOp, CountList>, NormalizeCounts>(context);
}

//===----------------------------------------------------------------------===//
// psi
//===----------------------------------------------------------------------===//

namespace {
/// `j psi (i psi A) = (i ++ j) psi A`.
struct PsiOfPsi : public OpRewritePattern<PsiOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PsiOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getSource().getDefiningOp<PsiOp>();
    if (!inner)
      return failure();
    SmallVector<Value> indices(inner.getIndices());
    llvm::append_range(indices, op.getIndices());
    rewriter.modifyOpInPlace(op, [&] {
      op.getSourceMutable().assign(inner.getSource());
      op.getIndicesMutable().assign(indices);
    });
    return success();
  }
};
} // namespace

void PsiOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                        MLIRContext *context) {
  patterns.add<PsiOfPsi>(context);
}

//===----------------------------------------------------------------------===//
// reverse, transpose
//===----------------------------------------------------------------------===//

namespace {
/// Leaves out axes with at most one index.
struct DropTrivialAxes : public OpRewritePattern<ReverseOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReverseOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<int64_t> axes;
    for (int64_t axis : op.getAxes())
      if (op.getType().isDynamicDim(axis) || op.getType().getDimSize(axis) > 1)
        axes.push_back(axis);
    if (axes.size() == op.getAxes().size())
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.setAxes(axes); });
    return success();
  }
};

/// Axes that both reverse are not reversed.
struct ReverseOfReverse : public OpRewritePattern<ReverseOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReverseOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getSource().getDefiningOp<ReverseOp>();
    if (!inner)
      return failure();
    SmallVector<int64_t> axes;
    for (int64_t axis : llvm::seq(op.getType().getRank()))
      if (llvm::is_contained(op.getAxes(), axis) !=
          llvm::is_contained(inner.getAxes(), axis))
        axes.push_back(axis);
    rewriter.modifyOpInPlace(op, [&] {
      op.getSourceMutable().assign(inner.getSource());
      op.setAxes(axes);
    });
    return success();
  }
};

struct TransposeOfTranspose : public OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getSource().getDefiningOp<TransposeOp>();
    if (!inner)
      return failure();
    SmallVector<int64_t> permutation;
    for (int64_t axis : op.getPermutation())
      permutation.push_back(inner.getPermutation()[axis]);
    // The types of the two may contradict each other.
    RankedTensorType source = inner.getSource().getType();
    SmallVector<int64_t> shape =
        applyPermutation(source.getShape(), permutation);
    if (failed(verifyCompatibleShape(shape, op.getType().getShape())))
      return failure();
    rewriter.modifyOpInPlace(op, [&] {
      op.getSourceMutable().assign(inner.getSource());
      op.setPermutation(permutation);
    });
    return success();
  }
};

/// A transpose that moves nothing is at most a cast.
struct IdentityTranspose : public OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    if (!isIdentityPermutation(op.getPermutation()))
      return failure();
    replaceWithCast(rewriter, op, op.getSource());
    return success();
  }
};
} // namespace

void ReverseOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<DropTrivialAxes, ReverseOfReverse>(context);
}

void TransposeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<TransposeOfTranspose, IdentityTranspose>(context);
}

//===----------------------------------------------------------------------===//
// reshape, ravel
//===----------------------------------------------------------------------===//

/// The array of whose elements in row-major order `array` consists: neither
/// more nor fewer. Null if there is none.
static Value getSameElements(Value array) {
  if (auto ravel = array.getDefiningOp<RavelOp>())
    return ravel.getSource();
  auto reshape = array.getDefiningOp<ReshapeOp>();
  if (!reshape)
    return {};
  std::optional<int64_t> from = countElements(reshape.getSource().getType());
  std::optional<int64_t> to = countElements(reshape.getType());
  bool same = from && to && !ShapedType::isDynamic(*from) && *from == *to;
  return same ? Value(reshape.getSource()) : Value();
}

namespace {
template <typename OpTy>
struct ReadSameElements : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    Value source = getSameElements(op.getSource());
    if (!source)
      return failure();
    OpTy fresh = cast<OpTy>(op->clone());
    fresh.getSourceMutable().assign(source);
    bool valid = isValid(fresh);
    fresh->destroy();
    if (!valid)
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.getSourceMutable().assign(source); });
    return success();
  }
};

/// The ravel of a vector is at most a cast.
struct RavelOfVector : public OpRewritePattern<RavelOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RavelOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getSource().getType().getRank() != 1)
      return failure();
    replaceWithCast(rewriter, op, op.getSource());
    return success();
  }
};
} // namespace

void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<StaticList<ReshapeOp, ExtentList>, ReadSameElements<ReshapeOp>>(
      context);
}

void RavelOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                          MLIRContext *context) {
  patterns.add<ReadSameElements<RavelOp>, RavelOfVector>(context);
}

//===----------------------------------------------------------------------===//
// cat
//===----------------------------------------------------------------------===//

namespace {
/// Leaves out sources that are known to be empty, but for one.
struct DropEmptySources : public OpRewritePattern<CatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> sources;
    for (Value source : op.getSources())
      if (cast<RankedTensorType>(source.getType()).getDimSize(op.getAxis()) !=
          0)
        sources.push_back(source);
    if (sources.empty())
      sources.push_back(op.getSources().front());
    if (sources.size() == op.getSources().size())
      return failure();
    rewriter.modifyOpInPlace(op,
                             [&] { op.getSourcesMutable().assign(sources); });
    return success();
  }
};

struct CatOfOne : public OpRewritePattern<CatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CatOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getSources().size() != 1)
      return failure();
    replaceWithCast(rewriter, op, op.getSources().front());
    return success();
  }
};
} // namespace

void CatOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                        MLIRContext *context) {
  patterns.add<DropEmptySources, CatOfOne>(context);
}
