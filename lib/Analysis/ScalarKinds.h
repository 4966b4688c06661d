//===- ScalarKinds.h - What a scalar operation counts as --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_ANALYSIS_SCALARKINDS_H
#define MOA_LIB_ANALYSIS_SCALARKINDS_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// A kind of operations, on floats or on integers, indices and truth values.
struct ScalarKind {
  bool isFloat;
  std::string name;
};

/// The kinds that `op` counts as: none for a constant, two for `math.fma`.
/// Nothing if `op` is no scalar operation.
std::optional<SmallVector<ScalarKind, 2>> scalarKindsOf(Operation *op);

/// What an application of a reducer counts as; not for `custom`.
ScalarKind scalarKindOf(ReducerKind reducer, Type type);

} // namespace moa

#endif // MOA_LIB_ANALYSIS_SCALARKINDS_H
