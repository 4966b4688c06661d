//===- Decoder.cpp - From operations to steps ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Slots of values, places to count, and the list of all decoders.
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

using namespace moa;
using namespace moa::reference;

Frame FunctionCode::makeFrame(unsigned depth) const {
  Frame frame;
  frame.scalars.resize(numScalars);
  frame.arrays.resize(numArrays);
  frame.depth = depth;
  for (auto &[slot, array] : constants)
    frame.arrays[slot] = array;
  for (auto &[slot, cell] : scalarConstants)
    frame.scalars[slot] = cell;
  return frame;
}

//===----------------------------------------------------------------------===//
// Program
//===----------------------------------------------------------------------===//

FailureOr<const FunctionCode *> Program::decode(func::FuncOp function,
                                                bool isEntry) {
  auto [entry, isNew] = functions.try_emplace(function, nullptr);
  if (!isNew)
    return entry->second.get();
  if (function.isExternal())
    return function.emitError()
           << "function '" << function.getName() << "' has no body to run";
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError() << "function '" << function.getName()
                                << "' has several blocks, which the reference "
                                   "interpreter does not run";
  // The map may move its entries while callees are decoded; what the pointer
  // points to stays. A recursive call finds the unfinished code, and runs it
  // only when it is finished.
  entry->second = std::make_unique<FunctionCode>();
  FunctionCode *code = entry->second.get();
  Decoder decoder(*this, function, *code, isEntry);
  for (BlockArgument argument : function.getArguments()) {
    if (failed(decoder.checkType(function, argument)))
      return failure();
    code->arguments.push_back(decoder.slot(argument));
  }
  Block &body = function.getBody().front();
  if (failed(decoder.decodeBlock(body, code->code)))
    return failure();
  code->results = decoder.slots(body.getTerminator()->getOperands());
  return code;
}

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

Decoder::Decoder(Program &program, func::FuncOp function, FunctionCode &target,
                 bool isEntry)
    : program(program), target(target), function(function), isEntry(isEntry) {}

LogicalResult Decoder::checkType(Operation *op, Value value) {
  Type type = value.getType();
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    type = tensor.getElementType();
  if (isScalarType(type))
    return success();
  return op->emitError() << "the reference interpreter has no values of type "
                         << value.getType() << ", which '" << op->getName()
                         << "' has";
}

Slot Decoder::slot(Value value) {
  auto [entry, isNew] = known.try_emplace(value);
  if (isNew) {
    entry->second.isArray = isa<ShapedType>(value.getType());
    entry->second.number =
        entry->second.isArray ? target.numArrays++ : target.numScalars++;
  }
  return entry->second;
}

unsigned Decoder::scalar(Value value) {
  Slot found = slot(value);
  assert(!found.isArray && "not a scalar");
  return found.number;
}

unsigned Decoder::array(Value value) {
  Slot found = slot(value);
  assert(found.isArray && "not an array");
  return found.number;
}

std::vector<unsigned> Decoder::scalars(ValueRange values) {
  std::vector<unsigned> list;
  for (Value value : values)
    list.push_back(scalar(value));
  return list;
}

std::vector<unsigned> Decoder::arrays(ValueRange values) {
  std::vector<unsigned> list;
  for (Value value : values)
    list.push_back(array(value));
  return list;
}

std::vector<Slot> Decoder::slots(ValueRange values) {
  std::vector<Slot> list;
  for (Value value : values)
    list.push_back(slot(value));
  return list;
}

void Decoder::alias(Value value, Value other) {
  Slot shared = slot(other);
  known[value] = shared;
}

//===----------------------------------------------------------------------===//
// Counts
//===----------------------------------------------------------------------===//

uint64_t *Decoder::floatCount(StringRef kind) {
  if (!program.counters)
    return &program.ignored;
  return &program.counters->floatOps[kind.str()];
}

uint64_t *Decoder::integerCount(StringRef kind) {
  if (!program.counters)
    return &program.ignored;
  return &program.counters->integerOps[kind.str()];
}

ArrayTraffic *Decoder::trafficOf(OpResult result) {
  if (!program.counters)
    return nullptr;
  Operation *op = result.getOwner();
  program.counters->intermediates.emplace_back();
  ArrayTraffic &traffic = program.counters->intermediates.back();
  traffic.name = (isEntry ? "" : function.getName().str() + "/") +
                 op->getName().getStringRef().str() + "#" +
                 std::to_string(numTracked++);
  return &traffic;
}

ArrayTraffic *Decoder::trafficOfConstant(Operation *op) {
  if (!program.counters)
    return nullptr;
  program.counters->constants.emplace_back();
  ArrayTraffic &traffic = program.counters->constants.back();
  traffic.name = (isEntry ? "" : function.getName().str() + "/") + "constant#" +
                 std::to_string(numTracked++);
  return &traffic;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

FailureOr<StepPtr> Decoder::decodeOp(Operation *op) {
  for (Value result : op->getResults())
    if (failed(checkType(op, result)))
      return failure();
  for (auto *decode :
       {decodeArith, decodeArithCast, decodeMath, decodeAffine, decodeControl,
        decodeTensor, decodeShape, decodeIndexing, decodeMap, decodeReduce,
        decodeAttention, decodeNormalForm}) {
    FailureOr<StepPtr> step = decode(op, *this);
    if (failed(step) || *step)
      return step;
  }
  return op->emitOpError() << "is not understood by the reference interpreter";
}

LogicalResult Decoder::decodeBlock(Block &block, Code &code) {
  for (Operation &op : block.without_terminator()) {
    FailureOr<StepPtr> step = decodeOp(&op);
    if (failed(step))
      return failure();
    code.add(std::move(*step));
  }
  return success();
}

FailureOr<ScalarCode> Decoder::decodeScalarRegion(Region &region) {
  ScalarCode result;
  if (region.empty())
    return result;
  Block &block = region.front();
  result.arguments = scalars(block.getArguments());
  if (failed(decodeBlock(block, result.code)))
    return failure();
  result.yields = scalars(block.getTerminator()->getOperands());
  return result;
}
