//===- FormEvaluate.cpp - Values of piecewise polynomials -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each atom is evaluated where it is used; sums without a closed form are
// added up.
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/ClosedForm.h"

using namespace moa;

std::optional<Fraction> FormSpace::evaluateAtom(AtomId id, Values &values,
                                                const Loader &loader) {
  if (auto known = values.find(id); known != values.end())
    return Fraction(known->second);
  const FormAtom &atom = atoms[id];
  if (atom.kind == FormAtom::Kind::Symbol) {
    if (atom.meaning.empty())
      return std::nullopt;
    return evaluate(atom.meaning.front(), values, loader);
  }
  if (atom.kind == FormAtom::Kind::Axis)
    return std::nullopt;
  SmallVector<Integer> operands;
  for (const Form &operand :
       ArrayRef(atom.operands)
           .take_front(atom.kind == FormAtom::Kind::Sum ? 2 : SIZE_MAX)) {
    std::optional<Fraction> value = evaluate(operand, values, loader);
    if (!value || value->den != 1)
      return std::nullopt;
    operands.push_back(value->num);
  }
  switch (atom.kind) {
  case FormAtom::Kind::Positive:
    return Fraction(operands[0] > 0 ? 1 : 0);
  case FormAtom::Kind::Floor:
    if (operands[1] <= 0)
      return std::nullopt;
    return Fraction(llvm::floorDiv(operands[0], operands[1]));
  case FormAtom::Kind::Load: {
    std::optional<Integer> element =
        loader ? loader(atom.name, operands) : std::nullopt;
    return element ? std::optional(Fraction(*element)) : std::nullopt;
  }
  default:
    break;
  }
  Fraction total(0);
  for (Integer k = operands[0]; k < operands[1]; ++k) {
    values[atom.axis] = k;
    std::optional<Fraction> term = evaluate(atom.operands[2], values, loader);
    if (!term) {
      values.erase(atom.axis);
      return std::nullopt;
    }
    total += *term;
  }
  values.erase(atom.axis);
  return total;
}

std::optional<Fraction> FormSpace::evaluate(const Form &form, Values &values,
                                            const Loader &loader) {
  Fraction total(0);
  for (const auto &[monomial, coefficient] : form.terms()) {
    Fraction term = coefficient;
    for (auto [id, power] : monomial) {
      std::optional<Fraction> factor = evaluateAtom(id, values, loader);
      if (!factor)
        return std::nullopt;
      for (unsigned i = 0; i < power; ++i)
        term = term * *factor;
      // What a bracket excludes need not have a value.
      if (term == Fraction(0))
        break;
    }
    total += term;
  }
  return total;
}
