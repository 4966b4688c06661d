//===- Counters.h - What an interpreted program did ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts of element accesses and scalar operations, with the exact rules of
// what is counted.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_REFERENCE_COUNTERS_H
#define MOA_REFERENCE_COUNTERS_H

#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace moa {

/// The accesses to one array. An array that is made several times (in a loop,
/// or in a function that is called twice) adds up, `distinct` too.
struct ArrayTraffic {
  std::string name;
  /// Elements read, each time that one is read.
  uint64_t read = 0;
  /// Elements read at least once.
  uint64_t distinct = 0;
  /// Elements written, by the operation whose result the array is.
  uint64_t written = 0;
};

/// Counts what `interpret` did. The rules:
///
/// *Arrays.* An element counts as read where a formula names it: `moa.psi` and
/// `tensor.extract` read one element; an operation of the algebra reads, for
/// each element of its result, the elements that its psi-rule names
/// (`moa.gather` one position and one element, `moa.select` all three,
/// `moa.scan` the whole prefix). `tensor.cast` and what only passes an array on
/// (a call, `scf.if`, `scf.for`) neither reads nor writes. Scalars are not
/// arrays.
///
/// *Operations.* A scalar operation counts each time that it runs. In a region
/// of an operation of levels 0 and 1 it runs once for each element that the
/// formula applies the region to. In the body of `moa.array`, read as nested
/// loops over its axes in their order, and in the body of a `moa.fold`, an
/// operation runs only as often as the innermost axis changes on which it
/// depends: what does not depend on the index of a fold runs once for the fold,
/// if its range is not empty. Of a tower each result stands for itself, with
/// the operations of the body that it needs. An operation that no result needs
/// does not run.
///
/// *Reductions.* A fold over n elements applies its reducer n times, the first
/// time to the start value: n additions, not n - 1. This holds for `moa.fold`
/// (for each result of a tower on its own, with or without `correct`),
/// `moa.reduce`, `moa.scan`, `moa.inner` and the sums of `moa.attention`.
///
/// *Attention.* For each query row, each admissible key costs dk products and
/// dk additions, one product by the scale, one max; one addition (s - m), one
/// exp and one addition (l); dv products and dv additions. A row with any
/// admissible key costs dv divisions, and one log and one addition if there is
/// an `lse`. Of query and key dk elements each are read for each admissible
/// key, of value dv. The mask region runs for the keys that `causal` and the
/// windows leave, the score region for the admissible ones. Those two and the
/// default scale count nothing.
struct Counters {
  /// Array arguments of the function, by their number among all arguments.
  std::map<unsigned, ArrayTraffic> arguments;
  /// Array results, likewise: what the operation counts that has made the array
  /// which is returned. Of an argument or a constant, and of an array that an
  /// earlier result is already, nothing.
  std::map<unsigned, ArrayTraffic> results;
  /// `arith.constant` arrays, in program order.
  std::deque<ArrayTraffic> constants;
  /// All other arrays, in program order: what psi-reduction removes.
  std::deque<ArrayTraffic> intermediates;

  /// Operations on floats by kind: `add` (with subtraction), `mul`, `div`,
  /// `max_min`, `cmp`, `select`, `neg`, `cast`, and other functions by the name
  /// of their operation (`exp`, `log`, `tanh`). `math.fma` is a `mul` and an
  /// `add`.
  std::map<std::string, uint64_t> floatOps;
  /// Operations on integers, indices and truth values: also `logic` (and, or,
  /// xor, shifts) and `affine` (one for each map that is applied).
  std::map<std::string, uint64_t> integerOps;

  /// Writes all counts as a JSON object, in a fixed order.
  void writeJSON(llvm::raw_ostream &os) const;
};

} // namespace moa

#endif // MOA_REFERENCE_COUNTERS_H
