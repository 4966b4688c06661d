//===- HostCode.h - Scalar code of host functions, in C ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TARGET_C_HOSTCODE_H
#define MOA_LIB_TARGET_C_HOSTCODE_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Support/IndentedOstream.h"

namespace moa {

/// Writes parts of a host function as C statements. Each value becomes a
/// variable or is written where it is used. Everything emits an error and fails
/// at an operation that has no C form here: there are integers, extents of
/// arguments and `scf.if`.
class HostCode {
public:
  /// The arguments of `function` are called `names`; arrays are pointers to
  /// their descriptors.
  HostCode(func::FuncOp function, ArrayRef<std::string> names,
           raw_indented_ostream &os);

  /// What `values` are computed from, as far as it is not written yet.
  LogicalResult write(ValueRange values);

  /// What `launch` depends on and the conditions that it stands under; where it
  /// is reached, calls `writeLaunch`.
  LogicalResult writeUpTo(gpu::LaunchFuncOp launch,
                          llvm::function_ref<void()> writeLaunch);

  /// The C expression of a value that was written: a name or a number.
  std::string get(Value value) const { return expressions.lookup(value); }

private:
  LogicalResult writeBlock(Block &block, const llvm::DenseSet<Operation *> &ops,
                           gpu::LaunchFuncOp launch,
                           llvm::function_ref<void()> writeLaunch);
  LogicalResult writeOp(Operation *op);
  LogicalResult writeIf(scf::IfOp op);
  LogicalResult writeMetadata(Operation *op);
  std::optional<std::string> expressionOf(Operation *op) const;
  std::string newName(Value value);

  func::FuncOp function;
  raw_indented_ostream &os;
  llvm::DenseMap<Value, std::string> expressions;
  unsigned number = 0;
};

/// The C type of a scalar: `int64_t` for index, `int` for i1, ...; f16 and bf16
/// are `uint16_t`, their bits. Empty where there is none.
StringRef cTypeOf(Type type);

} // namespace moa

#endif // MOA_LIB_TARGET_C_HOSTCODE_H
