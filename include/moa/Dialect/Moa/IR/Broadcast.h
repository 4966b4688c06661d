//===- Broadcast.h - Broadcasting of pointwise operations ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_BROADCAST_H
#define MOA_DIALECT_MOA_IR_BROADCAST_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// The shape that arrays broadcast to: aligned at their last axes, where a
/// missing axis or the static extent 1 is repeated. A dynamic extent beside a
/// static one other than 1 is taken to be that. Failure if two static extents
/// differ; `axis`, counted from the last, is then set to the first such one.
FailureOr<SmallVector<int64_t>> broadcastShapes(ValueRange sources,
                                                int64_t *axis = nullptr);

/// The extents of the broadcast shape: of each axis, taken from the source that
/// knows it best.
SmallVector<OpFoldResult> reifyBroadcast(OpBuilder &builder, Location loc,
                                         ValueRange sources);

/// The extents that broadcasting requires to be equal.
SmallVector<EqualExtents> getEqualBroadcastExtents(ValueRange sources);

/// The element of `source` that stands at `indices` of the broadcast shape.
Value buildBroadcastElement(OpBuilder &builder, Location loc, Value source,
                            ValueRange indices);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_BROADCAST_H
