//===- Inference.h - Helpers of verifiers and shape functions --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_INFERENCE_H
#define MOA_DIALECT_MOA_IR_INFERENCE_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// Verifies that `axes` are strictly increasing and each is below `rank`.
LogicalResult verifyAxes(Operation *op, ArrayRef<int64_t> axes, int64_t rank);

/// Verifies that a mixed list has as many operands as dynamic entries.
LogicalResult verifyDynamicIndexList(Operation *op, StringRef name,
                                     ArrayRef<int64_t> integers,
                                     ValueRange values);

/// The number of elements of arrays of `type`, `ShapedType::kDynamic` if it is
/// not known, or nothing if it exceeds 64 bits.
std::optional<int64_t> countElements(RankedTensorType type);

/// Verifies that `type` has the element type `element` and a shape compatible
/// with `shape`, which `what` describes in the message.
LogicalResult verifyResultType(Operation *op, RankedTensorType type,
                               ArrayRef<int64_t> shape, Type element,
                               StringRef what);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_INFERENCE_H
