//===- Dependence.h - Which axes a value depends on ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The axis set of a value in the normal form: the indices of `moa.array` and
// `moa.fold` that it depends on. It is the union over the operands; a fold
// removes its own index. Of a tower each result has a set of its own.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_DEPENDENCE_H
#define MOA_DIALECT_MOA_IR_DEPENDENCE_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace moa {

/// Calls `visit` on each value that `value` directly depends on: the operands
/// of its operation, and what its regions use from outside; of a fold's or an
/// `scf.if`'s result the bounds or condition and what its regions yield for
/// that result; of a running value in a fold the result that it becomes; of
/// another block argument what goes into the operation around it. An axis of an
/// array and the index of a fold depend on nothing.
void forEachDependence(Value value, function_ref<void(Value)> visit);

/// A set of axes: block arguments of `moa.array`, and indices of `moa.fold`.
using AxisSet = llvm::SmallSetVector<BlockArgument, 4>;

/// Computes axis sets on demand, and remembers them. The IR must be valid, and
/// not change in between.
class AxisSets {
public:
  /// The reference stays good as long as this object.
  const AxisSet &get(Value value);

private:
  AxisSet compute(Value value);

  llvm::DenseMap<Value, std::unique_ptr<AxisSet>> known;
};

/// The block arguments of `block` on which `value`, computed in it or in a
/// region of it, depends.
llvm::SmallPtrSet<Value, 8> getUsedArguments(Value value, Block &block);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_DEPENDENCE_H
