//===- LoopBody.h - Scalar code under named axes -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The body of moa.array or moa.fold, cut into pieces that run as often as they
// must.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_LOOPBODY_H
#define MOA_LIB_REFERENCE_LOOPBODY_H

#include "Decoder.h"

#include "llvm/ADT/BitVector.h"

namespace moa::reference {

/// A block as the body of nested loops. Its pieces are its operations, in
/// order; of a tower each result is a piece of its own. A piece has a *level*:
/// 0 if it depends on none of the loop variables, else one more than the
/// innermost of those on which it depends.
class LoopBody {
public:
  /// Decodes `block`. `variables` are those of its arguments that the loops
  /// step, outermost first.
  static FailureOr<LoopBody>
  decode(Block &block, ArrayRef<BlockArgument> variables, Decoder &decoder);

  /// The pieces that compute `values`, in order.
  SmallVector<unsigned> piecesFor(ValueRange values) const;

  /// Runs those of `pieces` whose level is `level` or more: after a step of
  /// loop variable i with level i + 1, the first time with level 0.
  LogicalResult run(Frame &frame, ArrayRef<unsigned> pieces,
                    unsigned level) const;

private:
  struct Piece {
    unsigned step = 0;
    /// The result of a tower; none where the step is run as a whole.
    std::optional<unsigned> result;
    unsigned level = 0;
    /// The earlier pieces that this one needs.
    llvm::BitVector needs;
  };

  void addPiece(Operation *op, unsigned step, std::optional<unsigned> result,
                ArrayRef<BlockArgument> variables);

  std::vector<StepPtr> steps;
  std::vector<Piece> pieces;
  llvm::DenseMap<Value, unsigned> pieceOf;
};

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_LOOPBODY_H
