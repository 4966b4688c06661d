//===- Factor.cpp - Elements taken apart into terms -------------*- C++ -*-===//
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

static bool isSum(Ex e) { return e->op == Op::Add || e->op == Op::Sub; }

llvm::FailureOr<Tower::TermList> Tower::terms(Ex e) {
  switch (e->op) {
  case Op::Const:
    return TermList{Term(e->value)};
  case Op::Mul: {
    if (!e->isMixed() && (isSum(e->args[0]) || isSum(e->args[1])))
      return TermList{Term::pure(e)};
    auto a = terms(e->args[0]);
    if (failed(a))
      return llvm::failure();
    auto b = terms(e->args[1]);
    if (failed(b))
      return llvm::failure();
    return product(*a, *b);
  }
  case Op::Div:
    return quotientTerms(e);
  case Op::Neg: {
    auto a = terms(e->args[0]);
    if (succeeded(a))
      for (Term &t : *a)
        t.c = -t.c;
    return a;
  }
  case Op::Exp:
    return exponentialTerms(e);
  default:
    break;
  }
  if (!e->isMixed())
    return TermList{Term::pure(e)};
  switch (e->op) {
  case Op::Log:
    return logarithmTerms(e);
  case Op::Sqrt:
    return powerTerms(e, Rational(1, 2));
  case Op::Pow:
    return powerTerms(e, e->value);
  case Op::Cast:
  case Op::Pivot:
    return terms(e->args[0]);
  case Op::Select:
    return selectTerms(e);
  case Op::InnerSum:
    return innerSumTerms(e);
  case Op::Add:
  case Op::Sub: {
    Linear parts = flatten(e);
    if (llvm::none_of(parts, [](auto &p) { return p.second->isMixed(); }))
      return TermList{Term(Term::U, e)};
    TermList all;
    for (auto &[c, part] : parts) {
      auto some = terms(part);
      if (failed(some))
        return llvm::failure();
      for (const Term &t : *some)
        all.push_back(Term(c) * t);
    }
    return all;
  }
  default:
    break;
  }
  std::string name = e->str();
  return refuse(e, "'" + name.substr(0, name.find('(')) +
                       "' of a value that mixes the index and an earlier "
                       "result");
}

Tower::TermList Tower::product(const TermList &a, const TermList &b) {
  auto kinds = [&](const TermList &list) {
    std::map<Polynomial, bool> different;
    for (const Term &t : list) {
      Ex h = buildProduct(t[Term::H]);
      different[h ? forms.get(h) : NormalForm::constant(1)] = true;
    }
    return different.size();
  };
  // Two sums of unlike factors, multiplied out, rebuild a difference by
  // subtracting large sums.
  if (a.size() > 1 && b.size() > 1 && kinds(a) > 1 && kinds(b) > 1)
    cancelling = true;
  TermList all;
  for (const Term &s : a)
    for (const Term &t : b)
      all.push_back(s * t);
  return all;
}

llvm::FailureOr<Tower::TermList> Tower::quotientTerms(Ex e) {
  Ex num = e->args[0], den = e->args[1];
  llvm::FailureOr<TermList> d = TermList{Term::pure(den)};
  if (!isSum(den) || den->isMixed())
    d = terms(den);
  if (failed(d))
    return llvm::failure();
  if (d->size() != 1 || !d->front()[Term::U].empty())
    return refuse(e, "the divisor mixes the index and an earlier result");
  auto n = terms(num);
  if (failed(n))
    return llvm::failure();
  for (Term &t : *n)
    t = t * d->front().power(-1);
  return n;
}

/// The exponent as `A + Q`.
llvm::FailureOr<Tower::TermList> Tower::exponentialTerms(Ex e) {
  llvm::FailureOr<TermList> exponent = TermList{};
  if (e->isMixed())
    exponent = terms(e->args[0]);
  else if (e->dependsOnIndex)
    exponent->push_back(Term::pure(e->args[0]));
  else
    for (auto &[c, part] : flatten(e->args[0]))
      exponent->push_back(Term::pure(part, c));
  if (failed(exponent))
    return llvm::failure();
  Term result;
  for (Term &t : *exponent) {
    bool mixed = !t[Term::A].empty() || !t[Term::Q].empty() ||
                 (!t[Term::X].empty() && !t[Term::H].empty());
    if (!t[Term::U].empty())
      mixed |= !t[Term::X].empty() || !t[Term::H].empty() ||
               t[Term::U].size() != 1 ||
               t[Term::U].front().second != Rational(1);
    if (mixed)
      return refuse(e, "the exponent is not a sum of an index part and a "
                       "results part");
    Ex neutral = buildProduct(t[Term::P]);
    Linear parts;
    if (!t[Term::U].empty())
      parts = flatten(t[Term::U].front().first);
    else if (Ex factor =
                 buildProduct(!t[Term::X].empty() ? t[Term::X] : t[Term::H]))
      parts.push_back({1, factor});
    else
      parts.push_back({1, context.constant(1)});
    for (auto &[c0, part] : parts) {
      Rational c = c0 * t.c;
      Ex n = neutral ? (part->isConst(1) ? neutral : part * neutral) : part;
      if (part->op == Op::Log && !neutral && !part->dependsOnIndex &&
          part->dependsOnResults && forms.isPositive(part->args[0])) {
        // exp(c log a) is a^c.
        result = result * Term(Term::H, part->args[0], c);
        continue;
      }
      Term::Part side = part->dependsOnResults ? Term::Q : Term::A;
      result = result * Term(side, n, c);
    }
  }
  return TermList{result};
}

llvm::FailureOr<Tower::TermList> Tower::logarithmTerms(Ex e) {
  auto ts = terms(e->args[0]);
  if (failed(ts))
    return llvm::failure();
  if (ts->size() != 1 || !ts->front()[Term::U].empty())
    return refuse(e, "log of a sum that mixes the index and an earlier result");
  Term &t = ts->front();
  TermList sum;
  for (Term::Part part : {Term::P, Term::X, Term::H}) {
    for (const auto &[n, power] : t[part]) {
      if (!forms.isPositive(n))
        return refuse(n, "log of a product needs factors known to be positive");
      sum.push_back(Term(power) * Term(part, log(n)));
    }
  }
  if (t.c.sign() <= 0)
    return refuse(e, "log of a negative product");
  if (t.c != Rational(1))
    sum.push_back(Term(Term::P, log(context.constant(t.c, e->type))));
  Linear exponent = toLinear(t[Term::A]);
  llvm::append_range(exponent, toLinear(t[Term::Q]));
  if (!exponent.empty()) {
    auto more = terms(buildLinear(context, exponent));
    if (failed(more))
      return llvm::failure();
    sum.insert(sum.end(), more->begin(), more->end());
  }
  return sum;
}

llvm::FailureOr<Tower::TermList> Tower::powerTerms(Ex e, Rational n) {
  auto ts = terms(e->args[0]);
  if (failed(ts))
    return llvm::failure();
  if (n.isInteger() && n.sign() >= 0) {
    if (n.numerator() > 6)
      return refuse(e, "the degree is too high");
    TermList result{Term(1)};
    for (int64_t i = 0; i < n.numerator(); ++i)
      result = product(result, *ts);
    return result;
  }
  Term &t = ts->front();
  if (ts->size() != 1 || !t[Term::U].empty())
    return refuse(e, "a negative or fractional power of a sum that mixes the "
                     "index and an earlier result");
  if (!n.isInteger()) {
    bool positive = t.c == Rational(1);
    for (Term::Part part : {Term::P, Term::X, Term::H})
      for (const auto &[factor, power] : t[part])
        positive &= forms.isPositive(factor);
    if (!positive)
      return refuse(e, "a fractional power of a product needs factors known to "
                       "be positive");
  }
  return TermList{t.power(n)};
}

llvm::FailureOr<Tower::TermList> Tower::selectTerms(Ex e) {
  Ex condition = e->args[0];
  if (condition->isMixed())
    return refuse(e, "'select' by a predicate on an earlier result");
  if (e->args[1]->op == Op::Infinity || e->args[2]->op == Op::Infinity)
    return refuse(e, "an infinite side of a select");
  Ex yes = context.indicator(condition);
  Ex no = context.indicator(
      context.compare(Predicate::Eq, yes, context.constant(0)));
  TermList all;
  for (unsigned side : {1, 2}) {
    if (e->args[side]->isConst(0))
      continue;
    auto some = terms(e->args[side]);
    if (failed(some))
      return llvm::failure();
    for (const Term &t : *some)
      all.push_back(Term::pure(side == 1 ? yes : no) * t);
  }
  return all;
}

/// An inner sum whose element uses results: they come out by linearity.
llvm::FailureOr<Tower::TermList> Tower::innerSumTerms(Ex e) {
  auto ts = terms(e->args[0]);
  if (failed(ts))
    return llvm::failure();
  TermList all;
  for (Term &whole : *ts) {
    Term t = plain(whole);
    if (!t[Term::Q].empty())
      return refuse(e, "an inner sum over an exponential of an earlier result");
    TermList inner{t};
    inner.front()[Term::U].clear();
    for (const auto &[u, power] : t[Term::U]) {
      if (!power.isInteger() || power.sign() < 0)
        return refuse(e, "a negative power inside an inner sum");
      TermList parts;
      for (auto &[c, part] : flatten(u))
        parts.push_back(Term::pure(part, c));
      for (int64_t i = 0; i < power.numerator(); ++i)
        inner = product(inner, parts);
    }
    for (Term &s : inner) {
      Term outer(Rational(1));
      outer[Term::H] = s[Term::H];
      s[Term::H].clear();
      Ex element = build(s, false);
      all.push_back(outer * Term(Term::X, context.innerSum(element, e->tag)));
    }
  }
  return all;
}

/// An exponential without an index part is an ordinary factor.
Term Tower::plain(Term t) {
  bool varies = llvm::any_of(
      t[Term::A], [](const auto &f) { return f.first->dependsOnIndex; });
  if (varies)
    return t;
  Term factors(1);
  for (auto [from, to] : {std::pair(Term::Q, Term::H), {Term::A, Term::P}})
    if (!t[from].empty())
      factors =
          factors * Term(to, exp(buildLinear(context, toLinear(t[from]))));
  t[Term::A].clear();
  t[Term::Q].clear();
  return t * factors;
}
