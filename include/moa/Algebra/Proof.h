//===- Proof.h - The transport law of towers, proved ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tower is a list of results, each with a reducer, an element over the
// results before it, and a correction `C_i(old, new)`. The transport law
//
//     (T)   C_i(state(X), state_<i(Y)) = SUM_i over k in X of e_i(k,
//     state_<i(Y))
//
// for all finite X in Y lets it run in one pass, in tiles and in parts. It is
// proved here by canonical forms alone, whoever wrote the tower.
//
// Under add: the element is a sum of index monomials times functions of
// results, so every sum over X is a combination of the unknown sums of index
// monomials. Each old value is one equation between these. The law holds if the
// equations make the correction equal to the sum of the elements at the new
// results.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_PROOF_H
#define MOA_ALGEBRA_PROOF_H

#include "moa/Algebra/NormalForm.h"

#include <optional>
#include <string>

namespace moa::algebra {

/// Why something is refused, and the subexpression at which.
struct Refusal {
  Ex where;
  std::string why;
  std::string str() const { return why + (where ? ": " + where->str() : ""); }
};

struct TowerResult {
  /// The Op::Res that stands for it.
  Ex symbol;
  Reducer reducer;
  /// Over results and the index.
  Ex element;
  /// Over Op::Old and Op::New; null if the old value needs no correction.
  Ex correct;
};

/// Proves the law of a tower, result by result.
class TransportProof {
public:
  TransportProof(Context &context, NormalForm &forms)
      : context(&context), forms(&forms) {}

  /// Proves the law of the next result; says what fails.
  std::optional<Refusal> add(const TowerResult &result);
  /// How many results it has seen.
  size_t size() const { return results.size(); }

private:
  std::optional<Refusal> proveSum(const TowerResult &result);
  std::optional<Refusal> proveExtreme(const TowerResult &result);
  std::optional<Refusal> proveEmpty(const TowerResult &result);
  bool isRanked(const TowerResult &result);
  const TowerResult *find(Ex symbol) const;
  Polynomial sumOf(const std::map<Monomial, Polynomial> &groups);
  void learn(const TowerResult &result,
             const std::map<Monomial, Polynomial> &groups);
  /// `p` without old values that are functions of others; fails if one stands
  /// where it cannot be replaced.
  Polynomial withoutRedundant(Polynomial p, bool &fails);

  Context *context;
  NormalForm *forms;
  std::vector<TowerResult> results;
  /// Sums over X of index monomials, over old values and unknown sums.
  std::map<Monomial, Polynomial> sums;
  /// Old values that say nothing new, and what they are equal to.
  std::vector<std::pair<Ex, Polynomial>> redundant;
  unsigned nextUnknown = 0;
};

/// True if `e` is the identity of `reducer`.
bool isIdentity(Ex e, Reducer reducer);

/// A maximal subexpression of `e` over results only that is not finite at the
/// empty state; null if there is none.
Ex findNotTotal(Ex e, llvm::ArrayRef<TowerResult> results);

} // namespace moa::algebra

#endif // MOA_ALGEBRA_PROOF_H
