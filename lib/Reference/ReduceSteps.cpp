//===- ReduceSteps.cpp - reduce, scan, inner -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each element of a result is folded on its own, in ascending order.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"
#include "Reducer.h"

#include "mlir/IR/TypeUtilities.h"

using namespace moa;
using namespace moa::reference;

namespace {
/// What the three share: the reducer and its start value.
class ReductionStep : public ArrayStep {
public:
  template <typename OpTy>
  ReductionStep(OpTy op, Reducer reducer, Decoder &decoder)
      : ArrayStep(op, decoder), reducer(std::move(reducer)) {
    if (op.getInit())
      init = decoder.scalar(op.getInit());
  }

protected:
  Cell start(const Frame &frame) const {
    return init ? frame.scalars[*init] : reducer.identity();
  }

  Reducer reducer;

private:
  std::optional<unsigned> init;
};

class ReduceStep : public ReductionStep {
public:
  ReduceStep(ReduceOp op, Reducer reducer, Decoder &decoder)
      : ReductionStep(op, std::move(reducer), decoder),
        slot(decoder.array(op.getSource())), axes(op.getAxes()) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    if (failed(array))
      return failure();
    SmallVector<int64_t> kept, folded;
    for (size_t axis = 0; axis < array->rank(); ++axis)
      (isFolded(axis) ? folded : kept).push_back(array->extent(axis));
    return define(frame, kept, [&](ArrayRef<int64_t> outer) -> FailureOr<Cell> {
      Cell value = start(frame);
      if (failed(forEachIndex(folded, [&](ArrayRef<int64_t> inner, int64_t) {
            return reducer.apply(frame, value,
                                 array->read(merge(outer, inner)));
          })))
        return failure();
      return value;
    });
  }

private:
  bool isFolded(int64_t axis) const { return llvm::is_contained(axes, axis); }

  /// The index with the components of `inner` at the folded axes.
  SmallVector<int64_t> merge(ArrayRef<int64_t> outer,
                             ArrayRef<int64_t> inner) const {
    SmallVector<int64_t> index(outer.size() + inner.size());
    for (auto [axis, component] : llvm::enumerate(index)) {
      ArrayRef<int64_t> &from = isFolded(axis) ? inner : outer;
      component = from.front();
      from = from.drop_front();
    }
    return index;
  }

  unsigned slot;
  SmallVector<int64_t> axes;
};

class ScanStep : public ReductionStep {
public:
  ScanStep(ScanOp op, Reducer reducer, Decoder &decoder)
      : ReductionStep(op, std::move(reducer), decoder),
        slot(decoder.array(op.getSource())), axis(op.getAxis()),
        exclusive(op.getExclusive()), reverse(op.getReverse()) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> array = source(frame, slot);
    if (failed(array))
      return failure();
    return define(
        frame, array->shape(), [&](ArrayRef<int64_t> index) -> FailureOr<Cell> {
          int64_t here = index[axis];
          int64_t begin = reverse ? here + exclusive : 0;
          int64_t end = reverse ? array->extent(axis) : here + !exclusive;
          SmallVector<int64_t> from(index);
          Cell value = start(frame);
          for (int64_t k = begin; k < end; ++k) {
            from[axis] = k;
            if (failed(reducer.apply(frame, value, array->read(from))))
              return failure();
          }
          return value;
        });
  }

private:
  unsigned slot;
  size_t axis;
  bool exclusive, reverse;
};

class InnerStep : public ReductionStep {
public:
  InnerStep(InnerOp op, Reducer reducer, ScalarCode body, Decoder &decoder)
      : ReductionStep(op, std::move(reducer), decoder),
        lhsSlot(decoder.array(op.getLhs())),
        rhsSlot(decoder.array(op.getRhs())), body(std::move(body)) {}

  LogicalResult run(Frame &frame) const override {
    FailureOr<Array> lhs = source(frame, lhsSlot);
    FailureOr<Array> rhs = source(frame, rhsSlot);
    if (failed(lhs) || failed(rhs))
      return failure();
    int64_t n = lhs->shape().back();
    if (n != rhs->extent(0))
      return error() << "contracts the last axis of the first, of extent " << n
                     << ", with the first of the second, of extent "
                     << rhs->extent(0);
    SmallVector<int64_t> shape(lhs->shape().drop_back());
    llvm::append_range(shape, rhs->shape().drop_front());
    size_t split = lhs->rank() - 1;
    return define(
        frame, shape, [&](ArrayRef<int64_t> index) -> FailureOr<Cell> {
          SmallVector<int64_t> left(index.take_front(split)), right{0};
          left.push_back(0);
          llvm::append_range(right, index.drop_front(split));
          Cell value = start(frame);
          for (int64_t k = 0; k < n; ++k) {
            left.back() = right.front() = k;
            if (failed(body.run(frame, {lhs->read(left), rhs->read(right)})) ||
                failed(reducer.apply(frame, value, body.result(frame))))
              return failure();
          }
          return value;
        });
  }

private:
  unsigned lhsSlot, rhsSlot;
  ScalarCode body;
};

/// Decodes the reducer of one of the three.
template <typename OpTy>
FailureOr<Reducer> decodeReducer(OpTy op, Decoder &decoder) {
  Type element = getElementTypeOrSelf(op.getType());
  return Reducer::decode(op.getReducer(), element, &op.getCombiner(), decoder);
}
} // namespace

FailureOr<StepPtr> moa::reference::decodeReduce(Operation *op,
                                                Decoder &decoder) {
  auto make = [&]<typename StepTy>(auto typed) -> FailureOr<StepPtr> {
    FailureOr<Reducer> reducer = decodeReducer(typed, decoder);
    if (failed(reducer))
      return failure();
    return StepPtr(
        std::make_unique<StepTy>(typed, std::move(*reducer), decoder));
  };
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return make.operator()<ReduceStep>(reduce);
  if (auto scan = dyn_cast<ScanOp>(op))
    return make.operator()<ScanStep>(scan);
  auto inner = dyn_cast<InnerOp>(op);
  if (!inner)
    return StepPtr();
  FailureOr<ScalarCode> body = decoder.decodeScalarRegion(inner.getBody());
  FailureOr<Reducer> reducer = decodeReducer(inner, decoder);
  if (failed(body) || failed(reducer))
    return failure();
  return StepPtr(std::make_unique<InnerStep>(inner, std::move(*reducer),
                                             std::move(*body), decoder));
}
