//===- FuseFolds.cpp - The pass moa-fuse-folds ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../DeadCode.h"
#include "Emit.h"
#include "Group.h"
#include "Prepare.h"
#include "ScalarTypes.h"

#include "moa/Algebra/Chain.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"

namespace moa {
#define GEN_PASS_DEF_MOAFUSEFOLDS
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;
using algebra::Chain;
using algebra::Ex;
using algebra::Tower;
using algebra::TowerResult;

namespace {

/// Turns one group of folds into towers.
class Fusion {
public:
  Fusion(const FoldGroup &group, Translator::Options translation,
         algebra::TowerOptions derivation)
      : group(group), translation(std::move(translation)),
        chain(context, derivation) {}

  /// True if the group was replaced.
  bool run();

private:
  FoldOp concatenate();
  bool derive(Translator &translator);
  bool keepsTowers();
  void report();
  void emit(Translator &translator);
  void emitPass(unsigned pass, Emitter &emitter, Emitter::Scope &outside);
  void emitCorrect(FoldOp fold, ArrayRef<TowerResult> results, Emitter &emitter,
                   Emitter::Scope &outside);
  SmallVector<TowerResult> liveResults(unsigned pass);

  const FoldGroup &group;
  Translator::Options translation;
  algebra::Context context;
  Chain chain;
  /// The folds' results, and their symbols.
  SmallVector<OpResult> values;
  SmallVector<Ex> symbols;
  FoldOp source;
};

} // namespace

/// Moves scalar code that needs the index at most to the front of a body, so that
/// what is nested later shares it instead of computing it again.
static void moveInvariantsToFront(Block &body) {
  Operation *front = &body.front();
  llvm::SmallPtrSet<Operation *, 8> moved;
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator())) {
    bool isScalar = isa<arith::ArithDialect, affine::AffineDialect>(op.getDialect());
    bool invariant = llvm::all_of(op.getOperands(), [&](Value operand) {
      Operation *def = operand.getDefiningOp();
      return !def || def->getBlock() != &body || moved.contains(def);
    });
    if (!isScalar || op.getNumRegions() != 0 || !invariant)
      continue;
    moved.insert(&op);
    if (&op == front)
      front = front->getNextNode();
    else
      op.moveBefore(front);
  }
}

/// All elements in one body (fold_tower), over the results of the folds as they
/// stand: equal code is there once.
FoldOp Fusion::concatenate() {
  FoldOp last = group.folds.back();
  OpBuilder builder(last);
  SmallVector<ReducerKind> kinds;
  SmallVector<Type> types;
  SmallVector<Location> locations;
  for (FoldOp fold : group.folds) {
    locations.push_back(fold.getLoc());
    for (OpResult result : fold->getResults()) {
      values.push_back(result);
      types.push_back(result.getType());
      kinds.push_back(fold.getReducer(result.getResultNumber()));
    }
  }
  FoldOp first = group.folds.front();
  auto all = FoldOp::create(builder, builder.getFusedLoc(locations),
                            first.getLower(), first.getUpper(),
                            types, kinds);
  builder.setInsertionPointToEnd(&all.getBody().front());
  SmallVector<Value> elements;
  for (FoldOp fold : group.folds) {
    IRMapping mapping;
    mapping.map(fold.getIndex(), all.getIndex());
    mapping.map(fold.getRunning(), fold.getResults());
    for (Operation &op : fold.getBody().front().without_terminator())
      builder.clone(op, mapping);
    for (Value element : fold.getElements())
      elements.push_back(mapping.lookupOrDefault(element));
  }
  YieldOp::create(builder, all.getLoc(), elements);
  moveInvariantsToFront(all.getBody().front());
  IRRewriter rewriter(builder);
  DominanceInfo dominance(all->getParentOp());
  eliminateCommonSubExpressions(rewriter, dominance, all);
  return all;
}

bool Fusion::derive(Translator &translator) {
  for (auto [i, value] : llvm::enumerate(values)) {
    uint8_t type = *getTypeNumber(value.getType());
    symbols.push_back(context.freshResult("r" + std::to_string(i), type));
    translator.setResult(value, symbols[i], source.getReducer(i));
  }
  for (auto [i, value] : llvm::enumerate(values)) {
    Ex element = translator.get(source.getElements()[i]);
    if (!element) {
      mlir::emitRemark(value.getLoc())
          << "not fused: '" << describe(translator.failedAt)
          << "' uses an earlier result";
      return false;
    }
    if (!chain.add(symbols[i], getAlgebraReducer(source.getReducer(i)), element,
                   symbols[i]->type)) {
      report();
      return false;
    }
  }
  report();
  return keepsTowers();
}

/// A tower that ran in one pass before must not fall apart.
bool Fusion::keepsTowers() {
  unsigned next = 0;
  for (FoldOp fold : group.folds) {
    unsigned first = next;
    next += fold->getNumResults();
    if (!fold.hasCorrect())
      continue;
    auto passes = chain.folds().slice(first, next - first);
    if (llvm::all_of(passes, [&](const Chain::Fold &f) {
          return f.pass == passes.front().pass;
        }))
      continue;
    fold.emitRemark() << "not fused: its `correct` region keeps it in one pass, "
                         "and none that does was derived";
    return false;
  }
  return true;
}

void Fusion::report() {
  for (auto [fold, value] : llvm::zip(chain.folds(), values))
    for (const algebra::Refusal &refusal : fold.refusals)
      // At the location: the function is being changed, and must not be printed.
      mlir::emitRemark(value.getLoc())
          << "not in the pass of what it uses: " << refusal.str();
}

/// The results of a pass that a value is made of.
SmallVector<TowerResult> Fusion::liveResults(unsigned pass) {
  llvm::DenseSet<Ex> live;
  auto mark = [&](Ex e) {
    algebra::walk(e, [&](Ex n) {
      if (n->op == algebra::Op::Res)
        live.insert(n);
      if (n->op == algebra::Op::Old || n->op == algebra::Op::New)
        live.insert(Ex(static_cast<const algebra::Expr *>(n->tag)));
    });
  };
  for (const Chain::Fold &fold : chain.folds())
    if (fold.pass == pass)
      mark(fold.value);
  SmallVector<TowerResult> results;
  for (const TowerResult &result : llvm::reverse(chain.pass(pass).results())) {
    if (!live.contains(result.symbol))
      continue;
    mark(result.element);
    if (result.correct)
      mark(result.correct);
    results.insert(results.begin(), result);
  }
  return results;
}

static ReducerKind getReducerKind(const TowerResult &result, Chain &chain,
                                  ArrayRef<Ex> symbols, FoldOp source) {
  switch (result.reducer) {
  case algebra::Reducer::Add:
    return ReducerKind::Add;
  case algebra::Reducer::Mul:
    return ReducerKind::Mul;
  case algebra::Reducer::Max:
    return ReducerKind::Max;
  case algebra::Reducer::Min:
    return ReducerKind::Min;
  case algebra::Reducer::Other:
    break;
  }
  // It is the value of one fold, as it was.
  for (auto [i, fold] : llvm::enumerate(chain.folds()))
    if (fold.value == result.symbol)
      return source.getReducer(i);
  llvm_unreachable("a result without a fold");
}

void Fusion::emitCorrect(FoldOp fold, ArrayRef<TowerResult> results,
                         Emitter &emitter, Emitter::Scope &outside) {
  bool corrects =
      llvm::any_of(results, [](const TowerResult &r) { return r.correct; });
  if (!corrects)
    return;
  Block &block = fold.getCorrect().emplaceBlock();
  for (int state = 0; state < 2; ++state)
    for (Type type : fold.getResultTypes())
      block.addArgument(type, fold.getLoc());
  Emitter::Scope scope(OpBuilder::atBlockEnd(&block), &outside);
  for (auto [i, result] : llvm::enumerate(results)) {
    scope.bind(context.state(algebra::Op::Old, result.symbol),
               fold.getOldState()[i]);
    scope.bind(context.state(algebra::Op::New, result.symbol),
               fold.getNewState()[i]);
  }
  SmallVector<Value> corrected;
  for (auto [i, result] : llvm::enumerate(results))
    corrected.push_back(result.correct
                            ? emitter.emit(result.correct, scope,
                                           fold.getResult(i).getType())
                            : fold.getOldState()[i]);
  YieldOp::create(scope.builder, fold.getLoc(), corrected);
}

void Fusion::emitPass(unsigned pass, Emitter &emitter, Emitter::Scope &outside) {
  SmallVector<TowerResult> results = liveResults(pass);
  SmallVector<Type> types;
  SmallVector<ReducerKind> kinds;
  for (const TowerResult &result : results) {
    types.push_back(
        getNumberedType(source.getContext(), result.symbol->type));
    kinds.push_back(getReducerKind(result, chain, symbols, source));
  }
  auto fold = FoldOp::create(outside.builder, source.getLoc(),
                             source.getLower(), source.getUpper(), types, kinds);
  // Neutral code goes before the fold.
  OpBuilder after = outside.builder;
  outside.builder.setInsertionPoint(fold);
  Emitter::Scope body(OpBuilder::atBlockEnd(&fold.getBody().front()), &outside);
  body.copies.map(source.getIndex(), fold.getIndex());
  for (auto [result, running] : llvm::zip_equal(results, fold.getRunning()))
    body.bind(result.symbol, running);
  SmallVector<Value> elements;
  for (auto [result, type] : llvm::zip_equal(results, types))
    elements.push_back(emitter.emit(result.element, body, type));
  YieldOp::create(body.builder, fold.getLoc(), elements);
  emitCorrect(fold, results, emitter, outside);

  // The values of the folds of this pass.
  outside.builder = after;
  Emitter::Scope final(after, &outside);
  for (auto [result, value] : llvm::zip_equal(results, fold.getResults()))
    final.bind(result.symbol, value);
  for (auto [i, f] : llvm::enumerate(chain.folds()))
    if (f.pass == pass)
      emitter.bindParameter(symbols[i].get(),
                            emitter.emit(f.value, final, values[i].getType()));
}

void Fusion::emit(Translator &translator) {
  Emitter emitter(translator, source, source.getLoc());
  Emitter::Scope outside((OpBuilder(source)));
  emitter.bindParameter(&Chain::extentTag, source.getUpper());
  for (unsigned pass = 0; pass < chain.numPasses(); ++pass)
    emitPass(pass, emitter, outside);
  for (Operation *op : group.between)
    op->moveBefore(source);
  for (auto [i, value] : llvm::enumerate(values))
    value.replaceAllUsesWith(emitter.getParameter(symbols[i].get()));
  source.erase();
  for (FoldOp fold : llvm::reverse(group.folds))
    fold.erase();
}

bool Fusion::run() {
  source = concatenate();
  Translator translator(context, source, translation);
  if (!derive(translator)) {
    source.erase();
    return false;
  }
  emit(translator);
  return true;
}

namespace {
struct FuseFoldsPass : public moa::impl::MoaFuseFoldsBase<FuseFoldsPass> {
  using MoaFuseFoldsBase::MoaFuseFoldsBase;

  LogicalResult initialize(MLIRContext *) override {
    if (moments == "running" || moments == "exact")
      return success();
    llvm::errs() << "moa-fuse-folds: unknown value '" << moments
                 << "' of the option 'moments'; known are 'running' and "
                    "'exact'\n";
    return failure();
  }

  void fuseBlock(Block &block) {
    Translator::Options translation;
    for (const std::string &name : approximate)
      translation.approximate.insert(name);
    algebra::TowerOptions derivation;
    derivation.exactMoments = moments == "exact";
    derivation.countType = getCountNumber();
    derivation.firstFloatType = getFirstFloatNumber();
    llvm::SmallPtrSet<Operation *, 8> seen;
    prepareFolds(block);
    bool changed = true;
    while (changed) {
      changed = false;
      for (FoldOp fold : block.getOps<FoldOp>()) {
        if (!canFuse(fold) || !seen.insert(fold).second)
          continue;
        FoldGroup group = collectFoldGroup(fold);
        if (group.folds.size() == 1 &&
            (fold->getNumResults() == 1 || fold.hasCorrect()))
          continue;
        // What a fusion leaves is not looked at again.
        llvm::SmallPtrSet<Operation *, 8> before;
        for (FoldOp other : block.getOps<FoldOp>())
          before.insert(other);
        for (FoldOp member : group.folds)
          seen.insert(member);
        if (!Fusion(group, translation, derivation).run())
          continue;
        for (FoldOp other : block.getOps<FoldOp>())
          if (!before.contains(other))
            seen.insert(other);
        changed = true;
        break;
      }
    }
  }

  void simplify() {
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(getOperation());
    eliminateCommonSubExpressions(rewriter, dominance, getOperation());
    eraseDeadCode(getOperation());
  }

  void runOnOperation() override {
    simplify();
    SmallVector<Block *> blocks;
    getOperation()->walk<WalkOrder::PostOrder>([&](Operation *op) {
      if (isa<func::FuncOp, ArrayOp, FoldOp>(op))
        for (Region &region : op->getRegions())
          for (Block &block : region)
            blocks.push_back(&block);
    });
    // Inner blocks come first; fusing one does not touch those around it.
    for (Block *block : blocks)
      fuseBlock(*block);
    simplify();
  }
};
} // namespace
