//===- Chain.cpp - Chains of naive folds, in passes -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Chain.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa::algebra;

const Chain::Fold *Chain::find(Ex symbol) const {
  auto it =
      llvm::find_if(list, [&](const Fold &f) { return f.symbol == symbol; });
  return it == list.end() ? nullptr : &*it;
}

Ex Chain::parameterFor(Ex symbol) {
  return context.parameter(context.nameOf(*symbol), symbol.get(), symbol->type);
}

/// What an expression is made of, as far as a pass cares.
bool Chain::mentions(Ex e, unsigned pass) const {
  bool found = false;
  walk(e, [&](Ex n) {
    if (n->op == Op::Res)
      if (const Fold *fold = find(n))
        found |= fold->pass == pass;
  });
  return found;
}

static bool isExtentOnly(Ex e) {
  bool extent = false, other = false;
  walk(e, [&](Ex n) {
    extent |= n->op == Op::Extent;
    other |= n->op == Op::Res || n->op == Op::Leaf;
  });
  return extent && !other;
}

/// The element as pass `pass` sees it: results of the pass by their values,
/// earlier ones as parameters. The extent becomes the count of the pass where
/// it meets results of the pass, so that a prefix means what the program means
/// on it; else it is a parameter too.
Ex Chain::view(Ex e, unsigned pass, bool counts) {
  if (!e->dependsOnResults)
    return e;
  if (e->op == Op::Extent)
    return counts ? context.cast(passes[pass]->count(), e->type)
                  : context.parameter("N", &extentTag, e->type, true);
  if (e->op == Op::Res) {
    const Fold *fold = find(e);
    if (!fold)
      return e;
    return fold->pass == pass ? fold->value : parameterFor(e);
  }
  bool passOn = isExtentOnly(e);
  llvm::SmallVector<Ex, 3> args;
  for (auto [i, arg] : llvm::enumerate(e->args)) {
    bool meets = false;
    for (auto [j, other] : llvm::enumerate(e->args))
      meets |= i != j && mentions(other, pass);
    args.push_back(view(arg, pass, passOn ? counts : meets));
  }
  return context.rebuild(e, args);
}

bool Chain::add(Ex symbol, Reducer reducer, Ex element, uint8_t type) {
  Fold fold{symbol, 0, nullptr, {}};
  walk(element, [&](Ex n) {
    if (n->op == Op::Res)
      if (const Fold *earlier = find(n))
        fold.pass = std::max(fold.pass, earlier->pass);
  });
  // In a pass of its own an element has no results to mix with: two suffice.
  for (unsigned attempt = 0; attempt < 2; ++attempt, ++fold.pass) {
    while (fold.pass >= passes.size())
      passes.push_back(std::make_unique<Tower>(context, options));
    Tower &tower = *passes[fold.pass];
    auto value = tower.fold(reducer, view(element, fold.pass, false), type);
    if (succeeded(value)) {
      fold.value = *value;
      list.push_back(std::move(fold));
      return true;
    }
    fold.refusals.push_back(tower.refusal());
  }
  list.push_back(std::move(fold));
  return false;
}
