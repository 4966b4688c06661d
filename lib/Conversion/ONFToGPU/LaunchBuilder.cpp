//===- LaunchBuilder.cpp - Launches from parallel loops and scalar code -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LaunchBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace moa;

/// What CUDA allows in the first dimension of a grid.
static constexpr int64_t maxGridSize = 2147483647;

static Value constantIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

static bool isConstant(Value value, int64_t constant) {
  return isConstantIntValue(value, constant);
}

/// How often a loop from `lower` by `step` comes below `upper`: 0 or more.
static Value tripCount(OpBuilder &builder, Location loc, Value lower,
                       Value upper, Value step) {
  Value span = upper;
  if (!isConstant(lower, 0))
    span = builder.createOrFold<arith::SubIOp>(loc, upper, lower);
  if (!span.getDefiningOp<memref::DimOp>())
    span = builder.createOrFold<arith::MaxSIOp>(loc, span,
                                                constantIndex(builder, loc, 0));
  if (isConstant(step, 1))
    return span;
  return builder.createOrFold<arith::CeilDivUIOp>(loc, span, step);
}

/// The indices of a loop's axes at a cell of its flattened iteration space.
static SmallVector<Value> delinearize(OpBuilder &builder, Location loc,
                                      Value cell, ArrayRef<Value> extents) {
  SmallVector<Value> indices(extents.size());
  // The first axis longer than 1 needs no remainder.
  size_t first = 0;
  while (first < extents.size() && isConstant(extents[first], 1))
    ++first;
  for (size_t axis = extents.size(); axis-- > 0;) {
    if (isConstant(extents[axis], 1)) {
      indices[axis] = constantIndex(builder, loc, 0);
    } else if (axis == first) {
      indices[axis] = cell;
    } else {
      indices[axis] = arith::RemUIOp::create(builder, loc, cell, extents[axis]);
      cell = arith::DivUIOp::create(builder, loc, cell, extents[axis]);
    }
  }
  return indices;
}

/// Places the launch's memory at its beginning, so that it is allocated once.
static void hoistAllocas(gpu::LaunchOp launch) {
  Block &entry = launch.getBody().front();
  SmallVector<memref::AllocaOp> allocas;
  launch.getBody().walk([&](memref::AllocaOp op) { allocas.push_back(op); });
  for (memref::AllocaOp op : llvm::reverse(allocas))
    op->moveBefore(&entry, entry.begin());
}

gpu::LaunchOp LaunchBuilder::makeLaunch(OpBuilder &builder, Location loc,
                                        Value grid, int64_t block) {
  Value one = constantIndex(builder, loc, 1);
  Value threads = constantIndex(builder, loc, block);
  MLIRContext *context = builder.getContext();
  std::string kernel = function + "_kernel" + std::to_string(number++);
  return gpu::LaunchOp::create(
      builder, loc, grid, one, one, threads, one, one,
      /*dynamicSharedMemorySize=*/Value(), /*asyncTokenType=*/Type(),
      /*asyncDependencies=*/ValueRange(),
      /*workgroupAttributions=*/TypeRange(),
      /*privateAttributions=*/TypeRange(), /*clusterSizeX=*/Value(),
      /*clusterSizeY=*/Value(), /*clusterSizeZ=*/Value(),
      FlatSymbolRefAttr::get(context, module),
      FlatSymbolRefAttr::get(context, kernel));
}

void LaunchBuilder::launchOnce(ArrayRef<Operation *> ops, Operation *at) {
  OpBuilder builder(at);
  Location loc = ops.back()->getLoc();
  gpu::LaunchOp launch =
      makeLaunch(builder, loc, constantIndex(builder, loc, 1), /*block=*/1);
  builder.setInsertionPointToStart(&launch.getBody().front());
  IRMapping mapping;
  for (Operation *op : ops)
    builder.clone(*op, mapping);
  gpu::TerminatorOp::create(builder, loc);
  hoistAllocas(launch);
}

void LaunchBuilder::launchForall(scf::ForallOp loop,
                                 ArrayRef<Operation *> before) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  SmallVector<Value> lower = loop.getLowerBound(builder);
  SmallVector<Value> upper = loop.getUpperBound(builder);
  SmallVector<Value> step = loop.getStep(builder);
  SmallVector<Value> extents;
  Value cells = constantIndex(builder, loc, 1);
  for (auto [lo, up, by] : llvm::zip_equal(lower, upper, step)) {
    extents.push_back(tripCount(builder, loc, lo, up, by));
    cells = builder.createOrFold<arith::MulIOp>(loc, cells, extents.back());
  }

  if (isConstant(cells, 0))
    return;
  if (!getConstantIntValue(cells)) {
    Value some = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                       cells, constantIndex(builder, loc, 0));
    auto guard = scf::IfOp::create(builder, loc, some);
    builder.setInsertionPointToStart(guard.thenBlock());
  }
  Value blocks = builder.createOrFold<arith::CeilDivUIOp>(
      loc, cells, constantIndex(builder, loc, blockSize));
  Value grid = builder.createOrFold<arith::MinUIOp>(
      loc, blocks, constantIndex(builder, loc, maxGridSize));
  gpu::LaunchOp launch = makeLaunch(builder, loc, grid, blockSize);

  builder.setInsertionPointToStart(&launch.getBody().front());
  IRMapping mapping;
  for (Operation *op : before)
    builder.clone(*op, mapping);
  Value block = arith::MulIOp::create(builder, loc, launch.getBlockIds().x,
                                      launch.getBlockSize().x);
  Value first =
      arith::AddIOp::create(builder, loc, block, launch.getThreadIds().x);
  Value threads = arith::MulIOp::create(builder, loc, launch.getGridSize().x,
                                        launch.getBlockSize().x);
  auto forCells = scf::ForOp::create(builder, loc, first, cells, threads);
  gpu::TerminatorOp::create(builder, loc);

  builder.setInsertionPointToStart(forCells.getBody());
  SmallVector<Value> indices =
      delinearize(builder, loc, forCells.getInductionVar(), extents);
  for (auto [axis, index] : llvm::enumerate(indices)) {
    if (!isConstant(step[axis], 1))
      index = arith::MulIOp::create(builder, loc, index, step[axis]);
    if (!isConstant(lower[axis], 0))
      index = arith::AddIOp::create(builder, loc, index, lower[axis]);
    mapping.map(loop.getInductionVars()[axis], index);
  }
  for (Operation &op : loop.getBody()->without_terminator())
    builder.clone(op, mapping);
  hoistAllocas(launch);
}
