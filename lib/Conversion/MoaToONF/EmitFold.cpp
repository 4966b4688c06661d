//===- EmitFold.cpp - Folds as loops -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fold becomes one loop, or one for each pass of a tower without `correct`.
// Results that do not vary are carried by the loop; the others keep their states
// in rows, which loops over the columns update.
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Remarks.h"

using namespace moa;

/// The results of a fold that run in one loop.
struct BodyEmitter::FoldPass {
  FoldOp fold;
  bool corrects;
  SmallVector<unsigned> results;
  /// For each result of the fold: the row of states, or the old and the new
  /// value that the loop carries.
  llvm::DenseMap<unsigned, Row> rows;
  llvm::DenseMap<unsigned, Value> carried, updated;
};

//===----------------------------------------------------------------------===//
// Towers
//===----------------------------------------------------------------------===//

/// True if the fold has a `correct` region that can be used: corrected values
/// may depend on no other axes than the results.
bool BodyEmitter::runsInOnePass(FoldOp fold) {
  if (!fold.hasCorrect())
    return false;
  return llvm::all_of(
      llvm::zip_equal(fold.getCorrected(), fold.getResults()), [&](auto pair) {
        auto [corrected, result] = pair;
        return !masks.get(corrected).test(masks.get(result));
      });
}

/// The results on which `result` depends directly.
static SmallVector<unsigned> getEarlierResults(FoldOp fold, unsigned result,
                                               bool onePass) {
  SmallVector<unsigned> earlier;
  auto element =
      getUsedArguments(fold.getElements()[result], fold.getBody().front());
  llvm::SmallPtrSet<Value, 8> corrected;
  if (onePass)
    corrected = getUsedArguments(fold.getCorrected()[result],
                                 fold.getCorrect().front());
  for (unsigned i = 0; i < result; ++i)
    if (element.contains(fold.getRunning()[i]) ||
        (onePass && (corrected.contains(fold.getOldState()[i]) ||
                     corrected.contains(fold.getNewState()[i]))))
      earlier.push_back(i);
  return earlier;
}

/// `needed` and the results before them that they depend on and that have not
/// been computed yet, in order.
SmallVector<unsigned> BodyEmitter::closeOverResults(FoldOp fold, bool onePass,
                                                    ArrayRef<unsigned> needed) {
  llvm::SmallBitVector closed(fold.getNumResults());
  SmallVector<unsigned> worklist(needed);
  while (!worklist.empty()) {
    unsigned result = worklist.pop_back_val();
    if (closed.test(result) || (!onePass && find(fold.getResult(result))))
      continue;
    closed.set(result);
    llvm::append_range(worklist, getEarlierResults(fold, result, onePass));
  }
  return llvm::to_vector_of<unsigned>(closed.set_bits());
}

/// Results that can run together: those whose elements use finished ones only,
/// then the next.
static SmallVector<SmallVector<unsigned>>
splitIntoPasses(FoldOp fold, ArrayRef<unsigned> results, bool onePass) {
  if (onePass)
    return {SmallVector<unsigned>(results)};
  llvm::DenseMap<unsigned, unsigned> passOf;
  SmallVector<SmallVector<unsigned>> passes;
  for (unsigned result : results) {
    unsigned pass = 0;
    for (unsigned earlier : getEarlierResults(fold, result, false))
      if (auto it = passOf.find(earlier); it != passOf.end())
        pass = std::max(pass, it->second + 1);
    passOf[result] = pass;
    if (pass == passes.size())
      passes.emplace_back();
    passes[pass].push_back(result);
  }
  return passes;
}

/// True if the fold shares work between columns, and can keep a state for each.
bool BodyEmitter::keepsRows(FoldOp fold, ArrayRef<unsigned> needed) {
  std::optional<unsigned> next = getNextGroup();
  if (!next || !sharesWork(fold, plan.groups[*next].mask, unbound, masks))
    return false;
  // The loops over columns are nested, so the states must be, too.
  for (unsigned result :
       closeOverResults(fold, runsInOnePass(fold), needed)) {
    SmallVector<unsigned> groups = getVaryingGroups(fold.getResult(result));
    unsigned expected = *next;
    for (unsigned group : groups)
      if (group != expected++ || plan.groups[group].block == 0)
        return false;
  }
  return true;
}

void BodyEmitter::remarkRepetition(FoldOp fold, ArrayRef<unsigned> results) {
  AxisSet axes;
  for (unsigned result : results) {
    const AxisSet &more = masks.getAxes(fold.getResult(result));
    axes.insert(more.begin(), more.end());
  }
  auto opts = remark::RemarkOpts::name("RepeatedFold").category("moa-to-onf");
  for (Block *block : blocks) {
    auto outer = dyn_cast<FoldOp>(block->getParentOp());
    if (outer && outer != fold && block == &outer.getBody().front() &&
        !axes.contains(cast<BlockArgument>(outer.getIndex())))
      remark::missed(fold.getLoc(), opts)
          << remark::add("the fold is computed again for each index of an outer "
                         "fold, on which it does not depend");
  }
  if (!array)
    return;
  for (BlockArgument axis : array.getAxes())
    if (!unbound.test(axis.getArgNumber()) && !axes.contains(axis) &&
        array.getStaticExtents()[axis.getArgNumber()] != 1)
      remark::missed(fold.getLoc(), opts)
          << remark::add("the fold is computed again for each index of axis {0}, "
                         "on which it does not depend",
                         axis.getArgNumber());
}

void BodyEmitter::emitFold(FoldOp fold, ArrayRef<unsigned> needed) {
  bool onePass = runsInOnePass(fold);
  if (fold.hasCorrect() && !onePass)
    remark::missed(fold.getLoc(), remark::RemarkOpts::name("UnusedCorrection")
                                      .category("moa-to-onf"))
        << remark::add("the fold runs in several passes: its correct region "
                       "depends on an axis on which a result does not");
  SmallVector<unsigned> results = closeOverResults(fold, onePass, needed);
  remarkRepetition(fold, results);
  for (SmallVector<unsigned> &pass : splitIntoPasses(fold, results, onePass)) {
    FoldPass loop;
    loop.fold = fold;
    loop.corrects = onePass;
    loop.results = std::move(pass);
    emitPass(loop);
  }
}

//===----------------------------------------------------------------------===//
// One loop
//===----------------------------------------------------------------------===//

void BodyEmitter::emitPass(FoldPass &pass) {
  FoldOp fold = pass.fold;
  emitCaptured(pass);
  emitStarts(pass);
  SmallVector<unsigned> carried;
  SmallVector<Value> starts;
  for (unsigned result : pass.results)
    if (!pass.rows.contains(result)) {
      carried.push_back(result);
      starts.push_back(pass.carried.lookup(result));
    }
  Value one = arith::ConstantIndexOp::create(builder, fold.getLoc(), 1);
  auto loop =
      scf::ForOp::create(builder, fold.getLoc(), get(fold.getLower()),
                         get(fold.getUpper()), one, starts);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    scopes.emplace_back();
    blocks.push_back(&fold.getBody().front());
    define(fold.getIndex(), loop.getInductionVar());
    for (auto [result, state] :
         llvm::zip_equal(carried, loop.getRegionIterArgs()))
      pass.carried[result] = state;
    for (auto [result, running] :
         llvm::zip_equal(fold.getResults(), fold.getRunning()))
      if (Entry *finished = find(result))
        define(running, Entry(*finished));
    emitUpdates(pass, pass.results);
    if (!carried.empty())
      scf::YieldOp::create(
          builder, fold.getLoc(),
          llvm::map_to_vector(carried, [&](unsigned result) {
            return pass.updated.lookup(result);
          }));
    blocks.pop_back();
    scopes.pop_back();
  }
  for (auto [result, state] : llvm::zip_equal(carried, loop.getResults()))
    define(fold.getResult(result), state);
  for (auto &[result, row] : pass.rows)
    define(fold.getResult(result), Entry{{}, row});
}

/// Deferred folds that the body uses would be computed again in each of its
/// loops over columns: they get rows of their own.
void BodyEmitter::emitCaptured(FoldPass &pass) {
  SmallVector<Value> roots;
  for (unsigned result : pass.results) {
    if (!varies(pass.fold.getResult(result)))
      continue;
    roots.push_back(pass.fold.getElements()[result]);
    if (pass.corrects)
      roots.push_back(pass.fold.getCorrected()[result]);
  }
  Needs needs = findNeeds(roots);
  for (Operation *op : needs.ops) {
    if (op == pass.fold)
      continue;
    WalkResult folds = op->walk([](FoldOp) { return WalkResult::interrupt(); });
    SmallVector<unsigned> needed = getNeededResults(op, needs);
    bool fits = llvm::all_of(needed, [&](unsigned result) {
      return llvm::all_of(
          getVaryingGroups(op->getResult(result)),
          [&](unsigned group) { return plan.groups[group].block != 0; });
    });
    if (folds.wasInterrupted() && fits)
      emitToRows(op, needed);
  }
}

/// The states before the first index: values to carry, and filled rows.
void BodyEmitter::emitStarts(FoldPass &pass) {
  FoldOp fold = pass.fold;
  for (unsigned result : pass.results) {
    auto start = [&] {
      Value init = fold.getInits().empty() ? Value() : fold.getInits()[result];
      return buildReductionStart(
          builder, fold.getLoc(), fold.getReducer(result),
          fold.getResult(result).getType(), init ? get(init) : Value());
    };
    if (!varies(fold.getResult(result))) {
      pass.carried[result] = start();
      continue;
    }
    Row row = allocateRow(fold.getResult(result));
    pass.rows[result] = row;
    emitColumnLoops(row.groups, [&] {
      Value value = start();
      memref::StoreOp::create(builder, loc, value, row.memory,
                              getRowIndices(row));
    });
  }
}

/// Updates the states of `pending` results: those that do not vary here, the
/// others in a loop over the next columns.
void BodyEmitter::emitUpdates(FoldPass &pass, ArrayRef<unsigned> pending) {
  FoldOp fold = pass.fold;
  SmallVector<unsigned> later;
  for (unsigned result : pending) {
    if (varies(fold.getResult(result))) {
      later.push_back(result);
      continue;
    }
    Value next = emitUpdate(pass, result);
    pass.updated[result] = next;
    if (!pass.corrects)
      continue;
    define(fold.getRunning()[result], next);
    define(fold.getNewState()[result], next);
  }
  if (later.empty())
    return;
  // What they share.
  for (unsigned result : later) {
    emit(fold.getElements()[result]);
    if (!pass.corrects)
      continue;
    blocks.push_back(&fold.getCorrect().front());
    emit(fold.getCorrected()[result]);
    blocks.pop_back();
  }
  emitColumnLoop(*getNextGroup(), [&] { emitUpdates(pass, later); });
}

/// `new = C(old, new) + e`, here for one result.
Value BodyEmitter::emitUpdate(FoldPass &pass, unsigned result) {
  FoldOp fold = pass.fold;
  auto row = pass.rows.find(result);
  SmallVector<Value> indices;
  Value state = pass.carried.lookup(result);
  if (row != pass.rows.end()) {
    indices = getRowIndices(row->second);
    state = memref::LoadOp::create(builder, fold.getLoc(), row->second.memory,
                                   indices);
  }
  if (pass.corrects) {
    define(fold.getOldState()[result], state);
    blocks.push_back(&fold.getCorrect().front());
    state = get(fold.getCorrected()[result]);
    blocks.pop_back();
  }
  Value next = combine(fold, result, state, get(fold.getElements()[result]));
  if (row != pass.rows.end())
    memref::StoreOp::create(builder, fold.getLoc(), next, row->second.memory,
                            indices);
  return next;
}

Value BodyEmitter::combine(FoldOp fold, unsigned result, Value accumulated,
                           Value next) {
  Region *combiner = fold.getCombiner(result);
  if (!combiner)
    return buildReduction(builder, fold.getLoc(), fold.getReducer(result),
                          accumulated, next);
  Block &block = combiner->front();
  scopes.emplace_back();
  blocks.push_back(&block);
  define(block.getArgument(0), accumulated);
  define(block.getArgument(1), next);
  Value combined = get(block.getTerminator()->getOperand(0));
  blocks.pop_back();
  scopes.pop_back();
  return combined;
}
