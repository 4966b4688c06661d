//===- StandaloneOpt.cpp - An opt of a project outside moa -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An opt with moa's dialect, passes and pipelines, those of MLIR that they
// need, and one pass of our own.
//
//===----------------------------------------------------------------------===//

#include "CountAlgebra.h"

#include "moa/InitAll/InitAll.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  moa::registerEverything(registry);
  standalone::registerCountAlgebraPass();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "An outside user of moa\n", registry));
}
