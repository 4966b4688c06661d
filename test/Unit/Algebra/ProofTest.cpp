//===- ProofTest.cpp - Wrong corrections are rejected -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulate.h"

#include "gtest/gtest.h"

using namespace moa::algebra;
using namespace moa::algebra::test;

namespace {

/// Proves a whole tower; the first failure, or nothing.
std::optional<Refusal> prove(Context &context,
                             llvm::ArrayRef<TowerResult> tower) {
  NormalForm forms;
  TransportProof proof(context, forms);
  for (const TowerResult &result : tower)
    if (auto failed = proof.add(result))
      return failed;
  return std::nullopt;
}

/// Attention, variance, softmax-weighted variance, argmax, weighted extreme.
struct Towers {
  std::vector<std::unique_ptr<Program>> programs;
  std::vector<std::unique_ptr<Chain>> chains;

  Towers() {
    for (int which = 0; which < 6; ++which) {
      auto p = std::make_unique<Program>();
      build(*p, which);
      chains.push_back(p->derive());
      programs.push_back(std::move(p));
    }
  }

  static void build(Program &p, int which) {
    Ex s = p.leaf("s"), v = p.leaf("v"), w = p.leaf("w"), n = p.extent();
    auto r = [&](const char *name) { return p.result(name); };
    Context &c = p.context;
    if (which == 1 || which == 2) {
      p.fold("S", Reducer::Add, s);
      Ex d = s - r("S") / n;
      p.fold("M2", Reducer::Add, pow(d, 2));
      if (which == 2) {
        p.fold("M3", Reducer::Add, pow(d, 3));
        p.fold("o", Reducer::Add, d / sqrt(r("M2") / n + p.c(0.5)) * w);
      }
      return;
    }
    p.fold("m", Reducer::Max, s);
    Ex e = exp(s - r("m"));
    if (which == 3) {
      Ex hit = c.compare(Predicate::Eq, s, r("m"));
      p.fold("i", Reducer::Min, c.select(hit, v, c.infinity(1)));
      p.fold("o", Reducer::Add, c.select(hit, w, p.c(0)));
      return;
    }
    p.fold("l", Reducer::Add, e);
    Ex q = e / r("l");
    if (which == 4) {
      p.fold("a", Reducer::Max, q * w);
      return;
    }
    p.fold("o", Reducer::Add, q * v);
    if (which == 5)
      p.fold("V", Reducer::Add, q * pow(v - r("o"), 2));
  }
};

TEST(Proof, DerivedTowersPass) {
  Towers towers;
  for (size_t i = 0; i < towers.chains.size(); ++i) {
    ASSERT_TRUE(towers.chains[i]);
    ASSERT_EQ(towers.chains[i]->numPasses(), 1u) << i;
    auto failed =
        prove(towers.programs[i]->context, towers.chains[i]->pass(0).results());
    EXPECT_FALSE(failed) << i << ": " << failed->str();
  }
}

/// Changes one node of `e`, chosen by `random`, so that the function differs.
Ex mutate(Ex e, std::mt19937_64 &random) {
  std::vector<Ex> nodes;
  walk(e, [&](Ex n) {
    if (n->type != booleanType && n->op != Op::Infinity)
      nodes.push_back(n);
  });
  Ex victim = nodes[random() % nodes.size()];
  Context &c = *e->context;
  return substitute(e, [&](Ex n) -> Ex {
    if (n != victim)
      return nullptr;
    switch (random() % 6) {
    case 0:
      return n * c.constant(2);
    case 1:
      return n + c.constant(1);
    case 2:
      return -n;
    case 3:
      return n->args.size() == 2 ? n->args[0] : c.constant(0);
    case 4:
      return n->op == Op::Sub ? n->args[0] + n->args[1] : n * n;
    default:
      return n->op == Op::Old
                 ? c.state(Op::New, static_cast<const Expr *>(n->tag))
             : n->op == Op::New
                 ? c.state(Op::Old, static_cast<const Expr *>(n->tag))
                 : n / c.constant(3);
    }
  });
}

/// The numbers decide whether a mutation is a wrong correction at all: does the
/// merge of two parts differ from the state of the whole?
bool isWrong(llvm::ArrayRef<TowerResult> tower, std::mt19937_64 &random) {
  std::normal_distribution<double> normal;
  std::vector<Row> rows(7);
  for (Row &row : rows)
    for (const char *name : {"s", "v", "w"})
      row[name] = normal(random);
  auto value = [&](Ex e, const Row *row, const std::vector<double> *old,
                   const std::vector<double> &now) {
    return evaluate(e, [&](Ex atom) -> double {
      if (atom->op == Op::Leaf)
        return row->at(atom->context->nameOf(*atom).str());
      const void *symbol = atom->op == Op::Res ? atom.get() : atom->tag;
      for (size_t i = 0; i < tower.size(); ++i)
        if (tower[i].symbol.get() == symbol) {
          const auto &state = atom->op == Op::Old ? *old : now;
          return i < state.size() ? state[i] : std::nan("");
        }
      return std::nan("");
    });
  };
  auto stateOf = [&](size_t lo, size_t hi) {
    std::vector<double> now;
    for (const TowerResult &r : tower) {
      double sum = identityOf(r.reducer);
      for (size_t k = lo; k < hi; ++k)
        sum = combine(r.reducer, sum, value(r.element, &rows[k], nullptr, now));
      now.push_back(sum);
    }
    return now;
  };
  std::vector<double> a = stateOf(0, 4), b = stateOf(4, 7),
                      whole = stateOf(0, 7);
  std::vector<double> now;
  for (size_t i = 0; i < tower.size(); ++i) {
    const TowerResult &r = tower[i];
    auto part = [&](const std::vector<double> &old) {
      return r.correct ? value(r.correct, nullptr, &old, now) : old[i];
    };
    double merged = combine(r.reducer, part(a), part(b));
    if (!(std::fabs(merged - whole[i]) <= 1e-9 * (1 + std::fabs(whole[i]))))
      return true;
    now.push_back(merged);
  }
  return false;
}

TEST(Proof, SeededWrongCorrectionsAreRejected) {
  Towers towers;
  std::mt19937_64 random(11);
  unsigned wrong = 0, rejected = 0;
  for (int round = 0; round < 400; ++round) {
    size_t which = random() % towers.chains.size();
    auto derived = towers.chains[which]->pass(0).results();
    std::vector<TowerResult> tower(derived.begin(), derived.end());
    TowerResult &victim = tower[random() % tower.size()];
    if (!victim.correct)
      continue;
    // Sometimes the correction is forgotten altogether.
    victim.correct = random() % 10 ? mutate(victim.correct, random) : Ex();
    if (!isWrong(tower, random))
      continue;
    ++wrong;
    bool refused = prove(towers.programs[which]->context, tower).has_value();
    rejected += refused;
    EXPECT_TRUE(refused) << victim.symbol->str() << ": "
                         << (victim.correct ? victim.correct->str() : "none");
  }
  EXPECT_GE(wrong, 100u);
  EXPECT_EQ(wrong, rejected);
}

TEST(Proof, CorrectionsAreNotUnique) {
  // The same scale, written in another way.
  Context c;
  Ex s = c.leaf("s"), m = c.freshResult("m"), l = c.freshResult("l");
  auto old = [&](Ex r) { return c.state(Op::Old, r); };
  auto now = [&](Ex r) { return c.state(Op::New, r); };
  TowerResult extreme{m, Reducer::Max, s, nullptr};
  for (Ex correct :
       {old(l) * exp(old(m)) / exp(now(m)), old(l) / exp(now(m) - old(m))})
    EXPECT_FALSE(prove(c, {extreme, {l, Reducer::Add, exp(s - m), correct}}));
  EXPECT_TRUE(
      prove(c, {extreme,
                {l, Reducer::Add, exp(s - m), old(l) * exp(now(m) - old(m))}}));
}

TEST(Proof, NotTotal) {
  Context c;
  Ex s = c.leaf("s"), m = c.freshResult("m");
  std::vector<TowerResult> results{{m, Reducer::Max, s, nullptr}};
  EXPECT_TRUE(findNotTotal(exp(s - m), results));
  Ex proper = c.pivot(m, Rational(-1), true, c.constant(0));
  EXPECT_FALSE(findNotTotal(exp(s - proper), results));
  EXPECT_FALSE(findNotTotal(
      c.select(c.compare(Predicate::Eq, s, m), s, c.constant(0)), results));
}

} // namespace
