//===- HostFunction.h - Compiled code of the host ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of a compiled function that runs on this machine, as MLIR's execution
// engine has it, with the contract that tells the extents of the results.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_COMPILER_HOSTFUNCTION_H
#define MOA_LIB_COMPILER_HOSTFUNCTION_H

#include "moa/Compiler/KernelSignature.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/BuiltinOps.h"

#include <deque>
#include <memory>

namespace moa {

/// The public function `entry` of `module`, with a body; errors name it.
llvm::Expected<mlir::func::FuncOp> findEntry(mlir::ModuleOp module,
                                             llvm::StringRef entry);

/// The arguments of one call as compiled code takes them: each by address; an
/// array by the address of a pointer to its descriptor (allocated and aligned
/// pointer, offset, extents, strides).
class PackedCall {
public:
  void addScalar(const void *value) { addresses.push_back(value); }
  /// An array of that shape at `data`, which need not be of this machine.
  void addArray(const HostArray &array, void *data);
  void addArguments(const KernelSignature &signature,
                    llvm::ArrayRef<HostArray> arrays);
  void run(void (*function)(void **)) {
    function(const_cast<void **>(addresses.data()));
  }

private:
  std::deque<llvm::SmallVector<int64_t>> descriptors;
  std::deque<void *> pointers;
  llvm::SmallVector<const void *> addresses;
};

struct HostFunction {
  using Symbol = std::pair<llvm::StringRef, void *>;

  /// Compiles `lowered`, a module in the LLVM dialect that has the function of
  /// the signature and its contract. Its code may call `symbols`.
  static llvm::Expected<HostFunction>
  create(mlir::ModuleOp lowered, KernelSignature signature, unsigned optLevel,
         llvm::ArrayRef<Symbol> symbols = {});

  /// Checks the arguments and the preconditions; allocates an array for each
  /// result.
  llvm::Expected<llvm::SmallVector<HostArray>>
  allocateResults(llvm::ArrayRef<HostArray> arguments) const;

  KernelSignature signature;
  std::vector<std::string> messages;
  std::unique_ptr<mlir::ExecutionEngine> engine;
  void (*function)(void **) = nullptr;
  void (*contract)(void **) = nullptr;
};

} // namespace moa

#endif // MOA_LIB_COMPILER_HOSTFUNCTION_H
