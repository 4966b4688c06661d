//===- ClosedFormTest.cpp - Piecewise polynomials ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, brackets and the prover against evaluation at small numbers.
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/ClosedForm.h"

#include "gtest/gtest.h"

#include <random>

using namespace moa;

static int64_t valueOf(FormSpace &space, const Form &form,
                       FormSpace::Values values) {
  std::optional<Fraction> value = space.evaluate(form, values);
  EXPECT_TRUE(value && value->den == 1) << form.str();
  return value ? int64_t(value->num) : -1;
}

TEST(ClosedForm, Arithmetic) {
  FormSpace space;
  Form n = space.symbol("n", true), m = space.symbol("m", true);
  EXPECT_EQ(((n + m) * (n - m)).str(), "n^2 - m^2");
  EXPECT_EQ((n * 2 + m * 4).str(), "2*(n + 2*m)");
  EXPECT_EQ(Form(space).str(), "0");
  EXPECT_TRUE((n - n).isZero());
  EXPECT_EQ(n.power(3).str(), "n^3");
}

TEST(ClosedForm, BracketsAreDecided) {
  FormSpace space;
  Form n = space.symbol("n", true), m = space.symbol("m", true);
  EXPECT_EQ(space.positive(n + 1).str(), "1");
  EXPECT_EQ(space.positive(-n).str(), "0");
  // Twice something is positive where it is.
  EXPECT_EQ(space.positive(n * 2 - m * 2), space.positive(n - m));
  EXPECT_EQ(space.positive(n * 2 - 1), space.positive(n));
  // One of the two holds.
  EXPECT_EQ((space.positive(n - m) + space.positive(m - n + 1)).str(), "1");
  // The stronger one is left.
  EXPECT_EQ(space.positive(n - m) * space.positive(n - m + 1),
            space.positive(n - m));
  EXPECT_TRUE((space.positive(n - m) * space.positive(m - n)).isZero());
  EXPECT_EQ(n * space.positive(n), n);
  EXPECT_EQ(space.tidy((n + m) * space.positive(n + m)), n + m);
}

TEST(ClosedForm, Divisions) {
  FormSpace space;
  Form n = space.symbol("n", true);
  EXPECT_EQ(space.floorDiv(n * 4 + 3, Form(space, 4)), n);
  Form half = space.floorDiv(n, Form(space, 2));
  EXPECT_TRUE(space.isNotNegative(half));
  EXPECT_TRUE(space.isNotNegative(n - half));
  EXPECT_FALSE(space.isNotNegative(half - n));
  // floor((n - 1) / 2) >= 0 is n > 0.
  EXPECT_EQ(space.positive(space.floorDiv(n - 1, Form(space, 2)) + 1),
            space.positive(n));
}

TEST(ClosedForm, Triangles) {
  FormSpace space;
  Form n = space.symbol("n", true);
  AtomId i = space.axis("i"), k = space.axis("k");
  space.setRange(i, Form(space), n);
  Form rows = space.sum(k, Form(space), space.fromAtom(i) + 1, Form(space, 1));
  EXPECT_EQ(space.sum(i, Form(space), n, rows).str(), "n*(n + 1)/2");
  // An empty range has the sum 0, where the polynomial is not.
  Form m = space.symbol("m", false);
  Form sum = space.sum(k, Form(space, 2), m, space.fromAtom(k));
  for (int64_t value = -4; value < 8; ++value) {
    int64_t expected = 0;
    for (int64_t x = 2; x < value; ++x)
      expected += x;
    EXPECT_EQ(valueOf(space, sum, {{*m.atom(), Integer(value)}}), expected);
  }
}

namespace {
/// Random forms over two symbols and two axes.
class RandomForms {
public:
  RandomForms(FormSpace &space, unsigned seed) : space(space), random(seed) {}

  int64_t number(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  }
  Form linear(ArrayRef<Form> variables) {
    Form form(space, number(-3, 3));
    for (const Form &variable : variables)
      form += variable * number(-1, 1);
    return form;
  }
  Form piecewise(ArrayRef<Form> variables) {
    Form form = linear(variables) * linear(variables);
    form = form * space.positive(linear(variables)) + linear(variables);
    if (number(0, 2) == 0)
      form += space.floorDiv(linear(variables), Form(space, number(2, 3))) *
              linear(variables);
    return form;
  }

  FormSpace &space;
  std::mt19937 random;
};
} // namespace

TEST(ClosedForm, RandomSums) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    FormSpace space;
    RandomForms forms(space, seed);
    Form n = space.symbol("n", true), m = space.symbol("m", true);
    AtomId i = space.axis("i"), k = space.axis("k");
    Form x = space.fromAtom(i), y = space.fromAtom(k);
    space.setRange(i, Form(space), n);
    Form from = forms.linear({n, m, x}),
         to = space.min(forms.linear({n, m, x}), forms.linear({m, x}));
    space.setRange(k, from, to);
    Form what = forms.piecewise({n, m, x, y});
    Form sum = space.sum(i, Form(space), n, space.sum(k, from, to, what));
    for (int64_t a = 0; a < 5; ++a)
      for (int64_t b = 0; b < 4; ++b) {
        FormSpace::Values values{{*n.atom(), Integer(a)},
                                 {*m.atom(), Integer(b)}};
        int64_t expected = 0;
        for (int64_t row = 0; row < a; ++row) {
          values[i] = Integer(row);
          int64_t low = valueOf(space, from, values),
                  high = valueOf(space, to, values);
          for (int64_t column = low; column < high; ++column) {
            values[k] = Integer(column);
            expected += valueOf(space, what, values);
          }
          values.erase(k);
        }
        values.erase(i);
        EXPECT_EQ(valueOf(space, sum, values), expected)
            << "seed " << seed << ", n = " << a << ", m = " << b << ": "
            << sum.str();
      }
  }
}

TEST(ClosedForm, WhatIsProvedHolds) {
  unsigned proved = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    FormSpace space;
    RandomForms forms(space, seed);
    Form n = space.symbol("n", true), m = space.symbol("m", true);
    AtomId i = space.axis("i");
    space.setRange(i, Form(space), n);
    Form claim = forms.piecewise({n, m, space.fromAtom(i)});
    if (!space.isNotNegative(claim))
      continue;
    ++proved;
    for (int64_t a = 0; a < 5; ++a)
      for (int64_t b = 0; b < 5; ++b)
        for (int64_t row = 0; row < a; ++row)
          EXPECT_GE(valueOf(space, claim,
                            {{*n.atom(), Integer(a)},
                             {*m.atom(), Integer(b)},
                             {i, Integer(row)}}),
                    0)
              << "seed " << seed << ": " << claim.str();
  }
  EXPECT_GE(proved, 5u);
}
