//===- Evaluate.cpp - Values of expressions in double -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Evaluate.h"

#include "llvm/Support/ErrorHandling.h"

#include <cmath>
#include <limits>

using namespace moa::algebra;

static constexpr double inf = std::numeric_limits<double>::infinity();

double moa::algebra::identityOf(Reducer reducer) {
  switch (reducer) {
  case Reducer::Add:
    return 0;
  case Reducer::Mul:
    return 1;
  case Reducer::Max:
    return -inf;
  case Reducer::Min:
    return inf;
  case Reducer::Other:
    break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double moa::algebra::combine(Reducer reducer, double a, double b) {
  switch (reducer) {
  case Reducer::Add:
    return a + b;
  case Reducer::Mul:
    return a * b;
  case Reducer::Max:
    return a > b || std::isnan(a) ? a : b;
  case Reducer::Min:
    return a < b || std::isnan(a) ? a : b;
  case Reducer::Other:
    break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

static bool holds(Predicate predicate, double a, double b) {
  switch (predicate) {
  case Predicate::Eq:
    return a == b;
  case Predicate::Ne:
    return a != b;
  case Predicate::Lt:
    return a < b;
  case Predicate::Le:
    return a <= b;
  case Predicate::Gt:
    return a > b;
  case Predicate::Ge:
    return a >= b;
  }
  llvm_unreachable("unknown predicate");
}

static double powerOf(double a, Rational n) {
  if (!n.isInteger())
    return std::pow(a, n.toDouble());
  double product = 1;
  for (int64_t i = 0; i < std::abs(n.numerator()); ++i)
    product *= a;
  return n.sign() < 0 ? 1 / product : product;
}

namespace {
struct Evaluator {
  llvm::function_ref<double(Ex)> atom;
  llvm::DenseMap<Ex, double> memo = llvm::DenseMap<Ex, double>();

  double get(Ex e) {
    if (auto it = memo.find(e); it != memo.end())
      return it->second;
    double value = compute(e);
    memo[e] = value;
    return value;
  }

  double compute(Ex e) {
    switch (e->op) {
    case Op::Const:
      return e->value.toDouble();
    case Op::Infinity:
      return e->value.sign() * inf;
    case Op::Leaf:
    case Op::Par:
    case Op::Extent:
    case Op::Res:
    case Op::Old:
    case Op::New:
    case Op::InnerSum:
    case Op::Call:
      return atom(e);
    case Op::Select:
      return get(e->args[0]) != 0 ? get(e->args[1]) : get(e->args[2]);
    default:
      break;
    }
    double a = get(e->args[0]);
    switch (e->op) {
    case Op::Neg:
      return -a;
    case Op::Pow:
      return powerOf(a, e->value);
    case Op::Sqrt:
      return std::sqrt(a);
    case Op::Exp:
      return std::exp(a);
    case Op::Log:
      return std::log(a);
    case Op::Tanh:
      return std::tanh(a);
    case Op::Abs:
      return std::fabs(a);
    case Op::Indicator:
      return a != 0;
    case Op::Cast:
      return a;
    case Op::Pivot: {
      double bad =
          e->pivotsInfinity ? e->value.sign() * inf : e->value.toDouble();
      return a == bad ? get(e->args[1]) : a;
    }
    default:
      break;
    }
    double b = get(e->args[1]);
    switch (e->op) {
    case Op::Add:
      return a + b;
    case Op::Sub:
      return a - b;
    case Op::Mul:
      return a * b;
    case Op::Div:
      return a / b;
    case Op::Max:
      return combine(Reducer::Max, a, b);
    case Op::Min:
      return combine(Reducer::Min, a, b);
    case Op::Cmp:
      return holds(e->predicate, a, b);
    default:
      llvm_unreachable("unknown operation");
    }
  }
};
} // namespace

double moa::algebra::evaluate(Ex e, llvm::function_ref<double(Ex)> atom) {
  Evaluator evaluator{atom};
  return evaluator.get(e);
}
