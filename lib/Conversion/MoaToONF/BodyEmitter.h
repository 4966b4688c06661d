//===- BodyEmitter.h - Loops and scalar code of one body -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits the scalar program of a moa.array, or of a moa.fold at function level,
// as loops. A value is emitted on demand, in the scope in which all axes that it
// depends on are bound.
//
// The words: a *scope* is a place in the new loops, with what has been emitted
// there. A value *varies* if it depends on an axis that is not bound in the
// current scope (a column axis). What varies is *deferred*: it is emitted later,
// inside a loop over columns. The exception are folds that share work between
// columns: they are emitted at once, with a state for each column in a *row* of
// scratch memory.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_MOATOONF_BODYEMITTER_H
#define MOA_LIB_CONVERSION_MOATOONF_BODYEMITTER_H

#include "LoopPlan.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"

namespace moa {

class BodyEmitter {
public:
  /// For what `results` of `array` need of its body. Scratch is allocated at the
  /// builder's insertion point, so that must dominate all that is emitted.
  BodyEmitter(OpBuilder &builder, ArrayOp array, ArrayRef<unsigned> results,
              const LoopPlan &plan, AxisMasks &masks);
  /// For a fold at function level.
  BodyEmitter(OpBuilder &builder, FoldOp fold, const LoopPlan &plan,
              AxisMasks &masks);

  /// Says what stands for an axis, and that it is bound.
  void bindAxis(unsigned axis, Value index);
  /// The first column of the block of a column group.
  void setFirstColumn(unsigned group, Value column);

  /// The first column group that is not bound, if any.
  std::optional<unsigned> getNextGroup();
  bool varies(Value value) { return masks.get(value).anyCommon(unbound); }
  const AxisMask &getUnboundAxes() const { return unbound; }

  /// Emits what `values` are made of, except what varies.
  void emit(ValueRange values);
  /// What stands for `value`, which `emit` has emitted.
  Value lookup(Value value);
  /// Emits and looks up.
  Value get(Value value);

  /// Emits a loop over the columns of a group, in which its axes are bound.
  void emitColumnLoop(unsigned group, function_ref<void()> body);

private:
  /// States in scratch memory, one for each column of some groups.
  struct Row {
    Value memory;
    SmallVector<unsigned> groups;
  };
  /// What stands for a value.
  struct Entry {
    Value value;
    std::optional<Row> row;
  };
  using Scope = llvm::MapVector<Value, Entry>;
  /// The loops over columns inside ask for this condition.
  struct Guard {
    Value condition;
    bool polarity;
  };
  /// What the emission of one side of an scf.if gives.
  struct Side {
    /// For each needed result what the side yields; null if that varies.
    SmallVector<Value> yielded;
    /// Values of the side that deferred code will ask for.
    SmallVector<std::pair<Value, Entry>> exposed;
  };
  /// What the emission of a fold in one loop needs: see EmitFold.cpp.
  struct FoldPass;

  // Scopes and rows.
  Entry *find(Value value);
  bool isOutside(Value value);
  bool isKnown(Value value) { return isOutside(value) || find(value); }
  void define(Value value, Value emitted) {
    scopes.back()[value] = {emitted, {}};
  }
  void define(Value value, Entry entry) { scopes.back()[value] = entry; }
  /// A row for the columns of the groups, in which `value` varies.
  Row allocateRow(Value value);
  SmallVector<Value> getRowIndices(const Row &row);
  /// Nested loops over the columns of several groups.
  void emitColumnLoops(ArrayRef<unsigned> groups, function_ref<void()> body);
  SmallVector<unsigned> getVaryingGroups(Value value);
  void emitGuards(const AxisMask &before);

  // What is needed.
  struct Needs {
    llvm::DenseSet<Value> values;
    /// In open blocks, in their order.
    SmallVector<Operation *> ops;
  };
  void findLiveValues(ValueRange values);
  Needs findNeeds(ValueRange values);
  void visitDependences(Value value, function_ref<void(Value)> visit);
  SmallVector<unsigned> getNeededResults(Operation *op, const Needs &needs);

  // Operations.
  void emitOp(Operation *op, ArrayRef<unsigned> needed);
  void emitUniform(Operation *op, ArrayRef<unsigned> needed);
  void emitScalar(Operation *op);
  /// Keeps deferred results in rows, each computed in loops over its columns.
  void emitToRows(Operation *op, ArrayRef<unsigned> needed);

  // Folds: EmitFold.cpp.
  bool runsInOnePass(FoldOp fold);
  bool keepsRows(FoldOp fold, ArrayRef<unsigned> needed);
  SmallVector<unsigned> closeOverResults(FoldOp fold, bool onePass,
                                         ArrayRef<unsigned> needed);
  void emitFold(FoldOp fold, ArrayRef<unsigned> needed);
  void emitPass(FoldPass &pass);
  void emitUpdates(FoldPass &pass, ArrayRef<unsigned> pending);
  Value emitUpdate(FoldPass &pass, unsigned result);
  void emitStarts(FoldPass &pass);
  void emitCaptured(FoldPass &pass);
  Value combine(FoldOp fold, unsigned result, Value accumulated, Value next);
  void remarkRepetition(FoldOp fold, ArrayRef<unsigned> results);

  // Branches: EmitIf.cpp.
  bool containsSharedWork(Region &region);
  void emitIf(scf::IfOp branch, ArrayRef<unsigned> needed);
  void emitVaryingIf(scf::IfOp branch, ArrayRef<unsigned> needed);
  void splitIf(scf::IfOp branch, ArrayRef<unsigned> needed);
  void splitSide(scf::IfOp branch, bool polarity, ArrayRef<unsigned> needed);
  Side emitSide(scf::IfOp branch, Region &from, Block *into,
                ArrayRef<unsigned> needed);
  bool isUsedByDeferred(Value value);
  Value emitAnyColumn(Value condition, bool polarity);

  OpBuilder &builder;
  Location loc;
  Operation *root;
  ArrayOp array;
  const LoopPlan &plan;
  AxisMasks &masks;
  Operation *scratchPoint;
  AxisMask unbound;
  /// All values that are needed anywhere.
  llvm::DenseSet<Value> live;
  SmallVector<Scope> scopes;
  /// The blocks of the input that are being emitted, outermost first.
  SmallVector<Block *> blocks;
  SmallVector<Guard> guards;
  /// For each group the first column of the block, and the current column in it.
  SmallVector<Value> firstColumns, columns;
};

} // namespace moa

#endif // MOA_LIB_CONVERSION_MOATOONF_BODYEMITTER_H
