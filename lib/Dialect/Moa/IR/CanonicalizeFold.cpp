//===- CanonicalizeFold.cpp - Canonical forms of moa.fold -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"

#include "moa/Dialect/Moa/IR/Dependence.h"
#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/BitVector.h"

using namespace moa;

namespace {
/// A fold over nothing is its start value.
struct EmptyFold : public OpRewritePattern<FoldOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(FoldOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<int64_t> lower = getConstantIntValue(op.getLower());
    std::optional<int64_t> upper = getConstantIntValue(op.getUpper());
    bool isEmpty =
        op.getLower() == op.getUpper() || (lower && upper && *upper <= *lower);
    if (!isEmpty)
      return failure();
    SmallVector<Value> starts;
    for (auto [number, type] : llvm::enumerate(op.getResultTypes())) {
      Value init = op.getInits().empty() ? Value() : op.getInits()[number];
      starts.push_back(buildReductionStart(rewriter, op.getLoc(),
                                           op.getReducer(number), type, init));
    }
    rewriter.replaceOp(op, starts);
    return success();
  }
};

/// Drops results of a tower that nothing uses: neither the outside nor, through
/// its element or correction, a result that is used.
struct DropUnusedResults : public OpRewritePattern<FoldOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(FoldOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<unsigned> kept = findNeeded(op);
    // A fold of which nothing is used is dead as a whole.
    if (kept.size() == op.getNumResults() || kept.empty())
      return failure();
    FoldOp fresh = rebuild(op, kept, rewriter);
    for (auto [number, old] : llvm::enumerate(kept))
      rewriter.replaceAllUsesWith(op.getResult(old), fresh.getResult(number));
    rewriter.eraseOp(op);
    return success();
  }

  /// The results that are used, and those that they need: all before them.
  static SmallVector<unsigned> findNeeded(FoldOp op) {
    unsigned n = op.getNumResults();
    llvm::BitVector needed(n);
    for (unsigned i = n; i-- > 0;) {
      if (!needed.test(i) && op.getResult(i).use_empty())
        continue;
      needed.set(i);
      auto mark = [&](Value value, Block &block,
                      Block::BlockArgListType state) {
        auto used = getUsedArguments(value, block);
        for (unsigned j = 0; j < i; ++j)
          if (used.contains(state[j]))
            needed.set(j);
      };
      mark(op.getElements()[i], op.getBody().front(), op.getRunning());
      if (!op.hasCorrect())
        continue;
      Block &correct = op.getCorrect().front();
      mark(op.getCorrected()[i], correct, op.getOldState());
      mark(op.getCorrected()[i], correct, op.getNewState());
    }
    return llvm::to_vector(llvm::map_range(
        needed.set_bits(), [](int i) -> unsigned { return i; }));
  }

  /// Moves `from` to `to`, whose block has the arguments that stay: `prefix`
  /// ones, and in each group of `n` those in `kept`. Yields what is kept.
  static void moveRegion(Region &from, Region &to, unsigned prefix, unsigned n,
                         ArrayRef<unsigned> kept, PatternRewriter &rewriter) {
    Block &source = from.front(), &target = to.front();
    rewriter.setInsertionPointToStart(&target);
    SmallVector<Value> arguments(source.getNumArguments());
    unsigned next = 0;
    for (unsigned i = 0; i < prefix; ++i)
      arguments[i] = target.getArgument(next++);
    for (unsigned group = prefix; group < arguments.size(); group += n)
      for (unsigned i : kept)
        arguments[group + i] = target.getArgument(next++);
    // What still uses a dropped value is dead: any value will do.
    for (auto [argument, old] :
         llvm::zip_equal(arguments, source.getArguments()))
      if (!argument)
        argument = arith::ConstantOp::create(
            rewriter, old.getLoc(),
            cast<TypedAttr>(rewriter.getZeroAttr(old.getType())));
    rewriter.mergeBlocks(&source, &target, arguments);
    Operation *yield = target.getTerminator();
    SmallVector<Value> yielded;
    for (unsigned i : kept)
      yielded.push_back(yield->getOperand(i));
    rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(yielded); });
  }

  /// The same fold with the results `kept` only. Takes the regions.
  static FoldOp rebuild(FoldOp op, ArrayRef<unsigned> kept,
                        PatternRewriter &rewriter) {
    unsigned n = op.getNumResults();
    SmallVector<Type> types;
    SmallVector<ReducerKind> reducers;
    SmallVector<Value> inits;
    for (unsigned i : kept) {
      types.push_back(op.getResult(i).getType());
      reducers.push_back(op.getReducer(i));
      if (!op.getInits().empty())
        inits.push_back(op.getInits()[i]);
    }
    auto fresh = FoldOp::create(rewriter, op.getLoc(), op.getLower(),
                                op.getUpper(), types, reducers, inits);
    fresh->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    OpBuilder::InsertionGuard guard(rewriter);
    moveRegion(op.getBody(), fresh.getBody(), /*prefix=*/1, n, kept, rewriter);
    if (op.hasCorrect()) {
      SmallVector<Type> states(types);
      llvm::append_range(states, types);
      SmallVector<Location> locations(states.size(), op.getLoc());
      rewriter.createBlock(&fresh.getCorrect(), {}, states, locations);
      moveRegion(op.getCorrect(), fresh.getCorrect(), /*prefix=*/0, n, kept,
                 rewriter);
    }
    for (auto [number, old] : llvm::enumerate(kept))
      if (Region *combiner = op.getCombiner(old)) {
        Region *target = fresh.getCombiner(number);
        rewriter.eraseBlock(&target->front());
        rewriter.inlineRegionBefore(*combiner, *target, target->end());
      }
    return fresh;
  }
};
} // namespace

void FoldOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<EmptyFold, DropUnusedResults>(context);
}
