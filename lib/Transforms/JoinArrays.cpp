//===- JoinArrays.cpp - Arrays over the same axes become one ---*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "JoinArrays.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"

using namespace moa;

/// True if the shorter list is the beginning of the longer one.
static bool isPrefix(ArrayRef<OpFoldResult> a, ArrayRef<OpFoldResult> b) {
  size_t length = std::min(a.size(), b.size());
  return length > 0 && a.take_front(length) == b.take_front(length);
}

/// True if `first` can be computed where `second` stands: nothing uses it
/// earlier, and `second` does not read it.
static bool canJoin(ArrayOp first, ArrayOp second) {
  if (first->getBlock() != second->getBlock() || !first.getOuts().empty() ||
      !second.getOuts().empty())
    return false;
  SmallVector<OpFoldResult> a = first.getMixedExtents(),
                            b = second.getMixedExtents();
  if (!isPrefix(a, b))
    return false;
  Block *block = second->getBlock();
  return llvm::all_of(first->getUsers(), [&](Operation *user) {
    Operation *ancestor = block->findAncestorOpInBlock(*user);
    return ancestor && ancestor != second.getOperation() &&
           second->isBeforeInBlock(ancestor);
  });
}

/// Copies the body of `array` to the end of `joined`'s, over its first axes.
/// Appends what it yields to `yielded` and its maps to `maps`.
static void appendBody(OpBuilder &builder, ArrayOp array, Block &joined,
                       SmallVectorImpl<Value> &yielded,
                       SmallVectorImpl<AffineMap> &maps) {
  unsigned numAxes = joined.getNumArguments();
  IRMapping mapping;
  mapping.map(array.getAxes(),
              joined.getArguments().take_front(array.getNumAxes()));
  for (Operation &op : array.getBody().front().without_terminator())
    builder.clone(op, mapping);
  for (auto [number, value] : llvm::enumerate(array.getYieldedValues())) {
    yielded.push_back(mapping.lookupOrDefault(value));
    AffineMap map = array.getMap(number);
    maps.push_back(
        AffineMap::get(numAxes, 0, map.getResults(), builder.getContext()));
  }
}

static ArrayOp join(ArrayOp first, ArrayOp second) {
  OpBuilder builder(second);
  SmallVector<OpFoldResult> extents = first.getMixedExtents();
  if (second.getNumAxes() > first.getNumAxes())
    extents = second.getMixedExtents();
  SmallVector<Type> types(first.getResultTypes());
  llvm::append_range(types, second.getResultTypes());
  Location loc = builder.getFusedLoc({first.getLoc(), second.getLoc()});
  auto joined = ArrayOp::create(builder, loc, types, extents);

  Block &block = joined.getBody().front();
  builder.setInsertionPointToEnd(&block);
  SmallVector<Value> yielded;
  SmallVector<AffineMap> maps;
  appendBody(builder, first, block, yielded, maps);
  appendBody(builder, second, block, yielded, maps);
  YieldOp::create(builder, loc, yielded);
  joined.setMapsAttr(builder.getAffineMapArrayAttr(maps));

  first->replaceAllUsesWith(joined->getResults().take_front(first.getNumResults()));
  second->replaceAllUsesWith(joined->getResults().drop_front(first.getNumResults()));
  first->erase();
  second->erase();
  return joined;
}

void moa::joinArrays(func::FuncOp function) {
  SmallVector<ArrayOp> arrays;
  function.walk([&](ArrayOp array) { arrays.push_back(array); });
  IRRewriter rewriter(function.getContext());
  for (size_t i = 0; i < arrays.size(); ++i) {
    for (size_t j = i + 1; j < arrays.size(); ++j) {
      if (!canJoin(arrays[i], arrays[j]))
        continue;
      // The joined array stands where the second stood; go on from there.
      arrays[j] = join(arrays[i], arrays[j]);
      DominanceInfo dominance(function);
      eliminateCommonSubExpressions(rewriter, dominance, arrays[j]);
      break;
    }
  }
}
