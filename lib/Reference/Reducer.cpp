//===- Reducer.cpp - The monoids of reductions -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Start value and application of a reducer.
//
//===----------------------------------------------------------------------===//

#include "Reducer.h"
#include "ScalarMath.h"

using namespace moa;
using namespace moa::reference;

/// What an application counts as.
static StringRef countedKind(ReducerKind kind) {
  switch (kind) {
  case ReducerKind::Add:
    return "add";
  case ReducerKind::Mul:
    return "mul";
  case ReducerKind::Max:
  case ReducerKind::Min:
    return "max_min";
  case ReducerKind::And:
  case ReducerKind::Or:
  case ReducerKind::Xor:
    return "logic";
  case ReducerKind::Custom:
    break;
  }
  llvm_unreachable("a custom reducer counts the operations in its region");
}

FailureOr<Reducer> Reducer::decode(ReducerKind kind, Type type,
                                   Region *combiner, Decoder &decoder) {
  Reducer reducer;
  reducer.kind = kind;
  reducer.width = widthOf(type);
  if (kind != ReducerKind::Custom) {
    reducer.count = decoder.countFor(type, countedKind(kind));
    return reducer;
  }
  FailureOr<ScalarCode> code = decoder.decodeScalarRegion(*combiner);
  if (failed(code))
    return failure();
  reducer.custom = std::move(*code);
  return reducer;
}

Cell Reducer::identity() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (kind) {
  case ReducerKind::Add:
  case ReducerKind::Or:
  case ReducerKind::Xor:
    return Cell{.i = 0}; // the bits of 0.0, too
  case ReducerKind::Mul:
    return width == 0 ? cellOf(1.0) : cellOf(wrap(1, width));
  case ReducerKind::Max:
    return width == 0 ? cellOf(-infinity) : cellOf(minSigned(width));
  case ReducerKind::Min:
    return width == 0 ? cellOf(infinity) : cellOf(maxSigned(width));
  case ReducerKind::And:
    return cellOf(wrap(-1, width));
  case ReducerKind::Custom:
    break;
  }
  llvm_unreachable("a custom reducer has no identity");
}

double Reducer::applyFloat(double a, double b) const {
  switch (kind) {
  case ReducerKind::Add:
    return a + b;
  case ReducerKind::Mul:
    return a * b;
  case ReducerKind::Max:
    return maximum(a, b);
  case ReducerKind::Min:
    return minimum(a, b);
  default:
    llvm_unreachable("no reducer of floats");
  }
}

int64_t Reducer::applyInt(int64_t a, int64_t b) const {
  switch (kind) {
  case ReducerKind::Add:
    return addInt(a, b, width);
  case ReducerKind::Mul:
    return mulInt(a, b, width);
  case ReducerKind::Max:
    return maxInt(a, b, width);
  case ReducerKind::Min:
    return minInt(a, b, width);
  case ReducerKind::And:
    return a & b;
  case ReducerKind::Or:
    return a | b;
  case ReducerKind::Xor:
    return a ^ b;
  case ReducerKind::Custom:
    break;
  }
  llvm_unreachable("a custom reducer has code of its own");
}

LogicalResult Reducer::apply(Frame &frame, Cell &accumulated, Cell next) const {
  if (isCustom()) {
    if (failed(custom.run(frame, {accumulated, next})))
      return failure();
    accumulated = custom.result(frame);
    return success();
  }
  ++*count;
  if (width == 0)
    accumulated.f = applyFloat(accumulated.f, next.f);
  else
    accumulated.i = applyInt(accumulated.i, next.i);
  return success();
}
