//===- ClosedForm.h - Piecewise polynomials in extents ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a count is written in: polynomials with rational coefficients over
// extents, in which Iverson brackets make the pieces. `[f > 0]` is 1 where the
// bracket holds, else 0; so `max(a, b) = b + (a - b) [a - b > 0]`, and a sum
// over an axis whose bounds depend on other axes is again such a polynomial.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ANALYSIS_CLOSEDFORM_H
#define MOA_ANALYSIS_CLOSEDFORM_H

#include "moa/Support/LLVM.h"

#include "mlir/Analysis/Presburger/Fraction.h"

#include "llvm/Support/JSON.h"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace moa {

class FormSpace;
using Fraction = mlir::presburger::Fraction;
using Integer = llvm::DynamicAPInt;

/// The number of an atom in its space.
using AtomId = unsigned;

/// Powers of atoms, by ascending number; the empty one is 1.
using Monomial = std::vector<std::pair<AtomId, unsigned>>;

/// A polynomial over the atoms of a space. Its value is an integer wherever the
/// counts need it, though coefficients may be fractions: n(n - 1)/2.
class Form {
public:
  using Terms = std::map<Monomial, Fraction>;

  Form(FormSpace &space, int64_t value = 0);

  const Terms &terms() const { return sum; }
  FormSpace &space() const { return *owner; }
  bool isZero() const { return sum.empty(); }
  /// The value, if it is the same everywhere.
  std::optional<Fraction> constant() const;
  /// The atom, if this is an atom and nothing else.
  std::optional<AtomId> atom() const;

  Form operator+(const Form &other) const;
  Form operator-(const Form &other) const { return *this + other * -1; }
  Form operator-() const { return *this * -1; }
  Form operator*(const Form &other) const;
  Form operator*(const Fraction &factor) const;
  Form operator*(int64_t factor) const { return *this * Fraction(factor); }
  Form operator+(int64_t value) const { return *this + Form(*owner, value); }
  Form operator-(int64_t value) const { return *this + -value; }
  Form &operator+=(const Form &other) { return *this = *this + other; }
  Form power(unsigned exponent) const;

  bool operator==(const Form &other) const { return sum == other.sum; }
  bool operator<(const Form &other) const { return sum < other.sum; }

  /// The coefficients of the powers of `variable` in the terms.
  std::map<unsigned, Form> coefficients(AtomId variable) const;
  /// True if the value may change with `variable`.
  bool dependsOn(AtomId variable) const;

  /// Text as in `b*h*(n^2 + n)/2`.
  std::string str() const;
  /// The same as a tree, to be evaluated elsewhere.
  void writeJSON(llvm::json::OStream &json) const;

private:
  friend class FormSpace;
  void add(const Monomial &monomial, const Fraction &coefficient);

  FormSpace *owner;
  Terms sum;
};

/// What a factor of a term can be.
struct FormAtom {
  enum class Kind {
    /// A number that is given: an extent, a scalar argument.
    Symbol,
    /// The variable of a loop.
    Axis,
    /// [f > 0].
    Positive,
    /// The integer part of f / g.
    Floor,
    /// The sum of a form over an axis: what has no closed form.
    Sum,
    /// An element of an array of integers.
    Load
  };
  Kind kind;
  std::string name = {};
  /// Positive: f. Floor: f, g. Sum: from, to, what. Load: the index.
  std::vector<Form> operands = {};
  /// Sum: over which axis.
  AtomId axis = 0;
  /// Symbol: the least value, if one is known.
  std::optional<int64_t> least = std::nullopt;
  /// Symbol: what it stands for, if it is derived of others. Axis: its range,
  /// from the first value to the one behind the last.
  std::vector<Form> meaning = {};
};

/// Atoms, each once, and what is known about them.
class FormSpace {
public:
  /// With `nonempty`, symbols that are extents are taken to be at least 1.
  explicit FormSpace(bool nonempty = false) : nonempty(nonempty) {}
  FormSpace(const FormSpace &) = delete;

  const FormAtom &atom(AtomId id) const { return atoms[id]; }
  unsigned numAtoms() const { return atoms.size(); }
  Form fromAtom(AtomId id);

  /// The extent or number of this name.
  Form symbol(StringRef name, bool isExtent);
  /// A new symbol that stands for `meaning`.
  Form define(StringRef prefix, const Form &meaning);
  /// Takes `form` for an extent, which is not negative, if it is a symbol.
  void assumeExtent(const Form &form);
  /// A new axis; its range is told with `setRange`.
  AtomId axis(StringRef name);
  void setRange(AtomId axis, const Form &from, const Form &to);

  Form positive(const Form &f);
  Form floorDiv(const Form &f, const Form &g);
  Form load(StringRef array, ArrayRef<Form> index);
  Form max(const Form &a, const Form &b) { return b + notNegative(a - b); }
  Form min(const Form &a, const Form &b) { return a - notNegative(a - b); }
  /// max(f, 0).
  Form notNegative(const Form &f);

  /// The sum of `what` over `from <= axis < to`.
  Form sum(AtomId axis, const Form &from, const Form &to, const Form &what);

  Form substitute(const Form &form, AtomId atom, const Form &by);

  /// The same without brackets that a factor of their terms implies.
  Form tidy(const Form &form);

  /// True if f >= 0 has been proved; false says nothing.
  bool isNotNegative(const Form &f, unsigned depth = 0);

  using Values = std::map<AtomId, Integer>;
  using Loader = std::function<std::optional<Integer>(
      StringRef array, ArrayRef<Integer> index)>;
  /// The value, if all symbols have one.
  std::optional<Fraction> evaluate(const Form &form, Values &values,
                                   const Loader &loader = nullptr);

private:
  friend class Form;
  AtomId intern(FormAtom atom);
  /// Applies what holds for brackets: none if the product is 0.
  std::optional<Monomial> simplify(Monomial monomial);
  bool isImplied(AtomId bracket, const Monomial &monomial);
  enum class Relation { None, FirstImplies, SecondImplies, Exclude };
  Relation relate(AtomId a, AtomId b);
  Form splitBracket(const Form &f, AtomId bracket);
  std::optional<AtomId> findBracket(const Form &form,
                                    std::optional<AtomId> axis) const;
  /// `form` with the bracket taken for `holds`.
  Form decide(const Form &form, AtomId bracket, bool holds);
  Form sumPolynomial(AtomId axis, const Form &from, const Form &to,
                     const Form &what);
  Form sumWithin(AtomId axis, const Form &from, const Form &to,
                 const Form &what);
  std::optional<Form> sumPieces(AtomId axis, const Form &from, const Form &to,
                                const Form &what);
  Form sumOpen(AtomId axis, const Form &from, const Form &to,
               const Form &what);
  Form rebuild(AtomId id, AtomId atom, const Form &by);
  bool boundAxes(Form &f, unsigned depth);
  bool hasNoNegativeTerm(const Form &f, unsigned depth);
  std::optional<Form> withoutFloor(const Form &f);
  bool isAtomNotNegative(AtomId id, unsigned depth);
  std::optional<Fraction> evaluateAtom(AtomId id, Values &values,
                                       const Loader &loader);

  bool nonempty;
  /// Proofs that are under way, one in the other, and what they take to be not
  /// negative.
  unsigned proofDepth = 0;
  std::vector<Form> premises;
  /// In a deque, since references to atoms are held while new ones are made.
  std::deque<FormAtom> atoms;
  std::map<std::string, AtomId> known;
  std::map<std::pair<AtomId, AtomId>, Relation> relations;
};

} // namespace moa

#endif // MOA_ANALYSIS_CLOSEDFORM_H
