//===- PsiReducePropertyTest.cpp - Psi-reduction keeps the value of a program
//-*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random programs are interpreted before and after psi-reduction.
//
//
// Environment: MOA_SEED is the seed of the first program (1), MOA_PROGRAMS
// their number (10000). The seed of a program that fails is printed, and the
// program in the smallest form that still fails.
//
//===----------------------------------------------------------------------===//

#include "Property.h"
#include "RandomProgram.h"

#include "moa/Reference/Interpreter.h"
#include "moa/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/Support/PrettyStackTrace.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace moa;
using namespace moa::test;

namespace {

/// A context with what the programs need, and the passes.
class Session {
public:
  Session()
      : context(MLIRContext::Threading::DISABLED), reduce(&context),
        simplify(&context) {
    context.loadDialect<MoaDialect, affine::AffineDialect, arith::ArithDialect,
                        func::FuncDialect, math::MathDialect, scf::SCFDialect,
                        tensor::TensorDialect>();
    reduce.addNestedPass<func::FuncOp>(createMoaPsiReduce());
    reduce.addNestedPass<func::FuncOp>(createMoaVerifyDNF());
    simplify.addPass(mlir::createCanonicalizerPass());
    simplify.addPass(mlir::createCSEPass());
  }

  /// What is wrong with the program of these choices: empty if nothing is.
  /// `text` becomes the program.
  std::string check(Choices &choices, std::string *text = nullptr);

private:
  MLIRContext context;
  PassManager reduce, simplify;
};

FailureOr<SmallVector<HostArray>> run(ModuleOp module,
                                      ArrayRef<HostArray> arguments) {
  return interpret(module.lookupSymbol<func::FuncOp>("f"), arguments);
}

std::string Session::check(Choices &choices, std::string *text) {
  std::string said;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    said += ": " + diagnostic.str();
    return success();
  });
  RandomProgram program(context, choices);
  OwningOpRef<ModuleOp> module = program.take();
  if (text) {
    llvm::raw_string_ostream os(*text);
    module->print(os, OpPrintingFlags().assumeVerified());
    for (auto [number, argument] : llvm::enumerate(program.arguments()))
      os << "// argument #" << number << ": " << argument.describe() << "\n";
  }
  if (failed(mlir::verify(*module)))
    return "the generated program is not valid" + said;
  FailureOr<SmallVector<HostArray>> expected =
      run(*module, program.arguments());
  if (failed(expected))
    return "the generated program does not run" + said;
  OwningOpRef<ModuleOp> copy(module->clone());
  std::string problem =
      checkChanges(*module, program.arguments(), *expected,
                   {{"psi-reduction", &reduce}, {"simplification", &simplify}});
  if (problem.empty())
    problem =
        checkChanges(*copy, program.arguments(), *expected,
                     {{"simplification", &simplify}, {"psi-reduction", &reduce}});
  return problem.empty() ? "" : problem + said;
}

TEST(PsiReduceProperty, KeepsTheValue) {
  uint64_t first = fromEnvironment("MOA_SEED", 1);
  uint64_t count = fromEnvironment("MOA_PROGRAMS", 10000);
  std::unique_ptr<Session> session;
  for (uint64_t number = 0; number < count; ++number) {
    uint64_t seed = first + number;
    // What a context has made unique it keeps: a new one now and then.
    if (number % 2000 == 0)
      session = std::make_unique<Session>();
    llvm::PrettyStackTraceFormat trace("random program of MOA_SEED=%llu",
                                       static_cast<unsigned long long>(seed));
    Choices choices(seed);
    std::string problem = session->check(choices);
    if (problem.empty())
      continue;
    Session again;
    Choices shrunk(
        shrink(choices.all(), [&](const std::vector<unsigned> &candidate) {
          Choices replayed(candidate);
          return !again.check(replayed).empty();
        }));
    std::string text;
    std::string still = Session().check(shrunk, &text);
    FAIL() << "MOA_SEED=" << seed << ": " << problem
           << "\nshrunk to the following, of which: " << still << "\n"
           << text;
  }
}

// The test itself: a program that fails is found out, and shrinks.
TEST(PsiReduceProperty, ComparesElements) {
  HostArray a =
      llvm::cantFail(HostArray::fromInts(ElementType::I64, {2}, {1, 2}));
  HostArray b =
      llvm::cantFail(HostArray::fromInts(ElementType::I64, {2}, {1, 3}));
  EXPECT_EQ(compare(a, a), "");
  EXPECT_NE(compare(a, b), "");
  HostArray x =
      llvm::cantFail(HostArray::fromDoubles(ElementType::F64, {2}, {1, NAN}));
  HostArray y = llvm::cantFail(
      HostArray::fromDoubles(ElementType::F64, {2}, {1 + 1e-9, NAN}));
  EXPECT_EQ(compare(x, x), "");
  EXPECT_NE(compare(x, y), "");
}

} // namespace
