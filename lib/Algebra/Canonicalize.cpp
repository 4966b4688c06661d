//===- Canonicalize.cpp - Canonical forms: from expressions -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/NormalForm.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa::algebra;

const Polynomial &NormalForm::get(Ex e) {
  if (auto it = memo.find(e); it != memo.end())
    return *it->second;
  auto made = std::make_unique<Polynomial>(build(e));
  if (made->size() > maxTerms)
    tooBig = true;
  for (const auto &[m, c] : *made)
    tooBig |= !c.isValid();
  return *(memo[e] = std::move(made));
}

Polynomial NormalForm::build(Ex e) {
  switch (e->op) {
  case Op::Const:
    return constant(e->value);
  case Op::Infinity:
    return ofAtom({Kind::Function, unsigned(Op::Infinity), 0, {}, e->value});
  case Op::Leaf:
  case Op::Par:
  case Op::Extent:
  case Op::Res:
  case Op::Old:
  case Op::New:
    return symbol(e);
  case Op::Pivot:
  case Op::Cast:
    return get(e->args[0]);
  case Op::Add:
    return add(get(e->args[0]), get(e->args[1]));
  case Op::Sub:
    return add(get(e->args[0]), get(e->args[1]), -1);
  case Op::Neg:
    return add({}, get(e->args[0]), -1);
  case Op::Mul:
    return multiply(get(e->args[0]), get(e->args[1]));
  case Op::Div:
    return multiply(get(e->args[0]), power(get(e->args[1]), -1));
  case Op::Pow:
    if (e->value.isInteger() && e->value.sign() >= 0)
      return integerPower(get(e->args[0]), e->value.numerator());
    return power(get(e->args[0]), e->value);
  case Op::Sqrt:
    return power(get(e->args[0]), Rational(1, 2));
  case Op::Exp:
    return buildExp(get(e->args[0]));
  case Op::Log:
    return buildLog(get(e->args[0]));
  case Op::Select:
    return buildSelect(e);
  case Op::InnerSum:
    return buildInnerSum(e);
  case Op::Abs:
    if (isPositive(get(e->args[0])))
      return get(e->args[0]);
    return buildFunction(e);
  case Op::Indicator:
    // Of a negation, which is written as `indicator == 0`.
    if (e->args[0]->op == Op::Cmp && e->args[0]->predicate == Predicate::Eq &&
        e->args[0]->args[0]->op == Op::Indicator &&
        e->args[0]->args[1]->isConst(0))
      return add(constant(1), get(e->args[0]->args[0]), -1);
    return buildFunction(e);
  case Op::Tanh:
  case Op::Max:
  case Op::Min:
  case Op::Cmp:
  case Op::Call:
    return buildFunction(e);
  }
  return {};
}

Polynomial NormalForm::buildFunction(Ex e) {
  Atom atom{Kind::Function, unsigned(e->op), 0, {}, 0};
  if (e->op == Op::Cmp)
    atom.op |= (unsigned(e->predicate) + 1) << 8 | e->id << 16;
  // Calls are equal if their owner says so, and their operands are.
  if (e->op == Op::Call) {
    auto [it, isNew] = callNumbers.try_emplace(e->tag, callNumbers.size());
    atom.symbol = it->second;
  }
  for (Ex arg : e->args)
    atom.args.push_back(intern(get(arg)));
  if ((e->op == Op::Max || e->op == Op::Min) && atom.args[0] > atom.args[1])
    std::swap(atom.args[0], atom.args[1]);
  return ofAtom(std::move(atom), e);
}

Polynomial NormalForm::buildSelect(Ex e) {
  Ex condition = e->args[0], yes = e->args[1], no = e->args[2];
  bool infinite = yes->op == Op::Infinity || no->op == Op::Infinity;
  if (condition->isMixed() || infinite)
    return buildFunction(e);
  Polynomial one = get(e->context->indicator(condition));
  Polynomial taken = multiply(one, get(yes));
  if (no->isConst(0))
    return taken;
  return add(taken, multiply(add(constant(1), one, -1), get(no)));
}

/// What does not vary comes out of an inner sum, term by term.
Polynomial NormalForm::buildInnerSum(Ex e) {
  Polynomial sum;
  unsigned axis =
      callNumbers.try_emplace(e->tag, callNumbers.size()).first->second;
  for (const auto &[m, c] : get(e->args[0])) {
    auto [inside, outside] = splitIndex(m);
    Atom atom{Kind::Function,
              unsigned(Op::InnerSum),
              axis,
              {intern(Polynomial{{inside, Rational(1)}})},
              0};
    sum = add(sum, multiply(Polynomial{{outside, c}}, ofAtom(std::move(atom))));
  }
  return sum;
}

Polynomial NormalForm::buildExp(const Polynomial &p) {
  Polynomial product = constant(1), rest;
  for (const auto &[m, c] : p) {
    if (m.size() == 1 && m[0].power == Rational(1) &&
        atoms[m[0].atom].atom.kind == Kind::Log) {
      const Polynomial base = *polynomials[atoms[m[0].atom].atom.args[0]];
      if (isPositive(base) && (base.size() == 1 || c.isInteger())) {
        bool plain = c.isInteger() && c.sign() > 0;
        product = multiply(product, plain ? integerPower(base, c.numerator())
                                          : power(base, c));
        continue;
      }
    }
    rest[m] = c;
  }
  if (rest.empty())
    return product;
  return multiply(product, ofAtom({Kind::Exp, 0, 0, {intern(rest)}, 0}));
}

Polynomial NormalForm::buildLog(const Polynomial &p) {
  if (p.size() != 1 || !isPositive(p))
    return ofAtom({Kind::Log, 0, 0, {intern(p)}, 0});
  const auto &[m, c] = *p.begin();
  Polynomial sum;
  if (c != Rational(1))
    sum = ofAtom({Kind::Log, 0, 0, {intern(constant(c))}, 0});
  for (const Factor &f : m) {
    const Atom atom = atoms[f.atom].atom;
    if (atom.kind == Kind::Exp) {
      sum = add(sum, *polynomials[atom.args[0]]);
      continue;
    }
    Polynomial base{{{{f.atom, Rational(1)}}, Rational(1)}};
    // log of an even power is not the multiple of a log: the base may be
    // negative.
    if (!isPositive(base)) {
      base = {{{f}, Rational(1)}};
      sum = add(sum, ofAtom({Kind::Log, 0, 0, {intern(base)}, 0}));
      continue;
    }
    sum = add(sum, ofAtom({Kind::Log, 0, 0, {intern(base)}, 0}), f.power);
  }
  return sum;
}
