//===- JoinArrays.h - Arrays over the same axes become one -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_JOINARRAYS_H
#define MOA_LIB_TRANSFORMS_JOINARRAYS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace moa {

/// Joins the arrays of a function in normal form whose axes are the first axes
/// of another's: they become results of one `moa.array`, and what they have in
/// common is computed once.
void joinArrays(mlir::func::FuncOp function);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_JOINARRAYS_H
