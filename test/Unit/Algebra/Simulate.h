//===- Simulate.h - Chains and towers executed in double --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_ALGEBRA_SIMULATE_H
#define MOA_TEST_UNIT_ALGEBRA_SIMULATE_H

#include "moa/Algebra/Chain.h"
#include "moa/Algebra/Evaluate.h"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace moa::algebra::test {

struct NaiveFold {
  std::string name;
  Reducer reducer;
  Ex element;
};

/// A program: folds, and the data of its leaves and parameters by name.
struct Program {
  Context context;
  std::vector<NaiveFold> folds;
  /// The symbol of the fold `name`, for later elements.
  Ex result(const std::string &name);
  Ex leaf(const std::string &name, bool positive = false) {
    return context.leaf(name, nullptr, 0, positive);
  }
  Ex c(double value) { return context.constant(*Rational::fromDouble(value)); }
  Ex extent() { return context.extent(); }
  void fold(const std::string &name, Reducer reducer, Ex element) {
    folds.push_back({name, reducer, element});
  }
  /// The chain that is derived; null if some fold is in no pass.
  std::unique_ptr<Chain> derive(TowerOptions options = {});

private:
  std::map<std::string, Ex> symbols;
};

using Row = std::map<std::string, double>;

struct Data {
  std::vector<Row> rows;
  Row parameters;
};

enum class Form { Element, Tile, Merge };

using Values = std::map<std::string, double>;
/// Every fold over the whole range, one after the other: the meaning.
Values runNaive(Program &program, const Data &data);
/// The towers of `chain`, pass by pass, in the given form.
Values runChain(Program &program, Chain &chain, const Data &data, Form form,
                std::mt19937_64 &random);

} // namespace moa::algebra::test

#endif // MOA_TEST_UNIT_ALGEBRA_SIMULATE_H
