//===- FuzzTest.cpp - Random chains agree with their meaning ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulate.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace moa::algebra;
using namespace moa::algebra::test;

namespace {

/// Random elements over three leaves (the third positive) and earlier results.
struct Generator {
  Program &p;
  std::mt19937_64 &random;
  std::vector<Ex> earlier, tops;
  Ex leaves[3] = {p.leaf("x"), p.leaf("y"), p.leaf("z", true)};

  unsigned below(unsigned n) { return random() % n; }
  Ex leaf() { return leaves[below(3)]; }
  Ex result() {
    if (earlier.empty())
      return leaf();
    unsigned i = below(earlier.size() + 1);
    return i == earlier.size() ? earlier.back() / p.extent() : earlier[i];
  }

  Ex element(unsigned depth) {
    auto a = [&] { return element(depth - 1); };
    switch (depth ? below(14) : 0) {
    case 0:
    case 1:
    case 2:
      return below(10) < 6 || earlier.empty() ? leaf() : result();
    case 3:
    case 4:
      return leaf() - result();
    case 5: {
      Ex top =
          !tops.empty() && below(10) < 7 ? tops[below(tops.size())] : result();
      return exp((leaf() - top) / p.c(4));
    }
    case 6:
      return a() * a();
    case 7:
      return a() + a();
    case 8:
      return a() / (p.c(1) + pow(result(), 2));
    case 9:
      return pow(a(), 2);
    case 10:
      return a() * result();
    case 11:
      return p.context.select(
          p.context.compare(Predicate::Lt, leaf(), p.c(0.25)), a(), p.c(0));
    case 12:
      return p.context.unary(Op::Abs, a());
    default:
      return -a();
    }
  }

  void build() {
    unsigned count = 2 + below(4);
    for (unsigned i = 0; i < count; ++i) {
      Reducer reducers[] = {Reducer::Add, Reducer::Add, Reducer::Add,
                            Reducer::Max, Reducer::Min};
      Reducer reducer = reducers[below(5)];
      std::string name = "f" + std::to_string(i);
      p.fold(name, reducer, element(3));
      earlier.push_back(p.result(name));
      if (reducer == Reducer::Max)
        tops.push_back(earlier.back());
    }
  }
};

Data makeData(std::mt19937_64 &random) {
  std::normal_distribution<double> normal;
  Data data;
  data.rows.resize(3 + random() % 67);
  for (Row &row : data.rows)
    row = {{"x", normal(random)},
           {"y", normal(random)},
           {"z", std::exp(normal(random) / 2)}};
  return data;
}

TEST(Fuzz, FusedChainsAgreeInEveryForm) {
  std::mt19937_64 random(20260);
  unsigned compared = 0, fused = 0;
  for (int round = 0; round < 4000; ++round) {
    Program program;
    Generator{program, random}.build();
    auto chain = program.derive();
    ASSERT_TRUE(chain) << round;
    Data data = makeData(random);
    Values wanted = runNaive(program, data);
    // Programs that leave the comfortable range say nothing about the fusion.
    bool comfortable = llvm::all_of(wanted, [](const auto &v) {
      return std::isfinite(v.second) && std::fabs(v.second) < 1e8;
    });
    if (!comfortable)
      continue;
    ++compared;
    for (const Chain::Fold &f : chain->folds())
      fused += f.refusals.empty();
    for (Form form : {Form::Element, Form::Tile, Form::Merge}) {
      Values got = runChain(program, *chain, data, form, random);
      for (auto &[name, value] : wanted)
        ASSERT_NEAR(got[name], value, 1e-5 * std::max(std::fabs(value), 1e-3))
            << "round " << round << " " << name << " form " << int(form);
    }
  }
  EXPECT_GE(compared, 2000u);
  EXPECT_GE(fused, 5000u);
}

} // namespace
