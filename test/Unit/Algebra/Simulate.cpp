//===- Simulate.cpp - Chains and towers executed in double ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulate.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace moa::algebra;
using namespace moa::algebra::test;

using State = std::vector<double>;

Ex Program::result(const std::string &name) {
  Ex &symbol = symbols[name];
  if (!symbol)
    symbol = context.freshResult(name);
  return symbol;
}

std::unique_ptr<Chain> Program::derive(TowerOptions options) {
  auto chain = std::make_unique<Chain>(context, options);
  for (const NaiveFold &f : folds)
    if (!chain->add(result(f.name), f.reducer, f.element))
      return nullptr;
  return chain;
}

static std::string nameOf(Ex atom) {
  return atom->context->nameOf(*atom).str();
}

/// The value of a leaf, a parameter, the index or an inner sum over two values.
static double atomValue(Ex atom, const Data &data, size_t row,
                        llvm::function_ref<double(Ex)> result) {
  switch (atom->op) {
  case Op::Leaf:
    return nameOf(atom) == "k" ? double(row) : data.rows[row].at(nameOf(atom));
  case Op::Extent:
    return double(data.rows.size());
  case Op::Par:
    if (nameOf(atom) == "N")
      return double(data.rows.size());
    if (auto it = data.parameters.find(nameOf(atom));
        it != data.parameters.end())
      return it->second;
    return result(atom);
  case Op::Call:
    return std::nearbyint(evaluate(
        atom->args[0], [&](Ex a) { return atomValue(a, data, row, result); }));
  case Op::InnerSum: {
    // The inner axis has two indices; leaves named x@ read x0 and x1.
    double sum = 0;
    for (const char *index : {"0", "1"})
      sum += evaluate(atom->args[0], [&](Ex a) -> double {
        std::string name = nameOf(a);
        if (a->op == Op::Leaf && name.back() == '@')
          return data.rows[row].at(name.substr(0, name.size() - 1) + index);
        return atomValue(a, data, row, result);
      });
    return sum;
  }
  default:
    return result(atom);
  }
}

Values moa::algebra::test::runNaive(Program &program, const Data &data) {
  Values values;
  for (const NaiveFold &f : program.folds) {
    double sum = identityOf(f.reducer);
    for (size_t k = 0; k < data.rows.size(); ++k)
      sum = combine(f.reducer, sum, evaluate(f.element, [&](Ex atom) {
                      return atomValue(atom, data, k, [&](Ex r) {
                        return values.at(nameOf(r));
                      });
                    }));
    values[f.name] = sum;
  }
  return values;
}

namespace {
/// Runs one tower.
struct Runner {
  const Tower &tower;
  const Data &data;
  const Values &parameters;

  double value(Ex e, size_t row, const State *old, const State &now) const {
    return evaluate(e, [&](Ex atom) {
      return atomValue(atom, data, row, [&](Ex r) -> double {
        if (r->op == Op::Par)
          return parameters.at(nameOf(r));
        const void *symbol = r->op == Op::Res ? r.get() : r->tag;
        for (auto [i, result] : llvm::enumerate(tower.results()))
          if (result.symbol.get() == symbol)
            return r->op == Op::Old ? (*old)[i] : now[i];
        return std::nan("");
      });
    });
  }

  State empty() const {
    State state;
    for (const TowerResult &r : tower.results())
      state.push_back(identityOf(r.reducer));
    return state;
  }

  double corrected(unsigned i, const State &old, const State &now) const {
    const TowerResult &r = tower.results()[i];
    return r.correct ? value(r.correct, 0, &old, now) : old[i];
  }

  /// Adds the rows lo to hi - 1 as one tile.
  State tile(const State &old, size_t lo, size_t hi) const {
    State now;
    for (auto [i, r] : llvm::enumerate(tower.results())) {
      double sum = identityOf(r.reducer);
      for (size_t k = lo; k < hi; ++k)
        sum = combine(r.reducer, sum, value(r.element, k, nullptr, now));
      now.push_back(combine(r.reducer, corrected(i, old, now), sum));
    }
    return now;
  }

  State merge(const State &a, const State &b) const {
    State now;
    for (auto [i, r] : llvm::enumerate(tower.results()))
      now.push_back(
          combine(r.reducer, corrected(i, a, now), corrected(i, b, now)));
    return now;
  }

  State run(Form form, std::mt19937_64 &random) const {
    size_t n = data.rows.size();
    size_t step = form == Form::Element ? 1 : 32;
    if (form != Form::Merge) {
      State state = empty();
      for (size_t k = 0; k < n; k += step)
        state = tile(state, k, std::min(n, k + step));
      return state;
    }
    // Unequal parts, some of them empty, merged in a random tree.
    std::vector<size_t> cuts{0, 0, n, n};
    for (int i = 0; i < 4; ++i)
      cuts.push_back(random() % (n + 1));
    llvm::sort(cuts);
    std::vector<State> parts;
    for (size_t i = 0; i + 1 < cuts.size(); ++i)
      parts.push_back(tile(empty(), cuts[i], cuts[i + 1]));
    while (parts.size() > 1) {
      size_t i = random() % (parts.size() - 1);
      parts[i] = merge(parts[i], parts[i + 1]);
      parts.erase(parts.begin() + i + 1);
    }
    return parts.front();
  }
};
} // namespace

Values moa::algebra::test::runChain(Program &program, Chain &chain,
                                    const Data &data, Form form,
                                    std::mt19937_64 &random) {
  Values values;
  for (unsigned pass = 0; pass < chain.numPasses(); ++pass) {
    Runner runner{chain.pass(pass), data, values};
    State state = runner.run(form, random);
    Values found;
    for (const Chain::Fold &f : chain.folds())
      if (f.pass == pass)
        found[nameOf(f.symbol)] = runner.value(f.value, 0, nullptr, state);
    values.insert(found.begin(), found.end());
  }
  return values;
}
