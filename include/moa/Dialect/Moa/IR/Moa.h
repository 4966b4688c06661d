//===- Moa.h - The moa dialect ---------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_MOA_H
#define MOA_DIALECT_MOA_IR_MOA_H

#include "moa/Support/LLVM.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/RuntimeVerifiableOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace moa {
/// Two extents that an operation requires to be equal: axis `axisA` of array `a`
/// and axis `axisB` of array `b`.
struct EqualExtents {
  Value a;
  int64_t axisA;
  Value b;
  int64_t axisB;
};
} // namespace moa

#include "moa/Dialect/Moa/IR/MoaDialect.h.inc"
#include "moa/Dialect/Moa/IR/MoaEnums.h.inc"
#include "moa/Dialect/Moa/IR/PsiOpInterface.h.inc"

#define GET_ATTRDEF_CLASSES
#include "moa/Dialect/Moa/IR/MoaAttrs.h.inc"

namespace moa {
/// True if written result types fit inferred ones: equal, or arrays of the same
/// rank and element type in which no two static extents differ.
bool areCompatibleArrayTypes(TypeRange inferred, TypeRange written);
} // namespace moa

#define GET_OP_CLASSES
#include "moa/Dialect/Moa/IR/MoaOps.h.inc"

#endif // MOA_DIALECT_MOA_IR_MOA_H
