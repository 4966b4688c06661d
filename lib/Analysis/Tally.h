//===- Tally.h - Counts under way -------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_ANALYSIS_TALLY_H
#define MOA_LIB_ANALYSIS_TALLY_H

#include "ScalarKinds.h"

#include "moa/Analysis/Counts.h"

#include "llvm/ADT/MapVector.h"

namespace moa {

/// What a piece of code does: operations by kind, and reads by array.
struct Tally {
  CountsByKind floatOps, integerOps;
  llvm::MapVector<Value, CountRange> reads;

  void addOp(const ScalarKind &kind, const CountRange &count);
  void addRead(Value array, const CountRange &count);
  void add(const Tally &other);
  /// All counts times a form that is not negative.
  Tally times(const Form &factor) const;
  /// The sum over an axis.
  Tally sumOver(FormSpace &space, AtomId axis, const Form &from,
                const Form &to) const;
  /// What lies between nothing and this, once or any number of times.
  Tally atMost(FormSpace &space, bool once) const;
  /// One or the other, which is not known.
  static Tally either(FormSpace &space, const Tally &a, const Tally &b);

private:
  template <typename Function> Tally transform(Function function) const;
};

} // namespace moa

#endif // MOA_LIB_ANALYSIS_TALLY_H
