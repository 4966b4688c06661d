//===- IndexSteps.cpp - psi, take, drop, rotate, gather -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each by its definition, every index checked.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"
#include "ScalarMath.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

/// The values of index slots, checked against the first extents of `array`.
static LogicalResult checkedIndex(const Step &step, const Frame &frame,
                                  ArrayRef<unsigned> slots, const Array &array,
                                  SmallVectorImpl<int64_t> &index) {
  for (auto [axis, slot] : llvm::enumerate(slots)) {
    index.push_back(frame.scalars[slot].i);
    if (index.back() < 0 || index.back() >= array.extent(axis))
      return step.error() << "index " << index.back()
                          << " is out of bounds: axis " << axis
                          << " has extent " << array.extent(axis);
  }
  return success();
}

namespace {
/// moa.psi with a full index.
class PsiScalarStep : public Step {
public:
  PsiScalarStep(PsiOp op, Decoder &decoder)
      : Step(op), source(decoder.array(op.getSource())),
        indices(decoder.scalars(op.getIndices())),
        result(decoder.scalar(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    const Array &array = frame.arrays[source];
    if (array.isUndefined())
      return failure(failed(readable(*this, frame, source)));
    SmallVector<int64_t, 4> index;
    if (failed(checkedIndex(*this, frame, indices, array, index)))
      return failure();
    frame.scalars[result] = array.read(index);
    return success();
  }

private:
  unsigned source;
  std::vector<unsigned> indices;
  unsigned result;
};

/// moa.psi with a shorter index.
class PsiArrayStep : public ArrayStep {
public:
  PsiArrayStep(PsiOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())),
        indices(decoder.scalars(op.getIndices())) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    SmallVector<int64_t> first;
    if (failed(array) ||
        failed(checkedIndex(*this, frame, indices, *array, first)))
      return failure();
    return define(frame, array->shape().drop_front(first.size()),
                  [&](ArrayRef<int64_t> rest) {
                    SmallVector<int64_t> from(first);
                    llvm::append_range(from, rest);
                    return array->read(from);
                  });
  }

private:
  unsigned slot;
  std::vector<unsigned> indices;
};

/// What take, drop and rotate share: counts for leading axes.
class CountsStep : public ArrayStep {
public:
  template <typename OpTy>
  CountsStep(OpTy op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())),
        mixed(op.getStaticCounts(), op.getCounts(), decoder) {}

protected:
  /// The counts. |c| must be a number: the smallest integer is an error.
  FailureOr<SmallVector<int64_t>> counts(const Frame &frame) const {
    SmallVector<int64_t> list = mixed.get(frame);
    for (int64_t count : list)
      if (count == std::numeric_limits<int64_t>::min())
        return error() << "has the count " << count
                       << ", whose absolute value is no index";
    return list;
  }

  unsigned slot;

private:
  MixedList mixed;
};

class TakeStep : public CountsStep {
public:
  TakeStep(TakeOp op, Decoder &decoder) : CountsStep(op, decoder) {
    if (op.getFill())
      fill = decoder.scalar(op.getFill());
  }

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    FailureOr<SmallVector<int64_t>> c = counts(frame);
    if (failed(array) || failed(c))
      return failure();
    SmallVector<int64_t> shape(array->shape());
    for (auto [axis, count] : llvm::enumerate(*c))
      shape[axis] = std::abs(count);
    Cell outside = fill ? frame.scalars[*fill] : Cell{.i = 0};
    return define(frame, shape, [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> from(index);
      for (auto [axis, count] : llvm::enumerate(*c)) {
        if (count < 0)
          from[axis] = index[axis] + array->extent(axis) + count;
        if (from[axis] < 0 || from[axis] >= array->extent(axis))
          return outside;
      }
      return array->read(from);
    });
  }

private:
  std::optional<unsigned> fill;
};

class DropStep : public CountsStep {
public:
  using CountsStep::CountsStep;

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    FailureOr<SmallVector<int64_t>> c = counts(frame);
    if (failed(array) || failed(c))
      return failure();
    SmallVector<int64_t> shape(array->shape());
    for (auto [axis, count] : llvm::enumerate(*c))
      shape[axis] = std::max<int64_t>(0, shape[axis] - std::abs(count));
    return define(frame, shape, [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> from(index);
      for (auto [axis, count] : llvm::enumerate(*c))
        from[axis] += std::max<int64_t>(count, 0);
      return array->read(from);
    });
  }
};

class RotateStep : public CountsStep {
public:
  using CountsStep::CountsStep;

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    FailureOr<SmallVector<int64_t>> c = counts(frame);
    if (failed(array) || failed(c))
      return failure();
    return define(frame, array->shape(), [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> from(index);
      for (auto [axis, count] : llvm::enumerate(*c)) {
        int64_t n = array->extent(axis);
        // Of the count modulo n first: the sum does not overflow.
        int64_t moved = index[axis] + (count - floorDiv(count, n) * n);
        from[axis] = moved >= n ? moved - n : moved;
      }
      return array->read(from);
    });
  }
};

class GatherStep : public ArrayStep {
public:
  GatherStep(GatherOp op, Decoder &decoder)
      : ArrayStep(op, decoder), slot(decoder.array(op.getSource())),
        positionsSlot(decoder.array(op.getPositions())), axis(op.getAxis()) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    FailureOr<Array> positions = source(frame, positionsSlot);
    if (failed(array) || failed(positions))
      return failure();
    // The result has shape n[:axis] ++ s ++ n[axis+1:].
    SmallVector<int64_t> shape(array->shape().take_front(axis));
    llvm::append_range(shape, positions->shape());
    llvm::append_range(shape, array->shape().drop_front(axis + 1));
    return define(
        frame, shape, [&](ArrayRef<int64_t> index) -> FailureOr<Cell> {
          ArrayRef<int64_t> where = index.slice(axis, positions->rank());
          int64_t position = positions->read(where).i;
          if (position < 0 || position >= array->extent(axis))
            return error() << "position " << position << " at "
                           << formatIndex(where) << " is out of bounds: axis "
                           << axis << " has extent " << array->extent(axis);
          SmallVector<int64_t> from(index.take_front(axis));
          from.push_back(position);
          llvm::append_range(from, index.drop_front(axis + positions->rank()));
          return array->read(from);
        });
  }

private:
  unsigned slot, positionsSlot;
  size_t axis;
};
} // namespace

FailureOr<StepPtr> moa::reference::decodeIndexing(Operation *op,
                                                  Decoder &decoder) {
  auto make = [&]<typename StepTy>(auto typed) -> StepPtr {
    return std::make_unique<StepTy>(typed, decoder);
  };
  if (auto psi = dyn_cast<PsiOp>(op)) {
    // A buffer: its type has no values here.
    if (failed(decoder.checkType(op, psi.getSource())))
      return failure();
    return psi.isFull() ? make.operator()<PsiScalarStep>(psi)
                        : make.operator()<PsiArrayStep>(psi);
  }
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](TakeOp o) { return make.operator()<TakeStep>(o); })
      .Case([&](DropOp o) { return make.operator()<DropStep>(o); })
      .Case([&](RotateOp o) { return make.operator()<RotateStep>(o); })
      .Case([&](GatherOp o) { return make.operator()<GatherStep>(o); })
      .Default([](Operation *) { return nullptr; });
}
