//===- Footprint.h - How many elements are read at all ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The elements of an array that accesses read, each counted once: the integer
// points of the images of their iteration domains.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_ANALYSIS_FOOTPRINT_H
#define MOA_LIB_ANALYSIS_FOOTPRINT_H

#include "moa/Analysis/Counts.h"

namespace moa {

/// One place that reads elements of an array.
struct Access {
  /// The index; an entry without a form is any.
  SmallVector<std::optional<Form>> index;
  /// The variables of the loops around it, outermost first.
  SmallVector<AtomId> axes;
  /// It is run where all of these are > 0.
  SmallVector<Form> domain;
  /// False where something else decides, too.
  bool isExact = true;

  bool operator==(const Access &other) const {
    return index == other.index && axes == other.axes &&
           domain == other.domain && isExact == other.isExact;
  }
};

/// The number of elements of an array of the given extents that at least one
/// of the accesses reads.
CountRange countFootprint(FormSpace &space, ArrayRef<Form> extents,
                          ArrayRef<Access> accesses);

} // namespace moa

#endif // MOA_LIB_ANALYSIS_FOOTPRINT_H
