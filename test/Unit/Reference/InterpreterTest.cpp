//===- InterpreterTest.cpp - The interpreter as a library ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options, counters and diagnostics of `interpret`. What the operations compute
// is tested in test/Reference.
//
//===----------------------------------------------------------------------===//

#include "moa/Reference/Interpreter.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

using namespace moa;

namespace {

class Interpreter : public ::testing::Test {
protected:
  Interpreter()
      : context(MLIRContext::Threading::DISABLED),
        handler(&context, [this](Diagnostic &diagnostic) {
          said += diagnostic.str() + "\n";
          return success();
        }) {
    context.loadDialect<MoaDialect, arith::ArithDialect, func::FuncDialect>();
  }

  func::FuncOp parse(StringRef text) {
    module = mlir::parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module) << said;
    return *module->getOps<func::FuncOp>().begin();
  }

  static HostArray thirds() {
    return llvm::cantFail(
        HostArray::fromDoubles(ElementType::F32, {3}, {1, 2, 4}));
  }

  MLIRContext context;
  std::string said;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
};

constexpr const char *divide = R"mlir(
  func.func @f(%a: tensor<?xf32> loc("a")) -> tensor<?xf32> {
    %three = arith.constant 3.0 : f32
    %0 = moa.map %a {
    ^bb0(%x: f32):
      %y = arith.divf %x, %three : f32
      moa.yield %y : f32
    } : tensor<?xf32> -> tensor<?xf32>
    return %0 : tensor<?xf32>
  })mlir";

TEST_F(Interpreter, RoundsResultsWhereAsked) {
  func::FuncOp function = parse(divide);
  FailureOr<SmallVector<HostArray>> rounded = interpret(function, thirds());
  ASSERT_TRUE(succeeded(rounded)) << said;
  EXPECT_EQ(rounded->front().elementType(), ElementType::F32);
  EXPECT_EQ(rounded->front().loadDouble(0), double(1.0f / 3.0f));

  InterpreterOptions options;
  options.roundResults = false;
  FailureOr<SmallVector<HostArray>> exact =
      interpret(function, thirds(), options);
  ASSERT_TRUE(succeeded(exact)) << said;
  EXPECT_EQ(exact->front().elementType(), ElementType::F64);
  EXPECT_EQ(exact->front().loadDouble(0), 1.0 / 3.0);
}

TEST_F(Interpreter, CountersStartAnewWithEachRun) {
  func::FuncOp function = parse(divide);
  Counters counters;
  for (int times = 0; times < 2; ++times) {
    ASSERT_TRUE(succeeded(interpret(function, thirds(), {}, &counters)));
    EXPECT_EQ(counters.arguments.at(0).name, "a");
    EXPECT_EQ(counters.arguments.at(0).read, 3u);
    EXPECT_EQ(counters.arguments.at(0).distinct, 3u);
    EXPECT_EQ(counters.results.at(0).written, 3u);
    EXPECT_TRUE(counters.intermediates.empty());
    EXPECT_EQ(counters.floatOps.at("div"), 3u);
  }
}

TEST_F(Interpreter, LeavesArgumentsAlone) {
  HostArray argument = thirds(), before = argument;
  ASSERT_TRUE(succeeded(interpret(parse(divide), argument)));
  EXPECT_EQ(argument, before);
}

TEST_F(Interpreter, TellsWhatDoesNotFit) {
  func::FuncOp function = parse(divide);
  EXPECT_TRUE(failed(interpret(function, {})));
  EXPECT_EQ(said, "'f' takes 1 arguments, but 0 are given\n");
  said.clear();
  HostArray ints = llvm::cantFail(HostArray::create(ElementType::I32, {3}));
  EXPECT_TRUE(failed(interpret(function, ints)));
  EXPECT_EQ(said, "argument #0 of 'f' must be 'tensor<?xf32>', but is 3xi32: "
                  "another element type\n");
}

TEST_F(Interpreter, FailsWhereAnOperationFails) {
  func::FuncOp function = parse(R"mlir(
    func.func @f(%a: tensor<?xf32>, %i: index) -> f32 {
      %0 = moa.psi %a[%i] : tensor<?xf32>
      return %0 : f32
    })mlir");
  HostArray index = llvm::cantFail(HostArray::create(ElementType::Index, {}));
  index.storeInt(0, 2);
  FailureOr<SmallVector<HostArray>> inside =
      interpret(function, {thirds(), index});
  ASSERT_TRUE(succeeded(inside)) << said;
  EXPECT_EQ(inside->front().loadDouble(0), 4.0);
  index.storeInt(0, 3);
  EXPECT_TRUE(failed(interpret(function, {thirds(), index})));
  EXPECT_EQ(said, "'moa.psi' op index 3 is out of bounds: axis 0 has extent "
                  "3\n");
}

} // namespace
