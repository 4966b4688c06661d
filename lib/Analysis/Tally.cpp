//===- Tally.cpp - Counts under way -----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tally.h"

using namespace moa;

CountRange CountRange::operator+(const CountRange &other) const {
  std::optional<Form> sum;
  if (most && other.most)
    sum = *most + *other.most;
  return CountRange(least + other.least, sum);
}

CountRange CountRange::operator*(const Form &factor) const {
  std::optional<Form> product;
  if (most)
    product = *most * factor;
  return CountRange(least * factor, product);
}

std::string CountRange::str() const {
  if (isExact())
    return least.str();
  if (!most)
    return "at least " + least.str();
  return "from " + least.str() + " to " + most->str();
}

template <typename Map, typename Key>
static void addTo(Map &counts, const Key &key, const CountRange &count) {
  auto [entry, isNew] = counts.insert({key, count});
  if (!isNew)
    entry->second = entry->second + count;
}

void Tally::addOp(const ScalarKind &kind, const CountRange &count) {
  addTo(kind.isFloat ? floatOps : integerOps, kind.name, count);
}

void Tally::addRead(Value array, const CountRange &count) {
  addTo(reads, array, count);
}

void Tally::add(const Tally &other) {
  for (const auto &[kind, count] : other.floatOps)
    addTo(floatOps, kind, count);
  for (const auto &[kind, count] : other.integerOps)
    addTo(integerOps, kind, count);
  for (const auto &[array, count] : other.reads)
    addTo(reads, array, count);
}

template <typename Function> Tally Tally::transform(Function function) const {
  Tally result;
  for (const auto &[kind, count] : floatOps)
    result.floatOps.insert({kind, function(count)});
  for (const auto &[kind, count] : integerOps)
    result.integerOps.insert({kind, function(count)});
  for (const auto &[array, count] : reads)
    result.reads.insert({array, function(count)});
  return result;
}

Tally Tally::times(const Form &factor) const {
  return transform([&](const CountRange &count) { return count * factor; });
}

Tally Tally::sumOver(FormSpace &space, AtomId axis, const Form &from,
                     const Form &to) const {
  return transform([&](const CountRange &count) {
    std::optional<Form> most;
    if (count.most)
      most = space.sum(axis, from, to, *count.most);
    return CountRange(space.sum(axis, from, to, count.least), most);
  });
}

Tally Tally::atMost(FormSpace &space, bool once) const {
  return transform([&](const CountRange &count) {
    std::optional<Form> most;
    if (once)
      most = count.most;
    return CountRange(Form(space), most);
  });
}

template <typename Map>
static void combineEither(FormSpace &space, const Map &a, const Map &b,
                          Map &result) {
  CountRange none{Form(space)};
  auto combine = [&](const CountRange &x, const CountRange &y) {
    std::optional<Form> most;
    if (x.most && y.most)
      most = space.max(*x.most, *y.most);
    return CountRange(space.min(x.least, y.least), most);
  };
  for (const auto &[key, count] : a) {
    auto other = b.find(key);
    result.insert({key, combine(count, other == b.end() ? none : other->second)});
  }
  for (const auto &[key, count] : b)
    if (a.find(key) == a.end())
      result.insert({key, combine(none, count)});
}

Tally Tally::either(FormSpace &space, const Tally &a, const Tally &b) {
  Tally result;
  combineEither(space, a.floatOps, b.floatOps, result.floatOps);
  combineEither(space, a.integerOps, b.integerOps, result.integerOps);
  combineEither(space, a.reads, b.reads, result.reads);
  return result;
}
