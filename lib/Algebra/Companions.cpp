//===- Companions.cpp - Corrections of sums ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Term.h"
#include "moa/Algebra/Tower.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace moa::algebra;

//===----------------------------------------------------------------------===//
// Terms back to expressions
//===----------------------------------------------------------------------===//

/// The term as an expression, without its deferred factor. `total`: with every
/// part of results only taken at a proper point.
Ex Tower::build(const Term &t, bool makeTotal) {
  auto proper = [&](Ex e) {
    return makeTotal && e->dependsOnResults && !e->dependsOnIndex ? total(e)
                                                                  : e;
  };
  Powers factors = t[Term::P];
  llvm::SmallVector<Ex> guards;
  for (const auto &[x, n] : t[Term::X]) {
    if (x->op == Op::Indicator)
      guards.push_back(x->args[0]);
    else
      factors[x] = n;
  }
  for (const auto &[u, n] : t[Term::U]) {
    Linear parts = flatten(u);
    bool changed = false;
    for (auto &[c, part] : parts) {
      Ex made = proper(part);
      changed |= made != part;
      part = made;
    }
    factors[changed ? buildLinear(context, parts) : u] = n;
  }
  Ex product = t.c == Rational(1) ? Ex() : context.constant(t.c);
  if (!t[Term::A].empty() || !t[Term::Q].empty()) {
    Linear exponent = toLinear(t[Term::A]);
    for (const auto &[q, c] : t[Term::Q])
      exponent.push_back({c, proper(q)});
    Ex e = exp(buildLinear(context, exponent));
    product = product ? product * e : e;
  }
  product = buildProduct(factors, product);
  if (!product)
    product = context.constant(1);
  for (Ex guard : guards)
    product = context.select(guard, product, context.constant(0));
  return product;
}

Ex Tower::build(const TermList &terms, bool makeTotal) {
  Ex sum;
  for (const Term &t : terms) {
    Ex e = build(t, makeTotal);
    sum = sum ? sum + e : e;
  }
  return sum ? sum : context.constant(0);
}

//===----------------------------------------------------------------------===//
// Reuse
//===----------------------------------------------------------------------===//

/// The sum of `e` over the range as one monomial in results, if the sums that
/// are known give it: no subtraction and no exponential, which would lose
/// digits, and 0 for the empty range.
llvm::FailureOr<Ex> Tower::reuse(Ex e) {
  auto groups = forms.byIndex(forms.get(e));
  if (groups.contains({}))
    count();
  Polynomial value;
  for (const auto &[x, h] : groups) {
    auto it = known.find(x);
    if (it == known.end())
      return llvm::failure();
    value = forms.add(value, forms.multiply(h, it->second));
  }
  if (value.empty())
    return context.constant(0);
  if (value.size() > 1)
    return llvm::failure();
  Ex product =
      forms.toProduct(value.begin()->first, value.begin()->second, context);
  if (!product)
    return llvm::failure();
  // Counts are integers; what is computed from them is not.
  product = substitute(product, [&](Ex n) {
    bool other = n->op == Op::Res && n->type < options.firstFloatType;
    return other ? context.cast(n, type) : Ex();
  });
  product = total(product);
  if (atEmptyState(product) != 0)
    return llvm::failure();
  return product;
}

//===----------------------------------------------------------------------===//
// Entangled atoms
//===----------------------------------------------------------------------===//

/// Entangled atoms stay at tame references. At another one a first power is
/// expanded, its results part deferred; a higher power is refused.
llvm::FailureOr<Tower::TermList> Tower::settle(Term term) {
  llvm::SmallVector<Ex> wild;
  for (const auto &[u, n] : term[Term::U]) {
    bool tame = llvm::all_of(flatten(u), [&](const auto &part) {
      return !part.second->dependsOnResults || isTame(part.second);
    });
    if (!tame)
      wild.push_back(u);
  }
  if (wild.empty())
    return TermList{std::move(term)};
  Ex u = wild.front();
  if (wild.size() > 1 || term[Term::U][u] != Rational(1)) {
    (void)refuse(u, "a power of a difference from a reference that may travel "
                    "far");
    return llvm::failure();
  }
  term[Term::U].erase(u);
  TermList expanded;
  for (auto &[c, part] : flatten(u))
    expanded.push_back(term * Term::pure(part, c));
  return expanded;
}

static int64_t binomial(int64_t n, int64_t k) {
  int64_t result = 1;
  for (int64_t i = 0; i < k; ++i)
    result = result * (n - i) / (i + 1);
  return result;
}

/// `1/j! d^j/du^j` of the terms, for the powers `order` of `atoms`.
Tower::TermList Tower::derivative(const TermList &group,
                                  llvm::ArrayRef<Ex> atoms,
                                  llvm::ArrayRef<int64_t> order) {
  TermList result;
  for (const Term &t : group) {
    Term d = t;
    for (auto [u, k] : llvm::zip_equal(atoms, order)) {
      int64_t n = t[Term::U].lookup(u).numerator();
      d.c = d.c * Rational(binomial(n, k));
      if (k > n)
        d.c = 0;
      if (k)
        d = d * Term(Term::U, u, Rational(-k));
    }
    if (!d.c.isZero())
      result.push_back(std::move(d));
  }
  return result;
}

/// How far the reference of `u` has moved, and is to be corrected for.
static Ex shiftOf(Ex u, llvm::function_ref<Ex(Ex)> total, Context &context) {
  Linear shift;
  for (auto &[c, part] : flatten(u)) {
    if (!part->dependsOnResults)
      continue;
    Ex h = total(part);
    shift.push_back({c, atState(h, Op::New)});
    shift.push_back({-c, atState(h, Op::Old)});
  }
  return buildLinear(context, shift);
}

static Ex withoutPivots(Ex e) {
  return substitute(e, [](Ex n) {
    return n->op == Op::Pivot && n->pivotsInfinity ? n->args[0] : Ex();
  });
}

/// The factor `exp(q(new) - q(old))`. It must be contractive: one above 1 could
/// overflow, and could not bring back what had underflowed.
llvm::FailureOr<Ex> Tower::scaleFactor(const Term &term) {
  Linear exponent;
  Ex q = buildLinear(context, toLinear(term[Term::Q]));
  for (const auto &[n, c] : term[Term::Q]) {
    std::optional<int> way = moves(n);
    if (!way || *way * c.sign() > 0)
      return refuse(n, "an exponential reference that does not move one way "
                       "only");
  }
  // At the empty state exp(-inf) = 0 drops an empty sum; a proper point there
  // could overflow against the new reference.
  // What the program itself made proper counts as raw.
  q = withoutPivots(q);
  bool raw = atEmptyState(q) == std::numeric_limits<double>::infinity();
  for (const auto &[written, c] : term[Term::Q]) {
    Ex n = withoutPivots(written);
    exponent.push_back({c, atState(total(n), Op::New)});
    exponent.push_back({-c, atState(raw ? n : total(n), Op::Old)});
  }
  return exp(buildLinear(context, exponent));
}

/// The value of the sum over terms with one exponent Q and no deferred factor.
/// Registers what it needs, lowest degree first.
llvm::FailureOr<Ex> Tower::groupValue(const TermList &group) {
  Ex raw = build(group, false);
  bool entangled =
      llvm::any_of(group, [](const Term &t) { return !t[Term::U].empty(); });
  if (auto value = reuse(raw); succeeded(value)) {
    if (!((*value)->isConst(0) && options.exactMoments && entangled))
      return value;
  }
  llvm::MapVector<Ex, int64_t> degrees;
  for (const Term &t : group) {
    for (const auto &[u, n] : t[Term::U]) {
      if (!n.isInteger() || n.sign() < 0)
        return refuse(raw, "a negative power of an entangled sum");
      degrees[u] = std::max(degrees[u], n.numerator());
    }
  }
  int64_t total = 0;
  llvm::SmallVector<Ex> atoms, shifts;
  for (const auto &[u, degree] : degrees) {
    total += degree;
    atoms.push_back(u);
    shifts.push_back(shiftOf(
        u, [&](Ex e) { return this->total(e); }, context));
  }
  if (atoms.size() > 4 || total > 6)
    return refuse(raw, "the degree is too high");

  // Companions: the derivatives, in ascending order.
  llvm::SmallVector<std::pair<llvm::SmallVector<int64_t>, Ex>> lower;
  llvm::SmallVector<int64_t> order(atoms.size(), 0);
  auto next = [&] {
    for (unsigned i = atoms.size(); i-- > 0;) {
      if (++order[i] <= degrees[atoms[i]])
        return true;
      order[i] = 0;
    }
    return false;
  };
  while (next()) {
    TermList companion = derivative(group, atoms, order);
    if (companion.empty())
      continue;
    auto value = groupValue(companion);
    if (failed(value))
      return llvm::failure();
    if (!(*value)->isConst(0))
      lower.push_back({order, *value});
  }
  Ex symbol = newSymbol();
  Ex correct = context.state(Op::Old, symbol);
  for (const auto &[powers, value] : lower) {
    Ex part = atState(value, Op::Old);
    for (auto [shift, k] : llvm::zip_equal(shifts, powers))
      if (k)
        part = part * (k == 1 ? shift : pow(shift, k));
    correct = correct + part;
  }
  if (!group.front()[Term::Q].empty()) {
    auto factor = scaleFactor(group.front());
    if (failed(factor))
      return llvm::failure();
    correct = correct * *factor;
  }
  if (correct->op == Op::Old)
    correct = nullptr;
  return append(Reducer::Add, build(group, true), correct, raw, symbol);
}
