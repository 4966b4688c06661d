//===- FoldStep.h - moa.fold -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The meaning of a tower, and random parts of it.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_FOLDSTEP_H
#define MOA_LIB_REFERENCE_FOLDSTEP_H

#include "LoopBody.h"
#include "Reducer.h"

namespace moa::reference {

/// A `moa.fold`. Running values have the slots of the results that they become.
class FoldStep : public Step {
public:
  static FailureOr<StepPtr> decode(FoldOp op, Decoder &decoder);

  LogicalResult run(Frame &frame) const override;
  LogicalResult runResult(Frame &frame, unsigned number) const override;
  bool hasSeparateResults() const override { return true; }

private:
  using State = SmallVector<Cell, 4>;

  FoldStep(FoldOp op, Decoder &decoder);

  /// One result of the tower.
  struct Result {
    Reducer reducer;
    std::optional<unsigned> init;
    /// The running value, and the result.
    unsigned slot = 0;
    /// The element that the body yields, and what computes it.
    unsigned element = 0;
    SmallVector<unsigned> elementPieces;
    /// The same for the `correct` region, with its arguments.
    unsigned corrected = 0, oldSlot = 0, newSlot = 0;
    SmallVector<unsigned> correctedPieces;
  };

  Cell start(const Frame &frame, unsigned number) const;
  FailureOr<Cell> startAgainstResults(Frame &frame, unsigned number) const;
  LogicalResult runMeaning(Frame &frame, unsigned number) const;

  // Partitions. States are of the first `size` results.
  State identities(unsigned size) const;
  /// The state of a range: in random parts, merged in random order. `begin` is
  /// the state that the range continues.
  FailureOr<State> runParts(Frame &frame, const State &begin, int64_t from,
                            int64_t to) const;
  /// new_i = C_i(old, new) +i e_i(k, new).
  FailureOr<State> appendElement(Frame &frame, const State &old,
                                 int64_t k) const;
  /// new_i = C_i(a, new) +i C_i(b, new).
  FailureOr<State> merge(Frame &frame, const State &a, const State &b) const;
  /// C_i(old, new), of which new_1 .. new_{i-1} are there.
  FailureOr<Cell> correct(Frame &frame, unsigned number, const State &old,
                          const State &current) const;

  unsigned lower, upper, index;
  LoopBody body;
  LoopBody correction;
  bool hasCorrection = false;
  SmallVector<Result, 0> results;
  /// The run's random numbers where towers are to run in parts, else null.
  std::mt19937_64 *random = nullptr;
};

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_FOLDSTEP_H
