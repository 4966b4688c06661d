//===- CHeader.h - C headers for compiled functions -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a C program needs to call compiled functions, or to launch compiled
// kernels: prototypes, contracts, and the computation of launches.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_C_CHEADER_H
#define MOA_TARGET_C_CHEADER_H

#include "moa/Support/LLVM.h"

#include "mlir/IR/BuiltinOps.h"

namespace moa {

/// Writes the header for the functions of `module` whose arguments are memrefs
/// and scalars: all public ones but contracts. For a function `F` with
/// destinations (arguments with the attribute `moa.destination`) it has
///
/// - `F_contract`, where `F__contract` is in the module: the status of F's
///   preconditions, the extents of its results; `F_messages`;
/// - where `F` launches kernels: `F_LAUNCHES`, and for launch `n`
///   `F_launch<n>_KERNEL`, `F_launch<n>_PARAMS` and the function `F_launch<n>`
///   that computes grid, block and parameters from the arguments;
/// - otherwise the prototype of `_mlir_ciface_F`.
///
/// `title` is the first line of the header's comment; `guard` names the header
/// and becomes its include guard. Emits an error and fails where a name is no C
/// identifier, or where host code cannot be written in C.
LogicalResult writeCHeader(ModuleOp module, StringRef title, StringRef guard,
                           raw_ostream &os);

} // namespace moa

#endif // MOA_TARGET_C_CHEADER_H
