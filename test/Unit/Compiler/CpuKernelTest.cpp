//===- CpuKernelTest.cpp - Functions compiled for this machine -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompilerTest.h"

using namespace moa;
using namespace moa::test;

using Values = std::vector<double>;

namespace {

constexpr const char *addition = R"(
func.func @f(%a: tensor<?x3xf32>, %b: tensor<?x3xf32>, %c: f32) -> tensor<?x3xf32> {
  %0 = moa.map %a, %b {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    %t = arith.mulf %s, %c : f32
    moa.yield %t : f32
  } : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
})";

/// What a run of a kernel says is wrong.
std::string runError(const CpuKernel &kernel,
                     llvm::ArrayRef<HostArray> arguments) {
  auto results = kernel.run(arguments);
  return results ? "no error" : llvm::toString(results.takeError());
}

} // namespace

TEST_F(CompilerTest, ArraysAndScalarsInOneArrayOut) {
  auto kernel = compile(addition);
  ASSERT_TRUE(kernel);
  auto results = kernel->run(
      {array(ElementType::F32, {2, 3}, {1, 2, 3, 4, 5, 6}),
       array(ElementType::F32, {2, 3}, {10, 20, 30, 40, 50, 60}),
       array(ElementType::F32, {}, {2})});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  ASSERT_EQ(results->size(), 1u);
  EXPECT_EQ(results->front().describe(), "2x3xf32");
  EXPECT_EQ(values(results->front()), (Values{22, 44, 66, 88, 110, 132}));
}

TEST_F(CompilerTest, AnEmptyArray) {
  auto kernel = compile(addition);
  ASSERT_TRUE(kernel);
  HostArray none = array(ElementType::F32, {0, 3}, {});
  auto results = kernel->run({none, none, array(ElementType::F32, {}, {2})});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  EXPECT_EQ(results->front().describe(), "0x3xf32");
}

TEST_F(CompilerTest, SeveralResultsOfSeveralTypes) {
  auto kernel = compile(R"(
func.func @f(%a: tensor<?xf64>) -> (f64, tensor<?xi1>, i1, tensor<index>, bf16, tensor<?xf16>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %n = tensor.dim %a, %c0 : tensor<?xf64>
  %sum = moa.fold %k = %c0 to %n (%acc: add f64) {
    %x = moa.psi %a[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %positive = arith.cmpf ogt, %sum, %zero : f64
  %small = arith.truncf %sum : f64 to bf16
  %signs = moa.map %a {
  ^bb0(%x: f64):
    %p = arith.cmpf ogt, %x, %zero : f64
    moa.yield %p : i1
  } : tensor<?xf64> -> tensor<?xi1>
  %halves = moa.map %a {
  ^bb0(%x: f64):
    %p = arith.truncf %x : f64 to f16
    moa.yield %p : f16
  } : tensor<?xf64> -> tensor<?xf16>
  %count = moa.array () in () {
    moa.yield %n : index
  } : tensor<index>
  return %sum, %signs, %positive, %count, %small, %halves
    : f64, tensor<?xi1>, i1, tensor<index>, bf16, tensor<?xf16>
})");
  ASSERT_TRUE(kernel);
  auto results =
      kernel->run({array(ElementType::F64, {3}, {1.5, -2.25, 4.0})});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  ASSERT_EQ(results->size(), 6u);
  EXPECT_EQ(values((*results)[0]), Values{3.25});
  EXPECT_EQ(values((*results)[1]), (Values{1, 0, 1}));
  EXPECT_EQ(values((*results)[2]), Values{1});
  EXPECT_EQ(values((*results)[3]), Values{3});
  EXPECT_EQ((*results)[3].describe(), "index");
  EXPECT_EQ(values((*results)[4]), Values{3.25});
  EXPECT_EQ(values((*results)[5]), (Values{1.5, -2.25, 4.0}));
}

TEST_F(CompilerTest, ScalarsOfAllTypes) {
  for (ElementType type :
       {ElementType::F16, ElementType::BF16, ElementType::F32, ElementType::F64,
        ElementType::I1, ElementType::I8, ElementType::I32, ElementType::I64,
        ElementType::Index}) {
    std::string name = elementTypeName(type).str();
    auto kernel = compile("func.func @f(%a: " + name + ", %b: " + name +
                          ") -> (" + name + ", tensor<" + name + ">) {\n" +
                          "%0 = moa.array () in () { moa.yield %b : " + name +
                          " } : tensor<" + name + ">\n return %a, %0 : " +
                          name + ", tensor<" + name + ">\n}");
    ASSERT_TRUE(kernel) << name;
    auto results =
        kernel->run({array(type, {}, {1}), array(type, {}, {0})});
    ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
    EXPECT_EQ(values((*results)[0]), Values{1}) << name;
    EXPECT_EQ(values((*results)[1]), Values{0}) << name;
  }
}

TEST_F(CompilerTest, ArgumentsThatDoNotFit) {
  auto kernel = compile(addition);
  ASSERT_TRUE(kernel);
  HostArray a = array(ElementType::F32, {1, 3}, {1, 2, 3});
  HostArray c = array(ElementType::F32, {}, {1});
  EXPECT_EQ(runError(*kernel, {a, a}), "'f' takes 3 arguments, but 2 are given");
  EXPECT_EQ(runError(*kernel, {a, array(ElementType::F64, {1, 3}, {1, 2, 3}), c}),
            "argument #1 of 'f' must be of f32, but is 1x3xf64");
  EXPECT_EQ(runError(*kernel, {a, array(ElementType::F32, {3}, {1, 2, 3}), c}),
            "argument #1 of 'f' must have rank 2, but is 3xf32");
  EXPECT_EQ(runError(*kernel, {array(ElementType::F32, {1, 2}, {1, 2}), a, c}),
            "argument #0 of 'f' must have extent 3 along axis 1, but is 1x2xf32");
  EXPECT_EQ(runError(*kernel, {a, a, array(ElementType::F32, {1}, {1})}),
            "argument #2 of 'f' must have rank 0, but is 1xf32");
}

TEST_F(CompilerTest, EntriesThatCannotBeCompiled) {
  EXPECT_EQ(compileError(addition, "g"), "there is no function 'g'");
  EXPECT_EQ(compileError("func.func private @f(tensor<?xf32>)"),
            "function 'f' has no body");
  EXPECT_EQ(compileError("func.func private @f() { return }"),
            "function 'f' is private");
  EXPECT_EQ(compileError("func.func @f(%a: tensor<*xf32>) { return }"),
            "argument #0 of 'f' has type tensor<*xf32>: it cannot be passed as "
            "an array or a scalar");
  EXPECT_EQ(compileError("func.func @f() -> i17 { %0 = arith.constant 1 : i17 "
                         "return %0 : i17 }"),
            "result #0 of 'f' has type i17: it cannot be passed as an array or "
            "a scalar");
}

TEST_F(CompilerTest, WhatPassesReportIsADiagnostic) {
  EXPECT_EQ(compileError(R"(
func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = "tensor.cast"(%a) : (tensor<?xf32>) -> tensor<3xf32>
  %1 = tosa.reverse %0 {axis = 0 : i32} : (tensor<3xf32>) -> tensor<3xf32>
  %2 = "tensor.cast"(%1) : (tensor<3xf32>) -> tensor<?xf32>
  return %2 : tensor<?xf32>
})"),
            "compilation of 'f' for the CPU failed");
  EXPECT_NE(diagnostics.find("was not bufferized"), std::string::npos) << diagnostics;
}

TEST_F(CompilerTest, AnOperationWithoutCode) {
  EXPECT_EQ(compileError("func.func @f() -> index {\n"
                         "  %0 = gpu.thread_id x\n"
                         "  return %0 : index\n"
                         "}"),
            "compilation of 'f' for the CPU failed");
  EXPECT_NE(diagnostics.find("'gpu.thread_id' has no code for the CPU"),
            std::string::npos)
      << diagnostics;
}

TEST_F(CompilerTest, AShapePreconditionThatDoesNotHold) {
  auto kernel = compile(addition);
  ASSERT_TRUE(kernel);
  std::string error =
      runError(*kernel, {array(ElementType::F32, {1, 3}, {1, 2, 3}),
                         array(ElementType::F32, {2, 3}, {1, 2, 3, 4, 5, 6}),
                         array(ElementType::F32, {}, {1})});
  EXPECT_EQ(error.rfind("'f': ", 0), 0u) << error;
  EXPECT_NE(error.find("moa.map"), std::string::npos) << error;
}

TEST_F(CompilerTest, TheModuleIsNotChanged) {
  auto module = parse(addition);
  std::string before, after;
  llvm::raw_string_ostream(before) << *module;
  ASSERT_TRUE(bool(CpuKernel::compile(*module, "f")));
  llvm::raw_string_ostream(after) << *module;
  EXPECT_EQ(before, after);
}

TEST_F(CompilerTest, OtherFunctionsDoNotMatter) {
  // 'g' calls 'f', and could not be compiled itself.
  auto kernel = compile(R"(
func.func private @helper(%x: f32) -> f32 {
  %0 = arith.addf %x, %x : f32
  return %0 : f32
}
func.func @f(%x: f32) -> f32 {
  %0 = func.call @helper(%x) : (f32) -> f32
  return %0 : f32
}
func.func @g(%x: f32, %u: tensor<*xf32>) -> f32 {
  %0 = func.call @f(%x) : (f32) -> f32
  return %0 : f32
})");
  ASSERT_TRUE(kernel);
  auto results = kernel->run({array(ElementType::F32, {}, {3})});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  EXPECT_EQ(values(results->front()), Values{6});
}
