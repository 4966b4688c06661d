//===- Materialize.cpp - Which intermediate arrays are stored ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a copy of the function every candidate is stored and the rest is reduced.
// There the counts say what an element of each costs and how often it is read;
// from these it follows, readers first, which of them are worth storing.
//
//===----------------------------------------------------------------------===//

#include "PsiReducer.h"

#include "moa/Analysis/Reuse.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"

using namespace moa;

namespace {
/// An intermediate array that could be stored.
struct Candidate {
  OpResult array;
  /// Its place in the copy: what computes it, and what is read.
  ArrayOp computed = {};
  Value stored = {};
  std::string sizeText = {};
  double size = 0, ownCost = 0;
  /// With what is not stored computed again.
  double elementCost = 0;
  double evaluations = 0;
  bool isStored = false;
};

class Materializer {
  /// Storing must be cheaper by this factor: it takes memory.
  static constexpr double margin = 4;

public:
  Materializer(func::FuncOp function, const PsiReductionOptions &options)
      : function(function), options(options) {}
  void run();

private:
  void findCandidates();
  LogicalResult reduceCopy();
  bool count(ReuseAnalysis &reuse);
  void decide();
  void remark(const Candidate &candidate);
  double storingCost(const Candidate &candidate) const {
    return candidate.elementCost * candidate.size +
           2 * double(options.traffic) * candidate.size +
           candidate.evaluations;
  }

  func::FuncOp function;
  PsiReductionOptions options;
  OwningOpRef<func::FuncOp> copy;
  /// In program order.
  SmallVector<Candidate> candidates;
  /// reads[i][j]: how often candidate i, or the arrays that are stored anyhow
  /// for i = candidates.size(), ask for an element of j.
  std::vector<std::vector<double>> reads;
};
} // namespace

/// True if an element costs more than a few operations.
static bool isCostly(Operation *op) {
  if (isa<ReduceOp, InnerOp, ScanOp>(op))
    return true;
  return op
      ->walk([](Operation *inner) {
        return isa<FoldOp>(inner) ||
                       isa_and_nonnull<math::MathDialect>(inner->getDialect())
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

void Materializer::findCandidates() {
  for (Operation &op : function.getBody().front())
    if (isAlgebra(&op) && !isa<PsiOp>(op) && isCostly(&op))
      for (OpResult result : op.getResults())
        if (isa<RankedTensorType>(result.getType()) && !result.use_empty() &&
            llvm::none_of(result.getUses(), needsArray))
          candidates.push_back({result});
}

LogicalResult Materializer::reduceCopy() {
  IRMapping mapping;
  copy = cast<func::FuncOp>(function->clone(mapping));
  OpBuilder builder(function.getContext());
  // The reduction may erase what turns out to be unused: found again by name.
  constexpr StringLiteral name = "moa.candidate";
  for (auto [number, candidate] : llvm::enumerate(candidates)) {
    Value array = mapping.lookup(candidate.array);
    builder.setInsertionPointAfterValue(array);
    auto stored =
        MaterializeOp::create(builder, candidate.array.getLoc(), array);
    stored->setAttr(name, builder.getIndexAttr(number));
    array.replaceAllUsesExcept(stored, stored);
  }
  // What is wrong with the program is said when it is reduced itself.
  ScopedDiagnosticHandler quiet(function.getContext(),
                                [](Diagnostic &) { return success(); });
  if (failed(PsiReducer(*copy).run(/*join=*/false)))
    return failure();
  copy->walk([&](MaterializeOp stored) {
    if (auto number = stored->getAttrOfType<IntegerAttr>(name)) {
      Candidate &candidate = candidates[number.getInt()];
      candidate.stored = stored;
      candidate.computed = stored.getSource().getDefiningOp<ArrayOp>();
    }
  });
  llvm::erase_if(candidates, [](const Candidate &candidate) {
    return !candidate.stored;
  });
  return success();
}

/// False where something depends on data.
bool Materializer::count(ReuseAnalysis &reuse) {
  for (Candidate &candidate : candidates) {
    if (!candidate.computed)
      return false;
    std::optional<double> cost = reuse.costOf(candidate.computed),
                          size = reuse.sizeOf(candidate.stored);
    if (!cost || !size || *size < 1)
      return false;
    candidate.ownCost = *cost / *size;
    candidate.size = *size;
    candidate.sizeText = reuse.sizeText(candidate.stored);
  }
  reads.assign(candidates.size() + 1,
               std::vector<double>(candidates.size(), 0));
  for (auto op : copy->getOps<ArrayOp>()) {
    auto reader = llvm::find_if(
        candidates, [&](const Candidate &c) { return c.computed == op; });
    size_t row = std::distance(candidates.begin(), reader);
    for (auto [column, candidate] : llvm::enumerate(candidates)) {
      std::optional<double> count = reuse.readsOf(op, candidate.stored);
      if (!count)
        return false;
      double &known = reads[row][column];
      known = std::max(known, *count);
    }
  }
  return true;
}

void Materializer::decide() {
  size_t number = candidates.size();
  // What is stored changes the costs of what reads it, which may change what
  // is to be stored: a few rounds, the last of which counts.
  for (unsigned round = 0; round < 3; ++round) {
    for (size_t i = 0; i < number; ++i) {
      Candidate &candidate = candidates[i];
      candidate.elementCost = candidate.ownCost;
      for (size_t j = 0; j < i; ++j)
        if (!candidates[j].isStored)
          candidate.elementCost +=
              reads[i][j] / candidate.size * candidates[j].elementCost;
    }
    for (size_t j = number; j-- > 0;) {
      Candidate &candidate = candidates[j];
      candidate.evaluations = reads[number][j];
      for (size_t i = j + 1; i < number; ++i)
        candidate.evaluations = std::max(
            candidate.evaluations,
            reads[i][j] * (candidates[i].isStored ? 1
                                                  : candidates[i].evaluations /
                                                        candidates[i].size));
      candidate.isStored = candidate.elementCost * candidate.evaluations >
                           margin * storingCost(candidate);
    }
  }
}

void Materializer::remark(const Candidate &candidate) {
  if (candidate.evaluations <= candidate.size)
    return;
  auto text = [](double value) { return llvm::formatv("{0:e2}", value).str(); };
  auto details = llvm::formatv(
      "{0} elements of {1}, {2} evaluations, of {3} operations each: {4} to "
      "compute them again, {5} to store them",
      text(candidate.size), candidate.sizeText, text(candidate.evaluations),
      text(candidate.elementCost),
      text(candidate.elementCost * candidate.evaluations),
      text(storingCost(candidate)));
  auto opts =
      remark::RemarkOpts::name("Materialize").category("moa-materialize");
  if (candidate.isStored)
    remark::passed(candidate.array.getLoc(), opts)
        << remark::add("the array is stored: {0}", details.str());
  else
    remark::missed(candidate.array.getLoc(), opts)
        << remark::add("the array is not stored: {0}", details.str());
}

void Materializer::run() {
  if (!function.getBody().hasOneBlock())
    return;
  findCandidates();
  if (candidates.empty() || failed(reduceCopy()))
    return;
  {
    // What has no counts has no say, either.
    ScopedDiagnosticHandler quiet(function.getContext(),
                                  [](Diagnostic &) { return success(); });
    ReuseAnalysis reuse(*copy, {options.extent, options.columns});
    if (!count(reuse))
      return;
  }
  decide();
  OpBuilder builder(function.getContext());
  for (const Candidate &candidate : candidates) {
    remark(candidate);
    if (!candidate.isStored)
      continue;
    builder.setInsertionPointAfterValue(candidate.array);
    auto stored = MaterializeOp::create(builder, candidate.array.getLoc(),
                                        candidate.array);
    Value(candidate.array).replaceAllUsesExcept(stored, stored);
  }
}

void moa::materializeCostly(func::FuncOp function,
                            const PsiReductionOptions &options) {
  Materializer(function, options).run();
}
