//===- Sign.cpp - Which way results move ------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Term.h"
#include "moa/Algebra/Tower.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa::algebra;

static bool isExtreme(Reducer reducer) {
  return reducer == Reducer::Max || reducer == Reducer::Min;
}

/// The direction in which `e` moves as the fold advances: 1, -1, 0 if it stands
/// still; nothing if that is unknown.
std::optional<int> Tower::moves(Ex e) {
  if (!e->dependsOnResults)
    return 0;
  if (e->op == Op::Res) {
    const TowerResult *r = find(e);
    if (r->correct)
      return std::nullopt;
    if (isExtreme(r->reducer))
      return r->reducer == Reducer::Max ? 1 : -1;
    bool rises = r->reducer == Reducer::Add && forms.isPositive(r->element);
    return rises ? std::optional<int>(1) : std::nullopt;
  }
  llvm::SmallVector<int, 3> d;
  for (Ex arg : e->args) {
    std::optional<int> way = moves(arg);
    if (!way)
      return std::nullopt;
    d.push_back(*way);
  }
  switch (e->op) {
  case Op::Neg:
    return -d[0];
  case Op::Sub:
    d[1] = -d[1];
    [[fallthrough]];
  case Op::Add:
  case Op::Max:
  case Op::Min:
    if (d[0] * d[1] < 0)
      return std::nullopt;
    return d[0] ? d[0] : d[1];
  case Op::Exp:
  case Op::Log:
  case Op::Sqrt:
  case Op::Tanh:
  case Op::Cast:
    return d[0];
  case Op::Pivot:
    return d[0];
  case Op::Mul:
  case Op::Div:
    for (unsigned still : {1, 0}) {
      if (d[still] != 0 || (still == 0 && e->op == Op::Div))
        continue;
      if (forms.isPositive(-e->args[still]))
        return -d[1 - still];
      // A parameter counts as positive: with a negative temperature the program
      // itself would overflow.
      if (forms.isPositive(e->args[still]) ||
          !e->args[still]->dependsOnResults)
        return d[1 - still];
    }
    break;
  default:
    break;
  }
  return llvm::all_of(d, [](int way) { return way == 0; })
             ? std::optional<int>(0)
             : std::nullopt;
}

/// True for references that stay within the hull of what was seen (extremes,
/// weighted means), or move one way from a finite start.
bool Tower::isTame(Ex e) {
  auto bare = [](Ex a) {
    while (a->op == Op::Pivot || a->op == Op::Cast)
      a = a->args[0];
    return a;
  };
  e = bare(e);
  if (e->op == Op::Div) {
    const TowerResult *sum = find(bare(e->args[0])),
                      *weight = find(bare(e->args[1]));
    if (sum && weight && sum->reducer == Reducer::Add &&
        weight->reducer == Reducer::Add) {
      Polynomial s = forms.get(rawElements.lookup(sum->symbol)),
                 w = forms.get(rawElements.lookup(weight->symbol));
      if (forms.isPositive(w) && w.size() == 1 &&
          !forms.dependsOnResults(forms.multiply(s, forms.power(w, -1))))
        return true;
    }
  }
  if (e->op == Op::Neg)
    return isTame(e->args[0]);
  if ((e->op == Op::Mul || e->op == Op::Div) && !e->args[1]->dependsOnResults)
    return isTame(e->args[0]);
  if (e->op == Op::Mul && !e->args[0]->dependsOnResults)
    return isTame(e->args[1]);
  if (const TowerResult *r = find(e))
    if (isExtreme(r->reducer) && !r->correct)
      return true;
  return moves(e).has_value();
}
