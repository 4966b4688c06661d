//===- MapSteps.cpp - map, select, outer -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pointwise operations, with broadcasting by its definition.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

namespace {
/// What map and select share: sources that are aligned at their last axes.
class PointwiseStep : public ArrayStep {
public:
  PointwiseStep(Operation *op, Decoder &decoder)
      : ArrayStep(op, decoder), slots(decoder.arrays(op->getOperands())) {
    for (Type type : op->getOperandTypes())
      types.push_back(cast<RankedTensorType>(type));
  }

  LogicalResult run(Frame &frame) const override {
    SmallVector<Array> arrays;
    for (unsigned slot : slots) {
      FailureOr<Array> array = source(frame, slot);
      if (failed(array))
        return failure();
      arrays.push_back(*array);
    }
    FailureOr<SmallVector<int64_t>> shape = broadcast(arrays);
    if (failed(shape))
      return failure();
    SmallVector<Cell> elements(arrays.size());
    return define(frame, *shape, [&](ArrayRef<int64_t> index) {
      for (auto [number, array] : llvm::enumerate(arrays))
        elements[number] = array.read(ownIndex(number, index));
      return combine(frame, elements);
    });
  }

protected:
  /// The element of the result, from one element of each source.
  virtual FailureOr<Cell> combine(Frame &frame,
                                  ArrayRef<Cell> elements) const = 0;

private:
  /// The broadcast shape: along each axis the extent of all sources that have
  /// it with another static extent than 1.
  FailureOr<SmallVector<int64_t>> broadcast(ArrayRef<Array> arrays) const {
    int64_t rank = type.getRank();
    SmallVector<int64_t> shape(rank, 1);
    SmallVector<int64_t> known(rank, -1); // the source that the extent is from
    for (auto [number, array] : llvm::enumerate(arrays)) {
      int64_t skipped = rank - array.rank();
      for (int64_t own = 0; own < int64_t(array.rank()); ++own) {
        if (types[number].getDimSize(own) == 1)
          continue;
        int64_t axis = skipped + own;
        if (known[axis] >= 0 && shape[axis] != array.extent(own))
          return error() << "source #" << number << " has extent "
                         << array.extent(own) << " along axis " << axis
                         << " of the result, but source #" << known[axis]
                         << " has " << shape[axis];
        known[axis] = number;
        shape[axis] = array.extent(own);
      }
    }
    return shape;
  }

  /// Where source `number` is read for the element at `index`.
  SmallVector<int64_t> ownIndex(size_t number, ArrayRef<int64_t> index) const {
    SmallVector<int64_t> own(index.take_back(types[number].getRank()));
    for (auto [axis, component] : llvm::enumerate(own))
      if (types[number].getDimSize(axis) == 1)
        component = 0;
    return own;
  }

  std::vector<unsigned> slots;
  SmallVector<RankedTensorType> types;
};

class MapStep : public PointwiseStep {
public:
  MapStep(MapOp op, ScalarCode body, Decoder &decoder)
      : PointwiseStep(op, decoder), body(std::move(body)) {}

protected:
  FailureOr<Cell> combine(Frame &frame,
                          ArrayRef<Cell> elements) const override {
    if (failed(body.run(frame, elements)))
      return failure();
    return body.result(frame);
  }

private:
  ScalarCode body;
};

class SelectStep : public PointwiseStep {
public:
  SelectStep(SelectOp op, Decoder &decoder)
      : PointwiseStep(op, decoder),
        count(decoder.countFor(type.getElementType(), "select")) {}

protected:
  FailureOr<Cell> combine(Frame &, ArrayRef<Cell> elements) const override {
    ++*count;
    return elements[0].i ? elements[1] : elements[2];
  }

private:
  uint64_t *count;
};

class OuterStep : public ArrayStep {
public:
  OuterStep(OuterOp op, ScalarCode body, Decoder &decoder)
      : ArrayStep(op, decoder), lhsSlot(decoder.array(op.getLhs())),
        rhsSlot(decoder.array(op.getRhs())), body(std::move(body)) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> lhs = source(frame, lhsSlot);
    FailureOr<Array> rhs = source(frame, rhsSlot);
    if (failed(lhs) || failed(rhs))
      return failure();
    SmallVector<int64_t> shape(lhs->shape());
    llvm::append_range(shape, rhs->shape());
    return define(frame, shape,
                  [&](ArrayRef<int64_t> index) -> FailureOr<Cell> {
                    Cell x = lhs->read(index.take_front(lhs->rank()));
                    Cell y = rhs->read(index.take_back(rhs->rank()));
                    if (failed(body.run(frame, {x, y})))
                      return failure();
                    return body.result(frame);
                  });
  }

private:
  unsigned lhsSlot, rhsSlot;
  ScalarCode body;
};
} // namespace

FailureOr<StepPtr> moa::reference::decodeMap(Operation *op, Decoder &decoder) {
  if (auto select = dyn_cast<SelectOp>(op))
    return StepPtr(std::make_unique<SelectStep>(select, decoder));
  auto map = dyn_cast<MapOp>(op);
  auto outer = dyn_cast<OuterOp>(op);
  if (!map && !outer)
    return StepPtr();
  FailureOr<ScalarCode> body = decoder.decodeScalarRegion(op->getRegion(0));
  if (failed(body))
    return failure();
  if (map)
    return StepPtr(std::make_unique<MapStep>(map, std::move(*body), decoder));
  return StepPtr(std::make_unique<OuterStep>(outer, std::move(*body), decoder));
}
