//===- LaunchBuilder.h - Launches from parallel loops and scalar code -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_ONFTOGPU_LAUNCHBUILDER_H
#define MOA_LIB_CONVERSION_ONFTOGPU_LAUNCHBUILDER_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace moa {

/// Makes the launches of one function.
class LaunchBuilder {
public:
  /// Kernels are named `<function>_kernel<n>` and belong to `module`.
  LaunchBuilder(StringRef function, StringRef module, int64_t blockSize)
      : function(function), module(module), blockSize(blockSize) {}

  /// A launch, before `loop`, in which each thread first runs copies of
  /// `before` and then the body of `loop` for its cells. Nothing where the loop
  /// has a static iteration space that is empty.
  void launchForall(scf::ForallOp loop, ArrayRef<Operation *> before);

  /// A launch, before `at`, of one thread that runs copies of `ops`.
  void launchOnce(ArrayRef<Operation *> ops, Operation *at);

private:
  gpu::LaunchOp makeLaunch(OpBuilder &builder, Location loc, Value grid,
                           int64_t block);

  std::string function;
  std::string module;
  int64_t blockSize;
  unsigned number = 0;
};

} // namespace moa

#endif // MOA_LIB_CONVERSION_ONFTOGPU_LAUNCHBUILDER_H
