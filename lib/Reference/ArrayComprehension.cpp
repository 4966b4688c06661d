//===- ArrayComprehension.cpp - moa.array -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The normal form's arrays, element by element.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"
#include "FoldStep.h"

using namespace moa;
using namespace moa::reference;

namespace {
class ComprehensionStep : public Step {
public:
  ComprehensionStep(ArrayOp op, LoopBody body, Decoder &decoder);
  LogicalResult run(Frame &frame) const override;

private:
  struct Result {
    RankedTensorType type;
    unsigned slot;
    unsigned element;
    ArrayTraffic *traffic;
    /// The axes of the array, one for each of its own dimensions.
    SmallVector<unsigned> axes;
    std::optional<unsigned> destination;
  };

  FailureOr<SmallVector<int64_t>> extents(const Frame &frame) const;
  FailureOr<SmallVector<Array>> makeArrays(const Frame &frame,
                                           ArrayRef<int64_t> extents) const;
  LogicalResult fill(Frame &frame, ArrayRef<int64_t> extents,
                     MutableArrayRef<Array> arrays) const;

  MixedList mixedExtents;
  std::vector<unsigned> axes;
  std::vector<Result> results;
  LoopBody body;
};
} // namespace

ComprehensionStep::ComprehensionStep(ArrayOp op, LoopBody body,
                                     Decoder &decoder)
    : Step(op), mixedExtents(op.getStaticExtents(), op.getExtents(), decoder),
      axes(decoder.scalars(op.getAxes())), body(std::move(body)) {
  for (auto [number, value] : llvm::enumerate(op.getResults())) {
    Result result{cast<RankedTensorType>(value.getType()),
                  decoder.array(value),
                  decoder.scalar(op.getYieldedValues()[number]),
                  decoder.trafficOf(cast<OpResult>(value)),
                  {},
                  std::nullopt};
    for (AffineExpr expr : op.getMap(number).getResults())
      result.axes.push_back(cast<AffineDimExpr>(expr).getPosition());
    if (!op.getOuts().empty())
      result.destination = decoder.array(op.getOuts()[number]);
    results.push_back(std::move(result));
  }
}

FailureOr<SmallVector<int64_t>>
ComprehensionStep::extents(const Frame &frame) const {
  SmallVector<int64_t> list = mixedExtents.get(frame);
  for (auto [axis, extent] : llvm::enumerate(list))
    if (extent < 0)
      return error() << "has the negative extent " << extent << " along axis "
                     << axis;
  return list;
}

FailureOr<SmallVector<Array>>
ComprehensionStep::makeArrays(const Frame &frame,
                              ArrayRef<int64_t> extents) const {
  SmallVector<Array> arrays;
  for (auto [number, result] : llvm::enumerate(results)) {
    SmallVector<int64_t> shape;
    for (unsigned axis : result.axes)
      shape.push_back(extents[axis]);
    if (result.destination &&
        frame.arrays[*result.destination].shape() != ArrayRef(shape))
      return error() << "destination #" << number << " has shape "
                     << formatIndex(frame.arrays[*result.destination].shape())
                     << ", but its result has " << formatIndex(shape);
    FailureOr<Array> array =
        makeArray(*this, result.type, number, shape, result.traffic);
    if (failed(array))
      return failure();
    arrays.push_back(*array);
  }
  return arrays;
}

// A result may lack axes. Along those its element does not vary, and is written
// where they are 0. It is there even where one of them has no index at all: so
// the loops leave out the axes of extent 0, and the results that have them.
LogicalResult ComprehensionStep::fill(Frame &frame, ArrayRef<int64_t> extents,
                                      MutableArrayRef<Array> arrays) const {
  auto op = cast<ArrayOp>(this->op);
  SmallVector<unsigned> active;
  SmallVector<Value> yields;
  for (auto [number, array] : llvm::enumerate(arrays)) {
    if (array.size() == 0)
      continue;
    active.push_back(number);
    yields.push_back(op.getYieldedValues()[number]);
  }
  if (active.empty())
    return success();
  SmallVector<unsigned> pieces = body.piecesFor(yields);
  SmallVector<int64_t> trips(extents);
  std::replace(trips.begin(), trips.end(), 0, 1);

  auto writeResult = [&](const Result &result, Array &array,
                         ArrayRef<int64_t> index) {
    SmallVector<int64_t> own;
    for (unsigned axis : result.axes)
      own.push_back(index[axis]);
    for (size_t axis = 0; axis < index.size(); ++axis)
      if (index[axis] != 0 && !llvm::is_contained(result.axes, axis))
        return;
    array.write(array.offsetOf(own), frame.scalars[result.element]);
  };
  SmallVector<int64_t> previous;
  return forEachIndex(trips, [&](ArrayRef<int64_t> index, int64_t) {
    // The outermost axis that has changed decides what must run again.
    unsigned level = 0;
    if (!previous.empty())
      level =
          std::mismatch(index.begin(), index.end(), previous.begin()).first -
          index.begin() + 1;
    previous.assign(index.begin(), index.end());
    for (auto [axis, slot] : llvm::enumerate(axes))
      frame.scalars[slot] = cellOf(index[axis]);
    if (failed(body.run(frame, pieces, level)))
      return failure();
    for (unsigned number : active)
      writeResult(results[number], arrays[number], index);
    return success();
  });
}

LogicalResult ComprehensionStep::run(Frame &frame) const {
  FailureOr<SmallVector<int64_t>> shape = extents(frame);
  if (failed(shape))
    return failure();
  FailureOr<SmallVector<Array>> arrays = makeArrays(frame, *shape);
  if (failed(arrays) || failed(fill(frame, *shape, *arrays)))
    return failure();
  for (auto [result, array] : llvm::zip_equal(results, *arrays))
    frame.arrays[result.slot] = std::move(array);
  return success();
}

FailureOr<StepPtr> moa::reference::decodeNormalForm(Operation *op,
                                                    Decoder &decoder) {
  if (auto fold = dyn_cast<FoldOp>(op))
    return FoldStep::decode(fold, decoder);
  auto array = dyn_cast<ArrayOp>(op);
  if (!array)
    return StepPtr();
  if (array.hasBufferSemantics())
    return op->emitOpError() << "writes to buffers, which the reference "
                                "interpreter does not have";
  SmallVector<BlockArgument> axes(array.getAxes());
  FailureOr<LoopBody> body =
      LoopBody::decode(array.getBody().front(), axes, decoder);
  if (failed(body))
    return failure();
  return StepPtr(
      std::make_unique<ComprehensionStep>(array, std::move(*body), decoder));
}
