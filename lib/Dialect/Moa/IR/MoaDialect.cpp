//===- MoaDialect.cpp - Registration of the dialect ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

#include "moa/Dialect/Moa/IR/MoaDialect.cpp.inc"
#include "moa/Dialect/Moa/IR/MoaEnums.cpp.inc"
#include "moa/Dialect/Moa/IR/PsiOpInterface.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "moa/Dialect/Moa/IR/MoaAttrs.cpp.inc"

namespace {
/// Constants that belong to the scalar code of an array or a fold stay there:
/// the normal form is one self-contained scalar program.
struct MoaFolderInterface : public DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final {
    return isa<ArrayOp>(region->getParentOp());
  }
};

/// Everything may be inlined: the operations are values, and their regions hold
/// scalar code that nothing else calls.
struct MoaInlinerInterface : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void MoaDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "moa/Dialect/Moa/IR/MoaAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "moa/Dialect/Moa/IR/MoaOps.cpp.inc"
      >();
  addInterfaces<MoaFolderInterface, MoaInlinerInterface>();
}

Operation *MoaDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}
