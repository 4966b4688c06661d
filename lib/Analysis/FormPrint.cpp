//===- FormPrint.cpp - Piecewise polynomials as text and JSON ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text takes the factor out that all terms share, and the denominator.
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/ClosedForm.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace moa;

static std::string textOf(const Integer &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

static bool isBracket(const FormSpace &space, AtomId id) {
  return space.atom(id).kind == FormAtom::Kind::Positive;
}

/// `f > 0` with nothing negative on either side.
static std::string comparison(const Form &f) {
  Form left(f.space()), right(f.space());
  for (const auto &[monomial, coefficient] : f.terms()) {
    Form term = Form(f.space(), 1) * coefficient;
    for (auto [id, power] : monomial)
      term = term * f.space().fromAtom(id).power(power);
    (coefficient > Fraction(0) ? left : right) += term;
  }
  right = -right;
  // a + 1 > b is a >= b.
  auto constantOf = [](const Form &form) {
    auto entry = form.terms().find(Monomial());
    return entry == form.terms().end() ? Fraction(0) : entry->second;
  };
  if (constantOf(left) == Fraction(1) && left.terms().size() > 1)
    return (left - 1).str() + " >= " + right.str();
  if (constantOf(left) == Fraction(1) && left.terms().size() == 1)
    return right.str() + " < 1";
  return left.str() + " > " + right.str();
}

static std::string atomText(const FormSpace &space, AtomId id) {
  const FormAtom &atom = space.atom(id);
  std::vector<std::string> operands;
  for (const Form &operand : atom.operands)
    operands.push_back(operand.str());
  switch (atom.kind) {
  case FormAtom::Kind::Symbol:
  case FormAtom::Kind::Axis:
    return atom.name;
  case FormAtom::Kind::Positive:
    return "[" + comparison(atom.operands[0]) + "]";
  case FormAtom::Kind::Floor:
    for (std::string &operand : operands)
      if (operand.find_first_of(" */") != std::string::npos)
        operand = "(" + operand + ")";
    return "floor(" + operands[0] + "/" + operands[1] + ")";
  case FormAtom::Kind::Sum:
    return "sum(" + operands[0] + " <= " + space.atom(atom.axis).name + " < " +
           operands[1] + ": " + operands[2] + ")";
  case FormAtom::Kind::Load:
    return atom.name + "[" + llvm::join(operands, ", ") + "]";
  }
  llvm_unreachable("unknown kind of atom");
}

static std::string monomialText(const FormSpace &space,
                                const Monomial &monomial) {
  // Brackets stand last.
  std::vector<std::string> factors;
  for (bool brackets : {false, true})
    for (auto [id, power] : monomial)
      if (isBracket(space, id) == brackets)
        factors.push_back(atomText(space, id) +
                          (power > 1 ? "^" + std::to_string(power) : ""));
  return llvm::join(factors, "*");
}

/// What all terms have in common.
static Monomial commonFactor(const Form::Terms &terms) {
  Monomial common = terms.begin()->first;
  for (const auto &[monomial, coefficient] : terms) {
    Monomial next;
    for (auto [id, power] : common)
      for (auto [other, otherPower] : monomial)
        if (id == other)
          next.emplace_back(id, std::min(power, otherPower));
    common = std::move(next);
  }
  return common;
}

static Monomial divide(const Monomial &monomial, const Monomial &by) {
  Monomial result;
  for (auto [id, power] : monomial) {
    for (auto [other, otherPower] : by)
      if (id == other)
        power -= otherPower;
    if (power > 0)
      result.emplace_back(id, power);
  }
  return result;
}

static unsigned degreeOf(const Monomial &monomial) {
  unsigned degree = 0;
  for (auto [id, power] : monomial)
    degree += power;
  return degree;
}

static std::string termsText(const FormSpace &space,
                             std::vector<std::pair<Monomial, Integer>> terms) {
  std::sort(terms.begin(), terms.end(), [](const auto &a, const auto &b) {
    return std::pair(degreeOf(b.first), a.first) <
           std::pair(degreeOf(a.first), b.first);
  });
  std::string text;
  for (const auto &[monomial, coefficient] : terms) {
    bool negative = coefficient < 0;
    Integer size = llvm::abs(coefficient);
    if (text.empty())
      text += negative ? "-" : "";
    else
      text += negative ? " - " : " + ";
    if (monomial.empty())
      text += textOf(size);
    else
      text += (size == 1 ? "" : textOf(size) + "*") +
              monomialText(space, monomial);
  }
  return text;
}

/// Terms with the same brackets, or without them.
static std::string groupText(const FormSpace &space, const Form::Terms &sum) {
  Integer denominator(1), divisor(0);
  for (const auto &[monomial, coefficient] : sum)
    denominator = llvm::lcm(denominator, coefficient.den);
  for (const auto &[monomial, coefficient] : sum)
    divisor = llvm::gcd(divisor,
                        llvm::abs((coefficient * Fraction(denominator)).num));
  Monomial common = sum.size() > 1 ? commonFactor(sum) : Monomial();
  std::vector<std::pair<Monomial, Integer>> terms;
  for (const auto &[monomial, coefficient] : sum) {
    Integer scaled = (coefficient * Fraction(denominator)).num;
    if (sum.size() > 1)
      scaled = scaled / divisor;
    terms.emplace_back(divide(monomial, common), scaled);
  }
  std::string inner = termsText(space, terms);
  if (sum.size() > 1 && (!common.empty() || divisor != 1 || denominator != 1))
    inner = "(" + inner + ")";
  std::string front = monomialText(space, common);
  if (sum.size() > 1 && divisor != 1)
    front = textOf(divisor) + (front.empty() ? "" : "*" + front);
  if (!front.empty())
    inner = front + "*" + inner;
  return denominator == 1 ? inner : inner + "/" + textOf(denominator);
}

std::string Form::str() const {
  if (sum.empty())
    return "0";
  // Terms without brackets first, then those of each product of brackets.
  std::map<Monomial, Terms> groups;
  for (const auto &[monomial, coefficient] : sum) {
    Monomial brackets, others;
    for (const auto &factor : monomial)
      (isBracket(*owner, factor.first) ? brackets : others).push_back(factor);
    groups[brackets].emplace(others, coefficient);
  }
  std::string text;
  for (const auto &[brackets, terms] : groups) {
    std::string group = groupText(*owner, terms);
    if (!brackets.empty()) {
      bool isOne = terms.size() == 1 && terms.begin()->first.empty() &&
                   terms.begin()->second == Fraction(1);
      if (terms.size() > 1 && group.back() != ')')
        group = "(" + group + ")";
      group = isOne ? monomialText(*owner, brackets)
                    : group + "*" + monomialText(*owner, brackets);
    }
    if (text.empty())
      text = group;
    else if (group.front() == '-')
      text += " - " + group.substr(1);
    else
      text += " + " + group;
  }
  return text;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static void writeAtom(llvm::json::OStream &json, const FormSpace &space,
                      AtomId id, unsigned power) {
  const FormAtom &atom = space.atom(id);
  auto write = [&](StringRef name, const Form &form) {
    json.attributeBegin(name);
    form.writeJSON(json);
    json.attributeEnd();
  };
  json.object([&] {
    switch (atom.kind) {
    case FormAtom::Kind::Symbol:
    case FormAtom::Kind::Axis:
      json.attribute("symbol", atom.name);
      break;
    case FormAtom::Kind::Positive:
      write("positive", atom.operands[0]);
      break;
    case FormAtom::Kind::Floor:
      write("floor", atom.operands[0]);
      write("by", atom.operands[1]);
      break;
    case FormAtom::Kind::Sum:
      json.attribute("axis", space.atom(atom.axis).name);
      write("from", atom.operands[0]);
      write("to", atom.operands[1]);
      write("sum", atom.operands[2]);
      break;
    case FormAtom::Kind::Load:
      json.attribute("load", atom.name);
      json.attributeArray("index", [&] {
        for (const Form &index : atom.operands)
          index.writeJSON(json);
      });
      break;
    }
    if (power != 1)
      json.attribute("power", power);
  });
}

void Form::writeJSON(llvm::json::OStream &json) const {
  json.array([&] {
    for (const auto &[monomial, coefficient] : sum)
      json.object([&] {
        std::string number = textOf(coefficient.num);
        if (coefficient.den != 1)
          number += "/" + textOf(coefficient.den);
        json.attribute("coefficient", number);
        if (monomial.empty())
          return;
        json.attributeArray("factors", [&, &monomial = monomial] {
          for (auto [id, power] : monomial)
            writeAtom(json, *owner, id, power);
        });
      });
  });
}
