//===- Ranks.cpp - Extremes by rank, and what goes with them ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Ranks.h"

using namespace moa::algebra;

static bool isExtreme(Reducer reducer) {
  return reducer == Reducer::Max || reducer == Reducer::Min;
}

static const TowerResult *findResult(Ex symbol,
                                     llvm::ArrayRef<TowerResult> results) {
  for (const TowerResult &result : results)
    if (result.symbol == symbol)
      return &result;
  return nullptr;
}

/// The ranks up to the extreme `symbol` of `x`; none if it is no such thing.
static Ranks ranksUpTo(NormalForm &forms, Ex symbol, Ex x,
                       llvm::ArrayRef<TowerResult> results) {
  const TowerResult *result = findResult(symbol, results);
  if (!result || !isExtreme(result->reducer))
    return {};
  if (!result->correct)
    return forms.areEqual(result->element, x) ? Ranks{result} : Ranks();
  Ranks ranks =
      matchNextExtreme(forms, result->reducer, result->element, results);
  if (ranks.empty() || !forms.areEqual(ranks.front()->element, x))
    return {};
  ranks.push_back(result);
  return ranks;
}

/// True if `test` says that `x` comes strictly after `r` in the order of
/// `reducer`: below it under max.
static bool comesAfter(Ex test, Ex x, Reducer reducer, bool holds, Ex &r) {
  if (test->op != Op::Cmp)
    return false;
  Predicate predicate = test->predicate;
  bool swapped = test->args[1] == x;
  if (!swapped && test->args[0] != x)
    return false;
  r = test->args[swapped ? 0 : 1];
  using P = Predicate;
  if (predicate == P::Eq || predicate == P::Ne)
    return holds == (predicate == P::Ne);
  bool less = predicate == P::Lt || predicate == P::Le;
  bool strict = predicate == P::Lt || predicate == P::Gt;
  // As `x ? r`, and as what must hold.
  less ^= swapped;
  less ^= !holds;
  strict ^= !holds;
  return strict && less == (reducer == Reducer::Max);
}

Ranks moa::algebra::matchNextExtreme(NormalForm &forms, Reducer reducer, Ex e,
                                     llvm::ArrayRef<TowerResult> results) {
  if (!isExtreme(reducer) || e->op != Op::Select)
    return {};
  for (bool holds : {true, false}) {
    Ex x = e->args[holds ? 1 : 2], rest = e->args[holds ? 2 : 1], r;
    if (!isIdentity(rest, reducer) || x->dependsOnResults ||
        !comesAfter(e->args[0], x, reducer, holds, r) || r->op != Op::Res)
      continue;
    Ranks ranks = ranksUpTo(forms, r, x, results);
    if (ranks.empty() || ranks.front()->reducer != reducer)
      return {};
    // Not equal to an extreme means behind it only for the first one.
    bool isEquation = e->args[0]->predicate == Predicate::Eq ||
                      e->args[0]->predicate == Predicate::Ne;
    return isEquation && ranks.size() > 1 ? Ranks() : ranks;
  }
  return {};
}

Ranks moa::algebra::matchPayload(NormalForm &forms, Reducer reducer, Ex e,
                                 llvm::ArrayRef<TowerResult> results) {
  if (e->op != Op::Select || !isIdentity(e->args[2], reducer) ||
      e->args[1]->dependsOnResults || e->args[0]->op != Op::Cmp ||
      e->args[0]->predicate != Predicate::Eq)
    return {};
  for (unsigned side : {0, 1}) {
    Ex x = e->args[0]->args[side], r = e->args[0]->args[1 - side];
    if (!x->dependsOnIndex || x->dependsOnResults || r->op != Op::Res)
      continue;
    if (Ranks ranks = ranksUpTo(forms, r, x, results); !ranks.empty())
      return ranks;
  }
  return {};
}

Ex moa::algebra::payloadAt(Context &context, Ex e, const TowerResult &extreme) {
  Ex test = e->args[0];
  bool swapped = test->args[0]->op == Op::Res;
  Ex x = test->args[swapped ? 1 : 0];
  Ex at = swapped ? context.compare(Predicate::Eq, extreme.symbol, x, test->id)
                  : context.compare(Predicate::Eq, x, extreme.symbol, test->id);
  return context.select(at, e->args[1], e->args[2]);
}

Ex moa::algebra::correctNextExtreme(Context &context, Reducer reducer,
                                    const Ranks &before, Ex self) {
  bool isMax = reducer == Reducer::Max;
  Ex limit = context.state(Op::New, before.back()->symbol);
  Ex identity = context.infinity(isMax ? -1 : 1, self->type);
  Ex correct;
  llvm::SmallVector<Ex> symbols;
  for (const TowerResult *result : before)
    symbols.push_back(result->symbol);
  symbols.push_back(self);
  for (Ex symbol : symbols) {
    Ex old = context.state(Op::Old, symbol);
    Ex after = context.compare(isMax ? Predicate::Lt : Predicate::Gt, old, limit);
    Ex kept = context.select(after, old, identity);
    correct =
        correct ? context.binary(isMax ? Op::Max : Op::Min, correct, kept) : kept;
  }
  return correct;
}

Ex moa::algebra::correctPayload(Context &context, const Ranks &ranks,
                                llvm::ArrayRef<Ex> payloads, Ex identity) {
  Ex at = context.state(Op::New, ranks.back()->symbol);
  Ex correct = identity;
  for (size_t j = ranks.size(); j-- > 0;)
    correct = context.select(
        context.compare(Predicate::Eq, context.state(Op::Old, ranks[j]->symbol),
                        at),
        context.state(Op::Old, payloads[j]), correct);
  return correct;
}
