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

#include <chrono>
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
  /// What the program becomes, and what must not change its value.
  struct Change {
    const char *name;
    PassManager &passes;
  };
  std::string checkChanges(ModuleOp module, ArrayRef<HostArray> arguments,
                           ArrayRef<HostArray> expected,
                           ArrayRef<Change> changes);

  MLIRContext context;
  PassManager reduce, simplify;
};

/// A message about the first difference; empty if there is none.
std::string compare(const HostArray &before, const HostArray &after) {
  if (before.elementType() != after.elementType() ||
      before.shape() != after.shape())
    return "shape " + after.describe() + " instead of " + before.describe();
  for (int64_t offset = 0; offset < before.numElements(); ++offset) {
    double x = before.loadDouble(offset), y = after.loadDouble(offset);
    bool same = before.loadInt(offset) == after.loadInt(offset);
    if (isFloat(before.elementType()))
      same = x == y || (std::isnan(x) && std::isnan(y)) ||
             std::abs(x - y) <= 1e-12 * std::max(std::abs(x), std::abs(y));
    if (!same)
      return "element " + std::to_string(offset) + " of " + before.describe() +
             " is " + std::to_string(y) + " instead of " + std::to_string(x);
  }
  return "";
}

FailureOr<SmallVector<HostArray>> run(ModuleOp module,
                                      ArrayRef<HostArray> arguments) {
  return interpret(module.lookupSymbol<func::FuncOp>("f"), arguments);
}

std::string Session::checkChanges(ModuleOp module,
                                  ArrayRef<HostArray> arguments,
                                  ArrayRef<HostArray> expected,
                                  ArrayRef<Change> changes) {
  std::string done = "after ";
  for (const Change &change : changes) {
    done += change.name;
    if (failed(change.passes.run(module)))
      return done + ", which fails";
    FailureOr<SmallVector<HostArray>> results = run(module, arguments);
    if (failed(results))
      return done + ", the program does not run";
    for (auto [x, y] : llvm::zip_equal(expected, *results))
      if (std::string problem = compare(x, y); !problem.empty())
        return done + ": " + problem;
    done += ", ";
  }
  return "";
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
                   {{"psi-reduction", reduce}, {"simplification", simplify}});
  if (problem.empty())
    problem =
        checkChanges(*copy, program.arguments(), *expected,
                     {{"simplification", simplify}, {"psi-reduction", reduce}});
  return problem.empty() ? "" : problem + said;
}

/// Makes the list of choices of a failing program smaller: without some of
/// them, or with smaller ones, as long as the program still fails.
std::vector<unsigned> shrink(std::vector<unsigned> list) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto session = std::make_unique<Session>();
  auto fails = [&](const std::vector<unsigned> &candidate) {
    Choices choices(candidate);
    return std::chrono::steady_clock::now() < deadline &&
           !session->check(choices).empty();
  };
  for (bool progress = true; progress;) {
    progress = false;
    auto attempt = [&](std::vector<unsigned> candidate) {
      if (!fails(candidate))
        return false;
      list = std::move(candidate);
      return progress = true;
    };
    for (size_t length : {32, 16, 8, 4, 2, 1})
      for (size_t at = list.size(); at-- > 0;)
        if (at + length <= list.size()) {
          std::vector<unsigned> shorter(list);
          shorter.erase(shorter.begin() + at, shorter.begin() + at + length);
          attempt(std::move(shorter));
        }
    for (size_t at = 0; at < list.size(); ++at)
      for (unsigned smaller : {0u, list[at] / 2, list[at] - 1}) {
        std::vector<unsigned> lower(list);
        if (smaller >= list[at])
          continue;
        lower[at] = smaller;
        if (attempt(std::move(lower)))
          break;
      }
  }
  return list;
}

uint64_t fromEnvironment(const char *name, uint64_t fallback) {
  const char *text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : fallback;
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
    Choices shrunk(shrink(choices.all()));
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
