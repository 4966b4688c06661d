//===- IndexMathTest.cpp - Tests of index arithmetic -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestProgram.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

namespace {

using Operation2 = OpFoldResult (IndexMath::*)(OpFoldResult, OpFoldResult);

struct Case {
  const char *name;
  Operation2 build;
  int64_t (*expected)(int64_t, int64_t);
  bool (*isDefined)(int64_t, int64_t);
};

bool always(int64_t, int64_t) { return true; }
bool divides(int64_t a, int64_t b) { return a >= 0 && b > 0; }
bool positive(int64_t, int64_t b) { return b > 0; }

const Case cases[] = {
    {"add", &IndexMath::add, [](int64_t a, int64_t b) { return a + b; },
     always},
    {"sub", &IndexMath::sub, [](int64_t a, int64_t b) { return a - b; },
     always},
    {"mul", &IndexMath::mul, [](int64_t a, int64_t b) { return a * b; },
     always},
    {"div", &IndexMath::div, [](int64_t a, int64_t b) { return a / b; },
     divides},
    {"rem", &IndexMath::rem, [](int64_t a, int64_t b) { return a % b; },
     divides},
    {"floorMod", &IndexMath::floorMod,
     [](int64_t a, int64_t b) { return ((a % b) + b) % b; }, positive},
    {"max", &IndexMath::max,
     [](int64_t a, int64_t b) { return std::max(a, b); }, always},
    {"min", &IndexMath::min,
     [](int64_t a, int64_t b) { return std::min(a, b); }, always},
};

const int64_t numbers[] = {-13, -7, -1, 0, 1, 2, 7, 13, 64};

/// Each operand as a constant and as an argument of the function.
TEST(IndexMathTest, BinaryOperations) {
  for (const Case &test : cases)
    for (int64_t a : numbers)
      for (int64_t b : numbers)
        for (int form = 0; form < 4; ++form) {
          if (!test.isDefined(a, b))
            continue;
          TestProgram program;
          Type index = IndexType::get(&program.context);
          Block &block = program.addFunction({index, index});
          OpBuilder builder = OpBuilder::atBlockEnd(&block);
          IndexMath math(builder, builder.getUnknownLoc());
          OpFoldResult x = math.constant(a), y = math.constant(b);
          if (form & 1)
            x = block.getArgument(0);
          if (form & 2)
            y = block.getArgument(1);
          OpFoldResult result = (math.*test.build)(x, y);
          EXPECT_EQ(evaluate(block, {a, b}, result), test.expected(a, b))
              << test.name << " of " << a << " and " << b << ", form " << form;
          if (form == 0)
            EXPECT_EQ(getConstantIntValue(result), test.expected(a, b));
        }
}

TEST(IndexMathTest, ConstantValuesFold) {
  TestProgram program;
  Block &block = program.addFunction({});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  IndexMath math(builder, builder.getUnknownLoc());
  // As values, not as attributes.
  OpFoldResult two = math.value(math.constant(2));
  OpFoldResult three = math.value(math.constant(3));
  EXPECT_EQ(getConstantIntValue(math.add(two, three)), 5);
  EXPECT_EQ(getConstantIntValue(math.mul(two, three)), 6);
  EXPECT_EQ(getConstantIntValue(math.max(two, three)), 3);
  EXPECT_EQ(getConstantIntValue(math.abs(math.constant(-4))), 4);
  EXPECT_EQ(getConstantIntValue(math.product({})), 1);
  EXPECT_EQ(getConstantIntValue(math.product({two, three, two})), 12);
}

TEST(IndexMathTest, LinearExpressionsAreOneApply) {
  TestProgram program;
  Type index = IndexType::get(&program.context);
  Block &block = program.addFunction({index, index});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  IndexMath math(builder, builder.getUnknownLoc());
  OpFoldResult i = block.getArgument(0), j = block.getArgument(1);
  OpFoldResult sum =
      math.sub(math.add(math.mul(i, math.constant(4)), j), math.constant(1));
  auto apply = cast<Value>(sum).getDefiningOp<affine::AffineApplyOp>();
  ASSERT_TRUE(apply);
  // Composed: its operands are the arguments.
  for (Value operand : apply.getMapOperands())
    EXPECT_TRUE(isa<BlockArgument>(operand));
  // i + j - j is i again.
  EXPECT_EQ(math.sub(math.add(i, j), j), i);
}

TEST(IndexMathTest, Comparisons) {
  for (int64_t a : numbers)
    for (int64_t b : numbers) {
      TestProgram program;
      Type index = IndexType::get(&program.context);
      Block &block = program.addFunction({index, index});
      OpBuilder builder = OpBuilder::atBlockEnd(&block);
      IndexMath math(builder, builder.getUnknownLoc());
      OpFoldResult x = block.getArgument(0), y = block.getArgument(1);
      auto chosen = [&](Value condition) {
        return evaluate(
            block, {a, b},
            math.select(condition, math.constant(1), math.constant(0)));
      };
      EXPECT_EQ(chosen(math.less(x, y)), a < b);
      EXPECT_EQ(chosen(math.lessEqual(x, y)), a <= b);
      EXPECT_EQ(chosen(math.equal(x, y)), a == b);
    }
}

/// Offsets and indices are inverse to each other, for static and dynamic
/// shapes.
TEST(IndexMathTest, OffsetsAndIndices) {
  const int64_t shape[] = {3, 5, 2};
  for (bool isStatic : {true, false}) {
    TestProgram program;
    Type index = IndexType::get(&program.context);
    Block &block = program.addFunction({index, index, index, index});
    OpBuilder builder = OpBuilder::atBlockEnd(&block);
    IndexMath math(builder, builder.getUnknownLoc());
    SmallVector<OpFoldResult> extents;
    for (int axis = 0; axis < 3; ++axis)
      extents.push_back(isStatic ? math.constant(shape[axis])
                                 : OpFoldResult(block.getArgument(axis + 1)));
    SmallVector<OpFoldResult> indices =
        math.delinearize(block.getArgument(0), extents);
    OpFoldResult again = math.linearize(indices, extents);
    for (int64_t offset = 0; offset < 30; ++offset) {
      SmallVector<int64_t> arguments{offset, shape[0], shape[1], shape[2]};
      EXPECT_EQ(evaluate(block, arguments, indices[0]), offset / 10);
      EXPECT_EQ(evaluate(block, arguments, indices[1]), offset / 2 % 5);
      EXPECT_EQ(evaluate(block, arguments, indices[2]), offset % 2);
      EXPECT_EQ(evaluate(block, arguments, again), offset);
    }
  }
}

TEST(IndexMathTest, NoAxes) {
  TestProgram program;
  Block &block = program.addFunction({});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  IndexMath math(builder, builder.getUnknownLoc());
  EXPECT_EQ(getConstantIntValue(math.linearize({}, {})), 0);
  EXPECT_TRUE(math.delinearize(math.constant(0), {}).empty());
}

TEST(IndexMathTest, Extents) {
  TestProgram program;
  Type f32 = Float32Type::get(&program.context);
  Type array = RankedTensorType::get({4, ShapedType::kDynamic, 0}, f32);
  Type buffer = MemRefType::get({ShapedType::kDynamic, 7}, f32);
  Block &block = program.addFunction({array, buffer});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  IndexMath math(builder, builder.getUnknownLoc());
  SmallVector<OpFoldResult> shape = math.shapeOf(block.getArgument(0));
  ASSERT_EQ(shape.size(), 3u);
  EXPECT_EQ(getConstantIntValue(shape[0]), 4);
  EXPECT_FALSE(getConstantIntValue(shape[1]));
  EXPECT_EQ(getConstantIntValue(shape[2]), 0);
  shape = math.shapeOf(block.getArgument(1));
  EXPECT_FALSE(getConstantIntValue(shape[0]));
  EXPECT_EQ(getConstantIntValue(shape[1]), 7);
}

/// Values where the type is dynamic, attributes where it is static.
TEST(IndexMathTest, MatchStaticExtents) {
  TestProgram program;
  Type index = IndexType::get(&program.context);
  Block &block = program.addFunction({index});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  auto type = RankedTensorType::get(
      {ShapedType::kDynamic, 4, ShapedType::kDynamic}, index);
  SmallVector<OpFoldResult> shape = matchStaticExtents(
      builder, builder.getUnknownLoc(),
      {builder.getIndexAttr(3), block.getArgument(0), block.getArgument(0)},
      type);
  ASSERT_EQ(shape.size(), 3u);
  ASSERT_TRUE(isa<Value>(shape[0]));
  EXPECT_EQ(getConstantIntValue(shape[0]), 3);
  ASSERT_TRUE(isa<Attribute>(shape[1]));
  EXPECT_EQ(getConstantIntValue(shape[1]), 4);
  EXPECT_EQ(shape[2], OpFoldResult(block.getArgument(0)));
}

} // namespace
