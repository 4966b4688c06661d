//===- Totality.cpp - Expressions of results made total ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An expression of results is made total where an operand leaves its domain at
// the empty state: a result at its infinite identity, a divisor or the operand
// of a logarithm at zero. It is replaced there, and only there; proper values
// are untouched.
//
//===----------------------------------------------------------------------===//

#include "Term.h"
#include "moa/Algebra/Evaluate.h"
#include "moa/Algebra/Tower.h"

#include <cmath>

using namespace moa::algebra;

double Tower::atEmptyState(Ex e) {
  return evaluate(e, [&](Ex atom) -> double {
    if (const TowerResult *r = find(atom))
      return r->reducer == Reducer::Other ? 1 : identityOf(r->reducer);
    return 1;
  });
}

Ex Tower::total(Ex e) {
  if (std::isfinite(atEmptyState(e)))
    return e;
  if (e->op == Op::Res) {
    int sign = find(e)->reducer == Reducer::Max ? -1 : 1;
    return context.pivot(e, Rational(sign), true, context.constant(0, e->type));
  }
  llvm::SmallVector<Ex, 3> args;
  for (Ex arg : e->args)
    args.push_back(total(arg));
  e = context.rebuild(e, args);
  bool hasDomain = e->op == Op::Div || e->op == Op::Log || e->op == Op::Pow;
  if (std::isfinite(atEmptyState(e)) || !hasDomain)
    return e;
  Ex &bad = args[e->op == Op::Div ? 1 : 0];
  bad = context.pivot(bad, Rational(0), false, context.constant(1, bad->type));
  return context.rebuild(e, args);
}

Ex Tower::totalParts(Ex e) {
  if (!e->dependsOnIndex)
    return e->dependsOnResults ? total(e) : e;
  llvm::SmallVector<Ex, 3> args;
  for (Ex arg : e->args)
    args.push_back(totalParts(arg));
  if (e->op == Op::Div && !e->args[1]->dependsOnIndex)
    args[1] = total(context.constant(1) / e->args[1])->args[1];
  return context.rebuild(e, args);
}

Ex Tower::scaled(Ex value, const Term &factor) {
  Powers above, below;
  for (const auto &[e, n] : factor[Term::H])
    (n.sign() > 0 ? above : below)[e] = n.abs();
  if (Ex num = buildProduct(above))
    value = value * total(num);
  if (Ex den = buildProduct(below))
    value = value / total(context.constant(1) / den)->args[1];
  return value;
}
