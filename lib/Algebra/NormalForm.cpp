//===- NormalForm.cpp - Canonical forms: arithmetic -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/NormalForm.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa::algebra;

Polynomial NormalForm::constant(Rational c) {
  Polynomial p;
  if (!c.isZero())
    p[{}] = c;
  return p;
}

Polynomial NormalForm::add(const Polynomial &a, const Polynomial &b,
                           Rational scale) {
  Polynomial sum = a;
  for (const auto &[m, c] : b) {
    auto [it, isNew] = sum.try_emplace(m, 0);
    it->second = it->second + c * scale;
    if (it->second.isZero())
      sum.erase(it);
  }
  return sum;
}

unsigned NormalForm::intern(const Polynomial &p) {
  auto [it, isNew] = polynomialNumbers.try_emplace(p, polynomials.size());
  if (isNew)
    polynomials.push_back(&it->first);
  return it->second;
}

bool NormalForm::dependsOnIndex(const Polynomial &p) const {
  return llvm::any_of(p, [&](const auto &term) {
    return llvm::any_of(term.first,
                        [&](const Factor &f) { return atoms[f.atom].index; });
  });
}

bool NormalForm::dependsOnResults(const Polynomial &p) const {
  return llvm::any_of(p, [&](const auto &term) {
    return llvm::any_of(term.first,
                        [&](const Factor &f) { return atoms[f.atom].results; });
  });
}

unsigned NormalForm::intern(Atom atom, Ex expr) {
  auto [it, isNew] = atomNumbers.try_emplace(atom, atoms.size());
  if (!isNew)
    return it->second;
  AtomInfo info{atom, expr};
  if (atom.kind == Kind::Symbol) {
    info.index = expr->op == Op::Leaf;
    info.results = expr->dependsOnResults || expr->op == Op::New;
  }
  for (unsigned arg : atom.args) {
    info.index |= dependsOnIndex(*polynomials[arg]);
    info.results |= dependsOnResults(*polynomials[arg]);
  }
  atoms.push_back(std::move(info));
  return it->second;
}

Polynomial NormalForm::ofAtom(Atom atom, Ex expr, Rational power) {
  return {{{{intern(std::move(atom), expr), power}}, Rational(1)}};
}

Polynomial NormalForm::symbol(Ex e) {
  // Old values stand for the results themselves.
  if (e->op == Op::Old)
    e = static_cast<const Expr *>(e->tag);
  return ofAtom({Kind::Symbol, 0, e->serial, {}, 0}, e);
}

//===----------------------------------------------------------------------===//
// Products and powers
//===----------------------------------------------------------------------===//

Monomial NormalForm::multiply(const Monomial &a, const Monomial &b) {
  std::map<unsigned, Rational> powers;
  Polynomial exponent;
  for (const Monomial *m : {&a, &b}) {
    for (const Factor &f : *m) {
      const Atom &atom = atoms[f.atom].atom;
      if (atom.kind == Kind::Exp) {
        exponent = add(exponent, *polynomials[atom.args[0]]);
        continue;
      }
      auto [it, isNew] = powers.try_emplace(f.atom, 0);
      it->second = it->second + f.power;
      if (!it->second.isValid())
        tooBig = true;
      // An indicator is its own square.
      if (atom.kind == Kind::Function && atom.op == unsigned(Op::Indicator) &&
          it->second.sign() > 0)
        it->second = 1;
    }
  }
  if (!exponent.empty())
    powers[intern({Kind::Exp, 0, 0, {intern(exponent)}, 0}, nullptr)] = 1;
  Monomial product;
  for (const auto &[atom, power] : powers)
    if (!power.isZero())
      product.push_back({atom, power});
  return product;
}

Polynomial NormalForm::multiply(const Polynomial &a, const Polynomial &b) {
  Polynomial product;
  if (a.size() * b.size() > maxTerms) {
    tooBig = true;
    return product;
  }
  for (const auto &[m1, c1] : a) {
    for (const auto &[m2, c2] : b) {
      Rational c = c1 * c2;
      if (!c.isValid())
        tooBig = true;
      product = add(product, {{multiply(m1, m2), c}});
    }
  }
  return product;
}

Monomial NormalForm::raise(const Monomial &m, Rational n) {
  std::map<unsigned, Rational> powers;
  for (const Factor &f : m) {
    const Atom atom = atoms[f.atom].atom;
    if (atom.kind != Kind::Exp) {
      powers[f.atom] = f.power * n;
      continue;
    }
    Polynomial scaled = add({}, *polynomials[atom.args[0]], n);
    powers[intern({Kind::Exp, 0, 0, {intern(scaled)}, 0}, nullptr)] = 1;
  }
  Monomial result;
  for (const auto &[atom, power] : powers)
    result.push_back({atom, power});
  return result;
}

Polynomial NormalForm::power(const Polynomial &p, Rational n) {
  if (p.empty()) {
    tooBig = true; // a division by zero proves nothing
    return {};
  }
  const auto &[lead, c] = *p.begin();
  if (p.size() == 1) {
    if (n.isInteger())
      return {{raise(lead, n), c.power(n.numerator())}};
    bool positive = c.sign() > 0 && llvm::all_of(lead, [&](const Factor &f) {
                      return isPositiveAtom(atoms[f.atom]);
                    });
    if (positive) {
      if (n.denominator() == 2)
        if (auto root = c.squareRoot())
          return {{raise(lead, n), root->power(n.numerator())}};
      return multiply({{raise(lead, n), Rational(1)}},
                      ofAtom({Kind::Number, 0, 0, {}, c}, nullptr, n));
    }
  }
  Rational scale = n.isInteger() ? c : Rational(1);
  Polynomial base = add({}, p, Rational(1) / scale);
  Polynomial result = ofAtom({Kind::Sum, 0, 0, {intern(base)}, 0}, nullptr, n);
  return n.isInteger() ? add({}, result, scale.power(n.numerator())) : result;
}

Polynomial NormalForm::integerPower(const Polynomial &p, int64_t n) {
  Polynomial result = constant(1);
  if (n > 16) {
    tooBig = true;
    return result;
  }
  for (; n > 0; --n)
    result = multiply(result, p);
  return result;
}

//===----------------------------------------------------------------------===//
// Signs
//===----------------------------------------------------------------------===//

bool NormalForm::isPositiveAtom(const AtomInfo &info) const {
  switch (info.atom.kind) {
  case Kind::Exp:
  case Kind::Number:
    return true;
  case Kind::Symbol:
    return info.expr && (info.expr->flag || info.expr->op == Op::Extent ||
                         positive.contains(info.expr.get()));
  case Kind::Sum:
    return isPositive(*polynomials[info.atom.args[0]]);
  case Kind::Function:
    if (info.atom.op == unsigned(Op::InnerSum))
      return isPositive(*polynomials[info.atom.args[0]]);
    return info.atom.op == unsigned(Op::Abs) ||
           info.atom.op == unsigned(Op::Indicator);
  case Kind::Log:
    return false;
  }
  return false;
}

bool NormalForm::isPositive(const Polynomial &p) const {
  return !p.empty() && llvm::all_of(p, [&](const auto &term) {
    return term.second.sign() > 0 &&
           llvm::all_of(term.first, [&](const Factor &f) {
             return f.power.isEven() || isPositiveAtom(atoms[f.atom]);
           });
  });
}

void NormalForm::assumePositive(Ex result) { positive[result.get()] = true; }

bool NormalForm::takeTooBig() { return std::exchange(tooBig, false); }

//===----------------------------------------------------------------------===//
// Index and results
//===----------------------------------------------------------------------===//

std::pair<Monomial, Monomial> NormalForm::splitIndex(const Monomial &m) {
  Polynomial exponent[2];
  Monomial parts[2];
  for (const Factor &f : m) {
    const Atom &atom = atoms[f.atom].atom;
    if (atom.kind != Kind::Exp) {
      parts[atoms[f.atom].index ? 0 : 1].push_back(f);
      continue;
    }
    for (const auto &[mono, c] : *polynomials[atom.args[0]])
      exponent[dependsOnIndex({{mono, c}}) ? 0 : 1][mono] = c;
  }
  for (unsigned i : {0, 1}) {
    if (exponent[i].empty())
      continue;
    Monomial e{
        {intern({Kind::Exp, 0, 0, {intern(exponent[i])}, 0}, nullptr), 1}};
    parts[i] = multiply(parts[i], e);
  }
  return {parts[0], parts[1]};
}

std::map<Monomial, Polynomial> NormalForm::byIndex(const Polynomial &p) {
  std::map<Monomial, Polynomial> groups;
  for (const auto &[m, c] : p) {
    auto [x, r] = splitIndex(m);
    Polynomial &group = groups[x];
    group = add(group, {{r, c}});
  }
  std::erase_if(groups, [](const auto &g) { return g.second.empty(); });
  return groups;
}

Ex NormalForm::toProduct(const Monomial &m, Rational c,
                         Context &context) const {
  Ex num, den;
  for (const Factor &f : m) {
    Ex e = atoms[f.atom].atom.kind == Kind::Symbol ? atoms[f.atom].expr : Ex();
    if (!e)
      return nullptr;
    if (f.power.abs() != Rational(1))
      e = f.power.abs() == Rational(1, 2) ? sqrt(e) : pow(e, f.power.abs());
    Ex &side = f.power.sign() > 0 ? num : den;
    side = side ? side * e : e;
  }
  if (c != Rational(1) || !num) {
    Ex k = context.constant(c);
    num = num ? k * num : k;
  }
  return den ? num / den : num;
}

Polynomial NormalForm::replaceSymbol(const Polynomial &p, Ex result,
                                     const Polynomial &value, bool &fails) {
  unsigned number = symbol(result).begin()->first.front().atom;
  Polynomial sum;
  for (const auto &[m, c] : p) {
    Monomial rest;
    int64_t times = 0;
    for (const Factor &f : m) {
      if (f.atom != number) {
        rest.push_back(f);
        continue;
      }
      if (!f.power.isInteger() || f.power.sign() < 0) {
        fails = true;
        return {};
      }
      times = f.power.numerator();
    }
    Polynomial term{{rest, c}};
    if (times)
      term = multiply(term, integerPower(value, times));
    sum = add(sum, term);
  }
  return sum;
}

bool NormalForm::splitLinear(const Polynomial &p, Ex result,
                             Polynomial &without, Polynomial &coefficient) {
  unsigned number = symbol(result).begin()->first.front().atom;
  std::function<bool(const Polynomial &)> mentions = [&](const Polynomial &q) {
    for (const auto &[m, c] : q)
      for (const Factor &f : m) {
        if (f.atom == number)
          return true;
        for (unsigned arg : atoms[f.atom].atom.args)
          if (mentions(*polynomials[arg]))
            return true;
      }
    return false;
  };
  for (const auto &[m, c] : p) {
    Monomial rest;
    bool found = false;
    for (const Factor &f : m) {
      if (f.atom == number && f.power == Rational(1))
        found = true;
      else
        rest.push_back(f);
    }
    if (mentions({{rest, c}}))
      return false;
    Polynomial &side = found ? coefficient : without;
    side = add(side, {{rest, c}});
  }
  return true;
}
