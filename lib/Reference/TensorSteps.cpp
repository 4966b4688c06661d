//===- TensorSteps.cpp - The tensor dialect around arrays -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tensor.cast, dim, empty, extract, from_elements, rank and splat.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

namespace {
class CastStep : public Step {
public:
  CastStep(tensor::CastOp op, Decoder &decoder)
      : Step(op), type(cast<RankedTensorType>(op.getType())),
        source(decoder.array(op.getSource())),
        result(decoder.array(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    const Array &array = frame.arrays[source];
    for (auto [axis, expected] : llvm::enumerate(type.getShape()))
      if (!ShapedType::isDynamic(expected) && array.extent(axis) != expected)
        return error() << "casts extent " << array.extent(axis)
                       << " along axis " << axis << " to " << expected;
    frame.arrays[result] = array;
    return success();
  }

private:
  RankedTensorType type;
  unsigned source, result;
};

/// What an array is stored for is no matter here: the array itself.
class MaterializeStep : public Step {
public:
  MaterializeStep(MaterializeOp op, Decoder &decoder)
      : Step(op), source(decoder.array(op.getSource())),
        result(decoder.array(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    frame.arrays[result] = frame.arrays[source];
    return success();
  }

private:
  unsigned source, result;
};

class DimStep : public Step {
public:
  DimStep(tensor::DimOp op, Decoder &decoder)
      : Step(op), source(decoder.array(op.getSource())),
        axis(decoder.scalar(op.getIndex())),
        result(decoder.scalar(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    const Array &array = frame.arrays[source];
    int64_t number = frame.scalars[axis].i;
    if (number < 0 || number >= static_cast<int64_t>(array.rank()))
      return error() << "asks for axis " << number << " of an array of rank "
                     << array.rank();
    frame.scalars[result] = cellOf(array.extent(number));
    return success();
  }

private:
  unsigned source, axis, result;
};

class RankStep : public Step {
public:
  RankStep(tensor::RankOp op, Decoder &decoder)
      : Step(op), source(decoder.array(op.getTensor())),
        result(decoder.scalar(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    frame.scalars[result] = cellOf(int64_t(frame.arrays[source].rank()));
    return success();
  }

private:
  unsigned source, result;
};

class ExtractStep : public Step {
public:
  ExtractStep(tensor::ExtractOp op, Decoder &decoder)
      : Step(op), source(decoder.array(op.getTensor())),
        indices(decoder.scalars(op.getIndices())),
        result(decoder.scalar(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = readable(*this, frame, source);
    if (failed(array))
      return failure();
    SmallVector<int64_t> index;
    for (auto [axis, slot] : llvm::enumerate(indices)) {
      index.push_back(frame.scalars[slot].i);
      if (index.back() < 0 || index.back() >= array->extent(axis))
        return error() << "index " << index.back() << " is out of bounds: axis "
                       << axis << " has extent " << array->extent(axis);
    }
    frame.scalars[result] = array->read(index);
    return success();
  }

private:
  unsigned source;
  std::vector<unsigned> indices;
  unsigned result;
};

class EmptyStep : public ArrayStep {
public:
  EmptyStep(tensor::EmptyOp op, Decoder &decoder)
      : ArrayStep(op, decoder),
        extents(type.getShape(), op.getDynamicSizes(), decoder) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array =
        makeArray(*this, type, 0, extents.get(frame), traffic);
    if (failed(array))
      return failure();
    array->setUndefined();
    frame.arrays[result] = std::move(*array);
    return success();
  }

private:
  MixedList extents;
};

class SplatStep : public ArrayStep {
public:
  SplatStep(tensor::SplatOp op, Decoder &decoder)
      : ArrayStep(op, decoder), element(decoder.scalar(op.getInput())),
        extents(type.getShape(), op.getDynamicSizes(), decoder) {}

  LogicalResult run(Frame &frame) const override {
    return define(frame, extents.get(frame),
                  [&](ArrayRef<int64_t>) { return frame.scalars[element]; });
  }

private:
  unsigned element;
  MixedList extents;
};

class FromElementsStep : public ArrayStep {
public:
  FromElementsStep(tensor::FromElementsOp op, Decoder &decoder)
      : ArrayStep(op, decoder), elements(decoder.scalars(op.getElements())) {}

  LogicalResult run(Frame &frame) const override {
    auto next = elements.begin();
    return define(frame, type.getShape(),
                  [&](ArrayRef<int64_t>) { return frame.scalars[*next++]; });
  }

private:
  std::vector<unsigned> elements;
};
} // namespace

FailureOr<StepPtr> moa::reference::decodeTensor(Operation *op,
                                                Decoder &decoder) {
  bool known =
      isa<tensor::CastOp, tensor::DimOp, tensor::RankOp, tensor::ExtractOp,
          tensor::EmptyOp, tensor::SplatOp, tensor::FromElementsOp,
          MaterializeOp>(op);
  if (!known)
    return StepPtr();
  // A cast or a dim of an unranked tensor: a block argument could be one.
  for (Value operand : op->getOperands())
    if (failed(decoder.checkType(op, operand)))
      return failure();
  auto make = [&]<typename StepTy>(auto typed) -> StepPtr {
    return std::make_unique<StepTy>(typed, decoder);
  };
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](tensor::CastOp o) { return make.operator()<CastStep>(o); })
      .Case([&](tensor::DimOp o) { return make.operator()<DimStep>(o); })
      .Case([&](tensor::RankOp o) { return make.operator()<RankStep>(o); })
      .Case(
          [&](tensor::ExtractOp o) { return make.operator()<ExtractStep>(o); })
      .Case([&](tensor::EmptyOp o) { return make.operator()<EmptyStep>(o); })
      .Case([&](MaterializeOp o) {
        return make.operator()<MaterializeStep>(o);
      })
      .Case([&](tensor::SplatOp o) { return make.operator()<SplatStep>(o); })
      .Case([&](tensor::FromElementsOp o) {
        return make.operator()<FromElementsStep>(o);
      })
      .Default([](Operation *) { return nullptr; });
}
