//===- Reuse.cpp - How often elements are computed --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/Reuse.h"

#include "BodyCounter.h"

#include "moa/Dialect/Moa/IR/Dependence.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace moa;

struct ReuseAnalysis::State {
  State(func::FuncOp function, const ReuseOptions &options)
      : function(function), options(options), forms(space),
        counter(space, forms) {}

  std::optional<double> evaluate(const Form &form);
  std::optional<Form> evaluations(ArrayOp reader, PsiOp psi, Form &shared);
  void addOuterAxes(AxisSet &set, Value value) {
    for (BlockArgument axis : axisSets.get(value))
      set.insert(axis);
  }

  func::FuncOp function;
  ReuseOptions options;
  FormSpace space;
  IndexForms forms;
  BodyCounter counter;
  AxisSets axisSets;
  llvm::DenseMap<Operation *, std::optional<double>> costs;
};

ReuseAnalysis::ReuseAnalysis(func::FuncOp function, const ReuseOptions &options)
    : state(std::make_unique<State>(function, options)) {
  // In order: the axes of each array get their forms.
  for (ArrayOp op : function.getOps<ArrayOp>())
    costOf(op);
}

ReuseAnalysis::~ReuseAnalysis() = default;

std::optional<double> ReuseAnalysis::State::evaluate(const Form &form) {
  FormSpace::Values values;
  for (AtomId id = 0; id < space.numAtoms(); ++id)
    if (space.atom(id).kind == FormAtom::Kind::Symbol &&
        space.atom(id).meaning.empty())
      values.emplace(id, Integer(options.extent));
  std::optional<Fraction> value = space.evaluate(form, values);
  if (!value)
    return std::nullopt;
  // Fractions of integers of any size, brought into the range of a double.
  Integer num = value->num, den = value->den;
  double scale = 1;
  while (llvm::abs(num) > Integer(int64_t(1) << 52)) {
    num = num / Integer(1024);
    scale *= 1024;
  }
  return double(int64_t(num)) * scale / double(int64_t(den));
}

static double weightOf(StringRef kind) {
  return llvm::StringSwitch<double>(kind)
      .Cases({"add", "mul", "neg", "cmp", "select", "max_min", "cast"}, 1)
      .Cases({"logic", "affine", "absf", "copysign", "floor", "ceil"}, 1)
      .Cases({"div", "rem", "sqrt", "rsqrt"}, 4)
      .Default(16);
}

std::optional<double> ReuseAnalysis::costOf(ArrayOp op) {
  if (auto known = state->costs.find(op); known != state->costs.end())
    return known->second;
  std::optional<double> &cost = state->costs[op];
  FailureOr<Tally> tally = state->counter.countArray(op);
  if (failed(tally))
    return std::nullopt;
  double total = 0;
  auto add = [&](double weight, const CountRange &count) {
    // What depends on data may happen: the most that is possible.
    std::optional<double> value =
        count.most ? state->evaluate(*count.most) : std::nullopt;
    if (value)
      total += weight * *value;
    return value.has_value();
  };
  for (const CountsByKind *kinds : {&tally->floatOps, &tally->integerOps})
    for (const auto &[kind, count] : *kinds)
      if (!add(weightOf(kind), count))
        return std::nullopt;
  for (const auto &[array, count] : tally->reads)
    if (!add(1, count))
      return std::nullopt;
  cost = total;
  return total;
}

static Form sizeForm(IndexForms &forms, FormSpace &space, Value array) {
  Form size(space, 1);
  for (int64_t axis = 0; axis < cast<ShapedType>(array.getType()).getRank();
       ++axis)
    size = size * forms.extentOf(array, axis);
  return size;
}

std::optional<double> ReuseAnalysis::sizeOf(Value array) {
  return state->evaluate(sizeForm(state->forms, state->space, array));
}

std::string ReuseAnalysis::sizeText(Value array) {
  return sizeForm(state->forms, state->space, array).str();
}

/// The number of different combinations of loop variables for which `psi` is
/// evaluated, and in `shared` for how many values of the other axes of the array
/// each of them is used.
std::optional<Form> ReuseAnalysis::State::evaluations(ArrayOp reader, PsiOp psi,
                                                      Form &shared) {
  SmallVector<FoldOp> folds;
  std::optional<Form> count(Form(space, 1));
  AxisSet depends;
  addOuterAxes(depends, psi.getResult());
  for (Operation *parent = psi->getParentOp(); parent != reader;
       parent = parent->getParentOp()) {
    if (auto fold = dyn_cast<FoldOp>(parent)) {
      // A fold in which an inner one depends on something is a loop around it.
      if (!folds.empty() || depends.contains(cast<BlockArgument>(fold.getIndex())))
        folds.push_back(fold);
    } else if (auto choice = dyn_cast<scf::IfOp>(parent)) {
      std::optional<Form> holds = forms.of(choice.getCondition());
      if (!holds)
        continue;
      addOuterAxes(depends, choice.getCondition());
      bool isThen = choice.getThenRegion().isAncestor(psi->getParentRegion());
      *count = *count * (isThen ? *holds : Form(space, 1) - *holds);
    }
  }
  for (FoldOp fold : folds) {
    addOuterAxes(depends, fold.getLower());
    addOuterAxes(depends, fold.getUpper());
    std::optional<Form> index = forms.of(fold.getIndex()),
                        lower = forms.of(fold.getLower()),
                        upper = forms.of(fold.getUpper());
    if (!index || !index->atom() || !lower || !upper)
      return std::nullopt;
    count = space.sum(*index->atom(), *lower, *upper, *count);
  }
  for (unsigned axis = reader.getNumAxes(); axis-- > 0;) {
    BlockArgument argument = reader.getAxes()[axis];
    Form extent = forms.of(reader.getMixedExtents()[axis]);
    std::optional<Form> index = forms.of(argument);
    if (!index || !index->atom())
      return std::nullopt;
    if (depends.contains(argument))
      count = space.sum(*index->atom(), Form(space), extent, *count);
    else
      shared = shared * extent;
  }
  return count;
}

std::optional<double> ReuseAnalysis::readsOf(ArrayOp reader, Value stored) {
  double most = 0;
  for (Operation *user : stored.getUsers()) {
    auto psi = dyn_cast<PsiOp>(user);
    if (!psi || !reader->isProperAncestor(psi))
      continue;
    Form shared(state->space, 1);
    std::optional<Form> form = state->evaluations(reader, psi, shared);
    if (!form)
      return std::nullopt;
    std::optional<double> count = state->evaluate(*form),
                          uses = state->evaluate(shared);
    if (!count || !uses)
      return std::nullopt;
    most = std::max(most, *count * std::ceil(*uses / double(state->options.columns)));
  }
  return most;
}
