//===- RandomProgram.h - Random programs of the algebra -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that composes operations of level 1, with arguments for it.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_TRANSFORMS_RANDOMPROGRAM_H
#define MOA_TEST_UNIT_TRANSFORMS_RANDOMPROGRAM_H

#include "Choices.h"

#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Support/HostArray.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace moa::test {

/// An array of the program, with the extents that it has when it runs.
struct Expr {
  Value value;
  SmallVector<int64_t> shape;
  /// An estimate of the scalar operations for one element after reduction.
  int64_t cost = 1;

  int64_t rank() const { return shape.size(); }
  int64_t size() const;
  Type element() const;
};

/// Builds one function `f`. Every choice gives a valid program: extents agree,
/// indices are in bounds. Floats are integers or infinite, so that sums do not
/// depend on their order.
class RandomProgram {
public:
  /// With `withChain` its results are a chain of folds, and inexact.
  RandomProgram(MLIRContext &context, Choices &choices, bool withChain = false);

  /// Takes the module; once.
  OwningOpRef<ModuleOp> take() { return std::move(module); }
  ArrayRef<HostArray> arguments() const { return hostArguments; }

private:
  // RandomProgram.cpp: values, types, scalars.
  Expr makeLeaf();
  Expr makeArgument(Type element, ArrayRef<int64_t> shape);
  Expr makeConstant(Type element, ArrayRef<int64_t> shape);
  SmallVector<int64_t> randomShape();
  Type randomElement();
  /// The type of an array that has this shape when it runs: each extent may be
  /// static or not.
  RankedTensorType arrayType(ArrayRef<int64_t> shape, Type element);
  /// An index with this value: a constant, an argument, an extent.
  Value indexValue(int64_t value);
  /// The same as a list of static numbers and values for the others.
  SmallVector<int64_t> mixed(ArrayRef<int64_t> numbers,
                             SmallVectorImpl<Value> &dynamic);
  Value constantScalar(Type type, int64_t value);
  /// An array so far; rather a late one.
  Expr pick();
  void finish(bool withChain);

  // RandomScalars.cpp: code in regions.
  Value convert(Value value, Type to);
  Value combine(Value x, Value y);
  /// Code that computes a value of type `to` from `values`.
  Value scalarCode(ValueRange values, Type to);
  Value clamp(Value value);
  Value readAnywhere(ValueRange indices);
  void fillRegion(Region &region, TypeRange arguments, Type yielded,
                  bool mayCapture);
  void fillCombiner(Region &region, Type type);
  ReducerKind randomReducer(Type type);
  Value randomInit(ReducerKind kind, Type type);

  // RandomOperations.cpp, RandomReductions.cpp: one step each. Null if it does
  // not apply.
  std::optional<Expr> step();
  std::optional<Expr> moveElements(Expr a);
  std::optional<Expr> changeShape(Expr a);
  std::optional<Expr> takeOrDrop(Expr a);
  std::optional<Expr> cat(Expr a);
  std::optional<Expr> selectPart(Expr a);
  std::optional<Expr> gather(Expr a);
  std::optional<Expr> map(Expr a);
  std::optional<Expr> selectByMask(Expr a);
  std::optional<Expr> outer(Expr a);
  std::optional<Expr> reduce(Expr a);
  std::optional<Expr> scan(Expr a);
  std::optional<Expr> inner(Expr a);
  std::optional<Expr> comprehension(Expr a);
  std::optional<Expr> makeNew();
  // RandomChains.cpp: the results of a program that is to be fused.
  SmallVector<Value> chain();
  Expr chainInput(Expr a);
  Value masked(Value element, Value y, ReducerKind kind, ValueRange axes,
               Value index, unsigned mask);
  /// `a` as an array of another shape, for operands that must agree.
  Expr reshaped(Expr a, ArrayRef<int64_t> shape);
  Expr mapped(Expr a, Type element);

  Choices &choices;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  OpBuilder builder;
  Location loc;
  SmallVector<HostArray> hostArguments;
  SmallVector<Expr> pool;
};

} // namespace moa::test

#endif // MOA_TEST_UNIT_TRANSFORMS_RANDOMPROGRAM_H
