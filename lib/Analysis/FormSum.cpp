//===- FormSum.cpp - Sums of piecewise polynomials --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of powers has a polynomial for its value (Faulhaber). A bracket that is
// linear in the axis cuts the range in two, in each of which it is a constant.
// What depends on the axis otherwise stays a sum.
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/ClosedForm.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa;

static Fraction binomial(unsigned n, unsigned k) {
  Fraction result(1);
  for (unsigned i = 0; i < k; ++i)
    result = result * Fraction(n - i, i + 1);
  return result;
}

/// The coefficients of n, n^2, .. in the sum of k^power over 0 <= k < n.
static std::vector<Fraction> powerSum(unsigned power) {
  std::vector<Fraction> bernoulli;
  for (unsigned m = 0; m <= power; ++m) {
    Fraction number(m == 0 ? 1 : 0);
    for (unsigned k = 0; k < m; ++k)
      number -= binomial(m, k) * bernoulli[k] / Fraction(m - k + 1);
    bernoulli.push_back(number);
  }
  std::vector<Fraction> coefficients(power + 1);
  for (unsigned k = 0; k <= power; ++k)
    coefficients[power - k] =
        binomial(power + 1, k) * bernoulli[k] / Fraction(power + 1);
  return coefficients;
}

Form FormSpace::sumPolynomial(AtomId axis, const Form &from, const Form &to,
                              const Form &what) {
  Form result(*this);
  for (const auto &[power, coefficient] : what.coefficients(axis)) {
    std::vector<Fraction> series = powerSum(power);
    Form low = from, high = to, value(*this);
    for (const Fraction &factor : series) {
      value += (high - low) * factor;
      high = high * to;
      low = low * from;
    }
    result += coefficient * value;
  }
  return result;
}

std::optional<Form> FormSpace::sumPieces(AtomId axis, const Form &from,
                                         const Form &to, const Form &what) {
  std::optional<AtomId> bracket = findBracket(what, axis);
  if (!bracket)
    return std::nullopt;
  auto parts = Form(atoms[*bracket].operands[0]).coefficients(axis);
  if (parts.rbegin()->first != 1)
    return std::nullopt;
  Form slope = parts.at(1);
  Form rest = parts.count(0) ? parts.at(0) : Form(*this);
  if (slope.dependsOn(axis) || rest.dependsOn(axis))
    return std::nullopt;
  bool rises = isNotNegative(slope - 1);
  if (!rises && !isNotNegative(-slope - 1))
    return std::nullopt;
  // slope * axis + rest > 0 from this value on, or up to it.
  Form turn = rises ? floorDiv(-rest, slope) + 1 : floorDiv(rest - 1, -slope) + 1;
  Form cut = min(max(turn, from), to);
  Form without = decide(what, *bracket, false);
  Form with = decide(what - without, *bracket, true);
  return sumWithin(axis, from, to, without) +
         (rises ? sumWithin(axis, cut, to, with)
                : sumWithin(axis, from, cut, with));
}

Form FormSpace::sumOpen(AtomId axis, const Form &from, const Form &to,
                        const Form &what) {
  // Factors that do not depend on the axis come out.
  std::map<Monomial, Form> inside;
  for (const auto &[monomial, coefficient] : what.terms()) {
    Monomial free, bound;
    for (const auto &factor : monomial)
      (fromAtom(factor.first).dependsOn(axis) ? bound : free).push_back(factor);
    inside.try_emplace(free, *this).first->second.add(bound, coefficient);
  }
  Form result(*this);
  for (const auto &[free, bound] : inside) {
    Form factor(*this);
    factor.add(free, Fraction(1));
    result += factor * fromAtom(intern({FormAtom::Kind::Sum, "",
                                        {from, to, bound}, axis}));
  }
  return result;
}

/// The sum where `from <= to` is known.
Form FormSpace::sumWithin(AtomId axis, const Form &from, const Form &to,
                          const Form &what) {
  Form powers(*this), pieces(*this), open(*this);
  for (const auto &[monomial, coefficient] : what.terms()) {
    bool hasBracket = false, isOpen = false;
    for (auto [id, power] : monomial) {
      if (id == axis || !fromAtom(id).dependsOn(axis))
        continue;
      (atoms[id].kind == FormAtom::Kind::Positive ? hasBracket : isOpen) = true;
    }
    (isOpen ? open : hasBracket ? pieces : powers).add(monomial, coefficient);
  }
  Form result = sumPolynomial(axis, from, to, powers);
  if (!pieces.isZero()) {
    if (std::optional<Form> sum = sumPieces(axis, from, to, pieces))
      result += *sum;
    else
      open += pieces;
  }
  if (!open.isZero())
    result += sumOpen(axis, from, to, open);
  return result;
}

Form FormSpace::sum(AtomId axis, const Form &from, const Form &to,
                    const Form &what) {
  if (what.isZero())
    return what;
  return sumWithin(axis, from, from + notNegative(to - from), what);
}
