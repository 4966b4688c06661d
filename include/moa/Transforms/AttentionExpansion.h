//===- AttentionExpansion.h - Attention as naive algebra -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TRANSFORMS_ATTENTIONEXPANSION_H
#define MOA_TRANSFORMS_ATTENTIONEXPANSION_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// Builds the definition of `op` at the builder's insertion point: the arrays of
/// scores, row maxima, row sums and outputs (and log-sum-exps), each a
/// `moa.array`. Returns the values of the results of `op`.
SmallVector<Value> expandAttention(OpBuilder &builder, AttentionOp op);

} // namespace moa

#endif // MOA_TRANSFORMS_ATTENTIONEXPANSION_H
