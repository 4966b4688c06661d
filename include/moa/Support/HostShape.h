//===- HostShape.h - Checked arithmetic on array shapes ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic on the shape of a host array: a list of extents, outermost first,
// laid out in row-major order. Everything that multiplies extents checks for
// overflow, because shapes come from files and from command lines.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_HOSTSHAPE_H
#define MOA_SUPPORT_HOSTSHAPE_H

#include "moa/Support/ElementType.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <string>

namespace moa {

/// Number of elements of `shape`; 1 for rank 0. An error names the axis whose
/// extent is negative, or the shape whose extents other than zero have a
/// product beyond 2^63 - 1 (so that strides are safe to compute even where an
/// extent is zero).
llvm::Expected<int64_t> elementCount(llvm::ArrayRef<int64_t> shape);

/// Number of bytes of an array of `shape` with elements of `type`. Errors as
/// for `elementCount`; the product that must fit includes the size of an
/// element.
llvm::Expected<int64_t> byteCount(ElementType type,
                                  llvm::ArrayRef<int64_t> shape);

/// Strides, counted in elements, of a row-major array of `shape`, for which
/// `elementCount` must have succeeded.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// Steps `index` to the next position of `shape` in row-major order and returns
/// true, or resets it to zeros and returns false after the last position. Start
/// from zeros, and only if the shape has elements at all.
bool nextIndex(llvm::ArrayRef<int64_t> shape,
               llvm::MutableArrayRef<int64_t> index);

/// The shape as messages print it: "[2, 3]"; "[]" for rank 0.
std::string formatShape(llvm::ArrayRef<int64_t> shape);

} // namespace moa

#endif // MOA_SUPPORT_HOSTSHAPE_H
