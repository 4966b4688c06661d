//===- FoldParts.cpp - moa.fold in random parts -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The element and merge form that the transport law gives a tower with correct.
//
//===----------------------------------------------------------------------===//

#include "FoldStep.h"

using namespace moa;
using namespace moa::reference;

LogicalResult FoldStep::runResult(Frame &frame, unsigned number) const {
  if (!random)
    return runMeaning(frame, number);
  State begin;
  for (unsigned i = 0; i <= number; ++i)
    begin.push_back(start(frame, i));
  FailureOr<State> state =
      runParts(frame, begin, frame.scalars[lower].i, frame.scalars[upper].i);
  if (failed(state))
    return failure();
  for (unsigned i = 0; i <= number; ++i)
    frame.scalars[results[i].slot] = (*state)[i];
  return success();
}

FoldStep::State FoldStep::identities(unsigned size) const {
  State state;
  for (const Result &result : ArrayRef(results).take_front(size))
    state.push_back(result.reducer.identity());
  return state;
}

FailureOr<FoldStep::State> FoldStep::runParts(Frame &frame, const State &begin,
                                              int64_t from, int64_t to) const {
  bool inOrder = llvm::any_of(
      results, [](const Result &r) { return r.reducer.isCustom(); });
  bool split = !inOrder && from < to && (*random)() % 2 == 0;
  if (!split) {
    State state = begin;
    for (int64_t k = from; k < to; ++k) {
      FailureOr<State> next = appendElement(frame, state, k);
      if (failed(next))
        return failure();
      state = std::move(*next);
    }
    return state;
  }
  // Parts may be empty. Only the first one continues `begin`.
  int64_t middle = from + int64_t((*random)() % uint64_t(to - from + 1));
  FailureOr<State> left = runParts(frame, begin, from, middle);
  FailureOr<State> right =
      runParts(frame, identities(begin.size()), middle, to);
  if (failed(left) || failed(right))
    return failure();
  if ((*random)() % 2 == 0)
    return merge(frame, *left, *right);
  return merge(frame, *right, *left);
}

FailureOr<Cell> FoldStep::correct(Frame &frame, unsigned number,
                                  const State &old,
                                  const State &current) const {
  for (auto [i, cell] : llvm::enumerate(old))
    frame.scalars[results[i].oldSlot] = cell;
  for (auto [i, cell] : llvm::enumerate(current))
    frame.scalars[results[i].newSlot] = cell;
  const Result &result = results[number];
  if (failed(correction.run(frame, result.correctedPieces, 0)))
    return failure();
  return frame.scalars[result.corrected];
}

FailureOr<FoldStep::State>
FoldStep::appendElement(Frame &frame, const State &old, int64_t k) const {
  State current;
  for (unsigned i = 0; i < old.size(); ++i) {
    const Result &result = results[i];
    FailureOr<Cell> corrected = correct(frame, i, old, current);
    if (failed(corrected))
      return failure();
    frame.scalars[index] = cellOf(k);
    for (auto [j, cell] : llvm::enumerate(current))
      frame.scalars[results[j].slot] = cell;
    Cell value = *corrected;
    if (failed(body.run(frame, result.elementPieces, 0)) ||
        failed(
            result.reducer.apply(frame, value, frame.scalars[result.element])))
      return failure();
    current.push_back(value);
  }
  return current;
}

FailureOr<FoldStep::State> FoldStep::merge(Frame &frame, const State &a,
                                           const State &b) const {
  State current;
  for (unsigned i = 0; i < a.size(); ++i) {
    FailureOr<Cell> left = correct(frame, i, a, current);
    FailureOr<Cell> right = correct(frame, i, b, current);
    if (failed(left) || failed(right))
      return failure();
    Cell value = *left;
    if (failed(results[i].reducer.apply(frame, value, *right)))
      return failure();
    current.push_back(value);
  }
  return current;
}
