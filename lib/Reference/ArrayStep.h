//===- ArrayStep.h - Steps that make an array -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the operations with one array as result share.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_ARRAYSTEP_H
#define MOA_LIB_REFERENCE_ARRAYSTEP_H

#include "Decoder.h"

namespace moa::reference {

/// Integers as messages print them: "[2, 3]".
std::string formatIndex(ArrayRef<int64_t> index);

/// Makes an array of the element type of `type` and of the given shape. An
/// error if that is not the shape that `type` has, or no array can have it;
/// `number` is that of the result.
FailureOr<Array> makeArray(const Step &step, RankedTensorType type,
                           unsigned number, ArrayRef<int64_t> shape,
                           ArrayTraffic *traffic);

/// Calls `visit` for each index of `shape` in row-major order, with its offset.
LogicalResult
forEachIndex(ArrayRef<int64_t> shape,
             function_ref<LogicalResult(ArrayRef<int64_t>, int64_t)> visit);

/// A list of constants and values, as operations have it for counts and
/// extents.
class MixedList {
public:
  MixedList(ArrayRef<int64_t> integers, ValueRange values, Decoder &decoder)
      : integers(integers), slots(decoder.scalars(values)) {}
  SmallVector<int64_t> get(const Frame &frame) const;

private:
  SmallVector<int64_t> integers;
  std::vector<unsigned> slots;
};

/// A step whose one result is an array.
class ArrayStep : public Step {
public:
  ArrayStep(Operation *op, Decoder &decoder)
      : Step(op), type(cast<RankedTensorType>(op->getResult(0).getType())),
        result(decoder.array(op->getResult(0))),
        traffic(decoder.trafficOf(op->getResult(0))) {}

protected:
  /// Makes the result: an array of `shape` whose element at each index is what
  /// `element` gives for the index.
  LogicalResult
  define(Frame &frame, ArrayRef<int64_t> shape,
         function_ref<FailureOr<Cell>(ArrayRef<int64_t>)> element) const;

  /// The array in a slot, which must have elements that can be read.
  FailureOr<Array> source(const Frame &frame, unsigned slot) const;

  RankedTensorType type;
  unsigned result;
  ArrayTraffic *traffic;
};

/// An array in a slot, for any step: an error if its elements have no value.
FailureOr<Array> readable(const Step &step, const Frame &frame, unsigned slot);

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_ARRAYSTEP_H
