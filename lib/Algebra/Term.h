//===- Term.h - Elements as sums of products --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A term is `c * P * X * H * U * exp(A + Q)`: P neutral, X varying with the
// index, H of results only, U entangled sums of an index part and a results
// part, A and Q the index part and the results part of the exponent.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_ALGEBRA_TERM_H
#define MOA_LIB_ALGEBRA_TERM_H

#include "moa/Algebra/Expr.h"

#include "llvm/ADT/MapVector.h"

namespace moa::algebra {

/// Expressions and their powers (or, in an exponent, coefficients).
using Powers = llvm::SmallMapVector<Ex, Rational, 2>;

struct Term {
  enum Part { P, X, H, U, A, Q };
  Rational c = 1;
  Powers parts[6];

  Term(Rational c = 1) : c(c) {}
  /// One expression in one part.
  Term(Part part, Ex e, Rational power = 1) { parts[part][e] = power; }
  /// A pure expression, in the part that it belongs to.
  static Term pure(Ex e, Rational c = 1);

  Powers &operator[](Part part) { return parts[part]; }
  const Powers &operator[](Part part) const { return parts[part]; }
  Term operator*(const Term &other) const;
  Term power(Rational n) const;
};

/// The product of powers, behind `first` if there is one; null if there is
/// neither.
Ex buildProduct(const Powers &powers, Ex first = nullptr);

/// A part of an exponent as linear combination.
Linear toLinear(const Powers &powers);

} // namespace moa::algebra

#endif // MOA_LIB_ALGEBRA_TERM_H
