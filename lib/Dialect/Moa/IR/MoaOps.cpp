//===- MoaOps.cpp - Generated definitions of the operations ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Dialect/Moa/IR/RuntimeChecks.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace moa;

/// `add`: a reducer by name.
static ParseResult parseReducer(OpAsmParser &parser, ReducerKindAttr &reducer) {
  StringRef keyword;
  llvm::SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<ReducerKind> kind = symbolizeReducerKind(keyword);
  if (!kind)
    return parser.emitError(loc) << "unknown reducer '" << keyword << "'";
  reducer = ReducerKindAttr::get(parser.getContext(), *kind);
  return success();
}

static void printReducer(OpAsmPrinter &printer, Operation *,
                         ReducerKindAttr reducer) {
  printer << stringifyReducerKind(reducer.getValue());
}

#define GET_OP_CLASSES
#include "moa/Dialect/Moa/IR/MoaOps.cpp.inc"
