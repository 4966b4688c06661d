//===- Evaluate.h - Values of expressions in double -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_EVALUATE_H
#define MOA_ALGEBRA_EVALUATE_H

#include "moa/Algebra/Expr.h"

namespace moa::algebra {

/// The identity of a reducer: 0, 1, -inf, inf; NaN of `Other`.
double identityOf(Reducer reducer);
/// `a +reducer b`.
double combine(Reducer reducer, double a, double b);

/// The value of `e` with those of atoms, inner sums and calls given by `atom`;
/// booleans are 0 and 1. Of a select only the side taken is evaluated.
double evaluate(Ex e, llvm::function_ref<double(Ex)> atom);

} // namespace moa::algebra

#endif // MOA_ALGEBRA_EVALUATE_H
