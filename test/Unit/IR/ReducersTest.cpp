//===- ReducersTest.cpp - Tests of the monoids -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestProgram.h"

#include "moa/Dialect/Moa/IR/FoldBuilder.h"
#include "moa/Dialect/Moa/IR/Reducers.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"

using namespace moa;

namespace {

const ReducerKind named[] = {
    ReducerKind::Add, ReducerKind::Mul, ReducerKind::Max, ReducerKind::Min,
    ReducerKind::And, ReducerKind::Or,  ReducerKind::Xor};

SmallVector<Type> elementTypes(MLIRContext *context) {
  Builder b(context);
  return {b.getF16Type(), b.getBF16Type(), b.getF32Type(),
          b.getF64Type(), b.getI1Type(),   b.getI8Type(),
          b.getI32Type(), b.getI64Type(),  b.getIndexType()};
}

TEST(ReducersTest, LegalTypes) {
  TestProgram program;
  for (Type type : elementTypes(&program.context)) {
    EXPECT_TRUE(isElementType(type));
    bool isTruth = type.isInteger(1), isFloat = isa<FloatType>(type);
    for (ReducerKind kind : {ReducerKind::Add, ReducerKind::Mul,
                             ReducerKind::Max, ReducerKind::Min})
      EXPECT_EQ(isLegalReducer(kind, type), !isTruth);
    for (ReducerKind kind :
         {ReducerKind::And, ReducerKind::Or, ReducerKind::Xor})
      EXPECT_EQ(isLegalReducer(kind, type), !isFloat);
    EXPECT_TRUE(isLegalReducer(ReducerKind::Custom, type));
  }
  EXPECT_FALSE(isElementType(IntegerType::get(&program.context, 16)));
  EXPECT_FALSE(isElementType(Float128Type::get(&program.context)));
}

/// Some values of a type, the extreme ones among them.
SmallVector<TypedAttr> samples(Type type) {
  Builder builder(type.getContext());
  SmallVector<TypedAttr> result;
  if (auto floatType = dyn_cast<FloatType>(type)) {
    for (double x : {-3.0, 0.0, 0.5, 2.0})
      result.push_back(builder.getFloatAttr(type, x));
    for (bool negative : {false, true})
      result.push_back(builder.getFloatAttr(
          type, APFloat::getInf(floatType.getFloatSemantics(), negative)));
    return result;
  }
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  for (APInt value :
       {APInt(width, 0), APInt(width, 1), APInt::getSignedMinValue(width),
        APInt::getSignedMaxValue(width), APInt::getAllOnes(width)})
    result.push_back(builder.getIntegerAttr(type, value));
  return result;
}

/// `0i +i x = x +i 0i = x`, on the code that is built.
TEST(ReducersTest, Identities) {
  TestProgram program;
  Block &block = program.addFunction({});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  Location loc = builder.getUnknownLoc();
  for (Type type : elementTypes(&program.context))
    for (ReducerKind kind : named) {
      if (!isLegalReducer(kind, type))
        continue;
      Value identity = buildReductionStart(builder, loc, kind, type, {});
      EXPECT_EQ(identity.getType(), type);
      for (TypedAttr sample : samples(type)) {
        Value x = arith::ConstantOp::create(builder, loc, sample);
        for (Value sum : {buildReduction(builder, loc, kind, identity, x),
                          buildReduction(builder, loc, kind, x, identity)}) {
          Attribute value;
          ASSERT_TRUE(matchPattern(sum, m_Constant(&value)))
              << stringifyReducerKind(kind).str() << " does not fold";
          EXPECT_EQ(value, Attribute(sample))
              << stringifyReducerKind(kind).str();
        }
      }
    }
}

TEST(ReducersTest, StartValue) {
  TestProgram program;
  Type f32 = Float32Type::get(&program.context);
  Block &block = program.addFunction({f32});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  Value init = block.getArgument(0);
  EXPECT_EQ(buildReductionStart(builder, builder.getUnknownLoc(),
                                ReducerKind::Custom, f32, init),
            init);
}

Operation *lastOp(Block &block, StringRef name) {
  Operation *found = nullptr;
  for (Operation &op : block)
    if (op.getName().getStringRef() == name)
      found = &op;
  return found;
}

/// Several axes: nested folds of a named reducer; only the outer one has the
/// start value.
TEST(FoldBuilderTest, NamedOverAxes) {
  TestProgram program;
  Builder b(&program.context);
  Block &block = program.addFunction({b.getF32Type(), b.getIndexType()});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  Value init = block.getArgument(0), extent = block.getArgument(1);
  Value result = buildFoldOverAxes(
      builder, builder.getUnknownLoc(), {ReducerKind::Add, init},
      b.getF32Type(), {extent, builder.getIndexAttr(3)},
      [&](OpBuilder &, ValueRange indices) -> Value {
        EXPECT_EQ(indices.size(), 2u);
        return init;
      });
  auto outer = result.getDefiningOp<FoldOp>();
  ASSERT_TRUE(outer);
  EXPECT_EQ(outer.getUpper(), extent);
  EXPECT_EQ(outer.getInits().size(), 1u);
  auto inner = cast<FoldOp>(lastOp(outer.getBody().front(), "moa.fold"));
  EXPECT_TRUE(inner.getInits().empty());
  EXPECT_TRUE(succeeded(verify(outer)));
}

/// A fold over no axis has the start value to add; a custom one walks all axes
/// as one.
TEST(FoldBuilderTest, NoAxes) {
  TestProgram program;
  Builder b(&program.context);
  Block &block = program.addFunction({b.getF32Type()});
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  Value init = block.getArgument(0);
  Value result = buildFoldOverAxes(
      builder, builder.getUnknownLoc(), {ReducerKind::Mul, init},
      b.getF32Type(), {}, [&](OpBuilder &, ValueRange indices) -> Value {
        EXPECT_TRUE(indices.empty());
        return init;
      });
  auto fold = result.getDefiningOp<FoldOp>();
  ASSERT_TRUE(fold);
  IntegerAttr upper;
  ASSERT_TRUE(matchPattern(fold.getUpper(), m_Constant(&upper)));
  EXPECT_EQ(upper.getInt(), 1);
}

TEST(FoldBuilderTest, CustomOverAxes) {
  TestProgram program(R"mlir(
    func.func @f(%a: tensor<?x3xf32>, %x: f32) -> tensor<f32> {
      %0 = moa.reduce custom %a axes [0, 1] init(%x : f32) combine {
      ^bb0(%p: f32, %q: f32):
        %d = arith.subf %q, %p : f32
        moa.yield %d : f32
      } {tag = "reduce"} : tensor<?x3xf32> -> tensor<f32>
      return %0 : tensor<f32>
    })mlir");
  auto reduce = cast<ReduceOp>(program.find("reduce"));
  OpBuilder builder(reduce);
  Value element = reduce.buildElement(builder, reduce.getLoc(), 0, {});
  auto fold = element.getDefiningOp<FoldOp>();
  ASSERT_TRUE(fold);
  EXPECT_EQ(fold.getReducer(0), ReducerKind::Custom);
  ASSERT_TRUE(fold.getCombiner(0));
  EXPECT_TRUE(lastOp(fold.getCombiner(0)->front(), "arith.subf"));
  EXPECT_FALSE(lastOp(fold.getBody().front(), "moa.fold"));
  EXPECT_TRUE(succeeded(verify(*program.module)));
}

} // namespace
