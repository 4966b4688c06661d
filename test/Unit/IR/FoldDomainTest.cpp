//===- FoldDomainTest.cpp - Tests of ranges over tiles ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestProgram.h"

#include "moa/Dialect/Moa/IR/FoldDomain.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

namespace {

FoldOp findFold(TestProgram &program) {
  return cast<FoldOp>(program.find("fold"));
}

/// A window around the diagonal, cut at both ends of 20 keys.
const char *window = R"mlir(
  func.func @f(%a: tensor<?x?xf32>, %n: index) -> tensor<?xf32> {
    %c0 = arith.constant 0 : index
    %c20 = arith.constant 20 : index
    %0 = moa.array (%i) in (%n) {
      %l = affine.apply affine_map<(d0) -> (d0 - 3)>(%i)
      %u = affine.apply affine_map<(d0) -> (d0 + 6)>(%i)
      %lo = arith.maxsi %l, %c0 : index
      %hi = arith.minsi %u, %c20 : index
      %s = moa.fold %k = %lo to %hi (%r: add f32) attributes {tag = "fold"} {
        %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
        moa.yield %x : f32
      }
      moa.yield %s : f32
    } : tensor<?xf32>
    return %0 : tensor<?xf32>
  })mlir";

int64_t constantOf(OpFoldResult value) { return *getConstantIntValue(value); }

TEST(FoldDomainTest, TilesOfAWindow) {
  for (int64_t first = 0; first < 26; ++first)
    for (int64_t size : {1, 2, 5, 9, 12}) {
      TestProgram program(window);
      FoldOp fold = findFold(program);
      OpBuilder builder(fold);
      Value axis = fold->getParentOfType<ArrayOp>().getAxes()[0];
      auto range = buildTileRange(
          builder, fold,
          {{axis, builder.getIndexAttr(first),
            builder.getIndexAttr(first + size - 1)}});
      ASSERT_TRUE(succeeded(range));
      int64_t begin = constantOf(range->begin), end = constantOf(range->end),
              mainBegin = constantOf(range->mainBegin),
              mainEnd = constantOf(range->mainEnd);
      EXPECT_LE(begin, mainBegin);
      EXPECT_LE(mainBegin, mainEnd);
      EXPECT_LE(mainEnd, std::max(begin, end));
      int64_t mainCount = 0;
      for (int64_t k = -2; k < 25; ++k) {
        int64_t cells = 0;
        for (int64_t i = first; i < first + size; ++i)
          cells += std::max<int64_t>(0, i - 3) <= k &&
                   k < std::min<int64_t>(20, i + 6);
        EXPECT_EQ(begin <= k && k < end, cells != 0) << first << " " << k;
        bool inMain = mainBegin <= k && k < mainEnd;
        EXPECT_EQ(inMain, cells == size) << first << " " << size << " " << k;
        mainCount += inMain;
      }
      if (size == 1)
        EXPECT_EQ(mainCount, std::max<int64_t>(0, end - begin));
    }
}

TEST(FoldDomainTest, FixedBoundsHaveNoEdges) {
  TestProgram program(R"mlir(
    func.func @f(%a: tensor<?x?xf32>, %n: index) -> tensor<?xf32> {
      %c0 = arith.constant 0 : index
      %0 = moa.array (%i) in (%n) {
        %s = moa.fold %k = %c0 to %n (%r: add f32) attributes {tag = "fold"} {
          %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
          moa.yield %x : f32
        }
        moa.yield %s : f32
      } : tensor<?xf32>
      return %0 : tensor<?xf32>
    })mlir");
  FoldOp fold = findFold(program);
  OpBuilder builder(fold);
  Value axis = fold->getParentOfType<ArrayOp>().getAxes()[0];
  auto range = buildTileRange(
      builder, fold, {{axis, builder.getIndexAttr(0), builder.getIndexAttr(7)}});
  ASSERT_TRUE(succeeded(range));
  EXPECT_EQ(range->begin, OpFoldResult(fold.getLower()));
  EXPECT_EQ(range->end, OpFoldResult(fold.getUpper()));
}

TEST(FoldDomainTest, LoadedBoundsOfRowsHaveNoTile) {
  TestProgram program(R"mlir(
    func.func @f(%a: tensor<?x?xf32>, %ends: tensor<?xindex>, %n: index)
        -> tensor<?x?xf32> {
      %c0 = arith.constant 0 : index
      %0 = moa.array (%i, %j) in (%n, %n) {
        %end = moa.psi %ends[%i] : tensor<?xindex>
        %s = moa.fold %k = %c0 to %end (%r: add f32) attributes {tag = "fold"} {
          %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
          moa.yield %x : f32
        }
        moa.yield %s : f32
      } : tensor<?x?xf32>
      return %0 : tensor<?x?xf32>
    })mlir");
  FoldOp fold = findFold(program);
  OpBuilder builder(fold);
  auto axes = fold->getParentOfType<ArrayOp>().getAxes();
  auto tile = [&](Value axis) {
    return TileAxis{axis, builder.getIndexAttr(0), builder.getIndexAttr(7)};
  };
  EXPECT_TRUE(failed(buildTileRange(builder, fold, {tile(axes[0])})));
  EXPECT_TRUE(succeeded(buildTileRange(builder, fold, {tile(axes[1])})));
}

} // namespace
