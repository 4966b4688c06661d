//===- IndexMath.h - Index arithmetic of shapes and psi-rules --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Index expressions as shape functions and psi-rules need them. Linear ones
// become one composed `affine.apply`, so that they simplify and compare; others
// (products and quotients of two dynamic values) become `arith` on index.
// Constants fold on the way.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_INDEXMATH_H
#define MOA_DIALECT_MOA_IR_INDEXMATH_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace moa {

/// Builds index arithmetic at a builder's insertion point.
class IndexMath {
public:
  IndexMath(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  OpFoldResult add(OpFoldResult a, OpFoldResult b);
  OpFoldResult sub(OpFoldResult a, OpFoldResult b);
  OpFoldResult mul(OpFoldResult a, OpFoldResult b);
  /// Quotient and remainder of `a >= 0` by `b > 0`.
  OpFoldResult div(OpFoldResult a, OpFoldResult b);
  OpFoldResult rem(OpFoldResult a, OpFoldResult b);
  /// Remainder in `0 .. b - 1` of an `a` of either sign by `b > 0`.
  OpFoldResult floorMod(OpFoldResult a, OpFoldResult b);
  OpFoldResult max(OpFoldResult a, OpFoldResult b);
  OpFoldResult min(OpFoldResult a, OpFoldResult b);
  OpFoldResult abs(OpFoldResult a);
  /// The product of all; 1 of none.
  OpFoldResult product(ArrayRef<OpFoldResult> factors);

  /// `a < b`, `a <= b`, `a == b` as an i1.
  Value less(OpFoldResult a, OpFoldResult b);
  Value lessEqual(OpFoldResult a, OpFoldResult b);
  Value equal(OpFoldResult a, OpFoldResult b);
  Value select(Value condition, OpFoldResult a, OpFoldResult b);

  /// The row-major offset of `indices` in `shape`, and back. (Without the
  /// outermost extent: it plays no part.)
  OpFoldResult linearize(ArrayRef<OpFoldResult> indices,
                         ArrayRef<OpFoldResult> shape);
  SmallVector<OpFoldResult> delinearize(OpFoldResult offset,
                                        ArrayRef<OpFoldResult> shape);

  OpFoldResult constant(int64_t value) { return builder.getIndexAttr(value); }
  /// The extents of a ranked tensor or memref: attributes where static.
  SmallVector<OpFoldResult> shapeOf(Value array);
  OpFoldResult extentOf(Value array, int64_t axis);

  /// As a value: constants become `arith.constant`.
  Value value(OpFoldResult a);
  SmallVector<Value> values(ArrayRef<OpFoldResult> list);

private:
  Value compare(arith::CmpIPredicate predicate, OpFoldResult a, OpFoldResult b);
  OpFoldResult linear(AffineExpr expr, ArrayRef<OpFoldResult> operands);

  OpBuilder &builder;
  Location loc;
};

/// The dynamic extents of `type` as `ReifyRankedShapedTypeOpInterface` wants
/// them: values where the type is dynamic, attributes where it is static,
/// although the computed extent may be of the other kind.
SmallVector<OpFoldResult> matchStaticExtents(OpBuilder &builder, Location loc,
                                             ArrayRef<OpFoldResult> extents,
                                             ShapedType type);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_INDEXMATH_H
