//===- Simplify.h - Conditions that bounds decide ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_DOMAIN_SIMPLIFY_H
#define MOA_LIB_TRANSFORMS_DOMAIN_SIMPLIFY_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// Replaces conditions in the body of `fold` that its bounds decide by
/// constants, and choices on these by what is chosen.
void simplifyConditions(FoldOp fold);

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_DOMAIN_SIMPLIFY_H
