//===- PsiReduction.cpp - Reduction of elements by the psi-rules -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In three steps: every array that the outside uses becomes a `moa.array` that
// yields its own elements; then elements of intermediate arrays are replaced,
// one psi-rule at a time, until only leaves are read; then arrays over the same
// axes are joined.
//
//===----------------------------------------------------------------------===//

#include "moa/Transforms/PsiReduction.h"

#include "DeadCode.h"
#include "Extents.h"
#include "JoinArrays.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/IndexRange.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"

using namespace moa;

/// True for an operation whose elements a psi-rule gives. A cast or a splat
/// counts only if something of the algebra is behind it.
static bool isAlgebra(Operation *op) {
  if (!op || !isa<PsiOpInterface>(op))
    return false;
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return isAlgebra(cast.getSource().getDefiningOp());
  return true;
}

namespace {

class PsiReducer {
public:
  explicit PsiReducer(func::FuncOp function) : function(function) {}
  LogicalResult run();

private:
  void replaceExtracts();
  SmallVector<OpResult> findRoots();
  void buildArray(OpResult root);
  bool isReducible(PsiOp psi);
  SmallVector<PsiOp> findReducible();
  void hoist(PsiOp psi);
  void reduceElement(PsiOp psi);
  void reduceAll();
  LogicalResult checkAllGone();

  func::FuncOp function;
  Extents extents;
  /// The arrays that this pass made: they stay.
  llvm::SmallSetVector<Operation *, 4> arrays;
};

} // namespace

/// `tensor.extract` of an array of the algebra is a psi.
void PsiReducer::replaceExtracts() {
  SmallVector<tensor::ExtractOp> extracts;
  function.walk([&](tensor::ExtractOp op) {
    if (isAlgebra(op.getTensor().getDefiningOp()))
      extracts.push_back(op);
  });
  for (tensor::ExtractOp op : extracts) {
    OpBuilder builder(op);
    Value element =
        PsiOp::create(builder, op.getLoc(), op.getTensor(), op.getIndices());
    op.getResult().replaceAllUsesWith(element);
    op->erase();
  }
}

/// True for a use that needs the array itself, not its elements or its extents.
static bool needsArray(OpOperand &use) {
  return !isAlgebra(use.getOwner()) && !isa<tensor::DimOp>(use.getOwner());
}

SmallVector<OpResult> PsiReducer::findRoots() {
  SmallVector<OpResult> roots;
  function.walk([&](Operation *op) {
    if (isAlgebra(op))
      for (OpResult result : op->getResults())
        if (isa<RankedTensorType>(result.getType()) &&
            llvm::any_of(result.getUses(), needsArray))
          roots.push_back(result);
  });
  return roots;
}

/// A new `moa.array` in place of `root` where the outside uses it.
void PsiReducer::buildArray(OpResult root) {
  Location loc = root.getLoc();
  SmallVector<OpFoldResult> shape = extents.of(root);
  OpBuilder builder(root.getContext());
  builder.setInsertionPointAfterValue(root);
  // Behind the extents, which stand behind the root.
  for (OpFoldResult extent : shape)
    if (auto value = dyn_cast<Value>(extent))
      if (Operation *op = value.getDefiningOp();
          op && op->getBlock() == builder.getBlock() &&
          builder.getInsertionPoint() != builder.getBlock()->end() &&
          !op->isBeforeInBlock(&*builder.getInsertionPoint()))
        builder.setInsertionPointAfter(op);
  auto array = ArrayOp::create(builder, loc, TypeRange(root.getType()), shape);
  arrays.insert(array);
  root.replaceUsesWithIf(array.getResult(0), needsArray);
  builder.setInsertionPointToStart(&array.getBody().front());
  SmallVector<Value> axes(array.getAxes().begin(), array.getAxes().end());
  Value element = PsiOp::create(builder, loc, root, axes);
  YieldOp::create(builder, loc, element);
}

bool PsiReducer::isReducible(PsiOp psi) {
  Operation *source = psi.getSource().getDefiningOp();
  if (!psi.isFull() || arrays.contains(source))
    return false;
  if (isAlgebra(source))
    return true;
  auto constant = dyn_cast_or_null<arith::ConstantOp>(source);
  return constant && isa<SplatElementsAttr>(constant.getValue());
}

SmallVector<PsiOp> PsiReducer::findReducible() {
  SmallVector<PsiOp> found;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto psi = dyn_cast<PsiOp>(op); psi && isReducible(psi))
      found.push_back(psi);
    // What an intermediate operation holds will be copied where it is needed.
    return isAlgebra(op) && !arrays.contains(op) ? WalkResult::skip()
                                                 : WalkResult::advance();
  });
  return found;
}

/// True if `axis` runs over `0 <= axis < extent`, as an axis of an array or the
/// index of a fold.
static bool runsOver(Value axis, OpFoldResult extent) {
  auto argument = dyn_cast<BlockArgument>(axis);
  if (!argument)
    return false;
  auto same = [](OpFoldResult a, OpFoldResult b) {
    std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
    return a == b || (x && y && *x <= *y);
  };
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto array = dyn_cast_or_null<ArrayOp>(parent))
    return same(array.getMixedExtents()[argument.getArgNumber()], extent);
  auto fold = dyn_cast_or_null<FoldOp>(parent);
  return fold && axis == fold.getIndex() &&
         getConstantIntValue(fold.getLower()) == 0 &&
         same(fold.getUpper(), extent);
}

static bool isProvablyInBounds(PsiOp psi, ArrayRef<OpFoldResult> shape) {
  return llvm::all_of_zip(psi.getIndices(), shape,
                          [](Value index, OpFoldResult extent) {
    std::optional<IndexRange> i = getIndexRange(index);
    std::optional<int64_t> n = getConstantIntValue(extent);
    if (i && n)
      return i->lower >= 0 && i->upper < *n;
    return runsOver(index, extent);
  });
}

/// Moves `psi` out of folds and branches on which its index does not depend, so
/// that its element is computed once.
void PsiReducer::hoist(PsiOp psi) {
  auto movable = [&](Operation *parent) {
    return isa<FoldOp, scf::IfOp>(parent) &&
           llvm::none_of(psi->getOperands(), [&](Value operand) {
             return parent->isAncestor(operand.getParentBlock()->getParentOp());
           });
  };
  if (!movable(psi->getParentOp()) ||
      !isProvablyInBounds(psi, extents.of(psi.getSource())))
    return;
  while (movable(psi->getParentOp()))
    psi->moveBefore(psi->getParentOp());
}

void PsiReducer::reduceElement(PsiOp psi) {
  OpBuilder builder(psi);
  Value element;
  if (auto constant = psi.getSource().getDefiningOp<arith::ConstantOp>()) {
    auto splat = cast<SplatElementsAttr>(constant.getValue());
    element = arith::ConstantOp::create(
        builder, psi.getLoc(), splat.getSplatValue<TypedAttr>());
  } else {
    auto source = cast<OpResult>(psi.getSource());
    element = cast<PsiOpInterface>(source.getOwner())
                  .buildElement(builder, psi.getLoc(),
                                source.getResultNumber(), psi.getIndices());
  }
  psi.getResult().replaceAllUsesWith(element);
  psi->erase();
}

/// Index expressions of an element meet those of its index when it is put in
/// place.
static void composeIndices(Operation *array) {
  SmallVector<affine::AffineApplyOp> applications;
  array->walk([&](affine::AffineApplyOp op) { applications.push_back(op); });
  for (affine::AffineApplyOp op : applications) {
    OpBuilder builder(op);
    OpFoldResult index =
        applyInRanges(builder, op.getLoc(), op.getAffineMap(),
                      getAsOpFoldResult(op.getMapOperands()));
    Value value =
        getValueOrCreateConstantIndexOp(builder, op.getLoc(), index);
    op.getResult().replaceAllUsesWith(value);
    op->erase();
  }
}

/// One rule for each element, then once more for what came in its place. Equal
/// elements are merged in between: without that their number could double with
/// each step.
void PsiReducer::reduceAll() {
  IRRewriter rewriter(function.getContext());
  for (SmallVector<PsiOp> found = findReducible(); !found.empty();
       found = findReducible()) {
    for (PsiOp psi : found) {
      hoist(psi);
      reduceElement(psi);
    }
    extents.resolveDims(function);
    DominanceInfo dominance(function);
    for (Operation *array : arrays)
      composeIndices(array);
    for (Operation *array : arrays)
      eliminateCommonSubExpressions(rewriter, dominance, array);
  }
}

LogicalResult PsiReducer::checkAllGone() {
  WalkResult result = function.walk([&](Operation *op) {
    bool rest = isAlgebra(op) && !isa<ArrayOp, PsiOp>(op);
    if (auto psi = dyn_cast<PsiOp>(op))
      rest = !psi.isFull();
    if (isa<AttentionOp>(op)) {
      op->emitOpError() << "is a variant, which psi-reduction does not know; "
                           "run 'moa-expand' before it";
      return WalkResult::interrupt();
    }
    if (rest) {
      op->emitOpError() << "could not be eliminated by psi-reduction";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult PsiReducer::run() {
  replaceExtracts();
  extents.equate(function);
  for (OpResult root : findRoots())
    buildArray(root);
  extents.resolveDims(function);
  reduceAll();
  eraseDeadCode(function);
  if (failed(checkAllGone()))
    return failure();
  joinArrays(function);
  return success();
}

LogicalResult moa::psiReduce(func::FuncOp function) {
  return PsiReducer(function).run();
}
