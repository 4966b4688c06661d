//===- ScalarRegion.h - Regions of pure scalar code ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_SCALARREGION_H
#define MOA_DIALECT_MOA_IR_SCALARREGION_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// To be used in `verifyRegions`: the code in the region must be known to be
/// valid. Verifies that `region`, called `name` in messages, holds one block
/// with arguments of the types `arguments`, scalar code without effects but
/// reads (of buffers, by `moa.psi`), and a `moa.yield` of the types `yielded`.
/// A null type among `yielded` stands for any element.
LogicalResult verifyScalarRegion(Operation *op, Region &region, StringRef name,
                                 TypeRange arguments, TypeRange yielded);

/// Verifies reducer and start value of an operation that folds elements of type
/// `type`, and that it has a combiner region where it needs one.
LogicalResult verifyReduction(Operation *op, ReducerKind kind, Type type,
                              Value init, Region &combiner);

/// Verifies the combiner region, if there is one.
LogicalResult verifyCombiner(Operation *op, Type type, Region &combiner);

/// Gives the first arguments of `region` names in printed IR.
void nameArguments(Region &region, OpAsmSetValueNameFn set,
                   ArrayRef<StringRef> names);

/// The same for elements of arrays: x, y, z.
void nameElements(Region &region, OpAsmSetValueNameFn set);

/// Clones the code of a scalar region to the builder's insertion point with
/// `arguments` in place of its block arguments. Returns what it yields.
SmallVector<Value> inlineScalarRegion(OpBuilder &builder, Region &region,
                                      ValueRange arguments);

/// True if `type` is an element type of arrays.
bool isElementType(Type type);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_SCALARREGION_H
