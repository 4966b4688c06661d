//===- Term.cpp - Elements as sums of products ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Term.h"

using namespace moa::algebra;

Term Term::pure(Ex e, Rational c) {
  if (e->isConst())
    return Term(c * e->value);
  Part part = e->dependsOnIndex ? X : e->dependsOnResults ? H : P;
  Term term(part, e);
  term.c = c;
  return term;
}

Term Term::operator*(const Term &other) const {
  Term product = *this;
  product.c = c * other.c;
  for (unsigned i = 0; i < 6; ++i) {
    for (const auto &[e, n] : other.parts[i]) {
      auto it = product.parts[i].insert({e, Rational(0)}).first;
      it->second = it->second + n;
    }
    product.parts[i].remove_if([](const auto &f) { return f.second.isZero(); });
  }
  return product;
}

Term Term::power(Rational n) const {
  Term result = *this;
  result.c = n.isInteger() ? c.power(n.numerator()) : Rational(1);
  for (Powers &part : result.parts)
    for (auto &[e, power] : part)
      power = power * n;
  return result;
}

Ex moa::algebra::buildProduct(const Powers &powers, Ex product) {
  for (const auto &[e, n] : powers) {
    Ex factor = e;
    if (n.abs() == Rational(1, 2))
      factor = sqrt(e);
    else if (n.abs() != Rational(1))
      factor = pow(e, n.abs());
    if (n.sign() > 0)
      product = product ? product * factor : factor;
    else
      product = (product ? product : e->context->constant(1)) / factor;
  }
  return product;
}

Linear moa::algebra::toLinear(const Powers &powers) {
  Linear parts;
  for (const auto &[e, c] : powers)
    parts.push_back({c, e});
  return parts;
}
