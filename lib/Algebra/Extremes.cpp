//===- Extremes.cpp - Folds by max and min ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Term.h"
#include "moa/Algebra/Tower.h"

#include "llvm/ADT/STLExtras.h"

using namespace moa::algebra;

/// How an element depends on the index expression at its heart.
enum class Shape { Rises, Falls, Either, Valley, Hill };

static Shape flip(Shape shape) {
  switch (shape) {
  case Shape::Rises:
    return Shape::Falls;
  case Shape::Falls:
    return Shape::Rises;
  case Shape::Either:
    return Shape::Either;
  case Shape::Valley:
    return Shape::Hill;
  case Shape::Hill:
    return Shape::Valley;
  }
  return shape;
}

static bool isMonotone(Shape shape) {
  return shape == Shape::Rises || shape == Shape::Falls ||
         shape == Shape::Either;
}

/// `phi(g, results)`: an index expression, how phi depends on it, and phi.
struct Tower::Chain {
  Ex g;
  Shape shape;
  std::function<Ex(Ex)> rebuild;
};

std::optional<Tower::Chain> Tower::chainOfSum(Ex e) {
  Linear xs, rs, mixed;
  for (auto &part : flatten(e)) {
    Ex n = part.second;
    (n->isMixed() ? mixed : n->dependsOnIndex ? xs : rs).push_back(part);
  }
  if (mixed.empty()) {
    Ex g = buildLinear(context, xs);
    Shape shape = Shape::Rises;
    Rational c = 1;
    if (xs.size() == 1) {
      g = xs[0].second;
      c = xs[0].first;
      shape = c.sign() > 0 ? Shape::Rises : Shape::Falls;
    }
    return Chain{g, shape, [this, rs, c](Ex reduced) {
                   Linear parts{{c, reduced}};
                   llvm::append_range(parts, rs);
                   return buildLinear(context, parts);
                 }};
  }
  if (mixed.size() > 1 || !xs.empty())
    return std::nullopt;
  auto [c, n] = mixed.front();
  auto inner = monotoneChain(n);
  if (!inner)
    return std::nullopt;
  Shape shape = c.sign() > 0 ? inner->shape : flip(inner->shape);
  return Chain{inner->g, shape,
               [this, rs, c = c, build = inner->rebuild](Ex reduced) {
                 Linear parts{{c, build(reduced)}};
                 llvm::append_range(parts, rs);
                 return buildLinear(context, parts);
               }};
}

std::optional<Tower::Chain> Tower::chainOfProduct(Ex e) {
  for (unsigned side : {0, 1}) {
    if (side == 1 && e->op == Op::Div)
      break;
    Ex varying = e->args[side], factor = e->args[1 - side];
    if (factor->dependsOnIndex || !varying->dependsOnIndex)
      continue;
    auto inner = monotoneChain(varying);
    if (!inner)
      return std::nullopt;
    Shape shape = inner->shape;
    if (forms.isPositive(-factor))
      shape = flip(shape);
    else if (!forms.isPositive(factor)) {
      if (!isMonotone(shape))
        return std::nullopt;
      shape = Shape::Either;
    }
    return Chain{inner->g, shape,
                 [this, e, side, factor, build = inner->rebuild](Ex reduced) {
                   Ex made = build(reduced);
                   return side == 0 ? context.binary(e->op, made, factor)
                                    : context.binary(e->op, factor, made);
                 }};
  }
  return std::nullopt;
}

std::optional<Tower::Chain> Tower::monotoneChain(Ex e) {
  if (!e->dependsOnIndex)
    return std::nullopt;
  if (!e->dependsOnResults)
    return Chain{e, Shape::Rises, [](Ex reduced) { return reduced; }};
  switch (e->op) {
  case Op::Add:
  case Op::Sub:
    return chainOfSum(e);
  case Op::Mul:
  case Op::Div:
    return chainOfProduct(e);
  case Op::Call:
    if (!e->flag || e->args.size() != 1)
      return std::nullopt;
    break;
  case Op::Exp:
  case Op::Log:
  case Op::Sqrt:
  case Op::Tanh:
  case Op::Neg:
  case Op::Abs:
  case Op::Pow:
  case Op::Cast:
    break;
  default:
    return std::nullopt;
  }
  auto inner = monotoneChain(e->args[0]);
  if (!inner)
    return std::nullopt;
  Chain outer{inner->g, inner->shape, [this, e, build = inner->rebuild](Ex r) {
                return context.rebuild(e, build(r));
              }};
  if (e->op == Op::Neg)
    outer.shape = flip(inner->shape);
  bool isEven = e->op == Op::Abs || (e->op == Op::Pow && e->value.isEven());
  if (isEven) {
    if (!isMonotone(inner->shape) || e->value.sign() < 0)
      return std::nullopt;
    outer.shape = Shape::Valley;
  } else if (e->op == Op::Pow && e->value.sign() < 0) {
    return std::nullopt;
  }
  return outer;
}

/// The extreme of an index expression: one that is there, or a new result.
Ex Tower::extremeOf(Reducer reducer, Ex g) {
  for (const TowerResult &r : list)
    if (r.reducer == reducer && !r.correct && forms.areEqual(r.element, g))
      return r.symbol;
  return append(reducer, g, nullptr, g);
}

llvm::FailureOr<Ex> Tower::scaledExtreme(Reducer reducer, Ex e) {
  std::string under = reducer == Reducer::Max ? "under max: " : "under min: ";
  auto ts = terms(e);
  if (failed(ts))
    return llvm::failure();
  if (ts->size() != 1 || !ts->front()[Term::U].empty())
    return refuse(e, under + "neither monotone in the index nor a product");
  Term t = plain(ts->front());
  if (Ex h = buildProduct(t[Term::H]); h && !forms.isPositive(h))
    return refuse(h, under + "the factor is not known to be positive");
  Ex symbol = newSymbol();
  Ex old = context.state(Op::Old, symbol), correct;
  if (!t[Term::Q].empty()) {
    auto factor = scaleFactor(t);
    if (failed(factor))
      return llvm::failure();
    Ex identity =
        context.infinity(reducer == Reducer::Max ? -1 : 1, symbol->type);
    correct = context.select(context.compare(Predicate::Eq, old, identity), old,
                             old * *factor);
  }
  Ex value = append(reducer, build(t, true), correct, build(t, false), symbol);
  return scaled(value, t);
}

llvm::FailureOr<Ex> Tower::deriveExtreme(Reducer reducer, Ex e) {
  if (!e->dependsOnResults)
    return extremeOf(reducer, e);
  Op same = reducer == Reducer::Max ? Op::Max : Op::Min;
  if (e->op == same) {
    llvm::SmallVector<Ex, 2> sides;
    for (Ex arg : e->args) {
      if (arg->dependsOnResults && !arg->dependsOnIndex)
        return refuse(arg, "an extreme with a side that depends on results "
                           "only");
      auto value = deriveExtreme(reducer, arg);
      if (failed(value))
        return llvm::failure();
      sides.push_back(*value);
    }
    return context.binary(same, sides[0], sides[1]);
  }
  auto chain = monotoneChain(totalParts(e));
  if (!chain)
    return scaledExtreme(reducer, e);
  Reducer other = reducer == Reducer::Max ? Reducer::Min : Reducer::Max;
  Shape easy = reducer == Reducer::Max ? Shape::Valley : Shape::Hill;
  if (chain->shape == Shape::Rises)
    return chain->rebuild(extremeOf(reducer, chain->g));
  if (chain->shape == Shape::Falls)
    return chain->rebuild(extremeOf(other, chain->g));
  if (chain->shape != Shape::Either && chain->shape != easy)
    return refuse(e, "not monotone in the index part");
  Ex high = chain->rebuild(extremeOf(Reducer::Max, chain->g));
  Ex low = chain->rebuild(extremeOf(Reducer::Min, chain->g));
  return context.binary(same, high, low);
}
