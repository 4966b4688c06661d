//===- ExpandMath.h - Scalar operations in terms of simpler ones -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_EXPANDMATH_EXPANDMATH_H
#define MOA_CONVERSION_EXPANDMATH_EXPANDMATH_H

#include "moa/Support/LLVM.h"

#include "mlir/IR/PatternMatch.h"

namespace moa {

/// Patterns for scalar operations that no target of LLVM has, or not for all
/// types: integers to bf16 (rounded once), `math.ipowi` (a loop), `math.fpowi`
/// with an exponent that is not i32 (a power of f64), `math.isinf`,
/// `math.isnormal`, `arith.addui_extended` of index. They use arith, math and scf.
void populateExpandMathPatterns(RewritePatternSet &patterns);

} // namespace moa

#endif // MOA_CONVERSION_EXPANDMATH_EXPANDMATH_H
