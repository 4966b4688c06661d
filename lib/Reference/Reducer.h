//===- Reducer.h - The monoids of reductions -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Start value and application of a reducer.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_REDUCER_H
#define MOA_LIB_REFERENCE_REDUCER_H

#include "Decoder.h"

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa::reference {

/// A reducer on elements of one type.
class Reducer {
public:
  /// `combiner` is what only `custom` has.
  static FailureOr<Reducer> decode(ReducerKind kind, Type type,
                                   Region *combiner, Decoder &decoder);

  bool isCustom() const { return kind == ReducerKind::Custom; }

  /// The identity; of no use for `custom`.
  Cell identity() const;

  /// Replaces `accumulated` by its combination with `next`. Only a custom
  /// reducer can fail.
  LogicalResult apply(Frame &frame, Cell &accumulated, Cell next) const;

private:
  double applyFloat(double a, double b) const;
  int64_t applyInt(int64_t a, int64_t b) const;

  ReducerKind kind;
  /// 0 for a float.
  unsigned width;
  uint64_t *count = nullptr;
  ScalarCode custom;
};

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_REDUCER_H
