//===- Tower.cpp - Derivation of one-pass towers ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Tower.h"
#include "moa/Algebra/Ranks.h"
#include "Term.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa::algebra;

llvm::LogicalResult Tower::refuse(Ex where, std::string why) {
  lastRefusal = {where, std::move(why)};
  return llvm::failure();
}

const TowerResult *Tower::find(Ex symbol) const {
  auto it = llvm::find_if(
      list, [&](const TowerResult &r) { return r.symbol == symbol; });
  return it == list.end() ? nullptr : &*it;
}

Ex Tower::newSymbol() {
  return context.freshResult("r" + std::to_string(list.size()), type);
}

//===----------------------------------------------------------------------===//
// Registering
//===----------------------------------------------------------------------===//

/// Remembers what an add result says about plain sums of index monomials.
void Tower::learn(Ex symbol, const Polynomial &form) {
  auto groups = forms.byIndex(form);
  const Monomial *unknown = nullptr;
  for (const auto &[x, h] : groups) {
    if (known.contains(x))
      continue;
    if (unknown || h.size() != 1)
      return;
    unknown = &x;
  }
  if (!unknown)
    return;
  // What may be 0 cannot be divided by. (A result in a divisor is made total.)
  const Polynomial &factor = groups[*unknown];
  const Monomial &monomial = factor.begin()->first;
  Ex divisor = forms.toProduct(monomial, 1, context);
  if (!monomial.empty() && divisor && !divisor->dependsOnResults &&
      !forms.isPositive(factor))
    return;
  Polynomial rest = forms.symbol(symbol);
  for (const auto &[x, h] : groups)
    if (x != *unknown)
      rest = forms.add(rest, forms.multiply(h, known[x]), -1);
  known[*unknown] = forms.multiply(rest, forms.power(factor, -1));
}

Ex Tower::append(Reducer reducer, Ex element, Ex correct, Ex raw, Ex symbol) {
  if (!symbol)
    symbol = newSymbol();
  list.push_back({symbol, reducer, element, correct});
  rawElements[symbol] = raw;
  const Polynomial form = forms.get(raw);
  if (reducer != Reducer::Mul && reducer != Reducer::Other &&
      forms.isPositive(form))
    forms.assumePositive(symbol);
  if (reducer == Reducer::Add)
    learn(symbol, form);
  return symbol;
}

Ex Tower::count() {
  if (!countSymbol) {
    countSymbol = context.freshResult("n", options.countType);
    Ex one = context.constant(1, options.countType);
    append(Reducer::Add, one, nullptr, one, countSymbol);
  }
  return countSymbol;
}

//===----------------------------------------------------------------------===//
// One fold
//===----------------------------------------------------------------------===//

llvm::FailureOr<Ex> Tower::fold(Reducer reducer, Ex element,
                                uint8_t stateType) {
  size_t size = list.size();
  auto knownBefore = known;
  TransportProof proofBefore = proof;
  Ex countBefore = countSymbol;
  type = stateType;
  llvm::FailureOr<Ex> value = derive(reducer, element);
  if (forms.takeTooBig() && succeeded(value))
    value = refuse(element, "the expression is too large");
  if (succeeded(value) && list.size() > options.maxResults)
    value = refuse(element, "the tower has too many results");
  // The count may be older than this fold, and not yet known to the proof.
  for (size_t i = proof.size(); i < list.size() && succeeded(value); ++i) {
    if (std::optional<Refusal> failed = proof.add(list[i]))
      value = refuse(failed->where, failed->why);
    else if (Ex bad = findNotTotal(list[i].element,
                                   llvm::ArrayRef(list).take_front(i)))
      value = refuse(bad, "no proper value at the empty state");
  }
  if (succeeded(value))
    return value;
  list.truncate(size);
  known = std::move(knownBefore);
  proof = proofBefore;
  countSymbol = countBefore;
  (void)forms.takeTooBig();
  return llvm::failure();
}

/// An extreme of some rank, or what goes with one; null for others.
Ex Tower::deriveRanked(Reducer reducer, Ex element) {
  if (Ranks ranks = matchNextExtreme(forms, reducer, element, list);
      !ranks.empty()) {
    Ex symbol = newSymbol();
    Ex correct = correctNextExtreme(context, reducer, ranks, symbol);
    return append(reducer, element, correct, element, symbol);
  }
  Ranks ranks = matchPayload(forms, reducer, element, list);
  if (ranks.empty())
    return nullptr;
  // By position: the list grows.
  llvm::SmallVector<TowerResult> extremes;
  for (const TowerResult *extreme : ranks)
    extremes.push_back(*extreme);
  llvm::SmallVector<Ex> payloads;
  for (size_t rank = 0; rank < extremes.size(); ++rank) {
    Ex at = payloadAt(context, element, extremes[rank]);
    auto same = llvm::find_if(list, [&](const TowerResult &r) {
      return r.reducer == reducer && r.element == at;
    });
    if (same != list.end()) {
      payloads.push_back(same->symbol);
      continue;
    }
    payloads.push_back(newSymbol());
    Ranks upTo;
    for (size_t j = 0; j <= rank; ++j)
      upTo.push_back(&extremes[j]);
    Ex correct = correctPayload(context, upTo, payloads, element->args[2]);
    append(reducer, at, correct, at, payloads.back());
  }
  return payloads.back();
}

llvm::FailureOr<Ex> Tower::derive(Reducer reducer, Ex element) {
  if (Ex ranked = deriveRanked(reducer, element))
    return ranked;
  if (type < options.firstFloatType) {
    if (element->dependsOnResults)
      return refuse(element, "integer arithmetic on an earlier result");
    return append(reducer, element, nullptr, element);
  }
  switch (reducer) {
  case Reducer::Max:
  case Reducer::Min:
    return deriveExtreme(reducer, element);
  case Reducer::Other:
    if (element->dependsOnResults)
      return refuse(element, "a reducer without rules");
    return append(reducer, element, nullptr, element);
  case Reducer::Add:
    if (!element->dependsOnResults) {
      auto value = reuse(element);
      return succeeded(value) ? value
                              : append(reducer, element, nullptr, element);
    }
    return deriveSum(element);
  case Reducer::Mul:
    if (!element->dependsOnResults)
      return append(reducer, element, nullptr, element);
    if (auto all = terms(element); succeeded(all))
      return deriveProduct(*all, element);
    return llvm::failure();
  }
  return llvm::failure();
}

llvm::FailureOr<Ex> Tower::deriveSum(Ex element) {
  cancelling = false;
  auto all = terms(element);
  if (failed(all))
    return llvm::failure();

  // Terms with the same deferred factor and exponent are one sum.
  struct Group {
    Term factor;
    TermList terms;
  };
  std::vector<Group> groups;
  std::map<std::pair<Polynomial, Polynomial>, unsigned> numbers;
  for (const Term &whole : *all) {
    auto settled = settle(whole);
    if (failed(settled))
      return llvm::failure();
    for (const Term &entangled : *settled) {
      Term t = plain(entangled), factor(1);
      std::swap(factor[Term::H], t[Term::H]);
      Ex h = buildProduct(factor[Term::H]);
      Ex q = buildLinear(context, toLinear(t[Term::Q]));
      std::pair key(h ? forms.get(h) : NormalForm::constant(1), forms.get(q));
      auto [it, isNew] = numbers.try_emplace(key, groups.size());
      if (isNew)
        groups.push_back({factor, {}});
      groups[it->second].terms.push_back(std::move(t));
    }
  }
  if (cancelling && groups.size() > 1)
    return refuse(element, "only by subtracting large sums: a power of a sum "
                           "with unlike result factors");
  Ex sum;
  for (Group &group : groups) {
    auto value = groupValue(group.terms);
    if (failed(value))
      return llvm::failure();
    if ((*value)->isConst(0))
      continue;
    Ex part = scaled(*value, group.factor);
    sum = sum ? sum + part : part;
  }
  return sum ? sum : context.constant(0, type);
}

/// A product of `g * H * exp(A + Q)`: the results' factors leave the fold, to
/// the power of the count.
llvm::FailureOr<Ex> Tower::deriveProduct(const TermList &ts, Ex element) {
  if (ts.size() != 1 || !ts.front()[Term::U].empty())
    return refuse(element,
                  "a product of sums that mix the index and an earlier "
                  "result");
  Term t = plain(ts.front()), factor(1);
  std::swap(factor[Term::H], t[Term::H]);
  Ex h = buildProduct(factor[Term::H]);
  if (h && !forms.isPositive(h))
    return refuse(h, "the power of a factor not known to be positive");
  Ex power;
  if (!t[Term::Q].empty())
    power = buildLinear(context, toLinear(t[Term::Q]));
  t[Term::Q].clear();
  if (h)
    power = power ? power + log(total(h)) : log(total(h));
  Ex element2 = build(t, true);
  Ex value = append(Reducer::Mul, element2, nullptr, element2);
  if (!power)
    return value;
  return value * exp(total(context.cast(count(), type) * power));
}
