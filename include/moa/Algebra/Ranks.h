//===- Ranks.h - Extremes by rank, and what goes with them ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The extremes of one index expression `x` by rank: the first is a fold by max or
// min of `x`, the next one of `select(x < r_1, x, -inf)`, and so on: the largest of
// what is less. Values are distinct. With them go payloads: what is accumulated
// where `x` is the extreme of some rank, `select(x == r_i, g, identity)`.
//
// Of a set X with extremes r_1 > .. > r_i and a new extreme n of rank i - 1 of a
// larger set, the largest element of X below n is the first r_j below n: since
// n >= r_{i-1}, one of the i is. Likewise what belongs to `x == n` in X belongs to
// the r_j that equals n, if one does. Rule fold_ranks of docs/spec.md.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_RANKS_H
#define MOA_ALGEBRA_RANKS_H

#include "moa/Algebra/Proof.h"

namespace moa::algebra {

/// Results of a tower that are the extremes r_1, r_2, .. of one expression.
using Ranks = llvm::SmallVector<const TowerResult *, 4>;

/// If `e` under `reducer` is the extreme after some ranks, these; else none.
Ranks matchNextExtreme(NormalForm &forms, Reducer reducer, Ex e,
                       llvm::ArrayRef<TowerResult> results);

/// If `e` keeps a payload where an index expression equals its extreme of rank i,
/// the ranks up to that; else none.
Ranks matchPayload(NormalForm &forms, Reducer reducer, Ex e,
                   llvm::ArrayRef<TowerResult> results);

/// The payload `select(x == r_j, g, identity)` of another rank than that of `e`.
Ex payloadAt(Context &context, Ex e, const TowerResult &extreme);

/// `max_j select(old r_j < new r_{i-1}, old r_j, -inf)` over j = 1 .. i, where
/// `self` is r_i.
Ex correctNextExtreme(Context &context, Reducer reducer, const Ranks &before,
                      Ex self);

/// The payload of the first `old r_j == new r_i`, else the identity. `payloads`
/// are the results p_1 .. p_i.
Ex correctPayload(Context &context, const Ranks &ranks,
                  llvm::ArrayRef<Ex> payloads, Ex identity);

} // namespace moa::algebra

#endif // MOA_ALGEBRA_RANKS_H
