//===- FoldDomain.h - Ranges of folds over tiles ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The domain of a fold is its range: bounds that are affine in the axes around
// it. A tile of cells has the indices of all its cells, and of these most need no
// test: the loop over them is the main loop, what is left are its edges.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_FOLDDOMAIN_H
#define MOA_DIALECT_MOA_IR_FOLDDOMAIN_H

#include "moa/Dialect/Moa/IR/Moa.h"

namespace moa {

/// The part of an axis that a tile covers, both ends included.
struct TileAxis {
  Value axis;
  OpFoldResult first, last;
};

/// The indices of a fold for a tile: some cell has those from `begin` to before
/// `end`, every cell has those from `mainBegin` to before `mainEnd`, where a tile
/// needs no mask. `begin <= mainBegin <= mainEnd`, and `mainEnd <= end` unless the
/// tile has no index (`end <= begin`). Rule domain_tile of docs/spec.md.
struct TileRange {
  OpFoldResult begin, mainBegin, mainEnd, end;
};

/// Builds the ranges of `fold` for the tile. Fails where a bound depends on an axis
/// of the tile otherwise than monotonically: on what is loaded there, say.
FailureOr<TileRange> buildTileRange(OpBuilder &builder, FoldOp fold,
                                    ArrayRef<TileAxis> axes);

} // namespace moa

#endif // MOA_DIALECT_MOA_IR_FOLDDOMAIN_H
