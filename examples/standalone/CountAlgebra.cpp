//===- CountAlgebra.cpp - A pass of a project outside moa ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shows that moa's dialect and interface can be used from outside: the pass
// asks for PsiOpInterface, so it knows no operation by name.
//
//===----------------------------------------------------------------------===//

#include "CountAlgebra.h"

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace {

struct CountAlgebraPass
    : mlir::PassWrapper<CountAlgebraPass, mlir::OperationPass<mlir::ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CountAlgebraPass)

  llvm::StringRef getArgument() const override {
    return "standalone-count-algebra";
  }
  llvm::StringRef getDescription() const override {
    return "Remark how many operations of moa's algebra a function holds";
  }

  void runOnOperation() override {
    getOperation().walk([](mlir::FunctionOpInterface function) {
      int64_t count = 0;
      function.walk([&](moa::PsiOpInterface) { ++count; });
      function.emitRemark() << "holds " << count << " algebra operations";
    });
  }
};

} // namespace

void standalone::registerCountAlgebraPass() {
  mlir::PassRegistration<CountAlgebraPass>();
}
