//===- BoundBuilder.h - Bounds of indices as code ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_DOMAIN_BOUNDBUILDER_H
#define MOA_LIB_TRANSFORMS_DOMAIN_BOUNDBUILDER_H

#include "IndexSets.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/IR/IRMapping.h"

namespace moa {

/// Builds bounds in front of a fold.
class BoundBuilder {
public:
  /// `builder` stands in front of `fold`.
  BoundBuilder(FoldOp fold, IndexSets &sets, OpBuilder &builder)
      : fold(fold), sets(sets), builder(builder),
        math(builder, fold.getLoc()) {}

  /// Computes what the bounds need of the body in front of the fold.
  void hoist(ArrayRef<Bound> bounds);
  /// The value of a bound, after that.
  OpFoldResult build(const Bound &bound);

private:
  void hoistGuarded(ArrayRef<Value> values, ArrayRef<Operation *> ops);

  FoldOp fold;
  IndexSets &sets;
  OpBuilder &builder;
  IndexMath math;
  /// What stands for operands that are computed in the body.
  IRMapping hoisted;
};

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_DOMAIN_BOUNDBUILDER_H
