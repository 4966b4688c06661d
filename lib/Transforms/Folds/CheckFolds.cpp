//===- CheckFolds.cpp - The pass moa-check-folds ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarTypes.h"
#include "Translate.h"

#include "moa/Algebra/Proof.h"
#include "moa/Transforms/Passes.h"

namespace moa {
#define GEN_PASS_DEF_MOACHECKFOLDS
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;
using algebra::Ex;
using algebra::TowerResult;

/// Translates the tower, its running values as results.
static LogicalResult translateTower(FoldOp fold, algebra::Context &context,
                                    SmallVectorImpl<TowerResult> &results) {
  Translator::Options options;
  options.zeroPivots = true;
  Translator elements(context, fold, options), corrections(context, fold, options);
  for (unsigned i = 0, n = fold.getNumResults(); i < n; ++i) {
    std::optional<uint8_t> type = getTypeNumber(fold.getResult(i).getType());
    if (!type)
      return fold.emitOpError() << "result #" << i << " has type "
                                << fold.getResult(i).getType()
                                << ", which the prover does not know";
    Ex symbol = context.freshResult("r" + std::to_string(i), *type);
    ReducerKind kind = fold.getReducer(i);
    elements.setResult(fold.getRunning()[i], symbol, kind);
    corrections.setResult(fold.getOldState()[i],
                          context.state(algebra::Op::Old, symbol), kind);
    corrections.setResult(fold.getNewState()[i],
                          context.state(algebra::Op::New, symbol), kind);
    results.push_back({symbol, getAlgebraReducer(kind), nullptr, nullptr});
  }
  for (auto [i, result] : llvm::enumerate(results)) {
    result.element = elements.get(fold.getElements()[i]);
    result.correct = corrections.get(fold.getCorrected()[i]);
    Translator &failing = result.element ? corrections : elements;
    if (!result.element || !result.correct)
      return fold.emitOpError()
             << "result #" << i << " is not proved: '"
             << describe(failing.failedAt) << "' is not of the algebra";
    if (result.correct == context.state(algebra::Op::Old, result.symbol))
      result.correct = nullptr;
  }
  return success();
}

static LogicalResult checkTower(FoldOp fold) {
  algebra::Context context;
  SmallVector<TowerResult> results;
  if (failed(translateTower(fold, context, results)))
    return failure();
  algebra::NormalForm forms;
  algebra::TransportProof proof(context, forms);
  for (auto [i, result] : llvm::enumerate(results)) {
    if (auto failed = proof.add(result))
      return fold.emitOpError() << "does not obey the transport law at result #"
                                << i << ": " << failed->str();
    Ex bad = algebra::findNotTotal(result.element,
                                   ArrayRef(results).take_front(i));
    if (bad)
      fold.emitWarning() << "element #" << i
                         << " has no proper value at the empty state: "
                         << bad->str();
  }
  return success();
}

namespace {
struct CheckFoldsPass : public moa::impl::MoaCheckFoldsBase<CheckFoldsPass> {
  void runOnOperation() override {
    bool fails = false;
    getOperation()->walk([&](FoldOp fold) {
      if (fold.hasCorrect() && failed(checkTower(fold)))
        fails = true;
    });
    if (fails)
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
