//===- Absence.h - Indices at which a fold has no elements ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the elements of a fold are at indices of which something is known. Where
// all of them are the identities of their reducers the index is as if it were
// not there: a masked score is -inf, its weight is 0.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_DOMAIN_ABSENCE_H
#define MOA_LIB_TRANSFORMS_DOMAIN_ABSENCE_H

#include "IndexSets.h"

namespace moa {

/// Evaluates the body of a fold with conditions on its index decided.
class PartialValues {
public:
  PartialValues(FoldOp fold, IndexSets &sets, BoundedRange range)
      : fold(fold), sets(sets), range(std::move(range)) {}

  /// True if all elements are identities, whatever the running values are. A
  /// masked element is absent: 0 times anything is 0, and -inf less anything is
  /// -inf.
  bool areAllAbsent() {
    return llvm::all_of(llvm::seq(fold.getNumResults()),
                        [&](unsigned i) { return isAbsent(fold, i); });
  }

  /// Takes a condition for decided.
  void assume(Value condition, bool holds) {
    known[condition] = BoolAttr::get(fold.getContext(), holds);
  }

private:
  Attribute get(Value value);
  Attribute compute(OpResult value);
  Attribute computeScalar(Operation *op);
  Attribute computeLogic(Operation *op);
  Attribute choose(Attribute condition, Value yes, Value no);
  bool isAbsent(FoldOp of, unsigned result);

  FoldOp fold;
  IndexSets &sets;
  BoundedRange range;
  llvm::DenseMap<Value, Attribute> known;
};

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_DOMAIN_ABSENCE_H
