//===- MoaOps.td - All operations, by family -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_MOAOPS_TD
#define MOA_DIALECT_MOA_IR_MOAOPS_TD

include "moa/Dialect/Moa/IR/ShapeOps.td"
include "moa/Dialect/Moa/IR/IndexOps.td"
include "moa/Dialect/Moa/IR/MapOps.td"
include "moa/Dialect/Moa/IR/ReduceOps.td"
include "moa/Dialect/Moa/IR/AttentionOps.td"
include "moa/Dialect/Moa/IR/NormalFormOps.td"

#endif // MOA_DIALECT_MOA_IR_MOAOPS_TD
