//===- EqualityToSMT.cpp - The pass moa-equality-to-smt ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarToSMT.h"

#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/SMT/IR/SMTDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace moa {
#define GEN_PASS_DEF_MOAEQUALITYTOSMT
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {

/// One function in terms: what its array is at a point.
struct Side {
  SmallVector<Value> extents;
  Value element;
  /// True where no element is read out of bounds.
  Value bounds;
};

/// The query for one pair of functions.
class Query {
public:
  Query(OpBuilder &builder, func::FuncOp first, func::FuncOp second,
        func::FuncOp assumed)
      : builder(builder), first(first), second(second), assumed(assumed),
        terms(builder) {}
  LogicalResult build();

private:
  LogicalResult checkSignature(func::FuncOp other, TypeRange results);
  LogicalResult declare(func::FuncOp function);
  LogicalResult assume();
  LogicalResult translateExtents(func::FuncOp function, Side &side);
  LogicalResult translateElement(func::FuncOp function, Side &side);

  OpBuilder &builder;
  func::FuncOp first, second, assumed;
  ScalarToSMT terms;
  SmallVector<Value> point;
};

} // namespace

/// The array that a function returns: a `moa.array` or an argument, under any
/// type.
static Value returnedArray(func::FuncOp function) {
  Value value = function.getBody().front().getTerminator()->getOperand(0);
  while (auto cast = value.getDefiningOp<tensor::CastOp>())
    value = cast.getSource();
  return value;
}

LogicalResult Query::checkSignature(func::FuncOp other, TypeRange results) {
  if (first.getArgumentTypes() == other.getArgumentTypes() &&
      TypeRange(other.getResultTypes()) == results &&
      other.getBody().hasOneBlock())
    return success();
  return first.emitError() << "'" << first.getName() << "' and '"
                           << other.getName()
                           << "' cannot be compared: their types are "
                           << first.getFunctionType() << " and "
                           << other.getFunctionType();
}

LogicalResult Query::declare(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    if (failed(terms.declareArgument(argument)))
      return function.emitError()
             << "'" << function.getName() << "' has an argument of type "
             << argument.getType() << ", which has no translation to SMT";
  return success();
}

LogicalResult Query::assume() {
  if (!assumed)
    return success();
  Value condition = terms.translate(
      assumed.getBody().front().getTerminator()->getOperand(0));
  if (!condition)
    return failure();
  terms.takeBounds();
  terms.assertThat(condition);
  return success();
}

LogicalResult Query::translateExtents(func::FuncOp function, Side &side) {
  Value value = returnedArray(function);
  if (auto array = value.getDefiningOp<ArrayOp>();
      array && array.getNumResults() == 1 &&
      array.getMap(0).isIdentity()) {
    for (OpFoldResult extent : array.getMixedExtents())
      side.extents.push_back(terms.translateExtent(extent));
  } else if (isa<BlockArgument>(value)) {
    OpBuilder inside(function.getBody().front().getTerminator());
    auto rank = cast<RankedTensorType>(value.getType()).getRank();
    for (int64_t axis = 0; axis < rank; ++axis)
      side.extents.push_back(terms.translate(tensor::DimOp::create(
          inside, function.getLoc(), value, axis)));
  } else {
    return function.emitError() << "'" << function.getName()
                                << "' does not return one moa.array; run "
                                   "'moa-psi-reduce' before";
  }
  return success(llvm::all_of(side.extents, [](Value v) { return bool(v); }));
}

LogicalResult Query::translateElement(func::FuncOp function, Side &side) {
  Value value = returnedArray(function);
  if (auto array = value.getDefiningOp<ArrayOp>()) {
    for (auto [axis, index] : llvm::zip_equal(array.getAxes(), point))
      terms.map(axis, index);
    if (failed(terms.translateBlock(array.getBody().front())))
      return failure();
    side.element = terms.translate(array.getYieldedValues()[0]);
  } else {
    OpBuilder inside(function.getBody().front().getTerminator());
    SmallVector<Value> index;
    for (Value coordinate : point) {
      // A value of the function that stands for the point.
      Value axis = arith::ConstantIndexOp::create(inside, function.getLoc(), 0);
      terms.map(axis, coordinate);
      index.push_back(axis);
    }
    side.element = terms.translate(
        PsiOp::create(inside, function.getLoc(), value, index));
  }
  side.bounds = terms.takeBounds();
  return success(bool(side.element));
}

LogicalResult Query::build() {
  if (failed(checkSignature(second, first.getResultTypes())) ||
      (assumed && failed(checkSignature(assumed, builder.getI1Type()))))
    return failure();
  if (first.getNumResults() != 1 ||
      !isa<RankedTensorType>(first.getResultTypes()[0]))
    return first.emitError()
           << "'" << first.getName() << "' does not return one array";
  for (func::FuncOp function : {first, second, assumed})
    if (function && failed(declare(function)))
      return failure();
  Side left, right;
  if (failed(assume()) || failed(translateExtents(first, left)) ||
      failed(translateExtents(second, right)))
    return failure();
  Value inside = terms.truth(true), sameExtents = terms.truth(true);
  for (auto [a, b] : llvm::zip_equal(left.extents, right.extents)) {
    point.push_back(terms.unknown("i"));
    inside = terms.both(inside, terms.both(terms.lessEqual(terms.integer(0),
                                                           point.back()),
                                           terms.less(point.back(), a)));
    sameExtents = terms.both(sameExtents, terms.equal(a, b));
  }
  if (failed(translateElement(first, left)) ||
      failed(translateElement(second, right)))
    return failure();
  // The counterexample: other extents, or a point of the first array where the
  // second has another element, or none.
  Value same = terms.both(terms.equal(left.element, right.element),
                          right.bounds);
  Value differs = terms.both(terms.both(inside, left.bounds),
                             terms.negate(same));
  terms.assertThat(terms.either(terms.negate(sameExtents), differs));
  return success();
}

namespace {
struct EqualityToSMTPass
    : public moa::impl::MoaEqualityToSMTBase<EqualityToSMTPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
    for (func::FuncOp function : functions)
      if (function->hasAttr("moa.equals") && failed(ask(function)))
        return signalPassFailure();
    for (func::FuncOp function : functions)
      function.erase();
  }

  /// The function that attribute `name` of `function` names; null if there is
  /// no such attribute.
  FailureOr<func::FuncOp> find(func::FuncOp function, StringRef name) {
    Attribute attribute = function->getAttr(name);
    if (!attribute)
      return func::FuncOp();
    auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute);
    auto found = symbol ? getOperation().lookupSymbol<func::FuncOp>(symbol)
                        : func::FuncOp();
    if (!found || found.isExternal())
      return function.emitError() << "attribute '" << name << "' of '"
                                  << function.getName()
                                  << "' names no function with a body: "
                                  << attribute;
    return found;
  }

  LogicalResult ask(func::FuncOp function) {
    FailureOr<func::FuncOp> other = find(function, "moa.equals");
    FailureOr<func::FuncOp> assumed = find(function, "moa.assume");
    if (failed(other) || failed(assumed))
      return failure();
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    auto solver = smt::SolverOp::create(builder, function.getLoc(), TypeRange(),
                                        ValueRange());
    builder.createBlock(&solver.getBodyRegion());
    if (failed(Query(builder, function, *other, *assumed).build()))
      return failure();
    auto check = smt::CheckOp::create(builder, function.getLoc(), TypeRange());
    for (Region &region : check->getRegions()) {
      OpBuilder::InsertionGuard guard(builder);
      builder.createBlock(&region);
      smt::YieldOp::create(builder, function.getLoc());
    }
    smt::YieldOp::create(builder, function.getLoc());
    return success();
  }
};
} // namespace
