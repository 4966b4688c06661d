//===- Choices.h - The choices of a random program -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program is a function of a list of numbers: so a failing one shrinks by
// shrinking its list, and stays a valid program.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_TRANSFORMS_CHOICES_H
#define MOA_TEST_UNIT_TRANSFORMS_CHOICES_H

#include "moa/Support/LLVM.h"

#include <random>
#include <vector>

namespace moa::test {

/// Draws numbers at random and records them, or replays a list. After the end
/// of a list every number is 0, which stands for the simplest choice.
class Choices {
public:
  explicit Choices(uint64_t seed) : random(seed), isReplay(false) {}
  explicit Choices(std::vector<unsigned> list)
      : list(std::move(list)), isReplay(true) {}

  /// A number below `bound`, which is positive.
  unsigned below(unsigned bound) {
    if (!isReplay) {
      list.push_back(random() % bound);
      return list.back();
    }
    unsigned value = position < list.size() ? list[position++] : 0;
    return std::min(value, bound - 1);
  }
  bool flip() { return below(2) == 1; }
  /// True once in `n` times.
  bool rarely(unsigned n) { return below(n) == n - 1; }
  template <typename T> T oneOf(ArrayRef<T> values) {
    return values[below(values.size())];
  }
  template <typename T> T oneOf(std::initializer_list<T> values) {
    return oneOf(ArrayRef<T>(values));
  }

  /// What was drawn, or is replayed.
  const std::vector<unsigned> &all() const { return list; }

private:
  std::mt19937_64 random;
  std::vector<unsigned> list;
  size_t position = 0;
  bool isReplay;
};

} // namespace moa::test

#endif // MOA_TEST_UNIT_TRANSFORMS_CHOICES_H
