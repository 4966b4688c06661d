//===- Proof.cpp - The transport law of towers, proved ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Proof.h"
#include "moa/Algebra/Ranks.h"
#include "moa/Algebra/Evaluate.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace moa::algebra;

bool moa::algebra::isIdentity(Ex e, Reducer reducer) {
  switch (reducer) {
  case Reducer::Add:
    return e->isConst(0);
  case Reducer::Mul:
    return e->isConst(1);
  case Reducer::Max:
    return e->op == Op::Infinity && e->value.sign() < 0;
  case Reducer::Min:
    return e->op == Op::Infinity && e->value.sign() > 0;
  case Reducer::Other:
    return false;
  }
  return false;
}

static bool isExtreme(Reducer reducer) {
  return reducer == Reducer::Max || reducer == Reducer::Min;
}

const TowerResult *TransportProof::find(Ex symbol) const {
  auto it = llvm::find_if(
      results, [&](const TowerResult &r) { return r.symbol == symbol; });
  return it == results.end() ? nullptr : &*it;
}

std::optional<Refusal> TransportProof::add(const TowerResult &result) {
  std::optional<Refusal> failed;
  if (isRanked(result))
    ; // by rule
  else if (result.reducer == Reducer::Add)
    failed = proveSum(result);
  else
    failed = proveExtreme(result);
  if (!failed)
    failed = proveEmpty(result);
  if (forms->takeTooBig() && !failed)
    failed = Refusal{result.element, "the expression is too large"};
  results.push_back(result);
  return failed;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The sum over X of an element given by its index monomials.
Polynomial TransportProof::sumOf(const std::map<Monomial, Polynomial> &groups) {
  Polynomial sum;
  for (const auto &[x, h] : groups) {
    auto it = sums.find(x);
    if (it == sums.end()) {
      Ex unknown =
          context->parameter("unknown sum " + std::to_string(nextUnknown++));
      it = sums.try_emplace(x, forms->symbol(unknown)).first;
    }
    sum = forms->add(sum, forms->multiply(h, it->second));
  }
  return sum;
}

void TransportProof::learn(const TowerResult &result,
                           const std::map<Monomial, Polynomial> &groups) {
  // Solve for one sum that is new and has a coefficient to divide by.
  auto pivot = llvm::find_if(groups, [&](const auto &group) {
    return !sums.contains(group.first) && group.second.size() == 1;
  });
  std::map<Monomial, Polynomial> others = groups;
  if (pivot == groups.end()) {
    redundant.push_back({result.symbol, sumOf(others)});
    return;
  }
  others.erase(pivot->first);
  Polynomial rest = forms->add(forms->symbol(result.symbol), sumOf(others), -1);
  sums[pivot->first] =
      forms->multiply(rest, forms->power(pivot->second, Rational(-1)));
}

Polynomial TransportProof::withoutRedundant(Polynomial p, bool &fails) {
  for (const auto &[symbol, value] : llvm::reverse(redundant))
    p = forms->replaceSymbol(p, symbol, value, fails);
  return p;
}

std::optional<Refusal> TransportProof::proveSum(const TowerResult &result) {
  learn(result, forms->byIndex(forms->get(result.element)));
  Ex atNew = atState(result.element, Op::New);
  bool fails = false;
  Polynomial wanted =
      withoutRedundant(sumOf(forms->byIndex(forms->get(atNew))), fails);
  Polynomial given = result.correct ? forms->get(result.correct)
                                    : forms->symbol(result.symbol);
  given = withoutRedundant(given, fails);
  if (fails || wanted != given)
    return Refusal{result.correct ? result.correct : result.element,
                   "the corrected sum is not provably the sum of the elements "
                   "at the new results"};
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Extremes and products
//===----------------------------------------------------------------------===//

/// Equations with the old value first.
static Ex withOrderedTests(Context &context, Ex e) {
  return substitute(e, [&](Ex n) -> Ex {
    bool turned = n->op == Op::Cmp && n->predicate == Predicate::Eq &&
                  n->args[0]->op == Op::New && n->args[1]->op == Op::Old;
    return turned ? context.compare(n->predicate, n->args[1], n->args[0], n->id)
                  : Ex();
  });
}

/// The results that accumulate the payload of `e` at the earlier ranks.
static llvm::SmallVector<Ex> findPayloads(Context &context, const Ranks &ranks,
                                          const TowerResult &last,
                                          llvm::ArrayRef<TowerResult> results) {
  llvm::SmallVector<Ex> payloads;
  for (const TowerResult *extreme : llvm::ArrayRef(ranks).drop_back()) {
    Ex element = payloadAt(context, last.element, *extreme);
    for (const TowerResult &result : results)
      if (result.reducer == last.reducer && result.element == element) {
        payloads.push_back(result.symbol);
        break;
      }
  }
  payloads.push_back(last.symbol);
  return payloads;
}

/// True if the correction is that of an extreme of some rank, or of a payload.
bool TransportProof::isRanked(const TowerResult &result) {
  if (!result.correct)
    return false;
  Ranks ranks =
      matchNextExtreme(*forms, result.reducer, result.element, results);
  if (!ranks.empty())
    return result.correct == correctNextExtreme(*context, result.reducer, ranks,
                                                result.symbol);
  ranks = matchPayload(*forms, result.reducer, result.element, results);
  if (ranks.empty())
    return false;
  auto payloads = findPayloads(*context, ranks, result, results);
  return payloads.size() == ranks.size() &&
         withOrderedTests(*context, result.correct) ==
             correctPayload(*context, ranks, payloads, result.element->args[2]);
}

/// `C` without the select that keeps the identity as it is.
static Ex stripIdentity(Ex c, Ex self, Reducer reducer) {
  if (!c || c->op != Op::Select || c->args[0]->op != Op::Cmp)
    return c;
  auto test = c->args[0]->args;
  bool tests = (test[0] == self && isIdentity(test[1], reducer)) ||
               (test[1] == self && isIdentity(test[0], reducer));
  unsigned kept = c->args[0]->predicate == Predicate::Eq ? 1 : 2;
  bool keeps = c->args[kept] == self || isIdentity(c->args[kept], reducer);
  bool equality = c->args[0]->predicate == Predicate::Eq ||
                  c->args[0]->predicate == Predicate::Ne;
  return tests && keeps && equality ? c->args[3 - kept] : c;
}

std::optional<Refusal> TransportProof::proveExtreme(const TowerResult &result) {
  Ex self = context->state(Op::Old, result.symbol);
  Ex c = stripIdentity(result.correct ? result.correct : self, self,
                       result.reducer);
  if (!result.element->dependsOnResults) {
    if (forms->get(c) == forms->symbol(result.symbol))
      return std::nullopt;
    return Refusal{c, "the element does not depend on results, but its old "
                      "value is changed"};
  }
  if (!isExtreme(result.reducer))
    return Refusal{result.element, "no rule corrects this reducer"};
  Polynomial without, factor;
  if (!forms->splitLinear(forms->get(c), result.symbol, without, factor))
    return Refusal{c, "the correction is not linear in the old value"};
  if (!forms->isPositive(factor))
    return Refusal{c, "the factor of the old value is not provably positive"};
  Polynomial moved =
      forms->add(forms->multiply(factor, forms->get(result.element)), without);
  if (moved != forms->get(atState(result.element, Op::New)))
    return Refusal{c, "the corrected element is not provably the element at "
                      "the new results"};
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The empty state
//===----------------------------------------------------------------------===//

std::optional<Refusal> TransportProof::proveEmpty(const TowerResult &result) {
  if (!result.correct)
    return std::nullopt;
  // An empty sum stays empty, whatever the new results are.
  for (double scale : {0.75, 3.0}) {
    double value = evaluate(result.correct, [&](Ex atom) -> double {
      if (atom->op == Op::New)
        return scale * (1 + 0.1 * atom->id);
      if (atom->op != Op::Old)
        return 1;
      if (atom->id == result.symbol->id)
        return identityOf(result.reducer);
      const TowerResult *other = find(static_cast<const Expr *>(atom->tag));
      return other ? identityOf(other->reducer) : 0;
    });
    if (!(value == identityOf(result.reducer)))
      return Refusal{result.correct,
                     "the correction of the empty state is not empty"};
  }
  return std::nullopt;
}

/// True if `op` takes an infinite operand for what it is.
static bool takesInfinity(Op op) {
  return op == Op::Cmp || op == Op::Select || op == Op::Max || op == Op::Min ||
         op == Op::Pivot || op == Op::Indicator;
}

Ex moa::algebra::findNotTotal(Ex e, llvm::ArrayRef<TowerResult> results) {
  if (!e->dependsOnResults)
    return nullptr;
  if (e->dependsOnIndex) {
    for (Ex arg : e->args) {
      if (arg->op == Op::Res && takesInfinity(e->op))
        continue;
      if (Ex found = findNotTotal(arg, results))
        return found;
    }
    return nullptr;
  }
  double value = evaluate(e, [&](Ex atom) -> double {
    for (const TowerResult &r : results)
      if (r.symbol == atom)
        return r.reducer == Reducer::Other ? 1 : identityOf(r.reducer);
    return 1;
  });
  return std::isfinite(value) || e->type == booleanType ? Ex() : e;
}
