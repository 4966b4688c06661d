//===- ScalarSteps.h - Steps of scalar operations -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations with one scalar result that are a C++ function of their operands.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_SCALARSTEPS_H
#define MOA_LIB_REFERENCE_SCALARSTEPS_H

#include "Decoder.h"

#include <array>

namespace moa::reference {

/// `function` takes the operands as an array of cells, and gives the result. It
/// must be defined on all values.
template <size_t N, typename Function> class ScalarStep : public Step {
public:
  ScalarStep(Operation *op, Decoder &decoder, uint64_t *count,
             Function function)
      : Step(op), count(count), function(function),
        result(decoder.scalar(op->getResult(0))) {
    for (size_t i = 0; i < N; ++i)
      operands[i] = decoder.scalar(op->getOperand(i));
  }

  LogicalResult run(Frame &frame) const override {
    std::array<Cell, N> values;
    for (size_t i = 0; i < N; ++i)
      values[i] = frame.scalars[operands[i]];
    frame.scalars[result] = function(values);
    ++*count;
    return success();
  }

private:
  uint64_t *count;
  Function function;
  unsigned result;
  std::array<unsigned, N> operands;
};

/// Makes a `ScalarStep`.
template <size_t N, typename Function>
StepPtr makeScalarStep(Operation *op, Decoder &decoder, uint64_t *count,
                       Function function) {
  return std::make_unique<ScalarStep<N, Function>>(op, decoder, count,
                                                   function);
}

/// One and two doubles to a double.
template <typename Function>
StepPtr makeFloatUnary(Operation *op, Decoder &decoder, StringRef kind,
                       Function function) {
  return makeScalarStep<1>(op, decoder, decoder.floatCount(kind),
                           [=](const std::array<Cell, 1> &x) {
                             return cellOf(double(function(x[0].f)));
                           });
}
template <typename Function>
StepPtr makeFloatBinary(Operation *op, Decoder &decoder, StringRef kind,
                        Function function) {
  return makeScalarStep<2>(op, decoder, decoder.floatCount(kind),
                           [=](const std::array<Cell, 2> &x) {
                             return cellOf(double(function(x[0].f, x[1].f)));
                           });
}

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_SCALARSTEPS_H
