//===- LoopBody.cpp - Scalar code under named axes -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each piece of a loop body uses follows from operands and captured
// values.
//
//===----------------------------------------------------------------------===//

#include "LoopBody.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace moa;
using namespace moa::reference;

using UseSet = llvm::SetVector<Value>;

/// Adds the values from outside that `op` uses, in its regions too.
static void addUses(Operation *op, UseSet &uses) {
  uses.insert(op->operand_begin(), op->operand_end());
  mlir::getUsedValuesDefinedAbove(op->getRegions(), uses);
}

/// Adds the values from outside of the fold, and the earlier results of the
/// fold itself, that its result `number` needs.
static void addUsesOfResult(FoldOp fold, unsigned number, UseSet &uses) {
  uses.insert(fold->operand_begin(), fold->operand_end());
  // Not run by the meaning, but where parts are merged.
  mlir::getUsedValuesDefinedAbove(fold.getCorrect(), uses);
  if (Region *combiner = fold.getCombiner(number))
    mlir::getUsedValuesDefinedAbove(*combiner, uses);
  Block &body = fold.getBody().front();
  UseSet inside;
  inside.insert(fold.getElements()[number]);
  for (size_t next = 0; next < inside.size(); ++next) {
    Value value = inside[next];
    if (value.getParentBlock() != &body) {
      uses.insert(value);
    } else if (Operation *op = value.getDefiningOp()) {
      addUses(op, inside);
    } else if (value != fold.getIndex()) {
      unsigned earlier = cast<BlockArgument>(value).getArgNumber() - 1;
      uses.insert(fold.getResult(earlier));
    }
  }
}

void LoopBody::addPiece(Operation *op, unsigned step,
                        std::optional<unsigned> result,
                        ArrayRef<BlockArgument> variables) {
  Piece piece;
  piece.step = step;
  piece.result = result;
  piece.needs.resize(pieces.size());
  UseSet uses;
  if (result)
    addUsesOfResult(cast<FoldOp>(op), *result, uses);
  else
    addUses(op, uses);
  for (Value use : uses) {
    if (auto known = pieceOf.find(use); known != pieceOf.end()) {
      piece.needs.set(known->second);
      piece.level = std::max(piece.level, pieces[known->second].level);
    }
    const auto *variable = llvm::find(variables, use);
    if (variable != variables.end())
      piece.level = std::max<unsigned>(
          piece.level, std::distance(variables.begin(), variable) + 1);
  }
  if (result)
    pieceOf[op->getResult(*result)] = pieces.size();
  else
    for (Value value : op->getResults())
      pieceOf[value] = pieces.size();
  pieces.push_back(std::move(piece));
}

FailureOr<LoopBody> LoopBody::decode(Block &block,
                                     ArrayRef<BlockArgument> variables,
                                     Decoder &decoder) {
  LoopBody body;
  for (Operation &op : block.without_terminator()) {
    FailureOr<StepPtr> step = decoder.decodeOp(&op);
    if (failed(step))
      return failure();
    if ((*step)->isNothing())
      continue;
    unsigned number = body.steps.size();
    if ((*step)->hasSeparateResults())
      for (unsigned result = 0; result < op.getNumResults(); ++result)
        body.addPiece(&op, number, result, variables);
    else
      body.addPiece(&op, number, std::nullopt, variables);
    body.steps.push_back(std::move(*step));
  }
  return body;
}

SmallVector<unsigned> LoopBody::piecesFor(ValueRange values) const {
  llvm::BitVector needed(pieces.size());
  for (Value value : values)
    if (auto known = pieceOf.find(value); known != pieceOf.end())
      needed.set(known->second);
  for (unsigned number = pieces.size(); number-- > 0;)
    if (needed.test(number))
      needed |= pieces[number].needs;
  SmallVector<unsigned> list;
  for (unsigned number : needed.set_bits())
    list.push_back(number);
  return list;
}

LogicalResult LoopBody::run(Frame &frame, ArrayRef<unsigned> list,
                            unsigned level) const {
  for (unsigned number : list) {
    const Piece &piece = pieces[number];
    if (piece.level < level)
      continue;
    const Step &step = *steps[piece.step];
    if (failed(piece.result ? step.runResult(frame, *piece.result)
                            : step.run(frame)))
      return failure();
  }
  return success();
}
