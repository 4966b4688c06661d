//===- CompilerTest.h - What the tests of the compiler share -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_COMPILER_COMPILERTEST_H
#define MOA_TEST_UNIT_COMPILER_COMPILERTEST_H

#include "moa/Compiler/CpuKernel.h"
#include "moa/InitAll/InitAll.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

namespace moa::test {

/// A context with everything that `moa-opt` has. Diagnostics are collected.
class CompilerTest : public ::testing::Test {
protected:
  CompilerTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          diagnostics += diagnostic.str() + "\n";
          return mlir::success();
        }) {
    mlir::DialectRegistry registry;
    registerEverything(registry);
    context.appendDialectRegistry(registry);
  }

  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef source) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
    EXPECT_TRUE(module) << diagnostics;
    return module;
  }

  std::unique_ptr<CpuKernel> compile(llvm::StringRef source,
                                     llvm::StringRef entry = "f") {
    auto kernel = CpuKernel::compile(*parse(source), entry);
    if (!kernel) {
      ADD_FAILURE() << llvm::toString(kernel.takeError()) << diagnostics;
      return nullptr;
    }
    return std::move(*kernel);
  }

  /// The error of a compilation that fails.
  std::string compileError(llvm::StringRef source,
                           llvm::StringRef entry = "f") {
    auto kernel = CpuKernel::compile(*parse(source), entry);
    return kernel ? "no error" : llvm::toString(kernel.takeError());
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  std::string diagnostics;
  mlir::ScopedDiagnosticHandler handler;
};

inline HostArray array(ElementType type, llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<double> values) {
  return llvm::cantFail(HostArray::fromDoubles(type, shape, values));
}

inline std::vector<double> values(const HostArray &array) {
  std::vector<double> list;
  for (int64_t i = 0; i < array.numElements(); ++i)
    list.push_back(array.loadDouble(i));
  return list;
}

} // namespace moa::test

#endif // MOA_TEST_UNIT_COMPILER_COMPILERTEST_H
