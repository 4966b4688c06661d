//===- ArrayStep.cpp - Steps that make an array -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Making an array of the right shape, element by element.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"

#include "moa/Support/HostShape.h"

using namespace moa;
using namespace moa::reference;

std::string moa::reference::formatIndex(ArrayRef<int64_t> index) {
  return formatShape(index);
}

FailureOr<Array> moa::reference::makeArray(const Step &step,
                                           RankedTensorType type,
                                           unsigned number,
                                           ArrayRef<int64_t> shape,
                                           ArrayTraffic *traffic) {
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    int64_t expected = type.getDimSize(axis);
    if (extent < 0)
      return step.error() << "has the negative extent " << extent
                          << " along axis " << axis << " of result #" << number;
    if (!ShapedType::isDynamic(expected) && extent != expected)
      return step.error() << "has extent " << extent << " along axis " << axis
                          << " of result #" << number << ", but its type is "
                          << type;
  }
  llvm::Expected<Array> array =
      Array::create(isa<FloatType>(type.getElementType()), shape, traffic);
  if (!array)
    return step.error() << "cannot make its result: "
                        << llvm::toString(array.takeError());
  return *array;
}

LogicalResult moa::reference::forEachIndex(
    ArrayRef<int64_t> shape,
    function_ref<LogicalResult(ArrayRef<int64_t>, int64_t)> visit) {
  if (llvm::is_contained(shape, 0))
    return success();
  SmallVector<int64_t> index(shape.size(), 0);
  int64_t offset = 0;
  do {
    if (failed(visit(index, offset++)))
      return failure();
  } while (nextIndex(shape, index));
  return success();
}

SmallVector<int64_t> MixedList::get(const Frame &frame) const {
  SmallVector<int64_t> values(integers);
  auto slot = slots.begin();
  for (int64_t &value : values)
    if (ShapedType::isDynamic(value))
      value = frame.scalars[*slot++].i;
  return values;
}

FailureOr<Array> moa::reference::readable(const Step &step, const Frame &frame,
                                          unsigned slot) {
  if (frame.arrays[slot].isUndefined())
    return step.error() << "reads an array of 'tensor.empty', whose elements "
                           "have no value";
  return frame.arrays[slot];
}

FailureOr<Array> ArrayStep::source(const Frame &frame, unsigned slot) const {
  return readable(*this, frame, slot);
}

LogicalResult ArrayStep::define(
    Frame &frame, ArrayRef<int64_t> shape,
    function_ref<FailureOr<Cell>(ArrayRef<int64_t>)> element) const {
  FailureOr<Array> array = makeArray(*this, type, 0, shape, traffic);
  if (failed(array))
    return failure();
  LogicalResult done =
      forEachIndex(shape, [&](ArrayRef<int64_t> index, int64_t offset) {
        FailureOr<Cell> value = element(index);
        if (failed(value))
          return failure();
        array->write(offset, *value);
        return success();
      });
  frame.arrays[result] = std::move(*array);
  return done;
}
