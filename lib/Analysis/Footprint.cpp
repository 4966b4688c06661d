//===- Footprint.cpp - How many elements are read at all --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An access maps its domain to indices. The variables of the loops are
// eliminated from its constraints (Fourier and Motzkin; over the integers that
// is exact where one of two bounds has the coefficient 1), which leaves
// constraints on the index alone. Their solutions are counted by sums, and a
// union by inclusion and exclusion.
//
//===----------------------------------------------------------------------===//

#include "Footprint.h"

#include <set>

using namespace moa;

namespace {

/// A conjunction: all forms > 0.
using Constraints = std::vector<Form>;

/// Constraints under way from a domain to an image.
struct Case {
  Constraints constraints;
  /// What each index is; none once it has been used.
  SmallVector<std::optional<Form>> index;
  SmallVector<AtomId> axes;
};

class Footprint {
public:
  Footprint(FormSpace &space, ArrayRef<Form> extents);
  CountRange count(ArrayRef<Access> accesses);

private:
  std::optional<std::vector<Constraints>> imagesOf(const Access &access);
  std::optional<std::vector<Case>> splitBrackets(Case start);
  std::optional<Constraints> projectCase(Case current);
  bool removeFloors(Case &current);
  bool solveIndices(Case &current);
  bool eliminate(Case &current, AtomId axis);
  bool add(Constraints &constraints, const Form &form);
  Constraints normalize(const Constraints &constraints);
  bool contains(const Constraints &outer, const Constraints &inner);
  std::optional<Form> countImage(const Constraints &constraints);
  std::optional<Form> countUnion(ArrayRef<Constraints> images);

  /// An access with more cases than this is not analyzed, nor a union of more
  /// images.
  static constexpr size_t maxCases = 32, maxImages = 5, maxConstraints = 64;

  FormSpace &space;
  SmallVector<Form> extents;
  /// The index of the array, one axis for each dimension.
  SmallVector<AtomId> point;
};

} // namespace

Footprint::Footprint(FormSpace &space, ArrayRef<Form> extents)
    : space(space), extents(extents) {
  for (size_t i = 0; i < extents.size(); ++i)
    point.push_back(space.axis("x"));
}

/// The coefficient and the rest of `form` as `coefficient * axis + rest`, where
/// it is such a form with an integer or an extent for its coefficient.
static std::optional<std::pair<Form, Form>> asLinear(const Form &form,
                                                     AtomId axis) {
  auto parts = form.coefficients(axis);
  if (parts.rbegin()->first > 1)
    return std::nullopt;
  Form zero(form.space());
  Form slope = parts.count(1) ? parts.at(1) : zero;
  Form rest = parts.count(0) ? parts.at(0) : zero;
  if (slope.dependsOn(axis) || rest.dependsOn(axis))
    return std::nullopt;
  return std::pair(slope, rest);
}

/// Adds a constraint; false if it cannot be met.
bool Footprint::add(Constraints &constraints, const Form &form) {
  Form truth = space.positive(form);
  if (truth.isZero())
    return false;
  if (truth.constant())
    return true;
  // As the bracket has it, so that equal constraints are equal forms.
  Form normal = form;
  if (std::optional<AtomId> atom = truth.atom())
    normal = space.atom(*atom).operands[0];
  if (!llvm::is_contained(constraints, normal))
    constraints.push_back(normal);
  return true;
}

/// Cases without brackets in constraints and indices.
std::optional<std::vector<Case>> Footprint::splitBrackets(Case start) {
  std::vector<Case> open{std::move(start)}, done;
  while (!open.empty()) {
    if (open.size() + done.size() > maxCases)
      return std::nullopt;
    Case current = std::move(open.back());
    open.pop_back();
    std::optional<AtomId> bracket;
    auto look = [&](const Form &form) {
      for (const auto &[monomial, coefficient] : form.terms())
        for (auto [id, power] : monomial)
          if (space.atom(id).kind == FormAtom::Kind::Positive)
            bracket = id;
    };
    for (const Form &form : current.constraints)
      look(form);
    for (const std::optional<Form> &form : current.index)
      if (form)
        look(*form);
    if (!bracket) {
      done.push_back(std::move(current));
      continue;
    }
    Form inner = space.atom(*bracket).operands[0];
    for (bool holds : {true, false}) {
      Case next{{}, {}, current.axes};
      auto decide = [&](const Form &form) {
        return space.substitute(form, *bracket, Form(space, holds));
      };
      bool possible = add(next.constraints, holds ? inner : -inner + 1);
      for (const Form &form : current.constraints)
        possible = possible && add(next.constraints, decide(form));
      for (const std::optional<Form> &form : current.index)
        next.index.push_back(form ? std::optional(decide(*form)) : form);
      if (possible)
        open.push_back(std::move(next));
    }
  }
  return done;
}

/// Replaces integer parts that depend on loops by variables of their own.
/// False where a form has something else in it that does.
bool Footprint::removeFloors(Case &current) {
  auto dependsOnLoops = [&](const Form &form) {
    return llvm::any_of(current.axes,
                        [&](AtomId axis) { return form.dependsOn(axis); });
  };
  auto findAtom = [&](const Form &form) -> std::optional<AtomId> {
    for (const auto &[monomial, coefficient] : form.terms())
      for (auto [id, power] : monomial)
        if (space.atom(id).kind != FormAtom::Kind::Axis &&
            dependsOnLoops(space.fromAtom(id)))
          return id;
    return std::nullopt;
  };
  while (true) {
    std::optional<AtomId> found;
    for (const Form &form : current.constraints)
      if (!found)
        found = findAtom(form);
    for (const std::optional<Form> &form : current.index)
      if (!found && form)
        found = findAtom(*form);
    if (!found)
      return true;
    const FormAtom &atom = space.atom(*found);
    if (atom.kind != FormAtom::Kind::Floor ||
        !space.isNotNegative(atom.operands[1] - 1) ||
        dependsOnLoops(atom.operands[1]))
      return false;
    // g q <= f < g q + g
    Form f = atom.operands[0], g = atom.operands[1];
    AtomId variable = space.axis("q");
    Form q = space.fromAtom(variable);
    for (Form &form : current.constraints)
      form = space.substitute(form, *found, q);
    for (std::optional<Form> &form : current.index)
      if (form)
        form = space.substitute(*form, *found, q);
    current.axes.insert(current.axes.begin(), variable);
    if (!add(current.constraints, f - g * q + 1) ||
        !add(current.constraints, g * q + g - f))
      return false;
  }
}

/// Uses `x = index` to express a loop variable by the point where it has the
/// coefficient 1 or -1, and makes two constraints of it otherwise.
bool Footprint::solveIndices(Case &current) {
  for (auto [number, entry] : llvm::enumerate(current.index)) {
    Form x = space.fromAtom(point[number]);
    Form index = *entry;
    std::optional<AtomId> solved;
    for (AtomId axis : llvm::reverse(current.axes)) {
      auto linear = asLinear(index, axis);
      if (!linear)
        return false;
      std::optional<Fraction> slope = linear->first.constant();
      if (!slope || (*slope != Fraction(1) && *slope != Fraction(-1)))
        continue;
      Form value = (x - linear->second) * *slope;
      Constraints constraints;
      for (const Form &form : current.constraints)
        if (!add(constraints, space.substitute(form, axis, value)))
          constraints.push_back(Form(space, 0));
      current.constraints = std::move(constraints);
      for (std::optional<Form> &other : current.index)
        other = space.substitute(*other, axis, value);
      solved = axis;
      break;
    }
    if (solved) {
      llvm::erase(current.axes, *solved);
    } else if (!add(current.constraints, x - index + 1) ||
               !add(current.constraints, index - x + 1)) {
      current.constraints.push_back(Form(space, 0));
    }
  }
  return true;
}

/// Constraints on what is left that hold where `axis` has a value.
bool Footprint::eliminate(Case &current, AtomId axis) {
  Constraints result;
  std::vector<std::pair<Form, Form>> lower, upper;
  bool possible = true;
  for (const Form &form : current.constraints) {
    auto linear = asLinear(form, axis);
    if (!linear)
      return false;
    if (linear->first.isZero())
      possible = possible && add(result, form);
    else if (space.isNotNegative(linear->first - 1))
      lower.push_back(*linear);
    else if (space.isNotNegative(-linear->first - 1))
      upper.emplace_back(-linear->first, linear->second);
    else
      return false;
  }
  Form one(space, 1);
  // a v + r > 0 and s - b v > 0.
  for (const auto &[a, r] : lower)
    for (const auto &[b, s] : upper) {
      if (!(a == one) && !(b == one))
        return false;
      possible = possible && add(result, a * (s - 1) - b * (one - r) + 1);
    }
  if (!possible)
    result.push_back(Form(space, 0));
  current.constraints = std::move(result);
  return current.constraints.size() <= maxConstraints;
}

std::optional<Constraints> Footprint::projectCase(Case current) {
  if (!removeFloors(current) || !solveIndices(current))
    return std::nullopt;
  while (!current.axes.empty()) {
    AtomId axis = current.axes.pop_back_val();
    if (!eliminate(current, axis))
      return std::nullopt;
  }
  return current.constraints;
}

/// Without what follows from the rest; { 0 } if it cannot be met.
Constraints Footprint::normalize(const Constraints &constraints) {
  std::set<Form> unique(constraints.begin(), constraints.end());
  for (const Form &form : constraints)
    if (form.isZero())
      return {Form(space, 0)};
  Constraints kept(unique.begin(), unique.end());
  for (size_t i = 0; i < kept.size();) {
    bool follows = false;
    for (size_t j = 0; j < kept.size() && !follows; ++j)
      follows = i != j && space.isNotNegative(kept[i] - kept[j]);
    if (follows)
      kept.erase(kept.begin() + i);
    else
      ++i;
  }
  return kept;
}

std::optional<std::vector<Constraints>>
Footprint::imagesOf(const Access &access) {
  if (!access.isExact)
    return std::nullopt;
  if (llvm::any_of(access.index, [](const auto &form) { return !form; }))
    return std::nullopt;
  // With new variables, of which nothing is known but the constraints: what is
  // known about those of the loops would make their bounds needless.
  Case start{{}, access.index, {}};
  std::vector<Form> domain(access.domain.begin(), access.domain.end());
  for (AtomId axis : access.axes) {
    start.axes.push_back(space.axis("v"));
    Form variable = space.fromAtom(start.axes.back());
    for (Form &form : domain)
      form = space.substitute(form, axis, variable);
    for (std::optional<Form> &form : start.index)
      form = space.substitute(*form, axis, variable);
  }
  for (const Form &form : domain)
    if (!add(start.constraints, form))
      return std::vector<Constraints>();
  std::optional<std::vector<Case>> cases = splitBrackets(std::move(start));
  if (!cases)
    return std::nullopt;
  std::vector<Constraints> images;
  for (Case &current : *cases) {
    std::optional<Constraints> image = projectCase(std::move(current));
    if (!image)
      return std::nullopt;
    images.push_back(normalize(*image));
  }
  return images;
}

bool Footprint::contains(const Constraints &outer, const Constraints &inner) {
  return llvm::all_of(outer, [&](const Form &form) {
    return llvm::any_of(inner, [&](const Form &given) {
      return space.isNotNegative(form - given);
    });
  });
}

std::optional<Form> Footprint::countImage(const Constraints &constraints) {
  Constraints open = constraints;
  Form count(space, 1);
  for (size_t number = point.size(); number-- > 0;) {
    AtomId axis = point[number];
    std::optional<Form> from, to;
    Constraints rest;
    for (const Form &form : open) {
      auto linear = asLinear(form, axis);
      if (!linear)
        return std::nullopt;
      const auto &[slope, constant] = *linear;
      if (slope.isZero()) {
        rest.push_back(form);
      } else if (space.isNotNegative(slope - 1)) {
        Form bound = space.floorDiv(-constant, slope) + 1;
        from = from ? space.max(*from, bound) : bound;
      } else if (space.isNotNegative(-slope - 1)) {
        Form bound = space.floorDiv(constant - 1, -slope) + 1;
        to = to ? space.min(*to, bound) : bound;
      } else {
        return std::nullopt;
      }
    }
    count = space.sum(axis, from ? *from : Form(space, 0),
                      to ? *to : extents[number], count);
    open = std::move(rest);
  }
  for (const Form &form : open)
    count = count * space.positive(form);
  return count;
}

std::optional<Form> Footprint::countUnion(ArrayRef<Constraints> images) {
  Form total(space);
  for (unsigned chosen = 1; chosen < 1u << images.size(); ++chosen) {
    Constraints both;
    bool possible = true;
    for (size_t i = 0; i < images.size(); ++i)
      if (chosen >> i & 1)
        for (const Form &form : images[i])
          possible = possible && add(both, form);
    if (!possible)
      continue;
    std::optional<Form> size = countImage(normalize(both));
    if (!size)
      return std::nullopt;
    total += llvm::popcount(chosen) % 2 == 1 ? *size : -*size;
  }
  return total;
}

CountRange Footprint::count(ArrayRef<Access> accesses) {
  std::vector<Constraints> images;
  bool isExact = true;
  for (const Access &access : accesses) {
    std::optional<std::vector<Constraints>> found = imagesOf(access);
    if (!found)
      isExact = false;
    else
      images.insert(images.end(), found->begin(), found->end());
  }
  // Without what another one contains.
  for (size_t i = 0; i < images.size();) {
    bool covered = false;
    for (size_t j = 0; j < images.size() && !covered; ++j)
      covered = i != j && contains(images[j], images[i]);
    if (covered)
      images.erase(images.begin() + i);
    else
      ++i;
  }
  Form size(space, 1);
  for (const Form &extent : extents)
    size = size * extent;
  std::optional<Form> known;
  if (images.size() <= maxImages)
    known = countUnion(images);
  if (known && isExact)
    return CountRange(*known);
  return CountRange(known ? *known : Form(space), size);
}

CountRange moa::countFootprint(FormSpace &space, ArrayRef<Form> extents,
                               ArrayRef<Access> accesses) {
  return Footprint(space, extents).count(accesses);
}
