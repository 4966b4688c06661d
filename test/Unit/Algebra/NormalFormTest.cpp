//===- NormalFormTest.cpp - Canonical forms of expressions ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/NormalForm.h"

#include "gtest/gtest.h"

using namespace moa::algebra;

namespace {

struct NormalFormTest : testing::Test {
  Context context;
  NormalForm forms;
  Ex x = context.leaf("x"), y = context.leaf("y"),
     z = context.leaf("z", nullptr, 0, /*positive=*/true),
     r = context.freshResult("r");
  Ex c(int64_t n, int64_t d = 1) { return context.constant(Rational(n, d)); }
};

TEST_F(NormalFormTest, Ring) {
  EXPECT_TRUE(forms.areEqual((x + y) * (x - y), x * x - y * y));
  EXPECT_TRUE(forms.areEqual(pow(x - y, 3), x * x * x - c(3) * x * x * y +
                                                c(3) * x * y * y - y * y * y));
  EXPECT_TRUE(forms.areEqual(x - x, c(0)));
  EXPECT_TRUE(forms.areEqual(x * c(1, 2) + x / c(2), x));
  EXPECT_FALSE(forms.areEqual(x * y, x + y));
}

TEST_F(NormalFormTest, Quotients) {
  EXPECT_TRUE(forms.areEqual(x / y * y, x));
  EXPECT_TRUE(forms.areEqual(x / (y * y) * y, x / y));
  EXPECT_TRUE(forms.areEqual(c(1) / (x + y) + c(1) / (x + y), c(2) / (x + y)));
  EXPECT_TRUE(forms.areEqual(c(1) / (c(2) * x + c(2) * y), c(1, 2) / (x + y)));
  EXPECT_FALSE(forms.areEqual(c(1) / (x + y), c(1) / x + c(1) / y));
}

TEST_F(NormalFormTest, Exponentials) {
  EXPECT_TRUE(forms.areEqual(exp(x) * exp(y), exp(x + y)));
  EXPECT_TRUE(forms.areEqual(exp(x - r) * exp(r - y), exp(x - y)));
  EXPECT_TRUE(forms.areEqual(exp(x) / exp(x), c(1)));
  EXPECT_TRUE(forms.areEqual(pow(exp(x), Rational(3)), exp(c(3) * x)));
  EXPECT_TRUE(forms.areEqual(exp(log(z) * c(2)), z * z));
  EXPECT_TRUE(forms.areEqual(exp(x - log(z)), exp(x) / z));
  EXPECT_FALSE(forms.areEqual(exp(x * y), exp(x) * exp(y)));
}

TEST_F(NormalFormTest, LogarithmsNeedPositiveFactors) {
  EXPECT_TRUE(forms.areEqual(log(exp(x) / z), x - log(z)));
  EXPECT_TRUE(forms.areEqual(log(z * z), c(2) * log(z)));
  EXPECT_FALSE(forms.areEqual(log(x * y), log(x) + log(y)));
  EXPECT_FALSE(forms.areEqual(log(x * x), c(2) * log(x)));
  EXPECT_FALSE(forms.areEqual(exp(log(x)), x));
}

TEST_F(NormalFormTest, RootsNeedPositiveFactors) {
  EXPECT_TRUE(forms.areEqual(sqrt(z) * sqrt(z), z));
  EXPECT_TRUE(forms.areEqual(sqrt(c(4) * z), c(2) * sqrt(z)));
  EXPECT_TRUE(forms.areEqual(sqrt(z * exp(x)), sqrt(z) * exp(x / c(2))));
  EXPECT_FALSE(forms.areEqual(sqrt(x * x), x));
}

TEST_F(NormalFormTest, Signs) {
  EXPECT_TRUE(forms.isPositive(exp(x) + x * x + z));
  EXPECT_TRUE(forms.isPositive(context.unary(Op::Abs, x)));
  EXPECT_FALSE(forms.isPositive(x));
  EXPECT_FALSE(forms.isPositive(z - exp(x)));
  EXPECT_FALSE(forms.isPositive(r));
  forms.assumePositive(r);
  EXPECT_TRUE(forms.isPositive(r));
}

TEST_F(NormalFormTest, SelectsByIndexArePolynomialInAnIndicator) {
  Ex p = context.compare(Predicate::Lt, x, y);
  EXPECT_TRUE(
      forms.areEqual(context.select(p, x + z, c(0)),
                     context.select(p, x, c(0)) + context.select(p, z, c(0))));
  EXPECT_TRUE(
      forms.areEqual(context.select(p, x, y), context.select(p, x, c(0)) + y -
                                                  context.select(p, y, c(0))));
  // An indicator is its own square.
  Ex i = context.indicator(p);
  EXPECT_TRUE(forms.areEqual(i * i, i));
}

TEST_F(NormalFormTest, InnerSumsAreLinear) {
  const int axis = 0, other = 0;
  auto sum = [&](Ex e) { return context.innerSum(e, &axis); };
  EXPECT_TRUE(forms.areEqual(sum(x * r + y), r * sum(x) + sum(y)));
  EXPECT_FALSE(forms.areEqual(sum(x), context.innerSum(x, &other)));
}

TEST_F(NormalFormTest, OpaqueCalls) {
  const int sine = 0, cosine = 0;
  auto call = [&](const void *tag, Ex e) {
    return context.call("f", tag, e, 0);
  };
  EXPECT_TRUE(forms.areEqual(call(&sine, x + y), call(&sine, y + x)));
  EXPECT_FALSE(forms.areEqual(call(&sine, x), call(&cosine, x)));
  EXPECT_FALSE(forms.areEqual(call(&sine, x), call(&sine, y)));
}

TEST_F(NormalFormTest, SplitsByIndex) {
  auto groups = forms.byIndex(forms.get(exp(x - r) * y + r * y + r));
  EXPECT_EQ(groups.size(), 3u); // exp(x) y, y, 1
  EXPECT_TRUE(groups.contains({}));
}

TEST_F(NormalFormTest, GivesUpOnBlowUp) {
  Ex sum = x;
  for (int i = 0; i < 12; ++i)
    sum = sum + context.leaf("t" + std::to_string(i));
  (void)forms.get(pow(sum, 8));
  EXPECT_TRUE(forms.takeTooBig());
  EXPECT_FALSE(forms.takeTooBig());
  (void)forms.get(pow(c(1000003) * x, 6));
  EXPECT_TRUE(forms.takeTooBig());
}

TEST(RationalTest, Arithmetic) {
  Rational half(1, 2), third(1, 3);
  EXPECT_EQ(half + third, Rational(5, 6));
  EXPECT_EQ(half - half, Rational(0));
  EXPECT_EQ(half / third, Rational(3, 2));
  EXPECT_EQ(Rational(2, -4), Rational(-1, 2));
  EXPECT_EQ(Rational(2).power(-3), Rational(1, 8));
  EXPECT_EQ(Rational(9, 4).squareRoot(), Rational(3, 2));
  EXPECT_FALSE(Rational(2).squareRoot());
}

TEST(RationalTest, OverflowIsSticky) {
  Rational big(INT64_MAX);
  EXPECT_FALSE((big * Rational(2)).isValid());
  EXPECT_FALSE((big + big).isValid());
  EXPECT_FALSE((big * Rational(2) - big).isValid());
  EXPECT_FALSE((Rational(1) / Rational(0)).isValid());
}

TEST(RationalTest, FromDouble) {
  EXPECT_EQ(Rational::fromDouble(0.375), Rational(3, 8));
  EXPECT_EQ(Rational::fromDouble(-12), Rational(-12));
  EXPECT_FALSE(Rational::fromDouble(1e300));
  EXPECT_FALSE(Rational::fromDouble(1e-30));
  EXPECT_FALSE(Rational::fromDouble(0.0 / 0.0));
}

} // namespace
