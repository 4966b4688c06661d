//===- Interpreter.h - Runs moa programs in double precision ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle of all tests: every operation of levels 0 to 2 by its definition,
// on whole arrays. It shares no code with the lowering.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_REFERENCE_INTERPRETER_H
#define MOA_REFERENCE_INTERPRETER_H

#include "moa/Reference/Counters.h"
#include "moa/Support/HostArray.h"
#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace moa {

/// How `interpret` runs a program.
struct InterpreterOptions {
  /// Results have the declared element type, rounded once. Otherwise float
  /// results are F64 whatever their type.
  bool roundResults = true;
  /// Where set, a tower with a `correct` region is not run by its meaning, but
  /// in random parts (element and merge form of the transport law), drawn with
  /// this seed. A tower whose `correct` obeys the law gives the same results up
  /// to rounding.
  std::optional<uint64_t> partitionSeed;
};

/// Runs `function`, which may call others of its module.
///
/// `arguments` are arrays of the declared rank, element type and static
/// extents; arrays of rank 0 stand for scalars. So do they among the results.
///
/// Every float is a double, whatever its type: `arith.extf` and `arith.truncf`
/// change nothing. Integers are wrapped to their width; `index` has 64 bits.
/// What upstream calls poison has a value here: a float that does not fit an
/// integer is clamped (NaN is 0), and a shift by the width or more is 0.
///
/// Understood are the operations of moa on tensors, and around them `func`
/// (`call`, `return`), `arith`, `math`, `affine` (`apply`, `min`, `max`), `scf`
/// (`if`, `for`), `cf.assert` and `tensor` (`cast`, `dim`, `empty`, `extract`,
/// `from_elements`, `rank`, `splat`).
///
/// Everything is checked. An argument that does not fit, an index out of
/// bounds, extents that should agree and do not, a division by zero, a failed
/// assertion or an operation that is not understood gives a diagnostic at its
/// place, and failure.
///
/// `counters`, unless null, is cleared and then filled, see there.
FailureOr<SmallVector<HostArray>>
interpret(func::FuncOp function, ArrayRef<HostArray> arguments,
          const InterpreterOptions &options = {}, Counters *counters = nullptr);

/// The element type of host arrays for an element or scalar of type `type`;
/// nothing if it has none.
std::optional<ElementType> hostElementType(Type type);

} // namespace moa

#endif // MOA_REFERENCE_INTERPRETER_H
