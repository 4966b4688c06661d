//===- Entries.cpp - Which functions are compiled ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/Entries.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

llvm::Error moa::selectEntries(mlir::ModuleOp module,
                               llvm::ArrayRef<std::string> entries) {
  llvm::SmallVector<std::string> found;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (function.isPublic() && !function.isExternal())
      found.push_back(function.getName().str());
  if (found.empty())
    return llvm::createStringError(
        "the file has no public function to compile");
  for (const std::string &entry : entries)
    if (!llvm::is_contained(found, entry))
      return llvm::createStringError(
          "no public function '" + entry +
          "' is defined; there are: " + llvm::join(found, ", "));
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (!entries.empty() && !llvm::is_contained(entries, function.getName()))
      function.setPrivate();
  mlir::PassManager manager(module.getContext());
  manager.addPass(mlir::createSymbolDCEPass());
  if (mlir::failed(manager.run(module)))
    return llvm::createStringError("unused functions cannot be removed");
  return llvm::Error::success();
}
