//===- BodyCounter.h - Counts of scalar code --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_ANALYSIS_BODYCOUNTER_H
#define MOA_LIB_ANALYSIS_BODYCOUNTER_H

#include "Footprint.h"
#include "moa/Analysis/IndexForms.h"
#include "Pieces.h"
#include "Tally.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace moa {

/// Counts code, and notes the accesses in it with the loops and conditions that
/// are around them.
class BodyCounter {
public:
  BodyCounter(FormSpace &space, IndexForms &forms)
      : space(space), forms(forms) {}

  /// An operation that runs once.
  FailureOr<Tally> countOp(Operation *op);
  /// A `moa.array` with its loops.
  FailureOr<Tally> countArray(ArrayOp op);

  llvm::MapVector<Value, SmallVector<Access>> accesses;

private:
  FailureOr<Tally> countPiece(const Piece &piece);
  FailureOr<Tally> countBlock(Block &block);
  FailureOr<Tally> countIf(scf::IfOp op);
  FailureOr<Tally> countFor(scf::ForOp op);
  FailureOr<Tally> countFoldResult(FoldOp fold, unsigned number);
  FailureOr<Tally> countElement(FoldOp fold, unsigned number, AtomId axis,
                                const std::optional<Form> &lower,
                                const std::optional<Form> &upper);
  FailureOr<Tally> countReducer(FoldOp fold, unsigned number);
  Tally countRead(Value array, ValueRange indices);

  /// What is around the code at hand; popped when the object goes.
  struct Scope {
    explicit Scope(BodyCounter &counter)
        : counter(counter), numAxes(counter.axes.size()),
          numConditions(counter.domain.size()), isExact(counter.isExact) {}
    Scope(const Scope &) = delete;
    ~Scope() {
      counter.axes.truncate(numAxes);
      counter.domain.truncate(numConditions);
      counter.isExact = isExact;
    }
    void loop(AtomId axis, const std::optional<Form> &from,
              const std::optional<Form> &to);
    void condition(const std::optional<Form> &form);

    BodyCounter &counter;
    size_t numAxes, numConditions;
    bool isExact;
  };

  FormSpace &space;
  IndexForms &forms;
  SmallVector<AtomId> axes;
  SmallVector<Form> domain;
  bool isExact = true;
};

} // namespace moa

#endif // MOA_LIB_ANALYSIS_BODYCOUNTER_H
