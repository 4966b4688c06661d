//===- Extents.h - Extents of arrays in terms of leaves --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_EXTENTS_H
#define MOA_LIB_TRANSFORMS_EXTENTS_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace moa {

/// Computes the extents of arrays where they are defined, out of the extents of
/// leaves only, each once: equal extents are the same value (or attribute) as
/// far as the shape functions show it.
class Extents {
public:
  /// The extents of a tensor. The values dominate everything that `array` does.
  SmallVector<OpFoldResult> of(Value array);

  /// Takes the extents that the operations below `function` require to be equal
  /// for one, as far as they are constants or extents of arguments.
  void equate(func::FuncOp function);

  /// Replaces every `tensor.dim` of a constant axis below `root`.
  void resolveDims(Operation *root);

private:
  SmallVector<OpFoldResult> compute(Value array);
  OpFoldResult resolve(OpFoldResult extent);
  bool replace(tensor::DimOp dim);
  void equate(OpFoldResult a, OpFoldResult b);
  OpFoldResult representative(OpFoldResult extent);

  llvm::DenseMap<Value, SmallVector<OpFoldResult>> known;
  /// What stands for an extent that equals another.
  llvm::DenseMap<Value, OpFoldResult> equalTo;
};

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_EXTENTS_H
