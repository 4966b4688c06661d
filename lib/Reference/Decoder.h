//===- Decoder.h - From operations to steps --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the decoders of the single operations share: slots, counts, the program.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_DECODER_H
#define MOA_LIB_REFERENCE_DECODER_H

#include "Step.h"

#include "moa/Reference/Interpreter.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace moa::reference {

/// A decoded function.
struct FunctionCode {
  std::vector<Slot> arguments;
  Code code;
  std::vector<Slot> results;
  unsigned numScalars = 0;
  unsigned numArrays = 0;
  /// Arrays that a run starts with: constants, by slot.
  std::vector<std::pair<unsigned, Array>> constants;
  /// Scalars likewise.
  std::vector<std::pair<unsigned, Cell>> scalarConstants;

  /// A frame with the constants in it.
  Frame makeFrame(unsigned depth) const;
};

/// All functions that a run needs, and what its steps share.
class Program {
public:
  Program(const InterpreterOptions &options, Counters *counters)
      : options(options), counters(counters),
        random(options.partitionSeed.value_or(0)) {}

  /// Decodes `function` and all that it calls. Outside the entry, the names of
  /// counted arrays tell the function.
  FailureOr<const FunctionCode *> decode(func::FuncOp function, bool isEntry);

  const InterpreterOptions &options;
  /// Null where nothing is counted.
  Counters *counters;
  mutable std::mt19937_64 random;
  /// What is counted where `counters` is null.
  mutable uint64_t ignored = 0;

private:
  llvm::DenseMap<Operation *, std::unique_ptr<FunctionCode>> functions;
};

/// Decodes one function.
class Decoder {
public:
  Decoder(Program &program, func::FuncOp function, FunctionCode &target,
          bool isEntry);

  /// Decodes all operations of `block` but the terminator.
  LogicalResult decodeBlock(Block &block, Code &code);
  /// Decodes one operation; an error if it is not understood.
  FailureOr<StepPtr> decodeOp(Operation *op);
  /// Decodes a region of scalar code that ends in a terminator with scalar
  /// operands. An empty region gives code that is not present.
  FailureOr<ScalarCode> decodeScalarRegion(Region &region);

  /// The slot of a value that has been given one by `declare` or by this.
  Slot slot(Value value);
  unsigned scalar(Value value);
  unsigned array(Value value);
  std::vector<unsigned> scalars(ValueRange values);
  std::vector<unsigned> arrays(ValueRange values);
  std::vector<Slot> slots(ValueRange values);
  /// Gives `value` the slot of `other`.
  void alias(Value value, Value other);
  /// An error if the type of `value` is none that the interpreter can hold.
  LogicalResult checkType(Operation *op, Value value);

  /// Where to count scalar operations of this kind.
  uint64_t *floatCount(StringRef kind);
  uint64_t *integerCount(StringRef kind);
  uint64_t *countFor(Type type, StringRef kind) {
    return isa<FloatType>(type) ? floatCount(kind) : integerCount(kind);
  }
  /// Where to count the accesses to an array result; null to count nothing.
  ArrayTraffic *trafficOf(OpResult result);
  ArrayTraffic *trafficOfConstant(Operation *op);

  Program &program;
  FunctionCode &target;

private:
  func::FuncOp function;
  bool isEntry;
  llvm::DenseMap<Value, Slot> known;
  unsigned numTracked = 0;
};

// The decoders of the single operations, by dialect or family. Each gives a
// null step for an operation that it does not know.
FailureOr<StepPtr> decodeArith(Operation *op, Decoder &decoder);
/// The part of `decodeArith` for operations on scalar integers.
StepPtr decodeIntArith(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeArithCast(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeMath(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeAffine(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeControl(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeTensor(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeShape(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeIndexing(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeMap(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeReduce(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeAttention(Operation *op, Decoder &decoder);
FailureOr<StepPtr> decodeNormalForm(Operation *op, Decoder &decoder);

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_DECODER_H
