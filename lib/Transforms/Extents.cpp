//===- Extents.cpp - Extents of arrays in terms of leaves ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Extents.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

namespace {
/// Remembers the `tensor.dim` operations that a builder makes.
struct DimListener : public OpBuilder::Listener {
  void notifyOperationInserted(Operation *op, OpBuilder::InsertPoint) override {
    if (auto dim = dyn_cast<tensor::DimOp>(op))
      dims.push_back(dim);
  }
  SmallVector<tensor::DimOp> dims;
};
} // namespace

SmallVector<OpFoldResult> Extents::of(Value array) {
  if (!known.contains(array)) {
    SmallVector<OpFoldResult> shape = compute(array);
    known[array] = std::move(shape);
  }
  return llvm::map_to_vector(
      known[array], [&](OpFoldResult e) { return representative(e); });
}

OpFoldResult Extents::representative(OpFoldResult extent) {
  while (auto value = dyn_cast<Value>(extent)) {
    auto it = equalTo.find(value);
    if (it == equalTo.end())
      break;
    extent = it->second;
  }
  return extent;
}

/// True for an extent of an argument of a function: it dominates everything.
static bool isArgumentExtent(OpFoldResult extent) {
  auto value = dyn_cast<Value>(extent);
  auto dim = value ? value.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  auto argument =
      dim ? dyn_cast<BlockArgument>(dim.getSource()) : BlockArgument();
  return argument &&
         isa<func::FuncOp>(argument.getOwner()->getParentOp());
}

void Extents::equate(OpFoldResult a, OpFoldResult b) {
  a = representative(a);
  b = representative(b);
  if (isa<Attribute>(b) || (!isa<Attribute>(a) && !isArgumentExtent(a)))
    std::swap(a, b);
  // `a` is to stand for `b`, from where `b` is known.
  bool known = isa<Attribute>(a) || isArgumentExtent(a);
  if (a != b && known && isa<Value>(b))
    equalTo[cast<Value>(b)] = a;
}

void Extents::equate(func::FuncOp function) {
  SmallVector<EqualExtents> equal;
  function.walk([&](PsiOpInterface op) {
    llvm::append_range(equal, op.getEqualExtents());
  });
  for (const EqualExtents &pair : equal)
    equate(of(pair.a)[pair.axisA], of(pair.b)[pair.axisB]);
}

bool Extents::replace(tensor::DimOp dim) {
  std::optional<int64_t> axis = dim.getConstantIndex();
  if (!axis || !isa<RankedTensorType>(dim.getSource().getType()))
    return false;
  OpFoldResult extent = of(dim.getSource())[*axis];
  OpBuilder builder(dim);
  Value value = IndexMath(builder, dim.getLoc()).value(extent);
  if (value == dim.getResult())
    return false;
  dim.getResult().replaceAllUsesWith(value);
  // What `known` and `equalTo` name must stay: another operation could come to
  // lie at its address. Dead code is erased in the end.
  if (!equalTo.contains(dim.getResult()))
    dim->erase();
  return true;
}

/// Looks through a `tensor.dim` that stands for an extent known better.
OpFoldResult Extents::resolve(OpFoldResult extent) {
  if (std::optional<int64_t> constant = getConstantIntValue(extent))
    return IntegerAttr::get(IndexType::get(extent.getContext()), *constant);
  auto value = cast<Value>(extent);
  if (auto dim = value.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> axis = dim.getConstantIndex())
      return of(dim.getSource())[*axis];
  return extent;
}

SmallVector<OpFoldResult> Extents::compute(Value array) {
  DimListener listener;
  OpBuilder builder(array.getContext(), &listener);
  builder.setInsertionPointAfterValue(array);
  IndexMath math(builder, array.getLoc());
  if (auto cast = array.getDefiningOp<tensor::CastOp>()) {
    SmallVector<OpFoldResult> shape = math.shapeOf(array);
    for (auto [own, inner] : llvm::zip_equal(shape, of(cast.getSource())))
      if (!getConstantIntValue(own))
        own = inner;
    for (tensor::DimOp dim : llvm::reverse(listener.dims))
      dim->erase();
    return shape;
  }
  auto reifiable =
      array.getDefiningOp<ReifyRankedShapedTypeOpInterface>();
  ReifiedRankedShapedTypeDims shapes;
  if (!reifiable || failed(reifiable.reifyResultShapes(builder, shapes)))
    return math.shapeOf(array);

  SmallVector<OpFoldResult> shape =
      shapes[cast<OpResult>(array).getResultNumber()];
  for (OpFoldResult &extent : shape)
    extent = resolve(extent);
  // What is left of them feeds arithmetic; a leaf's own dims stay.
  for (tensor::DimOp dim : listener.dims) {
    if (dim->use_empty())
      dim->erase();
    else
      replace(dim);
  }
  return shape;
}

void Extents::resolveDims(Operation *root) {
  SmallVector<tensor::DimOp> dims;
  root->walk([&](tensor::DimOp dim) { dims.push_back(dim); });
  for (tensor::DimOp dim : dims)
    replace(dim);
}
