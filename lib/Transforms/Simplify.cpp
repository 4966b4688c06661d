//===- Simplify.cpp - Laws of the algebra -----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function for each law; docs/simplification.md lists them, and the tests
// prove each by an SMT solver. New operations stand beside the old ones, which
// die: premises may ask for extents of any array as long as the pass runs.
//
//===----------------------------------------------------------------------===//

#include "DeadCode.h"
#include "Extents.h"

#include "moa/Analysis/IndexForms.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include "llvm/ADT/TypeSwitch.h"

namespace moa {
#define GEN_PASS_DEF_MOASIMPLIFY
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {

using Counts = SmallVector<OpFoldResult>;

class Simplifier {
public:
  explicit Simplifier(func::FuncOp function)
      : function(function), builder(function.getContext()), forms(space) {}
  void run();

private:
  /// What may stand for the result of `op`; null if no law applies.
  Value simplify(Operation *op);
  Value reverse(ReverseOp op);
  Value transpose(TransposeOp op);
  Value rotate(RotateOp op);
  Value take(TakeOp op);
  Value takeOfTake(TakeOp op, TakeOp inner);
  Value takeOfCat(TakeOp op, CatOp inner);
  Value takeOfReverse(TakeOp op, ReverseOp inner);
  Value drop(DropOp op);
  Value dropOfTake(DropOp op, TakeOp inner);
  Value dropOfCat(DropOp op, CatOp inner);
  Value dropOfReverse(DropOp op, ReverseOp inner);
  Value cat(CatOp op);
  Value reshape(ReshapeOp op);
  Value gather(GatherOp op);

  OpFoldResult extentOf(Value array, int64_t axis) {
    return extents.of(array)[axis];
  }
  /// a <= b for all extents.
  bool isAtMost(OpFoldResult a, OpFoldResult b);
  bool isEqual(OpFoldResult a, OpFoldResult b) {
    return isAtMost(a, b) && isAtMost(b, a);
  }
  bool areNotNegative(ArrayRef<OpFoldResult> counts) {
    return llvm::all_of(counts, [&](OpFoldResult count) {
      return isAtMost(builder.getIndexAttr(0), count);
    });
  }
  /// The counts of `op` along all axes: of those that it does not name, for
  /// `take` the extents of its source, else 0.
  template <typename OpTy> Counts countsOf(OpTy op);
  Value makeTake(Location loc, Value source, ArrayRef<OpFoldResult> counts,
                 Value fill);
  Value makeDrop(Location loc, Value source, ArrayRef<OpFoldResult> counts);

  func::FuncOp function;
  OpBuilder builder;
  FormSpace space;
  IndexForms forms;
  Extents extents;
};

} // namespace

bool Simplifier::isAtMost(OpFoldResult a, OpFoldResult b) {
  std::optional<Form> difference;
  auto formOf = [&](OpFoldResult value) -> std::optional<Form> {
    if (std::optional<int64_t> constant = getConstantIntValue(value))
      return Form(space, *constant);
    return forms.of(cast<Value>(value));
  };
  std::optional<Form> x = formOf(a), y = formOf(b);
  return a == b || (x && y && space.isNotNegative(*y - *x));
}

template <typename OpTy> Counts Simplifier::countsOf(OpTy op) {
  Counts counts =
      getMixedValues(op.getStaticCounts(), op.getCounts(), builder);
  int64_t rank = op.getSource().getType().getRank();
  for (int64_t axis = counts.size(); axis < rank; ++axis) {
    if constexpr (std::is_same_v<OpTy, TakeOp>)
      counts.push_back(extentOf(op.getSource(), axis));
    else
      counts.push_back(builder.getIndexAttr(0));
  }
  return counts;
}

/// Without what stands behind the last count that says anything.
Value Simplifier::makeTake(Location loc, Value source,
                           ArrayRef<OpFoldResult> counts, Value fill) {
  SmallVector<OpFoldResult> whole = extents.of(source);
  while (!counts.empty() && isEqual(counts.back(), whole[counts.size() - 1]))
    counts = counts.drop_back();
  if (counts.empty())
    return source;
  SmallVector<Value> dynamic;
  SmallVector<int64_t> integers;
  dispatchIndexOpFoldResults(counts, dynamic, integers);
  return TakeOp::create(builder, loc, source, dynamic, integers, fill);
}

Value Simplifier::makeDrop(Location loc, Value source,
                           ArrayRef<OpFoldResult> counts) {
  while (!counts.empty() && isConstantIntValue(counts.back(), 0))
    counts = counts.drop_back();
  if (counts.empty())
    return source;
  SmallVector<Value> dynamic;
  SmallVector<int64_t> integers;
  dispatchIndexOpFoldResults(counts, dynamic, integers);
  return DropOp::create(builder, loc, source, dynamic, integers);
}

//===----------------------------------------------------------------------===//
// reverse, transpose, rotate
//===----------------------------------------------------------------------===//

// reverse_reverse
Value Simplifier::reverse(ReverseOp op) {
  auto inner = op.getSource().getDefiningOp<ReverseOp>();
  if (!inner)
    return {};
  SmallVector<int64_t> axes;
  for (int64_t axis : llvm::seq(op.getType().getRank()))
    if (llvm::is_contained(op.getAxes(), axis) !=
        llvm::is_contained(inner.getAxes(), axis))
      axes.push_back(axis);
  if (axes.empty())
    return inner.getSource();
  return ReverseOp::create(builder, op.getLoc(), inner.getSource().getType(),
                           inner.getSource(), axes);
}

// transpose_transpose
Value Simplifier::transpose(TransposeOp op) {
  auto inner = op.getSource().getDefiningOp<TransposeOp>();
  if (!inner)
    return {};
  SmallVector<int64_t> permutation;
  for (int64_t axis : op.getPermutation())
    permutation.push_back(inner.getPermutation()[axis]);
  if (isIdentityPermutation(permutation))
    return inner.getSource();
  return TransposeOp::create(builder, op.getLoc(), inner.getSource(),
                             permutation);
}

// rotate_rotate
Value Simplifier::rotate(RotateOp op) {
  auto inner = op.getSource().getDefiningOp<RotateOp>();
  if (!inner)
    return {};
  IndexMath math(builder, op.getLoc());
  Counts counts;
  for (auto [a, b] : llvm::zip_equal(countsOf(op), countsOf(inner)))
    counts.push_back(math.add(a, b));
  SmallVector<Value> dynamic;
  SmallVector<int64_t> integers;
  dispatchIndexOpFoldResults(counts, dynamic, integers);
  return RotateOp::create(builder, op.getLoc(), inner.getSource().getType(),
                          inner.getSource(), dynamic, integers);
}

//===----------------------------------------------------------------------===//
// take
//===----------------------------------------------------------------------===//

// take_take
Value Simplifier::takeOfTake(TakeOp op, TakeOp inner) {
  Counts outerCounts = countsOf(op), innerCounts = countsOf(inner);
  if (!areNotNegative(outerCounts) || !areNotNegative(innerCounts))
    return {};
  for (auto [c, d] : llvm::zip_equal(outerCounts, innerCounts))
    if (!isAtMost(c, d))
      return {};
  return makeTake(op.getLoc(), inner.getSource(), outerCounts,
                  inner.getFill());
}

// take_cat
Value Simplifier::takeOfCat(TakeOp op, CatOp inner) {
  Value first = inner.getSources().front();
  int64_t axis = inner.getAxis();
  Counts counts = countsOf(op);
  if (!isAtMost(builder.getIndexAttr(0), counts[axis]) ||
      !isAtMost(counts[axis], extentOf(first, axis)))
    return {};
  return makeTake(op.getLoc(), first, counts, op.getFill());
}

// take_reverse
Value Simplifier::takeOfReverse(TakeOp op, ReverseOp inner) {
  IndexMath math(builder, op.getLoc());
  Counts drops;
  Value source = inner.getSource();
  for (auto [axis, count] : llvm::enumerate(countsOf(op))) {
    OpFoldResult extent = extentOf(source, axis);
    bool isWhole = isEqual(count, extent);
    if (!isWhole && (!llvm::is_contained(inner.getAxes(), axis) ||
                     !isAtMost(builder.getIndexAttr(0), count) ||
                     !isAtMost(count, extent)))
      return {};
    drops.push_back(isWhole ? math.constant(0) : math.sub(extent, count));
  }
  Value kept = makeDrop(op.getLoc(), source, drops);
  return ReverseOp::create(builder, op.getLoc(), kept.getType(), kept,
                           inner.getAxes());
}

Value Simplifier::take(TakeOp op) {
  // take_all
  Counts counts = countsOf(op);
  bool isWhole = true;
  for (auto [axis, count] : llvm::enumerate(counts))
    isWhole = isWhole && isEqual(count, extentOf(op.getSource(), axis));
  if (isWhole)
    return op.getSource();
  Operation *source = op.getSource().getDefiningOp();
  if (auto inner = dyn_cast_or_null<TakeOp>(source))
    return takeOfTake(op, inner);
  if (auto inner = dyn_cast_or_null<CatOp>(source))
    return takeOfCat(op, inner);
  if (auto inner = dyn_cast_or_null<ReverseOp>(source))
    return takeOfReverse(op, inner);
  return {};
}

//===----------------------------------------------------------------------===//
// drop
//===----------------------------------------------------------------------===//

// drop_take
Value Simplifier::dropOfTake(DropOp op, TakeOp inner) {
  Counts drops = countsOf(op), takes = countsOf(inner);
  IndexMath math(builder, op.getLoc());
  Counts rest;
  for (auto [c, d] : llvm::zip_equal(drops, takes)) {
    if (!isAtMost(builder.getIndexAttr(0), c) || !isAtMost(c, d))
      return {};
    rest.push_back(math.sub(d, c));
  }
  Value kept = makeDrop(op.getLoc(), inner.getSource(), drops);
  return makeTake(op.getLoc(), kept, rest, inner.getFill());
}

// drop_cat
Value Simplifier::dropOfCat(DropOp op, CatOp inner) {
  int64_t axis = inner.getAxis();
  Counts counts = countsOf(op);
  OpFoldResult first = extentOf(inner.getSources().front(), axis);
  if (inner.getSources().size() < 2 || !isAtMost(first, counts[axis]))
    return {};
  IndexMath math(builder, op.getLoc());
  counts[axis] = math.sub(counts[axis], first);
  ValueRange rest = inner.getSources().drop_front();
  Value tail = rest.front();
  if (rest.size() > 1)
    tail = CatOp::create(builder, op.getLoc(), rest, axis);
  return makeDrop(op.getLoc(), tail, counts);
}

// drop_reverse
Value Simplifier::dropOfReverse(DropOp op, ReverseOp inner) {
  IndexMath math(builder, op.getLoc());
  Counts takes;
  Value source = inner.getSource();
  for (auto [axis, count] : llvm::enumerate(countsOf(op))) {
    OpFoldResult extent = extentOf(source, axis);
    bool isWhole = isConstantIntValue(count, 0);
    if (!isWhole && (!llvm::is_contained(inner.getAxes(), axis) ||
                     !isAtMost(builder.getIndexAttr(0), count)))
      return {};
    takes.push_back(isWhole
                        ? extent
                        : math.max(math.sub(extent, count), math.constant(0)));
  }
  Value kept = makeTake(op.getLoc(), source, takes, /*fill=*/{});
  return ReverseOp::create(builder, op.getLoc(), kept.getType(), kept,
                           inner.getAxes());
}

Value Simplifier::drop(DropOp op) {
  Operation *source = op.getSource().getDefiningOp();
  if (auto inner = dyn_cast_or_null<DropOp>(source)) {
    // drop_drop
    Counts outerCounts = countsOf(op), innerCounts = countsOf(inner);
    if (!areNotNegative(outerCounts) || !areNotNegative(innerCounts))
      return {};
    IndexMath math(builder, op.getLoc());
    for (auto [c, d] : llvm::zip_equal(outerCounts, innerCounts))
      c = math.add(c, d);
    return makeDrop(op.getLoc(), inner.getSource(), outerCounts);
  }
  if (auto inner = dyn_cast_or_null<TakeOp>(source))
    return dropOfTake(op, inner);
  if (auto inner = dyn_cast_or_null<CatOp>(source))
    return dropOfCat(op, inner);
  if (auto inner = dyn_cast_or_null<ReverseOp>(source))
    return dropOfReverse(op, inner);
  return {};
}

//===----------------------------------------------------------------------===//
// cat, reshape, gather
//===----------------------------------------------------------------------===//

// cat_parts
Value Simplifier::cat(CatOp op) {
  int64_t axis = op.getAxis();
  ValueRange sources = op.getSources();
  for (size_t i = 0; i + 1 < sources.size(); ++i) {
    auto head = sources[i].getDefiningOp<TakeOp>();
    auto tail = sources[i + 1].getDefiningOp<DropOp>();
    if (!head || !tail || head.getSource() != tail.getSource())
      continue;
    Value whole = head.getSource();
    Counts takes = countsOf(head), drops = countsOf(tail);
    bool fits = true;
    for (auto [k, c, d] : llvm::enumerate(takes, drops))
      fits = fits &&
             (static_cast<int64_t>(k) == axis
                  ? isAtMost(builder.getIndexAttr(0), c) && isEqual(c, d) &&
                        isAtMost(c, extentOf(whole, k))
                  : isEqual(c, extentOf(whole, k)) && isConstantIntValue(d, 0));
    if (!fits)
      continue;
    SmallVector<Value> joined(sources.take_front(i));
    joined.push_back(whole);
    llvm::append_range(joined, sources.drop_front(i + 2));
    if (joined.size() == 1)
      return whole;
    return CatOp::create(builder, op.getLoc(), joined, axis);
  }
  return {};
}

// reshape_reshape
Value Simplifier::reshape(ReshapeOp op) {
  auto inner = op.getSource().getDefiningOp<ReshapeOp>();
  if (!inner)
    return {};
  auto source = inner.getSource().getType();
  if (!source.hasStaticShape() || !inner.getType().hasStaticShape() ||
      source.getNumElements() != inner.getType().getNumElements())
    return {};
  return ReshapeOp::create(builder, op.getLoc(), op.getType(),
                           inner.getSource(), op.getExtents(),
                           op.getStaticExtents());
}

// gather_iota
Value Simplifier::gather(GatherOp op) {
  auto iota = op.getPositions().getDefiningOp<IotaOp>();
  if (!iota || iota.getType().getRank() != 1 ||
      !(iota.getType().getElementType().isIndex() ||
        iota.getType().getElementType().isInteger(64)))
    return {};
  OpFoldResult count = extentOf(iota, 0);
  int64_t axis = op.getAxis();
  if (!isAtMost(count, extentOf(op.getSource(), axis)))
    return {};
  Counts counts = extents.of(op.getSource());
  counts[axis] = count;
  return makeTake(op.getLoc(), op.getSource(), counts, /*fill=*/{});
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

Value Simplifier::simplify(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ReverseOp o) { return reverse(o); })
      .Case([&](TransposeOp o) { return transpose(o); })
      .Case([&](RotateOp o) { return rotate(o); })
      .Case([&](TakeOp o) { return take(o); })
      .Case([&](DropOp o) { return drop(o); })
      .Case([&](CatOp o) { return cat(o); })
      .Case([&](ReshapeOp o) { return reshape(o); })
      .Case([&](GatherOp o) { return gather(o); })
      .Default([](Operation *) { return Value(); });
}

void Simplifier::run() {
  extents.equate(function);
  // Each law makes an array of fewer operations or brings one nearer to the
  // leaves; what a law has made is looked at again.
  for (bool changed = true; changed;) {
    changed = false;
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) {
      if (op->getNumResults() == 1 && !op->use_empty())
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      builder.setInsertionPoint(op);
      Value better = simplify(op);
      if (!better || better == op->getResult(0))
        continue;
      Value old = op->getResult(0);
      if (better.getType() != old.getType())
        better = tensor::CastOp::create(builder, op->getLoc(), old.getType(),
                                        better);
      old.replaceAllUsesWith(better);
      changed = true;
    }
  }
  eraseDeadCode(function);
}

namespace {
struct SimplifyPass : public moa::impl::MoaSimplifyBase<SimplifyPass> {
  void runOnOperation() override { Simplifier(getOperation()).run(); }
};
} // namespace
