//===- Step.h - Decoded programs -------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function is decoded once: each operation becomes a step, each value a
// numbered slot of a frame.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_STEP_H
#define MOA_LIB_REFERENCE_STEP_H

#include "Array.h"

#include <random>
#include <vector>

namespace moa::reference {

/// The values of one activation of a function.
struct Frame {
  std::vector<Cell> scalars;
  std::vector<Array> arrays;
  /// Calls that are under way, this one included.
  unsigned depth = 1;
};

/// Where a value is in a frame.
struct Slot {
  unsigned number = 0;
  bool isArray = false;
};

/// One decoded operation.
class Step {
public:
  explicit Step(Operation *op) : op(op) {}
  virtual ~Step() = default;

  /// Reads operands from the frame and writes results to it. On failure a
  /// diagnostic has been emitted.
  virtual LogicalResult run(Frame &frame) const = 0;

  /// Computes result `number` alone, with the results before it already there;
  /// only a step with `hasSeparateResults` can do less than `run`.
  virtual LogicalResult runResult(Frame &frame, unsigned number) const {
    return run(frame);
  }
  virtual bool hasSeparateResults() const { return false; }

  /// True for a step that does nothing (a constant is in the frame at once).
  virtual bool isNothing() const { return false; }

  InFlightDiagnostic error() const { return op->emitOpError(); }

protected:
  Operation *op;
};

using StepPtr = std::unique_ptr<Step>;

/// The step of a constant.
class NoStep : public Step {
public:
  using Step::Step;
  LogicalResult run(Frame &) const override { return success(); }
  bool isNothing() const override { return true; }
};

/// Steps that run one after another.
class Code {
public:
  void add(StepPtr step) {
    if (!step->isNothing())
      steps.push_back(std::move(step));
  }
  LogicalResult run(Frame &frame) const {
    for (const StepPtr &step : steps)
      if (failed(step->run(frame)))
        return failure();
    return success();
  }

private:
  std::vector<StepPtr> steps;
};

/// A region of scalar code: like a function of its arguments.
struct ScalarCode {
  std::vector<unsigned> arguments;
  Code code;
  std::vector<unsigned> yields;

  bool isPresent() const { return !yields.empty(); }

  /// Runs it. What it yields is then in the slots `yields`.
  LogicalResult run(Frame &frame, ArrayRef<Cell> values) const {
    for (auto [slot, value] : llvm::zip_equal(arguments, values))
      frame.scalars[slot] = value;
    return code.run(frame);
  }
  Cell result(const Frame &frame) const { return frame.scalars[yields[0]]; }
};

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_STEP_H
