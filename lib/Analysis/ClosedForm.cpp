//===- ClosedForm.cpp - Arithmetic on piecewise polynomials -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Terms are kept expanded and sorted. What is special is only the product of
// brackets: equal ones are one, one that follows from another is dropped, two
// that exclude each other give 0.
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/ClosedForm.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa;

Form::Form(FormSpace &space, int64_t value) : owner(&space) {
  if (value != 0)
    sum.emplace(Monomial(), Fraction(value));
}

void Form::add(const Monomial &monomial, const Fraction &coefficient) {
  auto [entry, isNew] = sum.try_emplace(monomial, coefficient);
  if (!isNew)
    entry->second += coefficient;
  if (entry->second == Fraction(0))
    sum.erase(entry);
}

std::optional<Fraction> Form::constant() const {
  if (sum.empty())
    return Fraction(0);
  if (sum.size() == 1 && sum.begin()->first.empty())
    return sum.begin()->second;
  return std::nullopt;
}

std::optional<AtomId> Form::atom() const {
  if (sum.size() != 1 || sum.begin()->second != Fraction(1))
    return std::nullopt;
  const Monomial &monomial = sum.begin()->first;
  if (monomial.size() != 1 || monomial[0].second != 1)
    return std::nullopt;
  return monomial[0].first;
}

Form Form::operator+(const Form &other) const {
  Form result = *this;
  for (const auto &[monomial, coefficient] : other.sum)
    result.add(monomial, coefficient);
  return result;
}

Form Form::operator*(const Fraction &factor) const {
  Form result(*owner);
  if (factor != Fraction(0))
    for (const auto &[monomial, coefficient] : sum)
      result.sum.emplace(monomial, coefficient * factor);
  return result;
}

static Monomial merge(const Monomial &a, const Monomial &b) {
  Monomial result;
  auto i = a.begin(), j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first))
      result.push_back(*i++);
    else if (i == a.end() || j->first < i->first)
      result.push_back(*j++);
    else {
      result.emplace_back(i->first, i->second + j->second);
      ++i;
      ++j;
    }
  }
  return result;
}

Form Form::operator*(const Form &other) const {
  Form result(*owner);
  for (const auto &[a, x] : sum)
    for (const auto &[b, y] : other.sum)
      if (std::optional<Monomial> product = owner->simplify(merge(a, b)))
        result.add(*product, x * y);
  return result;
}

Form Form::power(unsigned exponent) const {
  Form result(*owner, 1);
  for (unsigned i = 0; i < exponent; ++i)
    result = result * *this;
  return result;
}

std::map<unsigned, Form> Form::coefficients(AtomId variable) const {
  std::map<unsigned, Form> result;
  for (const auto &[monomial, coefficient] : sum) {
    Monomial rest;
    unsigned power = 0;
    for (const auto &factor : monomial) {
      if (factor.first == variable)
        power = factor.second;
      else
        rest.push_back(factor);
    }
    result.try_emplace(power, *owner).first->second.add(rest, coefficient);
  }
  return result;
}

bool Form::dependsOn(AtomId variable) const {
  return llvm::any_of(sum, [&](const auto &term) {
    return llvm::any_of(term.first, [&](const auto &factor) {
      if (factor.first == variable)
        return true;
      const FormAtom &atom = owner->atom(factor.first);
      if (atom.kind != FormAtom::Kind::Sum)
        return llvm::any_of(atom.operands, [&](const Form &operand) {
          return operand.dependsOn(variable);
        });
      return atom.operands[0].dependsOn(variable) ||
             atom.operands[1].dependsOn(variable) ||
             (atom.axis != variable && atom.operands[2].dependsOn(variable));
    });
  });
}

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

/// A text that tells the atom from all others of its space.
static std::string keyOf(const FormAtom &atom) {
  std::string key = std::to_string(int(atom.kind)) + atom.name + "@" +
                    std::to_string(atom.axis);
  for (const Form &operand : atom.operands) {
    key += "(";
    for (const auto &[monomial, coefficient] : operand.terms()) {
      for (auto [id, power] : monomial)
        key += std::to_string(id) + "^" + std::to_string(power) + ".";
      llvm::raw_string_ostream(key) << coefficient;
    }
  }
  return key;
}

AtomId FormSpace::intern(FormAtom atom) {
  auto [entry, isNew] = known.try_emplace(keyOf(atom), atoms.size());
  if (isNew)
    atoms.push_back(std::move(atom));
  return entry->second;
}

Form FormSpace::fromAtom(AtomId id) {
  Form form(*this);
  form.add({{id, 1}}, Fraction(1));
  return form;
}

Form FormSpace::symbol(StringRef name, bool isExtent) {
  AtomId id = intern({FormAtom::Kind::Symbol, name.str(), {}});
  if (isExtent && !atoms[id].least)
    atoms[id].least = nonempty ? 1 : 0;
  return fromAtom(id);
}

Form FormSpace::define(StringRef prefix, const Form &meaning) {
  for (AtomId id = 0; id < atoms.size(); ++id)
    if (atoms[id].kind == FormAtom::Kind::Symbol &&
        !atoms[id].meaning.empty() && atoms[id].meaning.front() == meaning)
      return fromAtom(id);
  std::string name;
  for (unsigned number = 0;; ++number) {
    name = prefix.str() + std::to_string(number);
    if (llvm::none_of(atoms, [&](const FormAtom &atom) {
          return atom.name == name;
        }))
      break;
  }
  AtomId id = intern({FormAtom::Kind::Symbol, name, {}});
  atoms[id].meaning.push_back(meaning);
  if (isNotNegative(meaning - 1))
    atoms[id].least = 1;
  else if (isNotNegative(meaning))
    atoms[id].least = 0;
  return fromAtom(id);
}

void FormSpace::assumeExtent(const Form &form) {
  if (std::optional<AtomId> id = form.atom())
    if (FormAtom &atom = atoms[*id];
        atom.kind == FormAtom::Kind::Symbol && !atom.least)
      atom.least = nonempty ? 1 : 0;
}

AtomId FormSpace::axis(StringRef name) {
  std::string unique = name.str();
  for (unsigned number = 2;
       llvm::any_of(atoms,
                    [&](const FormAtom &atom) { return atom.name == unique; });
       ++number)
    unique = name.str() + std::to_string(number);
  return intern({FormAtom::Kind::Axis, unique, {}});
}

void FormSpace::setRange(AtomId axis, const Form &from, const Form &to) {
  atoms[axis].meaning = {from, to};
}

Form FormSpace::load(StringRef array, ArrayRef<Form> index) {
  return fromAtom(intern({FormAtom::Kind::Load, array.str(), index.vec()}));
}

/// The integers that have no common factor in the ratio of the coefficients,
/// those of the constant term left out.
static Fraction contentOf(const Form &form) {
  Integer denominator(1), divisor(0);
  for (const auto &[monomial, coefficient] : form.terms())
    denominator = llvm::lcm(denominator, coefficient.den);
  for (const auto &[monomial, coefficient] : form.terms())
    if (!monomial.empty())
      divisor = llvm::gcd(
          divisor, llvm::abs((coefficient * Fraction(denominator)).num));
  return Fraction(divisor == 0 ? Integer(1) : divisor, denominator);
}

Form FormSpace::positive(const Form &f) {
  if (std::optional<Fraction> value = f.constant())
    return Form(*this, *value > Fraction(0));
  if (std::optional<AtomId> bracket = findBracket(f, std::nullopt))
    return fromAtom(*bracket) * positive(decide(f, *bracket, true)) +
           (Form(*this, 1) - fromAtom(*bracket)) *
               positive(decide(f, *bracket, false));
  // With coprime integer coefficients, and the constant rounded: 2 x - 1 > 0 is
  // x > 0.
  Fraction content = contentOf(f);
  Form normal(*this);
  for (const auto &[monomial, coefficient] : f.terms()) {
    Fraction scaled = mlir::presburger::reduce(coefficient / content);
    normal.add(monomial, monomial.empty()
                             ? Fraction(mlir::presburger::ceil(scaled))
                             : scaled);
  }
  if (isNotNegative(normal - 1))
    return Form(*this, 1);
  if (isNotNegative(-normal))
    return Form(*this);
  // A product of extents is positive where each of them is.
  if (normal.terms().size() == 1 &&
      normal.terms().begin()->second > Fraction(0)) {
    const Monomial &monomial = normal.terms().begin()->first;
    if (llvm::all_of(monomial, [&](const auto &factor) {
          return isAtomNotNegative(factor.first, 0);
        }) &&
        (monomial.size() > 1 || monomial[0].second > 1)) {
      Form result(*this, 1);
      for (const auto &factor : monomial)
        result = result * positive(fromAtom(factor.first));
      return result;
    }
  }
  // floor(f/g) + r > 0 is f - g (1 - r) + 1 > 0, and r - floor(f/g) > 0 is
  // g r - f > 0.
  for (const auto &[monomial, coefficient] : normal.terms()) {
    if (monomial.size() != 1 || monomial[0].second != 1 ||
        atoms[monomial[0].first].kind != FormAtom::Kind::Floor ||
        (coefficient != Fraction(1) && coefficient != Fraction(-1)))
      continue;
    Form dividend = atoms[monomial[0].first].operands[0],
         divisor = atoms[monomial[0].first].operands[1];
    Form rest = normal - fromAtom(monomial[0].first) * coefficient;
    if (!isNotNegative(divisor - 1))
      continue;
    if (coefficient == Fraction(1))
      return positive(dividend - divisor * (Form(*this, 1) - rest) + 1);
    return positive(divisor * rest - dividend);
  }
  // What is known by its opposite is written by it.
  if (auto opposite = known.find(
          keyOf({FormAtom::Kind::Positive, "", {-normal + 1}}));
      opposite != known.end())
    return Form(*this, 1) - fromAtom(opposite->second);
  return fromAtom(intern({FormAtom::Kind::Positive, "", {normal}}));
}

Form FormSpace::notNegative(const Form &f) {
  if (isNotNegative(f))
    return f;
  return f * positive(f);
}

Form FormSpace::floorDiv(const Form &f, const Form &g) {
  for (const Form &operand : {f, g})
    if (std::optional<AtomId> bracket = findBracket(operand, std::nullopt)) {
      Form holds = floorDiv(decide(f, *bracket, true),
                            decide(g, *bracket, true));
      Form fails = floorDiv(decide(f, *bracket, false),
                            decide(g, *bracket, false));
      return fails + fromAtom(*bracket) * (holds - fails);
    }
  if (std::optional<Fraction> divisor = g.constant();
      divisor && *divisor > Fraction(0)) {
    // Multiples of the divisor come out.
    Form out(*this), rest(*this);
    for (const auto &[monomial, coefficient] : f.terms()) {
      Fraction quotient = coefficient / *divisor;
      bool divides = quotient.den == 1;
      if (monomial.empty() && !divides) {
        Integer whole = mlir::presburger::floor(quotient);
        out.add(monomial, Fraction(whole));
        rest.add(monomial, coefficient - Fraction(whole) * *divisor);
      } else {
        (divides ? out : rest).add(monomial, divides ? quotient : coefficient);
      }
    }
    bool isSmall =
        isNotNegative(rest) && isNotNegative(g - rest - 1);
    if (isSmall || rest.isZero())
      return out;
    return out +
           fromAtom(intern({FormAtom::Kind::Floor, "", {rest, g}}));
  }
  // So do multiples of a divisor that is one atom.
  Form out(*this), rest(*this);
  std::optional<AtomId> divisor = g.atom();
  for (const auto &[monomial, coefficient] : f.terms()) {
    Monomial quotient = monomial;
    auto factor = llvm::find_if(
        quotient, [&](const auto &entry) { return entry.first == divisor; });
    bool divides = divisor && factor != quotient.end() && coefficient.den == 1;
    if (divides && --factor->second == 0)
      quotient.erase(factor);
    (divides ? out : rest).add(divides ? quotient : monomial, coefficient);
  }
  bool isSmall = isNotNegative(rest) && isNotNegative(g - rest - 1);
  if (isSmall || rest.isZero())
    return out;
  return out + fromAtom(intern({FormAtom::Kind::Floor, "", {rest, g}}));
}

//===----------------------------------------------------------------------===//
// Brackets
//===----------------------------------------------------------------------===//

std::optional<AtomId>
FormSpace::findBracket(const Form &form, std::optional<AtomId> axis) const {
  for (const auto &[monomial, coefficient] : form.terms())
    for (auto [id, power] : monomial)
      if (atoms[id].kind == FormAtom::Kind::Positive &&
          (!axis || atoms[id].operands[0].dependsOn(*axis)))
        return id;
  return std::nullopt;
}

Form FormSpace::decide(const Form &form, AtomId bracket, bool holds) {
  Form result(*this);
  for (const auto &[monomial, coefficient] : form.terms()) {
    Monomial rest;
    for (const auto &factor : monomial)
      if (factor.first != bracket)
        rest.push_back(factor);
    if (holds || rest.size() == monomial.size())
      result.add(rest, coefficient);
  }
  return result;
}

FormSpace::Relation FormSpace::relate(AtomId a, AtomId b) {
  auto [entry, isNew] = relations.try_emplace({a, b}, Relation::None);
  if (!isNew)
    return entry->second;
  Form f = atoms[a].operands[0], g = atoms[b].operands[0];
  Relation found = Relation::None;
  if (isNotNegative(g - f))
    found = Relation::FirstImplies;
  else if (isNotNegative(f - g))
    found = Relation::SecondImplies;
  else if (isNotNegative(Form(*this, 1) - f - g))
    found = Relation::Exclude;
  // What follows from premises of a proof holds only in it.
  if (premises.empty())
    relations[{a, b}] = found;
  else
    relations.erase({a, b});
  return found;
}

/// True if `monomial` is 0 where the bracket does not hold.
bool FormSpace::isImplied(AtomId bracket, const Monomial &monomial) {
  const Form &inner = atoms[bracket].operands[0];
  bool isSum = llvm::all_of(inner.terms(), [&](const auto &term) {
    return !term.first.empty() && term.second > Fraction(0) &&
           llvm::all_of(term.first, [&](const auto &factor) {
             return isAtomNotNegative(factor.first, 0);
           });
  });
  return isSum && llvm::any_of(inner.terms(), [&](const auto &term) {
           return llvm::all_of(term.first, [&](const auto &factor) {
             return llvm::any_of(monomial, [&](const auto &given) {
               return given.first == factor.first &&
                      given.second >= factor.second;
             });
           });
         });
}

std::optional<Monomial> FormSpace::simplify(Monomial monomial) {
  auto isBracket = [&](AtomId id) {
    return atoms[id].kind == FormAtom::Kind::Positive;
  };
  for (auto &[id, power] : monomial)
    if (isBracket(id))
      power = 1;
  // n [n > 0] = n for an extent n, and n [n + m > 0] = n: where the bracket does
  // not hold all terms of a sum of extents are 0.
  llvm::erase_if(monomial, [&](const auto &factor) {
    return isBracket(factor.first) && isImplied(factor.first, monomial);
  });
  for (size_t i = 0; i < monomial.size(); ++i)
    for (size_t j = i + 1; j < monomial.size(); ++j) {
      if (!isBracket(monomial[i].first) || !isBracket(monomial[j].first))
        continue;
      Relation relation = relate(monomial[i].first, monomial[j].first);
      if (relation == Relation::Exclude)
        return std::nullopt;
      if (relation == Relation::None)
        continue;
      monomial.erase(monomial.begin() +
                     (relation == Relation::FirstImplies ? j : i));
      return simplify(std::move(monomial));
    }
  return monomial;
}

//===----------------------------------------------------------------------===//
// Substitution
//===----------------------------------------------------------------------===//

Form FormSpace::rebuild(AtomId id, AtomId variable, const Form &by) {
  if (id == variable)
    return by;
  FormAtom old = atoms[id];
  std::vector<Form> operands;
  bool changed = false;
  for (auto [number, operand] : llvm::enumerate(old.operands)) {
    bool bound = old.kind == FormAtom::Kind::Sum && number == 2 &&
                 old.axis == variable;
    operands.push_back(bound ? operand : substitute(operand, variable, by));
    changed |= !(operands.back() == operand);
  }
  if (!changed)
    return fromAtom(id);
  switch (old.kind) {
  case FormAtom::Kind::Positive:
    return positive(operands[0]);
  case FormAtom::Kind::Floor:
    return floorDiv(operands[0], operands[1]);
  case FormAtom::Kind::Sum:
    return sum(old.axis, operands[0], operands[1], operands[2]);
  case FormAtom::Kind::Load:
    return load(old.name, operands);
  case FormAtom::Kind::Symbol:
  case FormAtom::Kind::Axis:
    break;
  }
  return fromAtom(id);
}

Form FormSpace::substitute(const Form &form, AtomId variable, const Form &by) {
  Form result(*this);
  for (const auto &[monomial, coefficient] : form.terms()) {
    Form term = Form(*this, 1) * coefficient;
    for (auto [id, power] : monomial)
      term = term * rebuild(id, variable, by).power(power);
    result += term;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Tidying
//===----------------------------------------------------------------------===//

/// The quotient of two polynomials, if there is one.
static std::optional<Form> divideExactly(Form form, const Form &by) {
  FormSpace &space = form.space();
  Form quotient(space);
  const auto &[lead, leadFactor] = *by.terms().rbegin();
  for (unsigned round = 0; !form.isZero(); ++round) {
    const auto &[monomial, coefficient] = *form.terms().rbegin();
    Form factor = Form(space, 1) * (coefficient / leadFactor);
    size_t used = 0;
    for (auto [id, power] : monomial) {
      for (auto [other, otherPower] : lead)
        if (id == other) {
          if (power < otherPower)
            return std::nullopt;
          power -= otherPower;
          ++used;
        }
      factor = factor * space.fromAtom(id).power(power);
    }
    if (used != lead.size() || round > 64)
      return std::nullopt;
    quotient += factor;
    form = form - factor * by;
  }
  return quotient;
}

/// f [f > 0] = f for an f that is not negative.
Form FormSpace::tidy(const Form &form) {
  Form result = form;
  for (AtomId id = 0; id < atoms.size(); ++id) {
    if (atoms[id].kind != FormAtom::Kind::Positive)
      continue;
    Form without = decide(result, id, false);
    Form with = decide(result - without, id, true);
    if (with.isZero() || !isNotNegative(atoms[id].operands[0]) ||
        !divideExactly(with, atoms[id].operands[0]))
      continue;
    result = without + with;
  }
  return result;
}
