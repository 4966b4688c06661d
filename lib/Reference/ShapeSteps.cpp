//===- ShapeSteps.cpp - iota, shape, reverse, transpose, reshape, ravel, cat -*-
//C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each by its definition: which element of a source stands at an index.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"
#include "ScalarMath.h"

#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Support/HostShape.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

namespace {
class IotaStep : public ArrayStep {
public:
  IotaStep(IotaOp op, Decoder &decoder)
      : ArrayStep(op, decoder), axis(op.getAxis()),
        extents(type.getShape(), op.getExtents(), decoder) {}

  LogicalResult run(Frame &frame) const override {
    unsigned width = widthOf(type.getElementType());
    return define(frame, extents.get(frame), [&](ArrayRef<int64_t> index) {
      return width == 0 ? cellOf(double(index[axis]))
                        : cellOf(wrap(index[axis], width));
    });
  }

private:
  unsigned axis;
  MixedList extents;
};

class ShapeStep : public ArrayStep {
public:
  ShapeStep(ShapeOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())) {}

  LogicalResult run(Frame &frame) const override {
    const Array &array = frame.arrays[slot];
    return define(frame, {int64_t(array.rank())}, [&](ArrayRef<int64_t> index) {
      return cellOf(array.extent(index[0]));
    });
  }

private:
  unsigned slot;
};

class ReverseStep : public ArrayStep {
public:
  ReverseStep(ReverseOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())),
        axes(op.getAxes()) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    if (failed(array))
      return failure();
    return define(frame, array->shape(), [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> from(index);
      for (int64_t axis : axes)
        from[axis] = array->extent(axis) - 1 - index[axis];
      return array->read(from);
    });
  }

private:
  unsigned slot;
  SmallVector<int64_t> axes;
};

class TransposeStep : public ArrayStep {
public:
  TransposeStep(TransposeOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())),
        permutation(op.getPermutation()) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    if (failed(array))
      return failure();
    SmallVector<int64_t> shape;
    for (int64_t axis : permutation)
      shape.push_back(array->extent(axis));
    return define(frame, shape, [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> from(index.size());
      for (auto [axis, target] : llvm::enumerate(permutation))
        from[target] = index[axis];
      return array->read(from);
    });
  }

private:
  unsigned slot;
  SmallVector<int64_t> permutation;
};

/// moa.reshape, and moa.ravel as a reshape to a vector of all elements.
class ReshapeStep : public ArrayStep {
public:
  ReshapeStep(ReshapeOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())),
        extents(MixedList(op.getStaticExtents(), op.getExtents(), decoder)) {}
  ReshapeStep(RavelOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    if (failed(array))
      return failure();
    SmallVector<int64_t> shape{array->size()};
    if (extents)
      shape = extents->get(frame);
    int64_t offset = 0;
    return define(frame, shape, [&](ArrayRef<int64_t>) {
      if (array->size() == 0)
        return Cell{.i = 0}; // the bits of 0.0, too
      return array->read(offset++ % array->size());
    });
  }

private:
  unsigned slot;
  std::optional<MixedList> extents;
};

class CatStep : public ArrayStep {
public:
  CatStep(CatOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slots(decoder.arrays(op.getSources())),
        joined(op.getAxis()) {}

  LogicalResult run(Frame &frame) const override {
    SmallVector<Array> arrays;
    for (unsigned slot : slots) {
      FailureOr<Array> array = source(frame, slot);
      if (failed(array))
        return failure();
      arrays.push_back(*array);
    }
    SmallVector<int64_t> shape(arrays.front().shape());
    shape[joined] = 0;
    for (auto [number, array] : llvm::enumerate(arrays)) {
      for (size_t axis = 0; axis < shape.size(); ++axis)
        if (axis != joined && array.extent(axis) != shape[axis])
          return error() << "source #" << number << " has extent "
                         << array.extent(axis) << " along axis " << axis
                         << ", but source #0 has " << shape[axis];
      shape[joined] += array.extent(joined);
    }
    return define(frame, shape, [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> from(index);
      const Array *array = arrays.begin();
      while (from[joined] >= array->extent(joined))
        from[joined] -= (array++)->extent(joined);
      return array->read(from);
    });
  }

private:
  std::vector<unsigned> slots;
  size_t joined;
};
} // namespace

FailureOr<StepPtr> moa::reference::decodeShape(Operation *op,
                                               Decoder &decoder) {
  auto make = [&]<typename StepTy>(auto typed) -> StepPtr {
    return std::make_unique<StepTy>(typed, decoder);
  };
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](IotaOp o) { return make.operator()<IotaStep>(o); })
      .Case([&](ShapeOp o) { return make.operator()<ShapeStep>(o); })
      .Case([&](ReverseOp o) { return make.operator()<ReverseStep>(o); })
      .Case([&](TransposeOp o) { return make.operator()<TransposeStep>(o); })
      .Case([&](ReshapeOp o) { return make.operator()<ReshapeStep>(o); })
      .Case([&](RavelOp o) { return make.operator()<ReshapeStep>(o); })
      .Case([&](CatOp o) { return make.operator()<CatStep>(o); })
      .Default([](Operation *) { return nullptr; });
}
