//===- ChainTest.cpp - Which chains fuse, and what they compute -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulate.h"

#include "gtest/gtest.h"

#include <cmath>
#include <functional>

using namespace moa::algebra;
using namespace moa::algebra::test;

namespace {

struct Case {
  const char *name;
  /// States of the one pass, or of a refused program 0.
  unsigned states;
  /// A part of the reason of a refusal.
  const char *reason;
  std::function<void(Program &)> build;
};

void PrintTo(const Case &c, std::ostream *os) { *os << c.name; }

/// Short names for what programs are written with.
struct Writer {
  Program &p;
  Ex s = p.leaf("s"), v = p.leaf("v"), x = p.leaf("x"), y = p.leaf("y"),
     w = p.leaf("w"), xp = p.leaf("xp", true), wp = p.leaf("wp", true),
     g = p.leaf("g"), b = p.leaf("b"), W = p.leaf("W"), s2 = p.leaf("s2"),
     k = p.leaf("k"), msk = p.leaf("msk");
  Ex r(const char *name) { return p.result(name); }
  Ex n() { return p.extent(); }
  Ex mu() { return r("S") / n(); }
  Ex unary(Op op, Ex e) { return p.context.unary(op, e); }
  Ex abs(Ex e) { return unary(Op::Abs, e); }
  Ex round(Ex e) { return p.context.call("round", "round", e, 0, true); }
  Ex lt(Ex a, Ex c) { return p.context.compare(Predicate::Lt, a, c); }
  Ex eq(Ex a, Ex c) { return p.context.compare(Predicate::Eq, a, c); }
  Ex sel(Ex c, Ex a, Ex e) { return p.context.select(c, a, e); }
  Ex inf(int sign) { return p.context.infinity(sign); }
  Ex par(const char *name, bool positive = false) {
    return p.context.parameter(name, nullptr, 0, positive);
  }
  void add(const char *name, Ex e) { p.fold(name, Reducer::Add, e); }
  void max(const char *name, Ex e) { p.fold(name, Reducer::Max, e); }
  void min(const char *name, Ex e) { p.fold(name, Reducer::Min, e); }
  void mul(const char *name, Ex e) { p.fold(name, Reducer::Mul, e); }
  Ex soft() {
    max("m", s);
    add("l", exp(s - r("m")));
    return exp(s - r("m")) / r("l");
  }
  Ex soft2() {
    max("m2", s2);
    add("l2", exp(s2 - r("m2")));
    return exp(s2 - r("m2")) / r("l2");
  }
  void moments() {
    add("S", x);
    add("M2", pow(x - mu(), 2));
  }
  Ex sd() { return sqrt(r("M2") / n()); }
};

const Case cases[] = {
    // One pass.
    {"Attention", 3, "",
     [](Program &p) {
       Writer t{p};
       t.add("o", t.soft() * t.v);
     }},
    {"AttentionThroughLse", 3, "",
     [](Program &p) {
       Writer t{p};
       t.soft();
       t.add("o", exp(t.s - (t.r("m") + log(t.r("l")))) * t.v);
     }},
    {"AttentionTwoExps", 3, "",
     [](Program &p) {
       Writer t{p};
       t.soft();
       t.add("o", exp(t.s) * exp(-t.r("m")) * t.v / t.r("l"));
     }},
    {"SoftmaxWithoutMax", 2, "",
     [](Program &p) {
       Writer t{p};
       t.add("l", exp(t.s));
       t.add("o", exp(t.s) / t.r("l") * t.v);
     }},
    {"NestedDotSoftcapAlibiMask", 3, "",
     [](Program &p) {
       Writer t{p};
       Ex dot = p.context.innerSum(p.leaf("q@") * p.leaf("kk@"), "d");
       Ex capped = p.c(50) * t.unary(Op::Tanh, dot / p.c(50));
       Ex score = t.sel(t.lt(p.c(0), t.msk),
                        capped + t.par("slope", true) * t.k, t.inf(-1));
       t.max("m", score);
       t.add("l", exp(score - t.r("m")));
       t.add("o", exp(score - t.r("m")) / t.r("l") * t.v);
     }},
    {"LearnedSink", 3, "",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.s);
       Ex big = p.context.binary(Op::Max, t.r("m"), t.par("sink"));
       t.add("l", exp(t.s - big));
       t.add("o", exp(t.s - big) / (t.r("l") + exp(t.par("sink") - big)) * t.v);
     }},
    {"Temperature", 3, "",
     [](Program &p) {
       Writer t{p};
       Ex temp = t.par("t", true);
       t.max("m", t.s);
       t.add("l", exp((t.s - t.r("m")) / temp));
       t.add("o", exp((t.s - t.r("m")) / temp) / t.r("l") * t.v);
     }},
    {"LogSumExp", 2, "", [](Program &p) { Writer{p}.soft(); }},
    {"CrossEntropy", 3, "",
     [](Program &p) {
       Writer t{p};
       t.soft();
       t.add("t", t.sel(t.eq(t.k, t.par("label")), t.s, p.c(0)));
     }},
    {"Entropy", 3, "",
     [](Program &p) {
       Writer t{p};
       Ex q = t.soft2();
       t.add("h", q * log(q));
     }},
    {"EntropyMasked", 4, "",
     [](Program &p) {
       Writer t{p};
       Ex q = t.soft();
       t.add("h", t.sel(t.lt(t.inf(-1), t.s), q * log(q), p.c(0)));
     }},
    {"KullbackLeibler", 5, "",
     [](Program &p) {
       Writer t{p};
       Ex q = t.soft2();
       t.max("mx", t.x);
       t.add("lx", exp(t.x - t.r("mx")));
       t.add("kl", q * (log(q) - log(exp(t.x - t.r("mx")) / t.r("lx"))));
     }},
    {"ParticipationRatio", 3, "",
     [](Program &p) {
       Writer t{p};
       t.add("r", pow(t.soft(), 2));
     }},
    {"WeightedMeanVariance", 4, "",
     [](Program &p) {
       Writer t{p};
       Ex q = t.soft();
       t.add("mu", q * t.v);
       t.add("var", q * pow(t.v - t.r("mu"), 2));
     }},
    {"WeightedSkewness", 5, "",
     [](Program &p) {
       Writer t{p};
       Ex q = t.soft();
       t.add("mu", q * t.v);
       t.add("var", q * pow(t.v - t.r("mu"), 2));
       t.add("sk", q * pow((t.v - t.r("mu")) / sqrt(t.r("var")), 3));
     }},
    {"SoftArgmin", 3, "",
     [](Program &p) {
       Writer t{p};
       t.min("m", t.x);
       t.add("l", exp(t.r("m") - t.x));
       t.add("o", exp(t.r("m") - t.x) / t.r("l") * t.k);
     }},
    {"MeanVariance", 3, "", [](Program &p) { Writer{p}.moments(); }},
    {"Moments34", 5, "",
     [](Program &p) {
       Writer t{p};
       t.moments();
       t.add("k3", pow((t.x - t.mu()) / t.sd(), 3));
       t.add("k4", pow((t.x - t.mu()) / t.sd(), 4));
     }},
    {"WeightedVariance", 3, "",
     [](Program &p) {
       Writer t{p};
       t.add("Z", t.wp);
       t.add("A", t.wp * t.x);
       t.add("V", t.wp * pow(t.x - t.r("A") / t.r("Z"), 2));
     }},
    {"Covariance", 4, "",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("Y", t.y);
       t.add("C", (t.x - t.mu()) * (t.y - t.r("Y") / t.n()));
     }},
    {"LayerNormContraction", 6, "",
     [](Program &p) {
       Writer t{p};
       t.moments();
       t.add("o", ((t.x - t.mu()) /
                       sqrt(t.r("M2") / t.n() + p.c(1.0 / 131072)) * t.g +
                   t.b) *
                      t.W);
     }},
    {"RmsNormContraction", 3, "",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x * t.x);
       t.add("o",
             t.x / sqrt(t.r("S") / t.n() + p.c(1.0 / 1048576)) * t.g * t.W);
     }},
    {"NormalizeDot", 2, "",
     [](Program &p) {
       Writer t{p};
       t.add("S", pow(t.x, 2));
       t.add("o", t.x / sqrt(t.r("S")) * t.w);
     }},
    {"GaussianLikelihood", 3, "",
     [](Program &p) {
       Writer t{p};
       t.moments();
       Ex var = t.r("M2") / t.n();
       t.add("ll", -pow(t.x - t.mu(), 2) / (p.c(2) * var) - log(var) / p.c(2));
     }},
    {"MinMaxScaling", 4, "",
     [](Program &p) {
       Writer t{p};
       t.min("lo", t.x);
       t.max("hi", t.x);
       t.add("o", (t.x - t.r("lo")) / (t.r("hi") - t.r("lo")));
     }},
    {"AbsmaxScaledContraction", 2, "",
     [](Program &p) {
       Writer t{p};
       t.max("a", t.abs(t.x));
       t.add("o", t.x * p.c(127) / t.r("a") * t.W);
     }},
    {"Argmax", 2, "",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.s);
       t.min("i", t.sel(t.eq(t.s, t.r("m")), t.k, t.inf(1)));
     }},
    {"PayloadAndTies", 3, "",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.s);
       t.add("o", t.sel(t.eq(t.s, t.r("m")), t.v, p.c(0)));
       t.add("c", t.sel(t.eq(t.s, t.r("m")), p.c(1), p.c(0)));
     }},
    {"ThreeLargest", 3, "",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.s);
       t.max("m2", t.sel(t.lt(t.s, t.r("m")), t.s, t.inf(-1)));
       t.max("m3", t.sel(t.lt(t.s, t.r("m2")), t.s, t.inf(-1)));
     }},
    {"PayloadsOfRanks", 7, "",
     [](Program &p) {
       Writer t{p};
       t.min("m", t.s);
       t.min("m2", t.sel(t.eq(t.s, t.r("m")), t.inf(1), t.s));
       t.min("m3", t.sel(t.lt(t.r("m2"), t.s), t.s, t.inf(1)));
       t.add("o", t.sel(t.eq(t.s, t.r("m3")), t.v, p.c(0)));
       t.max("i", t.sel(t.eq(t.r("m"), t.s), t.k, t.inf(-1)));
     }},
    {"TopTwoOfSoftmax", 3, "",
     [](Program &p) {
       Writer t{p};
       t.soft();
       t.max("m2", t.sel(t.lt(t.s, t.r("m")), t.s, t.inf(-1)));
     }},
    {"MaxCentered", 3, "",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.max("a", t.x - t.mu());
     }},
    {"MaxAbsStandardized", 5, "",
     [](Program &p) {
       Writer t{p};
       t.moments();
       t.max("a", t.abs((t.x - t.mu()) / t.sd()));
     }},
    {"MinOfProductSignUnknown", 3, "",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.y);
       t.min("a", t.x * t.r("S"));
     }},
    {"MaxOfWeightedSoftmax", 3, "",
     [](Program &p) {
       Writer t{p};
       t.max("a", t.soft() * t.w);
     }},
    {"ProductOfScaled", 3, "",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.xp);
       t.mul("a", t.xp / t.r("m"));
     }},
    {"DifferentialAttention", 6, "",
     [](Program &p) {
       Writer t{p};
       Ex a = t.soft(), c = t.soft2();
       t.add("o", a * t.v);
       t.add("o2", c * t.v);
     }},
    {"InnerSumOfCentered", 4, "",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o",
             p.context.innerSum((p.leaf("q@") - t.mu()) * p.leaf("kk@"), "d"));
     }},
    // Two passes.
    {"QuantizeByAbsmax", 0, "round",
     [](Program &p) {
       Writer t{p};
       t.max("a", t.abs(t.x));
       t.add("o", t.round(t.x * p.c(127) / t.r("a")) * t.W);
     }},
    {"LayerNormSoftmax", 0, "exponent",
     [](Program &p) {
       Writer t{p};
       t.moments();
       Ex z = (t.x - t.mu()) / t.sd();
       t.max("m", z);
       t.add("l", exp(z - t.r("m")));
       t.add("o", exp(z - t.r("m")) / t.r("l") * t.v);
     }},
    {"SoftmaxOfNormalized", 0, "exponent",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.s * t.s);
       t.max("m", t.s / sqrt(t.r("S")));
       t.add("l", exp(t.s / sqrt(t.r("S")) - t.r("m")));
     }},
    {"ExpOfProductWithMax", 0, "exponent",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.xp);
       t.add("o", exp(-(t.xp * t.r("m"))));
     }},
    {"GaussianAtMean", 0, "exponent",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", exp(-pow(t.x - t.mu(), 2)));
     }},
    {"Sparsemax", 0, "max",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", p.context.binary(Op::Max, t.x - t.mu(), p.c(0)));
     }},
    {"MeanAbsoluteDeviation", 0, "abs",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", t.abs(t.x - t.mu()));
     }},
    {"TanhCentered", 0, "tanh",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", t.unary(Op::Tanh, t.x - t.mu()));
     }},
    {"InverseOfSum", 0, "divisor",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.xp);
       t.add("o", p.c(1) / (t.xp + t.r("S")));
     }},
    {"LogOfSum", 0, "log",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.xp);
       t.add("o", log(t.xp + t.r("S")));
     }},
    {"AboveMean", 0, "select",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", t.sel(t.lt(t.mu(), t.x), t.x, p.c(0)));
     }},
    {"SoftmaxCut", 0, "select",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.s);
       t.add("o",
             t.sel(t.lt(t.r("m") - p.c(2), t.s), exp(t.s - t.r("m")), p.c(0)));
     }},
    {"NotAboveOtherExtreme", 0, "select",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.x);
       t.max("b", t.sel(t.lt(t.s, t.r("m")), t.s, t.inf(-1)));
     }},
    {"UpToTheMaximum", 0, "select",
     [](Program &p) {
       Writer t{p};
       t.max("m", t.s);
       Ex most = p.context.compare(Predicate::Le, t.s, t.r("m"));
       t.max("b", t.sel(most, t.s, t.inf(-1)));
     }},
    {"ExpAboutMean", 0, "one way",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", exp(t.x - t.mu()));
     }},
    {"SquaresAboutSignedSum", 0, "far",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("o", pow(t.y - t.r("S"), 2));
     }},
    {"ProductOfCentered", 0, "product",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.mul("o", t.x - t.mu());
     }},
    {"MaxOfDifference", 0, "max",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.max("o", t.x * t.r("S") - t.y);
     }},
    {"RegressionResidual", 0, "subtracting",
     [](Program &p) {
       Writer t{p};
       t.add("S", t.x);
       t.add("Y", t.y);
       Ex dx = t.x - t.mu(), dy = t.y - t.r("Y") / t.n();
       t.add("A", pow(dx, 2));
       t.add("C", dx * dy);
       t.add("o", pow(dy - t.r("C") / t.r("A") * dx, 2));
     }},
};

Data makeData(size_t n, double scale, double offset, std::mt19937_64 &random) {
  std::normal_distribution<double> normal;
  Data data;
  data.parameters = {{"slope", 0.3}, {"sink", 0.5}, {"t", 1.7}, {"label", 1}};
  for (size_t k = 0; k < n; ++k) {
    Row row;
    for (const char *name : {"s", "s2", "x", "y", "v", "w", "g", "b", "W", "q0",
                             "q1", "kk0", "kk1"})
      row[name] = normal(random);
    for (const char *name : {"s", "s2"})
      row[name] *= scale;
    row["x"] += offset;
    row["msk"] = random() % 4 ? 1 : -1;
    row["xp"] = std::exp(normal(random) / 4);
    row["wp"] = std::exp(normal(random) / 2);
    data.rows.push_back(row);
  }
  return data;
}

class ChainCase : public testing::TestWithParam<Case> {};

TEST_P(ChainCase, Derives) {
  Program program;
  GetParam().build(program);
  auto chain = program.derive();
  ASSERT_TRUE(chain);
  std::string reasons;
  for (const Chain::Fold &f : chain->folds())
    for (const Refusal &refusal : f.refusals)
      reasons += refusal.str() + "\n";
  if (GetParam().states == 0) {
    EXPECT_EQ(chain->numPasses(), 2u) << reasons;
    EXPECT_NE(reasons.find(GetParam().reason), std::string::npos) << reasons;
    return;
  }
  EXPECT_EQ(chain->numPasses(), 1u) << reasons;
  EXPECT_EQ(chain->pass(0).results().size(), GetParam().states);
}

TEST_P(ChainCase, AgreesWithNaive) {
  Program program;
  GetParam().build(program);
  for (bool exact : {false, true}) {
    TowerOptions options;
    options.exactMoments = exact;
    auto chain = program.derive(options);
    ASSERT_TRUE(chain);
    std::mt19937_64 random(7);
    for (size_t n : {1, 2, 97, 300}) {
      for (double scale : {1.0, 100.0}) {
        Data data = makeData(n, scale, scale == 1 ? 0 : 10, random);
        Values wanted = runNaive(program, data);
        for (Form form : {Form::Element, Form::Tile, Form::Merge}) {
          Values got = runChain(program, *chain, data, form, random);
          for (auto &[name, value] : wanted) {
            // One value has no variance: what divides by it is not compared.
            if (!std::isfinite(value) || (n == 1 && !std::isfinite(got[name])))
              continue;
            if (n <= 2 && std::fabs(value) < 1e-9)
              continue;
            EXPECT_NEAR(got[name], value, 1e-7 * (1 + std::fabs(value)))
                << name << " n=" << n << " scale=" << scale << " form "
                << int(form);
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, ChainCase, testing::ValuesIn(cases),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

/// Fully masked rows, prefixes and ranges: no NaN that the mathematics does not
/// have.
TEST(Masked, Attention) {
  Program program;
  Writer t{program};
  t.add("o", t.soft() * t.v);
  auto chain = program.derive();
  ASSERT_TRUE(chain);
  std::mt19937_64 random(3);
  for (size_t masked : {0, 1, 40, 100}) {
    Data data = makeData(100, 1, 0, random);
    for (size_t k = 0; k < masked; ++k)
      data.rows[k]["s"] = -std::numeric_limits<double>::infinity();
    for (Form form : {Form::Element, Form::Tile, Form::Merge}) {
      Values got = runChain(program, *chain, data, form, random);
      EXPECT_TRUE(std::isfinite(got["o"])) << masked;
      if (masked == 100) {
        EXPECT_EQ(got["o"], 0);
        EXPECT_EQ(got["l"], 0);
      } else {
        EXPECT_NEAR(got["o"], runNaive(program, data)["o"], 1e-12);
      }
    }
  }
}

} // namespace
