//===- PassesPropertyTest.cpp - Passes keep the value of a program -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random programs that end in chains of folds, over what random operations make
// (cats, gathers, masks ..), are interpreted before and after each pass, and the
// towers that come out in random parts, too.
//
// Environment: MOA_SEED is the seed of the first program (1), MOA_CHAINS their
// number (5000). The seed of a program that fails is printed, and the program in
// the smallest form that still fails.
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
#include "mlir/Transforms/Passes.h"

#include "llvm/Support/PrettyStackTrace.h"

#include "gtest/gtest.h"

using namespace moa;
using namespace moa::test;

namespace {

/// A context, and the passes under test.
class Session {
public:
  Session() : context(MLIRContext::Threading::DISABLED) {
    context.loadDialect<MoaDialect, affine::AffineDialect, arith::ArithDialect,
                        func::FuncDialect, math::MathDialect, scf::SCFDialect,
                        tensor::TensorDialect>();
    reduce.addNestedPass<func::FuncOp>(createMoaPsiReduce());
    reduce.addNestedPass<func::FuncOp>(createMoaVerifyDNF());
    fuse.addNestedPass<func::FuncOp>(createMoaFuseFolds());
    exact.addNestedPass<func::FuncOp>(
        createMoaFuseFolds(MoaFuseFoldsOptions{"exact", {}}));
    MoaSplitFoldOptions parts;
    parts.parts = 3;
    split.addNestedPass<func::FuncOp>(createMoaSplitFold(parts));
    splitTwice.addNestedPass<func::FuncOp>(createMoaSplitFold());
    splitTwice.addNestedPass<func::FuncOp>(createMoaSplitFold());
    simplify.addPass(mlir::createCanonicalizerPass());
    simplify.addPass(mlir::createCSEPass());
  }

  /// What is wrong with the program of these choices: empty if nothing is.
  /// `text` becomes the program.
  std::string check(Choices &choices, std::string *text = nullptr);

  /// Towers with a `correct` region that have come out.
  unsigned numTowers = 0;

private:
  MLIRContext context;
  PassManager reduce{&context}, fuse{&context}, exact{&context},
      split{&context}, splitTwice{&context}, simplify{&context};
};

std::string Session::check(Choices &choices, std::string *text) {
  std::string said;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      said += ": " + diagnostic.str();
    return success();
  });
  RandomProgram program(context, choices, /*withChain=*/true);
  OwningOpRef<ModuleOp> module = program.take();
  if (text) {
    llvm::raw_string_ostream os(*text);
    module->print(os, OpPrintingFlags().assumeVerified());
    for (auto [number, argument] : llvm::enumerate(program.arguments()))
      os << "// argument #" << number << ": " << argument.describe() << "\n";
  }
  if (failed(mlir::verify(*module)))
    return "the generated program is not valid" + said;
  FailureOr<SmallVector<HostArray>> expected = interpret(
      module->lookupSymbol<func::FuncOp>("f"), program.arguments());
  if (failed(expected))
    return "the generated program does not run" + said;
  OwningOpRef<ModuleOp> copy(module->clone());
  Tolerance tolerance{1e-9, 1e-7, /*finiteOnly=*/true};
  std::string problem = checkChanges(
      *module, program.arguments(), *expected,
      {{"psi-reduction", &reduce}, {"simplification", &simplify},
       {"fusion", &fuse, true}, {"simplification", &simplify, true},
       {"splitting", &split}},
      tolerance);
  module->walk([&](FoldOp fold) { numTowers += fold.hasCorrect(); });
  if (problem.empty())
    problem = checkChanges(*copy, program.arguments(), *expected,
                           {{"psi-reduction", &reduce},
                            {"exact fusion", &exact, true},
                            {"splitting in two steps", &splitTwice, true}},
                           tolerance);
  return problem.empty() ? "" : problem + said;
}

TEST(PassesProperty, KeepTheValueOfChains) {
  uint64_t first = fromEnvironment("MOA_SEED", 1);
  uint64_t count = fromEnvironment("MOA_CHAINS", 5000);
  std::unique_ptr<Session> session;
  unsigned numTowers = 0;
  for (uint64_t number = 0; number < count; ++number) {
    uint64_t seed = first + number;
    // What a context has made unique it keeps: a new one now and then.
    if (number % 1000 == 0)
      session = std::make_unique<Session>();
    llvm::PrettyStackTraceFormat trace("random chain of MOA_SEED=%llu",
                                       static_cast<unsigned long long>(seed));
    Choices choices(seed);
    session->numTowers = 0;
    std::string problem = session->check(choices);
    numTowers += session->numTowers;
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
  EXPECT_GT(numTowers, count / 50);
}

} // namespace
