//===- Pieces.cpp - What runs how often in a body ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Pieces.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Transforms/RegionUtils.h"

#include "llvm/ADT/SetVector.h"

using namespace moa;

using Uses = llvm::SetVector<Value>;

static void addUses(Operation *op, Uses &uses) {
  uses.insert(op->operand_begin(), op->operand_end());
  mlir::getUsedValuesDefinedAbove(op->getRegions(), uses);
}

/// What result `number` of a tower uses: bounds and starts of the tower, what
/// its element does, and the results before it that the element uses.
static void addUses(FoldOp fold, unsigned number, Uses &uses) {
  uses.insert(fold->operand_begin(), fold->operand_end());
  mlir::getUsedValuesDefinedAbove(fold.getCorrect(), uses);
  if (Region *combiner = fold.getCombiner(number))
    mlir::getUsedValuesDefinedAbove(*combiner, uses);
  Block &body = fold.getBody().front();
  Uses inside;
  inside.insert(fold.getElements()[number]);
  for (size_t next = 0; next < inside.size(); ++next) {
    Value value = inside[next];
    if (value.getParentBlock() != &body)
      uses.insert(value);
    else if (Operation *op = value.getDefiningOp())
      addUses(op, inside);
    else if (value != fold.getIndex())
      uses.insert(
          fold.getResult(cast<BlockArgument>(value).getArgNumber() - 1));
  }
}

SmallVector<Piece, 0> moa::piecesFor(Block &block,
                                     ArrayRef<BlockArgument> variables,
                                     ValueRange roots) {
  SmallVector<Piece, 0> pieces;
  SmallVector<SmallVector<unsigned>> needs;
  llvm::DenseMap<Value, unsigned> pieceOf;
  auto addPiece = [&](Operation *op, std::optional<unsigned> result) {
    Uses uses;
    if (result)
      addUses(cast<FoldOp>(op), *result, uses);
    else
      addUses(op, uses);
    Piece piece{op, result, 0, llvm::BitVector(roots.size())};
    needs.emplace_back();
    for (Value use : uses) {
      if (auto known = pieceOf.find(use); known != pieceOf.end()) {
        needs.back().push_back(known->second);
        piece.level = std::max(piece.level, pieces[known->second].level);
      }
      if (const auto *variable = llvm::find(variables, use);
          variable != variables.end())
        piece.level = std::max<unsigned>(
            piece.level, std::distance(variables.begin(), variable) + 1);
    }
    for (auto [number, value] : llvm::enumerate(op->getResults()))
      if (!result || *result == number)
        pieceOf[value] = pieces.size();
    pieces.push_back(std::move(piece));
  };
  for (Operation &op : block.without_terminator()) {
    if (isa<arith::ConstantOp>(op))
      continue;
    if (isa<FoldOp>(op))
      for (unsigned result = 0; result < op.getNumResults(); ++result)
        addPiece(&op, result);
    else
      addPiece(&op, std::nullopt);
  }
  for (auto [number, root] : llvm::enumerate(roots))
    if (auto known = pieceOf.find(root); known != pieceOf.end())
      pieces[known->second].neededBy.set(number);
  for (size_t number = pieces.size(); number-- > 0;)
    for (unsigned need : needs[number])
      pieces[need].neededBy |= pieces[number].neededBy;
  llvm::erase_if(pieces, [](const Piece &piece) {
    return piece.neededBy.none();
  });
  return pieces;
}
