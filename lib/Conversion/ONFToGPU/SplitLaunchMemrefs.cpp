//===- SplitLaunchMemrefs.cpp - Kernels take pointers and indices -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Conversion/ONFToGPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/RegionUtils.h"

namespace moa {
#define GEN_PASS_DEF_SPLITLAUNCHMEMREFS
#include "moa/Conversion/ONFToGPU/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {
/// A memref taken apart on the host.
struct Parts {
  Value base;
  OpFoldResult offset;
  SmallVector<OpFoldResult> sizes;
  SmallVector<OpFoldResult> strides;
};
} // namespace

/// Static values as attributes, the others from `values`.
static SmallVector<OpFoldResult>
mixed(Builder &builder, ArrayRef<int64_t> statics, ValueRange values) {
  SmallVector<OpFoldResult> all;
  for (auto [number, value] : llvm::zip_equal(statics, values))
    all.push_back(ShapedType::isDynamic(number)
                      ? OpFoldResult(value)
                      : OpFoldResult(builder.getIndexAttr(number)));
  return all;
}

static Parts takeApart(Value memref) {
  OpBuilder builder(memref.getContext());
  builder.setInsertionPointAfterValue(memref);
  auto type = cast<MemRefType>(memref.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  auto op = memref::ExtractStridedMetadataOp::create(builder, memref.getLoc(),
                                                     memref);
  return {op.getBaseBuffer(), mixed(builder, offset, op.getOffset()).front(),
          mixed(builder, type.getShape(), op.getSizes()),
          mixed(builder, strides, op.getStrides())};
}

/// `offset + sum of indices[i] * strides[i]`.
static OpFoldResult linearIndex(OpBuilder &builder, Location loc,
                                const Parts &parts, ValueRange indices) {
  auto valueOf = [&](OpFoldResult x) {
    return getValueOrCreateConstantIndexOp(builder, loc, x);
  };
  OpFoldResult sum = parts.offset;
  for (auto [index, stride] : llvm::zip_equal(indices, parts.strides)) {
    if (isZeroInteger(stride) || isConstantIntValue(index, 0))
      continue;
    Value term =
        isOneInteger(stride)
            ? index
            : arith::MulIOp::create(builder, loc, index, valueOf(stride));
    sum = isZeroInteger(sum)
              ? OpFoldResult(term)
              : OpFoldResult(
                    arith::AddIOp::create(builder, loc, valueOf(sum), term)
                        .getResult());
  }
  return sum;
}

/// The element of the array at `indices`, as a memref of rank 0.
static Value element(OpBuilder &builder, Location loc, const Parts &parts,
                     ValueRange indices) {
  auto base = cast<MemRefType>(parts.base.getType());
  OpFoldResult at = linearIndex(builder, loc, parts, indices);
  int64_t offset = getConstantIntValue(at).value_or(ShapedType::kDynamic);
  auto layout = StridedLayoutAttr::get(builder.getContext(), offset, {});
  auto type =
      MemRefType::get({}, base.getElementType(), layout, base.getMemorySpace());
  return memref::ReinterpretCastOp::create(builder, loc, type, parts.base, at,
                                           ArrayRef<OpFoldResult>(),
                                           ArrayRef<OpFoldResult>());
}

/// Rewrites `user`, which accesses `memref`, to use the parts. False if it
/// needs the memref as a whole.
static bool rewriteUser(Operation *user, Value memref, const Parts &parts) {
  OpBuilder builder(user);
  Location loc = user->getLoc();
  if (auto load = dyn_cast<memref::LoadOp>(user)) {
    Value from = element(builder, loc, parts, load.getIndices());
    load.getMemrefMutable().assign(from);
    load.getIndicesMutable().clear();
    return true;
  }
  if (auto store = dyn_cast<memref::StoreOp>(user)) {
    Value to = element(builder, loc, parts, store.getIndices());
    store.getMemrefMutable().assign(to);
    store.getIndicesMutable().clear();
    return true;
  }
  auto dim = dyn_cast<memref::DimOp>(user);
  if (!dim || !dim.getConstantIndex())
    return false;
  Value size = getValueOrCreateConstantIndexOp(
      builder, loc, parts.sizes[*dim.getConstantIndex()]);
  dim.replaceAllUsesWith(size);
  dim.erase();
  return true;
}

static void splitMemref(gpu::LaunchOp launch, Value memref) {
  Region &body = launch.getBody();
  Parts parts = takeApart(memref);
  SmallVector<Operation *> users;
  for (Operation *user : memref.getUsers())
    if (body.isAncestor(user->getParentRegion()))
      users.push_back(user);
  if (llvm::all_of(users, [&](Operation *user) {
        return rewriteUser(user, memref, parts);
      }))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(&body.front());
  Value whole = memref::ReinterpretCastOp::create(
      builder, memref.getLoc(), cast<MemRefType>(memref.getType()), parts.base,
      parts.offset, parts.sizes, parts.strides);
  replaceAllUsesInRegionWith(memref, whole, body);
}

/// Gives the launch its own copies of constants and of the names of globals, so
/// that they do not become parameters.
static void sinkConstants(gpu::LaunchOp launch) {
  Region &body = launch.getBody();
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(body, captured);
  OpBuilder builder = OpBuilder::atBlockBegin(&body.front());
  for (Value value : captured) {
    Operation *op = value.getDefiningOp();
    if (op &&
        (op->hasTrait<OpTrait::ConstantLike>() || isa<memref::GetGlobalOp>(op)))
      replaceAllUsesInRegionWith(value, builder.clone(*op)->getResult(0), body);
  }
}

namespace {
struct SplitLaunchMemrefsPass
    : public moa::impl::SplitLaunchMemrefsBase<SplitLaunchMemrefsPass> {
  void runOnOperation() override {
    getOperation().walk([](gpu::LaunchOp launch) {
      sinkConstants(launch);
      llvm::SetVector<Value> captured;
      getUsedValuesDefinedAbove(launch.getBody(), captured);
      for (Value value : captured)
        if (isa<MemRefType>(value.getType()))
          splitMemref(launch, value);
    });
  }
};
} // namespace
