//===- Tower.h - Derivation of one-pass towers ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tower grows fold by fold. Each naive fold, whose element uses results that
// the tower has already, becomes results with corrections, and a value: an
// expression over results. What cannot be corrected, or not stably, is refused
// with the subexpression and the reason. Nothing here knows a program, only the
// algebra of the operations.
//
// The element as written is evaluated at the running results; only pure factors
// move out. An entangled atom, a sum of an index part and a results part such
// as `x - mean`, is never expanded: it is shifted, by companion sums.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_TOWER_H
#define MOA_ALGEBRA_TOWER_H

#include "moa/Algebra/NormalForm.h"
#include "moa/Algebra/Proof.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/LogicalResult.h"

#include <functional>

namespace moa::algebra {

struct Term;

struct TowerOptions {
  /// Keep companion sums that vanish over the reals: they carry the rounding
  /// residue, so that shifted moments are exact at one state more.
  bool exactMoments = false;
  /// The type of counts, 0 if there are no types.
  uint8_t countType = 0;
  /// Types between truth values and this are integers, whose sums are taken as
  /// they are.
  uint8_t firstFloatType = 0;
  /// More results are refused.
  unsigned maxResults = 32;
};

/// The tower of one pass.
class Tower {
public:
  Tower(Context &context, TowerOptions options)
      : context(context), options(options), proof(context, forms) {}

  /// Adds a naive fold of `element`, over results of this tower, the index and
  /// parameters; the state is of type `type`. Returns its value over results;
  /// on failure the tower is as before, and `refusal` says why.
  llvm::FailureOr<Ex> fold(Reducer reducer, Ex element, uint8_t type = 0);

  /// The number of indices as a result, made on first use.
  Ex count();

  llvm::ArrayRef<TowerResult> results() const { return list; }
  const Refusal &refusal() const { return lastRefusal; }

private:
  // Tower.cpp
  llvm::FailureOr<Ex> derive(Reducer reducer, Ex element);
  llvm::FailureOr<Ex> deriveSum(Ex element);
  llvm::FailureOr<Ex> deriveProduct(const std::vector<Term> &terms, Ex element);
  Ex deriveRanked(Reducer reducer, Ex element);
  Ex append(Reducer reducer, Ex element, Ex correct, Ex raw,
            Ex symbol = nullptr);
  Ex newSymbol();
  void learn(Ex symbol, const Polynomial &form);
  llvm::LogicalResult refuse(Ex where, std::string why);
  const TowerResult *find(Ex symbol) const;

  // Factor.cpp: elements as sums of products.
  using TermList = std::vector<Term>;
  llvm::FailureOr<TermList> terms(Ex e);
  llvm::FailureOr<TermList> quotientTerms(Ex e);
  llvm::FailureOr<TermList> exponentialTerms(Ex e);
  llvm::FailureOr<TermList> logarithmTerms(Ex e);
  llvm::FailureOr<TermList> powerTerms(Ex e, Rational n);
  llvm::FailureOr<TermList> innerSumTerms(Ex e);
  llvm::FailureOr<TermList> selectTerms(Ex e);
  TermList product(const TermList &a, const TermList &b);
  Term plain(Term term);

  // Companions.cpp: corrections of sums.
  llvm::FailureOr<Ex> groupValue(const TermList &group);
  llvm::FailureOr<Ex> reuse(Ex e);
  Ex build(const Term &term, bool total);
  Ex build(const TermList &terms, bool total);
  llvm::FailureOr<Ex> scaleFactor(const Term &term);
  llvm::FailureOr<TermList> settle(Term term);
  TermList derivative(const TermList &group, llvm::ArrayRef<Ex> atoms,
                      llvm::ArrayRef<int64_t> order);

  // Extremes.cpp: max and min.
  struct Chain;
  llvm::FailureOr<Ex> deriveExtreme(Reducer reducer, Ex element);
  llvm::FailureOr<Ex> scaledExtreme(Reducer reducer, Ex element);
  std::optional<Chain> monotoneChain(Ex e);
  std::optional<Chain> chainOfSum(Ex e);
  std::optional<Chain> chainOfProduct(Ex e);
  Ex extremeOf(Reducer reducer, Ex g);

  // Totality.cpp
  double atEmptyState(Ex e);
  Ex total(Ex e);
  Ex totalParts(Ex e);
  Ex scaled(Ex value, const Term &factor);

  // Sign.cpp
  std::optional<int> moves(Ex e);
  bool isTame(Ex e);

  Context &context;
  TowerOptions options;
  NormalForm forms;
  TransportProof proof;
  llvm::SmallVector<TowerResult> list;
  /// The elements as written, before they were made total.
  llvm::DenseMap<Ex, Ex> rawElements;
  /// Sums of index monomials over the range, over results.
  std::map<Monomial, Polynomial> known;
  Ex countSymbol;
  uint8_t type = 0;
  bool cancelling = false;
  Refusal lastRefusal;
};

} // namespace moa::algebra

#endif // MOA_ALGEBRA_TOWER_H
