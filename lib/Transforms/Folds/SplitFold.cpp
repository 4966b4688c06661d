//===- SplitFold.cpp - The pass moa-split-fold ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The merge of a tower's partial states is a fold over the parts. Its elements
// are the `correct` region applied to the states that were stored, old, and the
// running results, new; its reducers and its `correct` region are the tower's.
//
//===----------------------------------------------------------------------===//

#include "../DeadCode.h"

#include "moa/Dialect/Moa/IR/Dependence.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"

namespace moa {
#define GEN_PASS_DEF_MOASPLITFOLD
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

/// Why the fold cannot run in parts; empty if it can.
static StringRef getObstacle(FoldOp fold) {
  if (!fold.getInits().empty())
    return "it has start values";
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i) {
    if (fold.getReducer(i) == ReducerKind::Custom)
      return "it has a custom reducer";
    auto used = getUsedArguments(fold.getElements()[i], fold.getBody().front());
    for (BlockArgument running : fold.getRunning())
      if (!fold.hasCorrect() && used.contains(running))
        return "its elements use results, and it has no `correct` region";
  }
  return {};
}

namespace {
/// Splits one fold, which stands in the body of an array or in a function.
class Splitter {
public:
  Splitter(FoldOp fold, int64_t parts)
      : fold(fold), array(dyn_cast<ArrayOp>(fold->getParentOp())),
        parts(parts) {}

  void run() {
    buildStates();
    buildMerge();
  }

private:
  void buildStates();
  void buildPart(OpBuilder &builder, FoldOp whole, Value part);
  void buildMerge();

  FoldOp fold;
  ArrayOp array;
  int64_t parts;
  /// The array of the partial states, and the axes of each.
  ArrayOp states;
  SmallVector<SmallVector<unsigned>> axes;
};
} // namespace

/// Narrows the copy of the fold to the indices of one part: equal lengths but
/// for the last ones, which may be shorter or empty.
void Splitter::buildPart(OpBuilder &builder, FoldOp whole, Value part) {
  builder.setInsertionPoint(whole);
  IndexMath math(builder, whole.getLoc());
  OpFoldResult lower = getAsOpFoldResult(whole.getLower()),
               upper = getAsOpFoldResult(whole.getUpper());
  OpFoldResult count = math.max(math.sub(upper, lower), math.constant(0));
  OpFoldResult length = math.div(math.add(count, math.constant(parts - 1)),
                                 math.constant(parts));
  OpFoldResult begin = math.add(lower, math.mul(part, length));
  OpFoldResult end = math.min(math.add(begin, length), upper);
  whole.getLowerMutable().assign(math.value(begin));
  whole.getUpperMutable().assign(math.value(end));
}

/// One array for each result of the tower, over the axes that it depends on and
/// the parts.
void Splitter::buildStates() {
  Operation *place = array ? array.getOperation() : fold.getOperation();
  OpBuilder builder(place);
  SmallVector<OpFoldResult> extents;
  if (array)
    extents = array.getMixedExtents();
  unsigned numAxes = extents.size();
  extents.push_back(builder.getIndexAttr(parts));

  SmallVector<Type> types;
  SmallVector<AffineMap> maps;
  AxisSets sets;
  for (OpResult result : fold->getResults()) {
    SmallVector<unsigned> used;
    SmallVector<AffineExpr> exprs;
    SmallVector<int64_t> shape;
    for (unsigned axis = 0; axis < numAxes; ++axis) {
      if (!sets.get(result).contains(array.getAxes()[axis]))
        continue;
      used.push_back(axis);
      exprs.push_back(builder.getAffineDimExpr(axis));
      std::optional<int64_t> extent = getConstantIntValue(extents[axis]);
      shape.push_back(extent.value_or(ShapedType::kDynamic));
    }
    exprs.push_back(builder.getAffineDimExpr(numAxes));
    shape.push_back(parts);
    maps.push_back(AffineMap::get(numAxes + 1, 0, exprs, builder.getContext()));
    types.push_back(RankedTensorType::get(shape, result.getType()));
    axes.push_back(used);
  }
  states = ArrayOp::create(builder, fold.getLoc(), types, extents, maps);

  // The code that the fold needs, then the fold itself.
  builder.setInsertionPointToEnd(&states.getBody().front());
  IRMapping mapping;
  if (array) {
    mapping.map(array.getAxes(), states.getAxes().drop_back());
    for (Operation &op : array.getBody().front()) {
      if (&op == fold.getOperation())
        break;
      builder.clone(op, mapping);
    }
  }
  auto whole = cast<FoldOp>(builder.clone(*fold, mapping));
  YieldOp::create(builder, fold.getLoc(), whole.getResults());
  buildPart(builder, whole, states.getAxes().back());
  eraseDeadCode(states);
}

void Splitter::buildMerge() {
  OpBuilder builder(fold);
  Location loc = fold.getLoc();
  IndexMath math(builder, loc);
  SmallVector<ReducerKind> kinds;
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i)
    kinds.push_back(fold.getReducer(i));
  auto merge = FoldOp::create(builder, loc, math.value(math.constant(0)),
                              math.value(math.constant(parts)),
                              fold.getResultTypes(), kinds);
  builder.setInsertionPointToEnd(&merge.getBody().front());
  SmallVector<Value> elements;
  for (auto [state, used] : llvm::zip_equal(states.getResults(), axes)) {
    SmallVector<Value> index;
    for (unsigned axis : used)
      index.push_back(array.getAxes()[axis]);
    index.push_back(merge.getIndex());
    elements.push_back(PsiOp::create(builder, loc, fold.getResult(elements.size()).getType(),
                                     state, index));
  }
  if (fold.hasCorrect()) {
    SmallVector<Value> arguments = elements;
    llvm::append_range(arguments, merge.getRunning());
    elements = inlineScalarRegion(builder, fold.getCorrect(), arguments);
    merge.getCorrect().takeBody(fold.getCorrect());
  }
  YieldOp::create(builder, loc, elements);
  fold->replaceAllUsesWith(merge);
  fold.erase();
}

namespace {
struct SplitFoldPass : public moa::impl::MoaSplitFoldBase<SplitFoldPass> {
  using MoaSplitFoldBase::MoaSplitFoldBase;

  void runOnOperation() override {
    if (parts < 1) {
      getOperation()->emitError() << "moa-split-fold: the option 'parts' is "
                                  << static_cast<int64_t>(parts) << "; it must be at least 1";
      return signalPassFailure();
    }
    // The folds of each body, in order.
    SmallVector<FoldOp> chosen;
    auto choose = [&](Block &block) {
      for (auto [number, fold] : llvm::enumerate(block.getOps<FoldOp>()))
        if (axis < 0 || int64_t(number) == axis)
          chosen.push_back(fold);
    };
    for (Block &block : getOperation().getBody())
      choose(block);
    getOperation()->walk(
        [&](ArrayOp array) { choose(array.getBody().front()); });
    for (FoldOp fold : chosen) {
      StringRef obstacle = getObstacle(fold);
      if (!obstacle.empty())
        fold.emitRemark() << "is not split: " << obstacle;
      else
        Splitter(fold, parts).run();
    }
    eraseDeadCode(getOperation());
  }
};
} // namespace
