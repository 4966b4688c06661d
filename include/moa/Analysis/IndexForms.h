//===- IndexForms.h - Integer values as forms -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What indices, bounds and conditions are in terms of extents, axes and loaded
// integers.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ANALYSIS_INDEXFORMS_H
#define MOA_ANALYSIS_INDEXFORMS_H

#include "moa/Analysis/ClosedForm.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "llvm/ADT/DenseMap.h"

namespace moa {

/// Forms of values of one function, each computed once. Arithmetic is that of
/// the integers: no index is taken to overflow.
class IndexForms {
public:
  explicit IndexForms(FormSpace &space) : space(space) {}

  /// The form of an integer, index or truth value (1 where it holds); none if
  /// it has none.
  std::optional<Form> of(Value value);
  Form of(OpFoldResult extent);
  /// The form of an extent of an array.
  Form extentOf(Value array, int64_t axis);
  /// Makes `argument` stand for an axis.
  void setAxis(Value argument, AtomId axis);

  /// The array itself, if `array` is one under another type.
  static Value rootOf(Value array);
  /// The name that arguments have in the source, or their number.
  static std::string nameOf(BlockArgument argument);

private:
  std::optional<Form> compute(Value value);
  std::optional<Form> computeArith(Operation *op);
  std::optional<Form> computeDivision(Operation *op);
  std::optional<Form> computeCompare(arith::CmpIOp op);
  std::optional<Form> computeChoice(Value condition, Value onTrue,
                                    Value onFalse);
  std::optional<Form> computeLoad(Value array, ValueRange indices);
  std::optional<Form> computeMap(AffineMap map, ValueRange operands,
                                 bool isMin, bool isMax);
  std::optional<Form> computeExpr(AffineExpr expr, ArrayRef<Form> operands,
                                  unsigned numDims);
  Form argumentForm(BlockArgument argument);

  FormSpace &space;
  llvm::DenseMap<Value, std::optional<Form>> known;
};

} // namespace moa

#endif // MOA_ANALYSIS_INDEXFORMS_H
