//===- RunNorms.cpp - Calls moa's CPU pipeline as a library ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads norms.mlir, compiles its function for this machine and calls it on an
// array: what a program does that has moa inside.
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/CpuKernel.h"
#include "moa/InitAll/InitAll.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

/// Compiles and calls @norms of the program in the file `path`.
static llvm::Expected<moa::HostArray> computeNorms(llvm::StringRef path) {
  mlir::DialectRegistry registry;
  moa::registerEverything(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(path, &context);
  if (!module)
    return llvm::createStringError("the program cannot be read");

  auto kernel = moa::CpuKernel::compile(*module, "norms");
  if (!kernel)
    return kernel.takeError();
  auto array = moa::HostArray::fromDoubles(moa::ElementType::F32, {2, 3},
                                           {1, 2, 3, 4, 5, 6});
  if (!array)
    return array.takeError();
  auto results = (*kernel)->run(*array);
  if (!results)
    return results.takeError();
  return results->front();
}

int main(int argc, char **argv) {
  if (argc != 2) {
    llvm::errs() << "usage: " << argv[0] << " norms.mlir\n";
    return 1;
  }
  auto norms = computeNorms(argv[1]);
  if (!norms) {
    llvm::errs() << llvm::toString(norms.takeError()) << "\n";
    return 1;
  }
  for (int64_t i = 0; i < norms->numElements(); ++i)
    llvm::outs() << norms->loadDouble(i) << "\n";
  return 0;
}
