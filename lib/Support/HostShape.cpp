//===- HostShape.cpp - Checked arithmetic on array shapes -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes, strides and row-major stepping for shapes of host arrays.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/HostShape.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MathExtras.h"

#include <cassert>

using namespace moa;

/// Product of `unit` and the extents, or an error; see `elementCount`.
static llvm::Expected<int64_t> checkedProduct(int64_t unit,
                                              llvm::ArrayRef<int64_t> shape,
                                              llvm::StringRef what) {
  int64_t product = unit;
  bool empty = false;
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    if (extent < 0)
      return llvm::createStringError("extent " + llvm::Twine(extent) +
                                     " of axis " + llvm::Twine(axis) +
                                     " is negative");
    if (extent == 0)
      empty = true;
    else if (llvm::MulOverflow(product, extent, product))
      return llvm::createStringError("shape " + formatShape(shape) +
                                     " has more than 2^63 - 1 " + what);
  }
  return empty ? 0 : product;
}

llvm::Expected<int64_t> moa::elementCount(llvm::ArrayRef<int64_t> shape) {
  return checkedProduct(1, shape, "elements");
}

llvm::Expected<int64_t> moa::byteCount(ElementType type,
                                       llvm::ArrayRef<int64_t> shape) {
  return checkedProduct(elementByteSize(type), shape, "bytes");
}

llvm::SmallVector<int64_t> moa::rowMajorStrides(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

bool moa::nextIndex(llvm::ArrayRef<int64_t> shape,
                    llvm::MutableArrayRef<int64_t> index) {
  assert(shape.size() == index.size() && "index has the rank of the shape");
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (++index[axis] < shape[axis])
      return true;
    index[axis] = 0;
  }
  return false;
}

std::string moa::formatShape(llvm::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    if (axis != 0)
      text += ", ";
    text += llvm::itostr(extent);
  }
  return text + "]";
}
