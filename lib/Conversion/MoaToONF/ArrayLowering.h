//===- ArrayLowering.h - An array as loops -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_MOATOONF_ARRAYLOWERING_H
#define MOA_LIB_CONVERSION_MOATOONF_ARRAYLOWERING_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// Emits, in front of it, the loops of an array with buffers as destinations.
void lowerArray(ArrayOp array, int64_t columnBlock);

/// Emits, in front of it, the loops of a fold at function level, and replaces
/// it.
void lowerFold(FoldOp fold);

} // namespace moa

#endif // MOA_LIB_CONVERSION_MOATOONF_ARRAYLOWERING_H
