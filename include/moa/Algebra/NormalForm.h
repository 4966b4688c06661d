//===- NormalForm.h - Canonical forms of expressions ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Laurent polynomials with rational coefficients over opaque atoms, times one
// exp(polynomial). exp is a homomorphism: products of exps merge, exp(c log a)
// is a^c. log and fractional powers split products of provably positive factors
// only. Equal forms mean equal functions; different forms prove nothing.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_NORMALFORM_H
#define MOA_ALGEBRA_NORMALFORM_H

#include "moa/Algebra/Expr.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace moa::algebra {

struct Factor {
  unsigned atom;
  Rational power;
  auto operator<=>(const Factor &) const = default;
};

/// A product of powers of different atoms, by number of the atom.
using Monomial = std::vector<Factor>;
/// A sum of monomials with nonzero coefficients.
using Polynomial = std::map<Monomial, Rational>;

/// Makes canonical forms. Old values count as the results themselves, a pivot
/// as what it guards.
class NormalForm {
public:
  /// Products of more terms are given up (`takeTooBig`).
  explicit NormalForm(unsigned maxTerms = 400) : maxTerms(maxTerms) {}

  const Polynomial &get(Ex e);
  bool areEqual(Ex a, Ex b) { return get(a) == get(b); }

  static Polynomial constant(Rational c);
  static Polynomial add(const Polynomial &a, const Polynomial &b,
                        Rational scale = 1);
  Polynomial multiply(const Polynomial &a, const Polynomial &b);
  /// `p` to a negative or fractional power.
  Polynomial power(const Polynomial &p, Rational exponent);
  /// The form of a result, leaf or parameter.
  Polynomial symbol(Ex atom);

  /// True if `p` is provably positive (or zero).
  bool isPositive(const Polynomial &p) const;
  bool isPositive(Ex e) { return isPositive(get(e)); }
  void assumePositive(Ex result);

  /// The part of a monomial that varies with the index, and the rest.
  std::pair<Monomial, Monomial> splitIndex(const Monomial &m);
  /// The form as a sum of index monomials times forms without the index.
  std::map<Monomial, Polynomial> byIndex(const Polynomial &p);
  bool dependsOnResults(const Polynomial &p) const;
  bool dependsOnIndex(const Polynomial &p) const;
  /// Every atom of `m` as the expression that it is; null if one is compound.
  Ex toProduct(const Monomial &m, Rational c, Context &context) const;
  /// `p` with the form `value` for the atom of `result`; only where it stands
  /// as a plain nonnegative integer power, else `fails`.
  Polynomial replaceSymbol(const Polynomial &p, Ex result,
                           const Polynomial &value, bool &fails);
  /// The parts of `p` without and with the symbol to the first power; fails if
  /// it occurs in another way.
  bool splitLinear(const Polynomial &p, Ex result, Polynomial &without,
                   Polynomial &coefficient);

  /// True once if something was given up or overflowed since the last call;
  /// what was computed in between means nothing.
  bool takeTooBig();

private:
  enum class Kind : uint8_t { Symbol, Exp, Number, Sum, Log, Function };
  struct Atom {
    Kind kind;
    unsigned op = 0;            // Function: Op and predicate
    unsigned symbol = 0;        // Symbol, Function: the serial of an expression
    std::vector<unsigned> args; // polynomials
    Rational number = 0;
    auto operator<=>(const Atom &) const = default;
  };
  struct AtomInfo {
    Atom atom;
    Ex expr;
    bool index = false, results = false;
  };

  Polynomial build(Ex e);
  Polynomial buildSelect(Ex e);
  Polynomial buildInnerSum(Ex e);
  Polynomial buildFunction(Ex e);
  Polynomial buildExp(const Polynomial &p);
  Polynomial buildLog(const Polynomial &p);
  Polynomial integerPower(const Polynomial &p, int64_t n);
  Monomial multiply(const Monomial &a, const Monomial &b);
  Monomial raise(const Monomial &m, Rational n);
  Polynomial ofAtom(Atom atom, Ex expr = nullptr, Rational power = 1);
  unsigned intern(Atom atom, Ex expr);
  unsigned intern(const Polynomial &p);
  bool isPositiveAtom(const AtomInfo &info) const;

  unsigned maxTerms;
  bool tooBig = false;
  std::map<Atom, unsigned> atomNumbers;
  std::vector<AtomInfo> atoms;
  std::map<Polynomial, unsigned> polynomialNumbers;
  std::vector<const Polynomial *> polynomials;
  llvm::DenseMap<Ex, std::unique_ptr<Polynomial>> memo;
  llvm::DenseMap<const Expr *, bool> positive;
  std::map<const void *, unsigned> callNumbers;
};

} // namespace moa::algebra

#endif // MOA_ALGEBRA_NORMALFORM_H
