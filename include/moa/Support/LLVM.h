//===- LLVM.h - Names imported from mlir and llvm ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// moa lives in a namespace of its own, so that its names never collide with
// upstream's. What it uses from mlir and llvm all the time is imported here.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_LLVM_H
#define MOA_SUPPORT_LLVM_H

#include "mlir/Support/LLVM.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

namespace moa {
// NOLINTBEGIN(misc-unused-using-decls)
using namespace mlir;
// NOLINTEND(misc-unused-using-decls)
} // namespace moa

#endif // MOA_SUPPORT_LLVM_H
