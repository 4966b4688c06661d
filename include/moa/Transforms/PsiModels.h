//===- PsiModels.h - Psi-rules of upstream operations ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TRANSFORMS_PSIMODELS_H
#define MOA_TRANSFORMS_PSIMODELS_H

#include "moa/Support/LLVM.h"

namespace moa {

/// Attaches `PsiOpInterface` to `tensor.cast` and `tensor.splat`, so that psi-
/// reduction looks through them.
void registerPsiModels(DialectRegistry &registry);

} // namespace moa

#endif // MOA_TRANSFORMS_PSIMODELS_H
