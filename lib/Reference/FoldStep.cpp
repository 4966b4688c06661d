//===- FoldStep.cpp - moa.fold -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decoding, and the meaning: the naive chain of folds, one after another.
//
//===----------------------------------------------------------------------===//

#include "FoldStep.h"

using namespace moa;
using namespace moa::reference;

FoldStep::FoldStep(FoldOp op, Decoder &decoder)
    : Step(op), lower(decoder.scalar(op.getLower())),
      upper(decoder.scalar(op.getUpper())),
      index(decoder.scalar(op.getIndex())) {
  for (auto [running, result] :
       llvm::zip_equal(op.getRunning(), op.getResults()))
    decoder.alias(running, result);
}

FailureOr<StepPtr> FoldStep::decode(FoldOp op, Decoder &decoder) {
  std::unique_ptr<FoldStep> step(new FoldStep(op, decoder));
  FailureOr<LoopBody> body = LoopBody::decode(
      op.getBody().front(), {cast<BlockArgument>(op.getIndex())}, decoder);
  if (failed(body))
    return failure();
  step->body = std::move(*body);
  if (op.hasCorrect()) {
    FailureOr<LoopBody> correction =
        LoopBody::decode(op.getCorrect().front(), {}, decoder);
    if (failed(correction))
      return failure();
    step->correction = std::move(*correction);
    step->hasCorrection = true;
    if (decoder.program.options.partitionSeed)
      step->random = &decoder.program.random;
  }
  for (auto [number, value] : llvm::enumerate(op.getResults())) {
    FailureOr<Reducer> reducer =
        Reducer::decode(op.getReducer(number), value.getType(),
                        op.getCombiner(number), decoder);
    if (failed(reducer))
      return failure();
    Result result{std::move(*reducer)};
    if (!op.getInits().empty())
      result.init = decoder.scalar(op.getInits()[number]);
    result.slot = decoder.scalar(value);
    result.element = decoder.scalar(op.getElements()[number]);
    result.elementPieces = step->body.piecesFor(op.getElements()[number]);
    if (op.hasCorrect()) {
      Value corrected = op.getCorrected()[number];
      result.corrected = decoder.scalar(corrected);
      result.oldSlot = decoder.scalar(op.getOldState()[number]);
      result.newSlot = decoder.scalar(op.getNewState()[number]);
      result.correctedPieces = step->correction.piecesFor(corrected);
    }
    step->results.push_back(std::move(result));
  }
  return StepPtr(std::move(step));
}

Cell FoldStep::start(const Frame &frame, unsigned number) const {
  const Result &result = results[number];
  return result.init ? frame.scalars[*result.init] : result.reducer.identity();
}

LogicalResult FoldStep::run(Frame &frame) const {
  if (random)
    return runResult(frame, results.size() - 1);
  for (unsigned number = 0; number < results.size(); ++number)
    if (failed(runMeaning(frame, number)))
      return failure();
  return success();
}

/// A start value of a tower with correct is a state: it was summed against the
/// earlier start values, and counts as expressed against the final results.
FailureOr<Cell> FoldStep::startAgainstResults(Frame &frame,
                                              unsigned number) const {
  if (!results[number].init || !hasCorrection)
    return start(frame, number);
  State old, current;
  for (unsigned i = 0; i <= number; ++i)
    old.push_back(start(frame, i));
  for (unsigned i = 0; i < number; ++i)
    current.push_back(frame.scalars[results[i].slot]);
  return correct(frame, number, old, current);
}

// r_i = start_i +i SUM_i over k of e_i(k, r_1 .. r_{i-1}), with the final r_j.
LogicalResult FoldStep::runMeaning(Frame &frame, unsigned number) const {
  const Result &result = results[number];
  int64_t begin = frame.scalars[lower].i, end = frame.scalars[upper].i;
  FailureOr<Cell> begun = startAgainstResults(frame, number);
  if (failed(begun))
    return failure();
  Cell accumulated = *begun;
  unsigned level = 0;
  for (int64_t k = begin; k < end; ++k, level = 1) {
    frame.scalars[index] = cellOf(k);
    if (failed(body.run(frame, result.elementPieces, level)) ||
        failed(result.reducer.apply(frame, accumulated,
                                    frame.scalars[result.element])))
      return failure();
  }
  frame.scalars[result.slot] = accumulated;
  return success();
}
