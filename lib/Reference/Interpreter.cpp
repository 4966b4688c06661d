//===- Interpreter.cpp - Running a function -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arguments are checked and converted, the decoded function runs, results are
// converted back.
//
//===----------------------------------------------------------------------===//

#include "moa/Reference/Interpreter.h"

#include "Decoder.h"

using namespace moa;
using namespace moa::reference;

std::optional<ElementType> moa::hostElementType(Type type) {
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF64())
    return ElementType::F64;
  if (type.isIndex())
    return ElementType::Index;
  switch (widthOf(type)) {
  case 1:
    return ElementType::I1;
  case 8:
    return ElementType::I8;
  case 16:
    return ElementType::I16;
  case 32:
    return ElementType::I32;
  case 64:
    return ElementType::I64;
  default:
    return std::nullopt;
  }
}

/// The element type that arguments and results of type `type` have outside.
static FailureOr<ElementType> outerType(func::FuncOp function, StringRef what,
                                        unsigned number, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  Type element = tensor ? tensor.getElementType() : type;
  if (std::optional<ElementType> found = hostElementType(element))
    return *found;
  return function.emitError()
         << what << " #" << number << " of '" << function.getName()
         << "' has type " << type << ", which no array can hold";
}

/// Checks an argument against the type that it is for.
static LogicalResult checkArgument(func::FuncOp function, unsigned number,
                                   const HostArray &argument) {
  Type type = function.getArgumentTypes()[number];
  FailureOr<ElementType> expected =
      outerType(function, "argument", number, type);
  if (failed(expected))
    return failure();
  auto complain = [&]() {
    return function.emitError()
           << "argument #" << number << " of '" << function.getName()
           << "' must be " << type << ", but is " << argument.describe();
  };
  if (argument.elementType() != *expected)
    return complain() << ": another element type";
  auto tensor = dyn_cast<RankedTensorType>(type);
  int64_t rank = tensor ? tensor.getRank() : 0;
  if (argument.rank() != rank)
    return complain() << ": rank " << argument.rank() << " instead of " << rank;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!tensor.isDynamicDim(axis) &&
        argument.shape()[axis] != tensor.getDimSize(axis))
      return complain() << ": extent " << argument.shape()[axis]
                        << " along axis " << axis << " instead of "
                        << tensor.getDimSize(axis);
  return success();
}

/// The name that the source gives an argument, else its number.
static std::string nameOf(BlockArgument argument) {
  if (auto name = dyn_cast<NameLoc>(argument.getLoc()))
    return name.getName().str();
  return "arg" + std::to_string(argument.getArgNumber());
}

static LogicalResult setArguments(func::FuncOp function,
                                  ArrayRef<HostArray> arguments,
                                  const FunctionCode &code, Counters *counters,
                                  Frame &frame) {
  for (auto [number, argument] : llvm::enumerate(arguments)) {
    Slot slot = code.arguments[number];
    ArrayTraffic *traffic = nullptr;
    if (counters && slot.isArray) {
      traffic = &counters->arguments[number];
      traffic->name = nameOf(function.getArgument(number));
    }
    llvm::Expected<Array> array = Array::fromHost(argument, traffic);
    if (!array)
      return function.emitError() << "argument #" << number << ": "
                                  << llvm::toString(array.takeError());
    if (slot.isArray)
      frame.arrays[slot.number] = *array;
    else
      frame.scalars[slot.number] = array->read(int64_t(0));
  }
  return success();
}

static FailureOr<HostArray> getResult(func::FuncOp function, unsigned number,
                                      Slot slot, const Frame &frame,
                                      bool round) {
  Type type = function.getResultTypes()[number];
  FailureOr<ElementType> element = outerType(function, "result", number, type);
  if (failed(element))
    return failure();
  if (!round && isFloat(*element))
    element = ElementType::F64;
  auto complain = [&](const Twine &text) {
    return function.emitError() << "result #" << number << " of '"
                                << function.getName() << "' " << text;
  };
  Array array;
  if (slot.isArray) {
    array = frame.arrays[slot.number];
    if (array.isUndefined())
      return complain("is an array of 'tensor.empty', whose elements have no "
                      "value");
  } else {
    llvm::Expected<Array> made = Array::create(isFloat(*element), {}, nullptr);
    if (!made)
      return complain(llvm::toString(made.takeError()));
    made->write(0, frame.scalars[slot.number]);
    array = *made;
  }
  llvm::Expected<HostArray> host = array.toHost(*element);
  if (!host)
    return complain(llvm::toString(host.takeError()));
  return *host;
}

/// Moves the counts of the arrays that the function returns from the other
/// arrays to the results.
static void separateResults(ArrayRef<Slot> results, const Frame &frame,
                            Counters &counters) {
  llvm::DenseMap<const ArrayTraffic *, unsigned> returned;
  for (auto [number, slot] : llvm::enumerate(results)) {
    if (!slot.isArray)
      continue;
    counters.results[number].name = "result" + std::to_string(number);
    returned.try_emplace(frame.arrays[slot.number].countedIn(), number);
  }
  std::deque<ArrayTraffic> others;
  for (ArrayTraffic &traffic : counters.intermediates) {
    auto entry = returned.find(&traffic);
    if (entry == returned.end()) {
      others.push_back(traffic);
      continue;
    }
    ArrayTraffic &result = counters.results[entry->second];
    traffic.name = result.name;
    result = traffic;
  }
  counters.intermediates = std::move(others);
}

FailureOr<SmallVector<HostArray>>
moa::interpret(func::FuncOp function, ArrayRef<HostArray> arguments,
               const InterpreterOptions &options, Counters *counters) {
  if (counters)
    *counters = Counters();
  if (arguments.size() != function.getNumArguments())
    return function.emitError()
           << "'" << function.getName() << "' takes "
           << function.getNumArguments() << " arguments, but "
           << arguments.size() << " are given";
  for (auto [number, argument] : llvm::enumerate(arguments))
    if (failed(checkArgument(function, number, argument)))
      return failure();

  Program program(options, counters);
  FailureOr<const FunctionCode *> code = program.decode(function, true);
  if (failed(code))
    return failure();
  Frame frame = (*code)->makeFrame(/*depth=*/1);
  if (failed(setArguments(function, arguments, **code, counters, frame)) ||
      failed((*code)->code.run(frame)))
    return failure();
  SmallVector<HostArray> results;
  for (auto [number, slot] : llvm::enumerate((*code)->results)) {
    FailureOr<HostArray> result =
        getResult(function, number, slot, frame, options.roundResults);
    if (failed(result))
      return failure();
    results.push_back(std::move(*result));
  }
  if (counters)
    separateResults((*code)->results, frame, *counters);
  return results;
}
