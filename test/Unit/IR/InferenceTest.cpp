//===- InferenceTest.cpp - Tests of shape functions ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestProgram.h"

#include "moa/Dialect/Moa/IR/Broadcast.h"
#include "moa/Dialect/Moa/IR/Inference.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

namespace {

constexpr int64_t any = ShapedType::kDynamic;

/// Builders without a result type infer it.
class InferenceTest : public ::testing::Test {
protected:
  InferenceTest() : builder(&program.context) {
    Type f32 = builder.getF32Type();
    SmallVector<Type> types{
        RankedTensorType::get({any, 4}, f32),
        RankedTensorType::get({3, 4}, f32),
        RankedTensorType::get({}, f32),
        RankedTensorType::get({7, any}, builder.getI32Type()),
        RankedTensorType::get({4}, builder.getI1Type()),
        builder.getIndexType(),
        MemRefType::get({2, any}, f32)};
    Block &block = program.addFunction(types);
    builder.setInsertionPointToEnd(&block);
    a = block.getArgument(0);
    b = block.getArgument(1);
    scalar = block.getArgument(2);
    positions = block.getArgument(3);
    mask = block.getArgument(4);
    n = block.getArgument(5);
    buffer = block.getArgument(6);
  }

  std::vector<int64_t> shapeOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape().vec();
  }

  TestProgram program;
  OpBuilder builder;
  Location loc = UnknownLoc::get(&program.context);
  Value a, b, scalar, positions, mask, n, buffer;
};

using Shape = std::vector<int64_t>;

TEST_F(InferenceTest, ShapeOps) {
  EXPECT_EQ(shapeOf(ShapeOp::create(builder, loc, a)), Shape({2}));
  EXPECT_EQ(shapeOf(ShapeOp::create(builder, loc, scalar)), Shape({0}));
  EXPECT_EQ(
      shapeOf(TransposeOp::create(builder, loc, a, ArrayRef<int64_t>{1, 0})),
      Shape({4, any}));
  EXPECT_EQ(shapeOf(ReshapeOp::create(builder, loc, a, ValueRange(n),
                                      ArrayRef<int64_t>{2, any})),
            Shape({2, any}));
  EXPECT_EQ(shapeOf(RavelOp::create(builder, loc, a)), Shape({any}));
  EXPECT_EQ(shapeOf(RavelOp::create(builder, loc, b)), Shape({12}));
  EXPECT_EQ(shapeOf(RavelOp::create(builder, loc, scalar)), Shape({1}));
  EXPECT_EQ(shapeOf(CatOp::create(builder, loc, ValueRange{b, b}, 0)),
            Shape({6, 4}));
  EXPECT_EQ(shapeOf(CatOp::create(builder, loc, ValueRange{a, b}, 0)),
            Shape({any, 4}));
  // Along the other axes the known extent counts.
  EXPECT_EQ(shapeOf(CatOp::create(builder, loc, ValueRange{a, b}, 1)),
            Shape({3, 8}));
}

TEST_F(InferenceTest, IndexOps) {
  EXPECT_EQ(shapeOf(PsiOp::create(builder, loc, a, ValueRange(n))), Shape({4}));
  EXPECT_EQ(PsiOp::create(builder, loc, a, ValueRange{n, n}).getType(),
            builder.getF32Type());
  EXPECT_EQ(PsiOp::create(builder, loc, scalar, ValueRange()).getType(),
            builder.getF32Type());
  EXPECT_EQ(PsiOp::create(builder, loc, buffer, ValueRange{n, n}).getType(),
            builder.getF32Type());
  EXPECT_EQ(shapeOf(TakeOp::create(builder, loc, a, ValueRange(),
                                   ArrayRef<int64_t>{-9}, Value())),
            Shape({9, 4}));
  EXPECT_EQ(shapeOf(TakeOp::create(builder, loc, a, ValueRange(n),
                                   ArrayRef<int64_t>{2, any}, Value())),
            Shape({2, any}));
  EXPECT_EQ(shapeOf(DropOp::create(builder, loc, b, ValueRange(),
                                   ArrayRef<int64_t>{-1, 9})),
            Shape({2, 0}));
  EXPECT_EQ(shapeOf(DropOp::create(builder, loc, a, ValueRange(),
                                   ArrayRef<int64_t>{1})),
            Shape({any, 4}));
  EXPECT_EQ(shapeOf(GatherOp::create(builder, loc, b, positions, 1)),
            Shape({3, 7, any}));
}

TEST_F(InferenceTest, Select) {
  EXPECT_EQ(shapeOf(SelectOp::create(builder, loc, mask, a, b)), Shape({3, 4}));
  EXPECT_EQ(shapeOf(SelectOp::create(builder, loc, mask, a, scalar)),
            Shape({any, 4}));
}

/// Failure, not a crash, where nothing can be inferred.
TEST_F(InferenceTest, Failures) {
  SmallVector<Type> types;
  EXPECT_TRUE(
      failed(CatOp::inferReturnTypes(&program.context, std::nullopt, {},
                                     DictionaryAttr(), nullptr, {}, types)));
  EXPECT_TRUE(failed(PsiOp::inferReturnTypes(&program.context, std::nullopt,
                                             ValueRange(n), DictionaryAttr(),
                                             nullptr, {}, types)));
  EXPECT_TRUE(failed(PsiOp::inferReturnTypes(
      &program.context, std::nullopt, ValueRange{buffer, n}, DictionaryAttr(),
      nullptr, {}, types)));
  EXPECT_TRUE(types.empty());
}

TEST_F(InferenceTest, CountElements) {
  auto count = [&](ArrayRef<int64_t> shape) {
    return countElements(RankedTensorType::get(shape, builder.getF32Type()));
  };
  EXPECT_EQ(count({}), 1);
  EXPECT_EQ(count({3, 4}), 12);
  EXPECT_EQ(count({3, any}), any);
  EXPECT_EQ(count({any, 0}), 0);
  int64_t large = int64_t(1) << 32;
  EXPECT_EQ(count({large, large}), std::nullopt);
  EXPECT_EQ(count({large, any, large}), std::nullopt);
  EXPECT_EQ(count({large, large, 0}), 0);
}

TEST_F(InferenceTest, Broadcast) {
  auto shape = broadcastShapes({a, b, mask});
  ASSERT_TRUE(succeeded(shape));
  EXPECT_EQ(*shape, SmallVector<int64_t>({3, 4}));
  int64_t axis = -1;
  EXPECT_TRUE(failed(broadcastShapes({b, positions}, &axis)));
  EXPECT_EQ(axis, 1);
  shape = broadcastShapes({scalar});
  ASSERT_TRUE(succeeded(shape));
  EXPECT_TRUE(shape->empty());
}

/// The first result's extents: the number where it is known, -1 where it is a
/// value that is not.
Shape reify(OpBuilder &builder, Operation *op, unsigned result = 0) {
  builder.setInsertionPoint(op);
  ReifiedRankedShapedTypeDims shapes;
  EXPECT_TRUE(
      succeeded(cast<ReifyRankedShapedTypeOpInterface>(op).reifyResultShapes(
          builder, shapes)));
  auto type = cast<RankedTensorType>(op->getResult(result).getType());
  EXPECT_EQ(shapes[result].size(), static_cast<size_t>(type.getRank()));
  Shape extents;
  for (auto [axis, extent] : llvm::enumerate(shapes[result])) {
    // The interface wants attributes exactly where the type is static.
    EXPECT_EQ(isa<Attribute>(extent), !type.isDynamicDim(axis));
    extents.push_back(getConstantIntValue(extent).value_or(-1));
  }
  return extents;
}

TEST(ReifyTest, EveryOperation) {
  TestProgram program(R"mlir(
    func.func @f(%a: tensor<?x4xf32>, %b: tensor<2x?xf32>, %p: tensor<3x?xi32>,
                 %m: tensor<?xi1>, %q: tensor<?x?x?x64xbf16>, %n: index) {
      %c3 = arith.constant 3 : index
      %c5 = arith.constant 5 : index
      %0 = moa.iota(%c3, %n) {tag = "iota"} : tensor<?x?xindex>
      %1 = moa.shape %a {tag = "shape"} : tensor<?x4xf32> -> tensor<?xindex>
      %2 = moa.reverse %a axes [0] {tag = "reverse"} : tensor<?x4xf32>
      %3 = moa.transpose %a permutation [1, 0] {tag = "transpose"} : tensor<?x4xf32> -> tensor<?x?xf32>
      %4 = moa.reshape %a[%c3, 2] {tag = "reshape"} : tensor<?x4xf32> -> tensor<?x?xf32>
      %5 = moa.ravel %a {tag = "ravel"} : tensor<?x4xf32> -> tensor<?xf32>
      %6 = moa.cat %b, %b axis 0 {tag = "cat"} : tensor<2x?xf32>, tensor<2x?xf32> -> tensor<?x?xf32>
      %7 = moa.take %a[%c3] {tag = "take"} : tensor<?x4xf32> -> tensor<?x?xf32>
      %8 = moa.drop %a[%n, -6] {tag = "drop"} : tensor<?x4xf32> -> tensor<?x?xf32>
      %9 = moa.rotate %a[%n] {tag = "rotate"} : tensor<?x4xf32>
      %10 = moa.gather %b[%p] axis 1 {tag = "gather"} : tensor<2x?xf32>, tensor<3x?xi32> -> tensor<?x?x?xf32>
      %11 = moa.map %a, %b {
      ^bb0(%x: f32, %y: f32):
        moa.yield %x : f32
      } {tag = "map"} : tensor<?x4xf32>, tensor<2x?xf32> -> tensor<?x?xf32>
      %12 = moa.select %m, %a, %b {tag = "select"} : tensor<?xi1>, tensor<?x4xf32>, tensor<2x?xf32> -> tensor<?x?xf32>
      %13 = moa.outer %a, %b {
      ^bb0(%x: f32, %y: f32):
        moa.yield %x : f32
      } {tag = "outer"} : tensor<?x4xf32>, tensor<2x?xf32> -> tensor<?x?x2x?xf32>
      %14 = moa.reduce add %a axes [0] {tag = "reduce"} : tensor<?x4xf32> -> tensor<?xf32>
      %15 = moa.scan add %a axis 0 {tag = "scan"} : tensor<?x4xf32>
      %16 = moa.inner add %b, %a {
      ^bb0(%x: f32, %y: f32):
        moa.yield %x : f32
      } {tag = "inner"} : tensor<2x?xf32>, tensor<?x4xf32> -> tensor<?x?xf32>
      %17 = moa.psi %b[%n] {tag = "psi"} : tensor<2x?xf32>
      %18, %19 = moa.attention %q, %q, %q {tag = "attention"}
        : tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>
       -> tensor<?x?x?x?xbf16>, tensor<?x?x7xf32>
      %20:2 = moa.array (%i, %j) in (%c5, 2)
          maps [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>]
          attributes {tag = "array"} {
        moa.yield %i, %i : index, index
      } : tensor<?x?xindex>, tensor<5xindex>
      return
    })mlir");
  OpBuilder builder(&program.context);
  auto extents = [&](StringRef tag, unsigned result = 0) {
    return reify(builder, program.find(tag), result);
  };
  EXPECT_EQ(extents("iota"), Shape({3, -1}));
  EXPECT_EQ(extents("shape"), Shape({2}));
  EXPECT_EQ(extents("reverse"), Shape({-1, 4}));
  EXPECT_EQ(extents("transpose"), Shape({4, -1}));
  EXPECT_EQ(extents("reshape"), Shape({3, 2}));
  EXPECT_EQ(extents("ravel"), Shape({-1}));
  EXPECT_EQ(extents("cat"), Shape({4, -1}));
  EXPECT_EQ(extents("take"), Shape({3, 4}));
  EXPECT_EQ(extents("drop"), Shape({-1, 0}));
  EXPECT_EQ(extents("rotate"), Shape({-1, 4}));
  EXPECT_EQ(extents("gather"), Shape({2, 3, -1}));
  EXPECT_EQ(extents("map"), Shape({2, 4}));
  EXPECT_EQ(extents("select"), Shape({2, 4}));
  EXPECT_EQ(extents("outer"), Shape({-1, 4, 2, -1}));
  EXPECT_EQ(extents("reduce"), Shape({4}));
  EXPECT_EQ(extents("scan"), Shape({-1, 4}));
  EXPECT_EQ(extents("inner"), Shape({2, 4}));
  EXPECT_EQ(extents("psi"), Shape({-1}));
  EXPECT_EQ(extents("attention"), Shape({-1, -1, -1, 64}));
  EXPECT_EQ(extents("attention", 1), Shape({-1, -1, 7}));
  EXPECT_EQ(extents("array"), Shape({2, 5}));
  EXPECT_EQ(extents("array", 1), Shape({5}));
}

} // namespace
