//===- moa-lsp-server.cpp - Language server for .mlir files ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives an editor diagnostics, definitions and documentation for programs in
// moa and the upstream dialects.
//
//===----------------------------------------------------------------------===//

#include "moa/InitAll/InitAll.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  moa::registerEverything(registry);
  return failed(mlir::MlirLspServerMain(argc, argv, registry));
}
