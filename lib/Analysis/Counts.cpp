//===- Counts.cpp - Counts of a function ------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/Counts.h"

#include "BodyCounter.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace moa;

namespace {
class FunctionCounter {
public:
  FunctionCounter(func::FuncOp function, FormSpace &space)
      : function(function), space(space), forms(space) {}
  FailureOr<FunctionCounts> run();

private:
  using Accesses = llvm::MapVector<Value, SmallVector<Access>>;

  LogicalResult countTopLevel(Operation &op);
  void addWritten(ArrayOp op, PartCounts &part);
  void addTraffic(const Tally &tally, const Accesses &accesses,
                  PartCounts &part);
  SmallVector<Form> shapeOf(Value array);
  std::string nameOf(Value array);

  func::FuncOp function;
  FormSpace &space;
  IndexForms forms;
  std::vector<PartCounts> parts;
  Tally outside, total;
  Accesses outsideAccesses, allAccesses;
};
} // namespace

SmallVector<Form> FunctionCounter::shapeOf(Value array) {
  SmallVector<Form> shape;
  for (int64_t axis = 0; axis < cast<ShapedType>(array.getType()).getRank();
       ++axis)
    shape.push_back(forms.extentOf(array, axis));
  return shape;
}

/// Arguments and results by their names, other arrays by the operation.
std::string FunctionCounter::nameOf(Value array) {
  if (auto argument = dyn_cast<BlockArgument>(array))
    return IndexForms::nameOf(argument);
  Operation *terminator = function.getBody().back().getTerminator();
  for (auto [number, value] : llvm::enumerate(terminator->getOperands()))
    if (IndexForms::rootOf(value) == array)
      return "result" + std::to_string(number);
  unsigned number = 0;
  for (Operation &op : function.getBody().front())
    for (Value result : op.getResults())
      if (result == array)
        return op.getName().getStringRef().str() + "#" + std::to_string(number);
      else if (isa<ShapedType>(result.getType()) &&
               !isa<tensor::CastOp, MaterializeOp>(op))
        ++number;
  return "array";
}

void FunctionCounter::addTraffic(const Tally &tally, const Accesses &accesses,
                                 PartCounts &part) {
  for (const auto &[array, read] : tally.reads) {
    auto known = accesses.find(array);
    SmallVector<Form> shape = shapeOf(array);
    CountRange distinct = countFootprint(space, shape, known->second);
    part.traffic.push_back(
        {nameOf(array), array, read, distinct, CountRange(Form(space))});
  }
}

static void merge(llvm::MapVector<Value, SmallVector<Access>> &into,
                  const llvm::MapVector<Value, SmallVector<Access>> &from) {
  for (const auto &[array, list] : from)
    for (const Access &access : list)
      if (!llvm::is_contained(into[array], access))
        into[array].push_back(access);
}

/// Adds arrays that `op` makes to the traffic of `part`.
static void addWrittenArray(FormSpace &space, PartCounts &part, Value array,
                            const std::string &name, const Form &size) {
  for (TrafficForms &traffic : part.traffic)
    if (traffic.array == array) {
      traffic.written = traffic.written + CountRange(size);
      return;
    }
  CountRange none{Form(space)};
  part.traffic.push_back({name, array, none, none, CountRange(size)});
}

static bool makesArray(Operation &op) {
  return isa<ArrayOp, tensor::SplatOp, tensor::FromElementsOp>(op);
}

LogicalResult FunctionCounter::countTopLevel(Operation &op) {
  // Arrays that are given, or only passed on.
  if (isa<tensor::EmptyOp, tensor::CastOp, arith::ConstantOp, MaterializeOp,
          tensor::SplatOp, tensor::FromElementsOp>(op))
    return success();
  auto array = dyn_cast<ArrayOp>(op);
  if (array && array.hasBufferSemantics())
    return op.emitOpError() << "writes to buffers; counts are made of arrays";
  BodyCounter counter(space, forms);
  FailureOr<Tally> tally =
      array ? counter.countArray(array) : counter.countOp(&op);
  if (failed(tally))
    return failure();
  total.add(*tally);
  merge(allAccesses, counter.accesses);
  if (!array) {
    outside.add(*tally);
    merge(outsideAccesses, counter.accesses);
    return success();
  }
  PartCounts part;
  part.op = array;
  part.floatOps = tally->floatOps;
  part.integerOps = tally->integerOps;
  addTraffic(*tally, counter.accesses, part);
  parts.push_back(std::move(part));
  return success();
}

FailureOr<FunctionCounts> FunctionCounter::run() {
  if (!function.getBody().hasOneBlock())
    return function.emitError()
           << "'" << function.getName()
           << "' has no counts: it is not one block of operations";
  for (Operation &op : function.getBody().front().without_terminator()) {
    if (isa<PsiOpInterface>(op) &&
        !isa<ArrayOp, PsiOp, tensor::CastOp, tensor::SplatOp>(op))
      return op.emitOpError() << "is not in normal form, which counts are made "
                                 "of; run 'moa-psi-reduce' before";
    if (failed(countTopLevel(op)))
      return failure();
  }
  FunctionCounts counts{function, {}, {}};
  PartCounts &all = counts.total;
  all.floatOps = total.floatOps;
  all.integerOps = total.integerOps;
  addTraffic(total, allAccesses, all);
  PartCounts rest;
  rest.floatOps = outside.floatOps;
  rest.integerOps = outside.integerOps;
  addTraffic(outside, outsideAccesses, rest);
  unsigned next = 0;
  for (Operation &op : function.getBody().front())
    if (makesArray(op))
      for (Value result : op.getResults()) {
        Form size(space, 1);
        for (const Form &extent : shapeOf(result))
          size = size * extent;
        PartCounts &part = isa<ArrayOp>(op) ? parts[next] : rest;
        addWrittenArray(space, part, result, nameOf(result), size);
        addWrittenArray(space, all, result, nameOf(result), size);
        next += isa<ArrayOp>(op) && result == op.getResults().back();
      }
  counts.parts = std::move(parts);
  if (!rest.floatOps.empty() || !rest.integerOps.empty() ||
      !rest.traffic.empty())
    counts.parts.push_back(std::move(rest));
  return counts;
}

static void tidy(FormSpace &space, CountRange &count) {
  count.least = space.tidy(count.least);
  if (count.most)
    count.most = space.tidy(*count.most);
}

static void tidy(FormSpace &space, PartCounts &part) {
  for (CountsByKind *kinds : {&part.floatOps, &part.integerOps})
    for (auto &[kind, count] : *kinds)
      tidy(space, count);
  for (TrafficForms &traffic : part.traffic) {
    tidy(space, traffic.read);
    tidy(space, traffic.distinct);
  }
}

FailureOr<FunctionCounts> moa::countFunction(func::FuncOp function,
                                             FormSpace &space) {
  FailureOr<FunctionCounts> counts = FunctionCounter(function, space).run();
  if (failed(counts))
    return failure();
  for (PartCounts &part : counts->parts)
    tidy(space, part);
  tidy(space, counts->total);
  return counts;
}
