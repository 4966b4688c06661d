//===- Converter.h - Conversion of one function -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_LINALGTOMOA_CONVERTER_H
#define MOA_LIB_CONVERSION_LINALGTOMOA_CONVERTER_H

#include "ExtentFacts.h"
#include "Recurrence.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace moa {

/// Replaces the operations of a function one after another. What is replaced
/// stays, unused, until `eraseReplaced`.
class LinalgConverter {
public:
  explicit LinalgConverter(func::FuncOp function) : facts(function) {}

  /// Converts `op`, or gives a remark that says why not. Operations of other
  /// kinds are passed over.
  void convert(Operation *op);
  void eraseReplaced();

private:
  /// The code of one element at `indices`.
  using ElementFn = function_ref<Value(OpBuilder &, ValueRange)>;

  // ConvertLinalg.cpp: why not, or nothing.
  std::string convertStructured(linalg::LinalgOp op);
  std::string checkResult(linalg::LinalgOp op, unsigned number);
  Value buildResult(OpBuilder &builder, linalg::LinalgOp op, unsigned number);
  Value buildStructuredElement(OpBuilder &builder, linalg::LinalgOp op,
                               unsigned number, ValueRange axes,
                               ArrayRef<OpFoldResult> extents);
  SmallVector<OpFoldResult> findLoopExtents(OpBuilder &builder,
                                            linalg::LinalgOp op);

  // ConvertTensor.cpp, likewise.
  std::string convertTensor(Operation *op);
  Value buildSlice(OpBuilder &builder, tensor::ExtractSliceOp op);
  Value buildInsertSlice(OpBuilder &builder, tensor::InsertSliceOp op);
  Value buildInsert(OpBuilder &builder, tensor::InsertOp op);
  Value buildConcat(OpBuilder &builder, tensor::ConcatOp op);
  Value buildPad(OpBuilder &builder, tensor::PadOp op);
  Value buildGenerate(OpBuilder &builder, tensor::GenerateOp op);
  Value buildExpand(OpBuilder &builder, tensor::ExpandShapeOp op);
  Value buildCollapse(OpBuilder &builder, tensor::CollapseShapeOp op);
  Value buildReshape(OpBuilder &builder, tensor::ReshapeOp op);

  Value buildArray(OpBuilder &builder, Location loc, Type type,
                   ArrayRef<OpFoldResult> extents, ElementFn element);
  void replace(Value before, Value after);

  ExtentFacts facts;
  SmallVector<Operation *> done;
};

} // namespace moa

#endif // MOA_LIB_CONVERSION_LINALGTOMOA_CONVERTER_H
