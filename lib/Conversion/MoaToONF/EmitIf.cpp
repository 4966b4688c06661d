//===- EmitIf.cpp - Branches -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A branch that does not vary is emitted as it is. One that varies is deferred,
// unless it holds folds that do not: these are computed once, behind the same
// condition, and what the deferred part of the branch needs of them becomes
// results of that new branch. Where the condition itself varies, they are
// computed if any column takes the branch.
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

/// Replaces `shell`, which has no results, by a branch that yields the given
/// values, and has the code of `shell`.
static scf::IfOp addResults(OpBuilder &builder, scf::IfOp shell,
                            ValueRange thenValues, ValueRange elseValues) {
  if (thenValues.empty())
    return shell;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(shell);
  auto branch = scf::IfOp::create(builder, shell.getLoc(),
                                  thenValues.getTypes(), shell.getCondition());
  auto move = [&](Region &from, Region &to, ValueRange values) {
    to.takeBody(from);
    to.front().getTerminator()->setOperands(values);
  };
  move(shell.getThenRegion(), branch.getThenRegion(), thenValues);
  move(shell.getElseRegion(), branch.getElseRegion(), elseValues);
  shell.erase();
  return branch;
}

/// Values of the given ones' types that nobody will look at.
static SmallVector<Value> buildZeros(OpBuilder &builder, Location loc,
                                     Block *block, ValueRange values) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(block->getTerminator());
  return llvm::map_to_vector(values, [&](Value value) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getZeroAttr(value.getType()));
  });
}

static scf::IfOp buildShell(OpBuilder &builder, Location loc, Value condition) {
  return scf::IfOp::create(builder, loc, TypeRange(), condition,
                           /*withElseRegion=*/true);
}

//===----------------------------------------------------------------------===//
// Sides
//===----------------------------------------------------------------------===//

/// Emits, to the end of the block `into`, what does not vary of the side `from`.
BodyEmitter::Side BodyEmitter::emitSide(scf::IfOp branch, Region &from,
                                        Block *into,
                                        ArrayRef<unsigned> needed) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(into->getTerminator());
  scopes.emplace_back();
  blocks.push_back(&from.front());
  Operation *terminator = from.front().getTerminator();
  auto yielded = llvm::map_to_vector(
      needed, [&](unsigned result) { return terminator->getOperand(result); });
  emit(yielded);
  Side side;
  for (Value value : yielded)
    side.yielded.push_back(varies(value) ? Value() : lookup(value));
  blocks.pop_back();
  for (auto &[value, entry] : scopes.pop_back_val())
    if (branch->isAncestor(value.getParentRegion()->getParentOp()) &&
        isUsedByDeferred(value))
      side.exposed.emplace_back(value, entry);
  return side;
}

bool BodyEmitter::isUsedByDeferred(Value value) {
  auto isDeferred = [&](Operation *op) {
    return llvm::any_of(op->getResults(), [&](Value v) { return varies(v); });
  };
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    return isDeferred(user->getNumResults() ? user : user->getParentOp());
  });
}

bool BodyEmitter::containsSharedWork(Region &region) {
  return region
      .walk([&](FoldOp fold) {
        bool shared = llvm::any_of(fold.getResults(),
                                   [&](Value v) { return !varies(v); });
        return shared ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

void BodyEmitter::emitIf(scf::IfOp branch, ArrayRef<unsigned> needed) {
  scf::IfOp shell =
      buildShell(builder, branch.getLoc(), get(branch.getCondition()));
  Side thenSide = emitSide(branch, branch.getThenRegion(), shell.thenBlock(),
                           needed);
  Side elseSide = emitSide(branch, branch.getElseRegion(), shell.elseBlock(),
                           needed);
  shell = addResults(builder, shell, thenSide.yielded, elseSide.yielded);
  for (auto [result, emitted] : llvm::zip_equal(needed, shell.getResults()))
    define(branch.getResult(result), emitted);
}

void BodyEmitter::emitVaryingIf(scf::IfOp branch, ArrayRef<unsigned> needed) {
  bool shared = containsSharedWork(branch.getThenRegion()) ||
                containsSharedWork(branch.getElseRegion());
  if (shared && !varies(branch.getCondition()))
    return splitIf(branch, needed);
  if (shared) {
    splitSide(branch, true, needed);
    splitSide(branch, false, needed);
    return;
  }
  SmallVector<unsigned> uniform;
  for (unsigned result : needed)
    if (!varies(branch.getResult(result)))
      uniform.push_back(result);
  if (!uniform.empty())
    emitIf(branch, uniform);
}

/// The condition does not vary: one branch for both sides.
void BodyEmitter::splitIf(scf::IfOp branch, ArrayRef<unsigned> needed) {
  scf::IfOp shell =
      buildShell(builder, branch.getLoc(), get(branch.getCondition()));
  Side thenSide = emitSide(branch, branch.getThenRegion(), shell.thenBlock(),
                           needed);
  Side elseSide = emitSide(branch, branch.getElseRegion(), shell.elseBlock(),
                           needed);

  // The results: those that do not vary, then what each side exposes.
  SmallVector<Value> names, thenValues, elseValues;
  for (auto [i, result] : llvm::enumerate(needed))
    if (!varies(branch.getResult(result))) {
      names.push_back(branch.getResult(result));
      thenValues.push_back(thenSide.yielded[i]);
      elseValues.push_back(elseSide.yielded[i]);
    }
  auto expose = [&](Side &side, Block *otherBlock, SmallVector<Value> &own,
                    SmallVector<Value> &other) {
    SmallVector<Value> values;
    for (auto &[name, entry] : side.exposed) {
      if (entry.row) {
        define(name, entry);
        continue;
      }
      names.push_back(name);
      values.push_back(entry.value);
    }
    llvm::append_range(own, values);
    llvm::append_range(other, buildZeros(builder, branch.getLoc(), otherBlock,
                                         values));
  };
  expose(thenSide, shell.elseBlock(), thenValues, elseValues);
  expose(elseSide, shell.thenBlock(), elseValues, thenValues);
  shell = addResults(builder, shell, thenValues, elseValues);
  for (auto [name, emitted] : llvm::zip_equal(names, shell.getResults()))
    define(name, emitted);
}

/// The condition varies: what one side shares is computed if any column takes
/// that side.
void BodyEmitter::splitSide(scf::IfOp branch, bool polarity,
                            ArrayRef<unsigned> needed) {
  Region &from = polarity ? branch.getThenRegion() : branch.getElseRegion();
  if (!containsSharedWork(from))
    return;
  Value any = emitAnyColumn(branch.getCondition(), polarity);
  scf::IfOp shell = buildShell(builder, branch.getLoc(), any);
  guards.push_back({branch.getCondition(), polarity});
  Side side = emitSide(branch, from, shell.thenBlock(), needed);
  guards.pop_back();
  SmallVector<Value> names, values;
  for (auto &[name, entry] : side.exposed) {
    if (entry.row) {
      define(name, entry);
      continue;
    }
    names.push_back(name);
    values.push_back(entry.value);
  }
  SmallVector<Value> zeros =
      buildZeros(builder, branch.getLoc(), shell.elseBlock(), values);
  shell = addResults(builder, shell, values, zeros);
  for (auto [name, emitted] : llvm::zip_equal(names, shell.getResults()))
    define(name, emitted);
}

/// True if `condition` is `polarity` in any of the columns.
Value BodyEmitter::emitAnyColumn(Value condition, bool polarity) {
  Value no = arith::ConstantIntOp::create(builder, loc, 0, 1);
  Value yes = arith::ConstantIntOp::create(builder, loc, 1, 1);
  Value any;
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfter(scratchPoint);
    any = memref::AllocaOp::create(
        builder, loc, MemRefType::get({}, builder.getI1Type()));
  }
  memref::StoreOp::create(builder, loc, no, any, ValueRange());
  emitColumnLoops(getVaryingGroups(condition), [&] {
    Value taken = get(condition);
    if (!polarity)
      taken = arith::XOrIOp::create(builder, loc, taken, yes);
    scf::IfOp::create(builder, loc, taken, [&](OpBuilder &b, Location l) {
      memref::StoreOp::create(b, l, yes, any, ValueRange());
      scf::YieldOp::create(b, l);
    });
  });
  return memref::LoadOp::create(builder, loc, any, ValueRange());
}
