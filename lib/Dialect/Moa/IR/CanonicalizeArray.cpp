//===- CanonicalizeArray.cpp - Canonical forms of moa.array -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace moa;

/// The extents of result or destination `number`, with `extents` for the axes.
static SmallVector<int64_t> shapeOf(ArrayOp op, unsigned number,
                                    ArrayRef<int64_t> extents) {
  return llvm::map_to_vector(op.getMap(number).getResults(), [&](AffineExpr e) {
    return extents[cast<AffineDimExpr>(e).getPosition()];
  });
}

namespace {
/// Makes constant extents static.
struct StaticExtents : public OpRewritePattern<ArrayOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ArrayOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<OpFoldResult> mixed = op.getMixedExtents();
    if (failed(makeConstantsStatic(mixed, /*allowNegative=*/false)))
      return failure();
    SmallVector<Value> operands;
    SmallVector<int64_t> extents;
    dispatchIndexOpFoldResults(mixed, operands, extents);
    // A constant may contradict a type: an error at run time.
    TypeRange types(op.getResultTypes());
    if (op.hasBufferSemantics())
      types = TypeRange(op.getOuts());
    for (auto [number, type] : llvm::enumerate(types))
      if (failed(verifyCompatibleShape(cast<ShapedType>(type).getShape(),
                                       shapeOf(op, number, extents))))
        return failure();
    rewriter.modifyOpInPlace(op, [&] {
      op.getExtentsMutable().assign(operands);
      op.setStaticExtents(extents);
    });
    return success();
  }
};

/// Gives the results the types that follow from the extents. (With destinations
/// the types are theirs.)
struct RefineResults : public OpRewritePattern<ArrayOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ArrayOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getOuts().empty())
      return failure();
    for (auto [number, result] : llvm::enumerate(op.getResults())) {
      auto type = cast<RankedTensorType>(result.getType());
      RankedTensorType refined =
          meetShapes(type, shapeOf(op, number, op.getStaticExtents()));
      if (refined == type)
        continue;
      refineResult(rewriter, op, number, refined);
      return success();
    }
    return failure();
  }
};

/// Drops results that nothing uses, and takes equal results from one. (Results
/// with destinations stay.)
struct DropResults : public OpRewritePattern<ArrayOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ArrayOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getOuts().empty())
      return failure();
    unsigned n = op.getNumResults();
    SmallVector<unsigned> kept;

    SmallVector<unsigned> source(n);
    for (unsigned i = 0; i < n; ++i) {
      if (op.getResult(i).use_empty())
        continue;
      auto *same = llvm::find_if(kept, [&](unsigned j) {
        return op.getYieldedValues()[j] == op.getYieldedValues()[i] &&
               op.getMap(j) == op.getMap(i) &&
               op.getResult(j).getType() == op.getResult(i).getType();
      });
      source[i] = same - kept.begin();
      if (same == kept.end())
        kept.push_back(i);
    }
    // An array of which nothing is used is dead as a whole.
    if (kept.size() == n || kept.empty())
      return failure();

    ArrayOp fresh = rebuild(op, kept, rewriter);
    for (unsigned i = 0; i < n; ++i)
      if (!op.getResult(i).use_empty())
        rewriter.replaceAllUsesWith(op.getResult(i),
                                    fresh.getResult(source[i]));
    rewriter.eraseOp(op);
    return success();
  }

  /// The same array with the results `kept` only. Takes the body.
  static ArrayOp rebuild(ArrayOp op, ArrayRef<unsigned> kept,
                         PatternRewriter &rewriter) {
    SmallVector<Type> types;
    SmallVector<AffineMap> maps;
    SmallVector<Value> yielded;
    for (unsigned i : kept) {
      types.push_back(op.getResult(i).getType());
      maps.push_back(op.getMap(i));
      yielded.push_back(op.getYieldedValues()[i]);
    }
    auto fresh = ArrayOp::create(rewriter, op.getLoc(), types,
                                 op.getMixedExtents(), maps);
    fresh->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    rewriter.eraseBlock(&fresh.getBody().front());
    rewriter.inlineRegionBefore(op.getBody(), fresh.getBody(),
                                fresh.getBody().end());
    Operation *yield = fresh.getBody().front().getTerminator();
    rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(yielded); });
    return fresh;
  }
};
} // namespace

void ArrayOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                          MLIRContext *context) {
  patterns.add<StaticExtents, RefineResults, DropResults>(context);
}
