//===- Inference.cpp - Helpers of verifiers and shape functions -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Inference.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace moa;

bool moa::areCompatibleArrayTypes(TypeRange inferred, TypeRange written) {
  return llvm::all_of_zip(inferred, written, [](Type a, Type b) {
    return a == b || (isa<RankedTensorType>(a) && isa<RankedTensorType>(b) &&
                      getElementTypeOrSelf(a) == getElementTypeOrSelf(b) &&
                      succeeded(verifyCompatibleShape(a, b)));
  });
}

LogicalResult moa::verifyAxes(Operation *op, ArrayRef<int64_t> axes,
                              int64_t rank) {
  int64_t previous = -1;
  for (int64_t axis : axes) {
    if (axis < 0 || axis >= rank)
      return op->emitOpError()
             << "axis " << axis << " is out of range for rank " << rank;
    if (axis <= previous)
      return op->emitOpError() << "axes must be strictly increasing, but "
                               << axis << " follows " << previous;
    previous = axis;
  }
  return success();
}

LogicalResult moa::verifyDynamicIndexList(Operation *op, StringRef name,
                                          ArrayRef<int64_t> integers,
                                          ValueRange values) {
  size_t dynamic = llvm::count_if(integers, ShapedType::isDynamic);
  if (dynamic == values.size())
    return success();
  return op->emitOpError() << "has " << values.size() << " operands for "
                           << dynamic << " dynamic " << name;
}

std::optional<int64_t> moa::countElements(RankedTensorType type) {
  // An empty array has no elements, however large its other extents are.
  if (llvm::is_contained(type.getShape(), 0))
    return 0;
  int64_t product = 1;
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent) &&
        llvm::MulOverflow(product, extent, product))
      return std::nullopt;
  return type.hasStaticShape() ? product : ShapedType::kDynamic;
}

LogicalResult moa::verifyResultType(Operation *op, RankedTensorType type,
                                    ArrayRef<int64_t> shape, Type element,
                                    StringRef what) {
  if (succeeded(verifyCompatibleShape(type.getShape(), shape)) &&
      type.getElementType() == element)
    return success();
  return op->emitOpError() << what << " must be "
                           << RankedTensorType::get(shape, element)
                           << " or compatible, but is " << type;
}
