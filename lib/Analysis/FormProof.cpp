//===- FormProof.cpp - What is never negative -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A small prover. Axes are replaced by the end of their range that makes the
// form least, brackets by both of their values, until every term is a product
// of things that are not negative. It is not complete, and need not be: what is
// not proved stays in the form as a bracket, and is evaluated.
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/ClosedForm.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"

using namespace moa;

/// Steps of a proof that may be open at once.
static constexpr unsigned maxDepth = 8;

bool FormSpace::isAtomNotNegative(AtomId id, unsigned depth) {
  const FormAtom &atom = atoms[id];
  switch (atom.kind) {
  case FormAtom::Kind::Symbol:
    return atom.least && *atom.least >= 0;
  case FormAtom::Kind::Axis:
    return !atom.meaning.empty() &&
           isNotNegative(atom.meaning.front(), depth + 1);
  case FormAtom::Kind::Positive:
    return true;
  case FormAtom::Kind::Floor:
    return isNotNegative(atom.operands[0], depth + 1) &&
           isNotNegative(atom.operands[1] - 1, depth + 1);
  case FormAtom::Kind::Sum:
    return isNotNegative(atom.operands[2], depth + 1);
  case FormAtom::Kind::Load:
    return false;
  }
  llvm_unreachable("unknown kind of atom");
}

bool FormSpace::hasNoNegativeTerm(const Form &f, unsigned depth) {
  // Symbols that are at least 1 are written as 1 more than something.
  Form shifted = f;
  for (bool again = true; again;) {
    again = false;
    for (const auto &[monomial, coefficient] : shifted.terms())
      if (coefficient < Fraction(0))
        again = true;
    if (!again)
      break;
    Form result(*this);
    for (const auto &[monomial, coefficient] : shifted.terms()) {
      Form term = Form(*this, 1) * coefficient;
      for (auto [id, power] : monomial) {
        Form factor = fromAtom(id);
        if (atoms[id].kind == FormAtom::Kind::Symbol && atoms[id].least &&
            *atoms[id].least > 0)
          factor = factor + *atoms[id].least;
        term = term * factor.power(power);
      }
      result += term;
    }
    shifted = result;
    break;
  }
  return llvm::all_of(shifted.terms(), [&](const auto &term) {
    return term.second > Fraction(0) &&
           llvm::all_of(term.first, [&](const auto &factor) {
             return factor.second % 2 == 0 ||
                    isAtomNotNegative(factor.first, depth);
           });
  });
}

/// Replaces the innermost axis of `f` by the end of its range at which `f` is
/// least. False if there is none for which that is known.
bool FormSpace::boundAxes(Form &f, unsigned depth) {
  std::optional<AtomId> axis;
  for (const auto &[monomial, coefficient] : f.terms())
    for (auto [id, power] : monomial)
      if (atoms[id].kind == FormAtom::Kind::Axis &&
          !atoms[id].meaning.empty() && (!axis || id > *axis))
        axis = id;
  if (!axis)
    return false;
  auto parts = f.coefficients(*axis);
  if (parts.rbegin()->first != 1)
    return false;
  Form slope = parts.at(1);
  Form rest = parts.count(0) ? parts.at(0) : Form(*this);
  // Axes inside of other atoms are not moved.
  if (slope.dependsOn(*axis) || rest.dependsOn(*axis))
    return false;
  if (isNotNegative(slope, depth + 1))
    f = rest + slope * atoms[*axis].meaning[0];
  else if (isNotNegative(-slope, depth + 1))
    f = rest + slope * (atoms[*axis].meaning[1] - 1);
  else
    return false;
  return true;
}

bool FormSpace::isNotNegative(const Form &f, unsigned depth) {
  if (std::optional<Fraction> value = f.constant())
    return *value >= Fraction(0);
  if (depth > maxDepth || proofDepth > maxDepth)
    return false;
  ++proofDepth;
  llvm::scope_exit leave([&] { --proofDepth; });
  if (hasNoNegativeTerm(f, depth) ||
      llvm::any_of(premises, [&](const Form &premise) {
        return hasNoNegativeTerm(f - premise, depth);
      }))
    return true;
  if (std::optional<AtomId> bracket = findBracket(f, std::nullopt)) {
    Form g = atoms[*bracket].operands[0];
    Form holds = decide(f, *bracket, true), fails = decide(f, *bracket, false);
    auto provedWith = [&](const Form &claim, const Form &premise) {
      premises.push_back(premise);
      bool proved = isNotNegative(claim, depth + 1);
      premises.pop_back();
      return proved;
    };
    return provedWith(holds, g - 1) && provedWith(fails, -g);
  }
  Form bounded = f;
  if (boundAxes(bounded, depth))
    return isNotNegative(bounded, depth + 1);
  std::optional<Form> without = withoutFloor(f);
  return without && isNotNegative(*without, depth + 1);
}

/// A form that is not negative only if `f` is not, with one integer part less.
std::optional<Form> FormSpace::withoutFloor(const Form &f) {
  for (const auto &[monomial, coefficient] : f.terms()) {
    if (monomial.size() != 1 || monomial[0].second != 1)
      continue;
    const FormAtom &atom = atoms[monomial[0].first];
    if (atom.kind != FormAtom::Kind::Floor)
      continue;
    Form dividend = atom.operands[0], divisor = atom.operands[1];
    Form rest = f - fromAtom(monomial[0].first) * coefficient;
    std::optional<Fraction> number = divisor.constant();
    if (coefficient == Fraction(1) && isNotNegative(divisor - 1))
      // floor(n / d) >= -r is n >= -r d.
      return dividend + rest * divisor;
    if (coefficient == Fraction(-1) && isNotNegative(divisor - 1))
      // r >= floor(n / d) is (r + 1) d > n.
      return rest * divisor + divisor - 1 - dividend;
    if (!number)
      continue;
    // It lies between (n - d + 1) / d and n / d.
    if (coefficient > Fraction(0))
      dividend = dividend - divisor + 1;
    return rest + dividend * (coefficient / *number);
  }
  return std::nullopt;
}
