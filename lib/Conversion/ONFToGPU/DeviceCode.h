//===- DeviceCode.h - What of a function runs on the device -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_ONFTOGPU_DEVICECODE_H
#define MOA_LIB_CONVERSION_ONFTOGPU_DEVICECODE_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SetVector.h"

namespace moa {

/// Divides the operations of a function's block between host and device.
///
/// The host keeps what the bounds of parallel loops need, views of arrays, and
/// index arithmetic. Everything else runs on the device: parallel loops, what
/// reads or writes memory, loops and float arithmetic.
class DeviceCode {
public:
  using Slice = llvm::SetVector<Operation *>;

  explicit DeviceCode(func::FuncOp function) : body(&function.getBody()) {}

  /// Emits an error and fails where code for the device cannot run there, or
  /// the bounds of a parallel loop depend on elements of arrays.
  LogicalResult analyze();

  /// True for an operation of the function's block that the device runs.
  bool isDevice(Operation *op) const { return device.contains(op); }

  /// True if `op`, or something in it, writes memory that `op` does not
  /// allocate itself and that is not a scratch array of the function.
  bool writesArrays(Operation *op) const;

  /// The operations of the function's block, in order, that `roots` use and
  /// that must run on the device with them. Emits an error and fails where
  /// running them at `at`, instead of where they stand, would change what they
  /// read, or where threads would have to share a scratch array.
  FailureOr<Slice> slice(ArrayRef<Operation *> roots, Operation *at) const;

private:
  void addHostSlice(Value value, llvm::DenseSet<Operation *> &ops) const;
  bool belongsToDevice(Operation *op,
                       const llvm::DenseSet<Operation *> &bounds) const;
  Operation *topLevel(Operation *op) const;
  LogicalResult checkReads(Operation *op, const Slice &moved,
                           Operation *at) const;
  LogicalResult checkScratch(Operation *alloca, const Slice &slice) const;

  Region *body;
  llvm::DenseSet<Operation *> device;
};

/// The values from outside that `op` uses: its operands and what its regions
/// capture.
SmallVector<Value> usedFromOutside(Operation *op);

} // namespace moa

#endif // MOA_LIB_CONVERSION_ONFTOGPU_DEVICECODE_H
