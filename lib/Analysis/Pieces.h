//===- Pieces.h - What runs how often in a body -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body under loop variables, cut into the parts that run on their own: its
// operations, and of a tower each result.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_ANALYSIS_PIECES_H
#define MOA_LIB_ANALYSIS_PIECES_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "llvm/ADT/BitVector.h"

namespace moa {

struct Piece {
  Operation *op;
  /// The result of a tower; none for an operation that runs as a whole.
  std::optional<unsigned> result;
  /// 0 if it depends on no variable, else one more than the innermost.
  unsigned level = 0;
  /// The roots, by number, that need it.
  llvm::BitVector neededBy;
};

/// The pieces of `block` that compute one of `roots`, in order. `variables` are
/// those of its arguments that loops step, outermost first.
SmallVector<Piece, 0> piecesFor(Block &block, ArrayRef<BlockArgument> variables,
                                ValueRange roots);

} // namespace moa

#endif // MOA_LIB_ANALYSIS_PIECES_H
