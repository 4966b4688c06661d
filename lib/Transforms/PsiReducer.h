//===- PsiReducer.h - Psi-reduction of one function -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What decides about intermediate arrays shares with what removes them.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_PSIREDUCER_H
#define MOA_LIB_TRANSFORMS_PSIREDUCER_H

#include "Extents.h"

#include "moa/Transforms/PsiReduction.h"

namespace moa {

/// True for an operation whose elements a psi-rule gives. A cast or a splat
/// counts only if something of the algebra is behind it.
bool isAlgebra(Operation *op);

/// True for a use that needs the array itself, not its elements or its extents.
bool needsArray(OpOperand &use);

class PsiReducer {
public:
  explicit PsiReducer(func::FuncOp function) : function(function) {}
  /// With `join`, arrays over the same axes become one.
  LogicalResult run(bool join);

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


} // namespace moa

#endif // MOA_LIB_TRANSFORMS_PSIREDUCER_H
