//===- Counts.h - What a program does, as closed forms ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalar operations by kind, and elements read and written, of a function in
// denotational normal form, for all extents at once. The rules of what is
// counted are those of the reference interpreter, from which this shares no
// code: equal to its counters wherever a count is exact.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ANALYSIS_COUNTS_H
#define MOA_ANALYSIS_COUNTS_H

#include "moa/Analysis/ClosedForm.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace moa {

/// A count. It is exact where both ends are the same form. Otherwise it depends
/// on data in a way that has no form (a branch on a float), and lies between.
struct CountRange {
  Form least;
  /// None where nothing bounds it.
  std::optional<Form> most;

  explicit CountRange(const Form &exact) : least(exact), most(exact) {}
  CountRange(const Form &least, std::optional<Form> most)
      : least(least), most(std::move(most)) {}
  bool isExact() const { return most && *most == least; }
  bool isZero() const { return isExact() && least.isZero(); }
  CountRange operator+(const CountRange &other) const;
  CountRange operator*(const Form &factor) const;
  std::string str() const;
};

/// Counts by kind. Kinds are named as the interpreter's counters are.
using CountsByKind = std::map<std::string, CountRange>;

/// The accesses to one array.
struct TrafficForms {
  std::string name;
  Value array;
  CountRange read;
  /// Elements read at least once.
  CountRange distinct;
  CountRange written;
};

/// What one part of a function does: a `moa.array`, or all that is in none.
struct PartCounts {
  /// Null for what is outside of arrays.
  Operation *op = nullptr;
  CountsByKind floatOps, integerOps;
  std::vector<TrafficForms> traffic;
};

struct FunctionCounts {
  func::FuncOp function;
  std::vector<PartCounts> parts;
  /// All parts together; distinct elements are counted once.
  PartCounts total;
};

/// Counts `function`. It must be in denotational normal form; what has no
/// counts is an error at the operation.
FailureOr<FunctionCounts> countFunction(func::FuncOp function,
                                        FormSpace &space);

/// Writes counts as text for people.
void printCounts(FunctionCounts &counts, raw_ostream &os);
/// Writes counts as a JSON object, each form as a tree and as text.
void writeCounts(FunctionCounts &counts, llvm::json::OStream &json);

} // namespace moa

#endif // MOA_ANALYSIS_COUNTS_H
