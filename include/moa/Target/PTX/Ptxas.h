//===- Ptxas.h - PTX to cubin and fatbin ------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_PTX_PTXAS_H
#define MOA_TARGET_PTX_PTXAS_H

#include "moa/Target/PTX/CudaToolkit.h"

namespace moa {

/// What ptxas says of a kernel.
struct KernelUsage {
  std::string kernel;
  unsigned registers = 0;
  /// Bytes of a thread's stack, and of spilled registers.
  unsigned stack = 0;
  unsigned spillStores = 0;
  unsigned spillLoads = 0;
  /// Bytes of shared memory of a block.
  unsigned sharedMemory = 0;
};

/// The cubin of `ptx` for `chip`. Where `usage` is given it is filled with one
/// entry for each kernel. Errors say that ptxas is missing, or what it said.
llvm::Expected<std::string>
assemblePtx(llvm::StringRef ptx, llvm::StringRef chip,
            const CudaToolkit &toolkit,
            llvm::SmallVectorImpl<KernelUsage> *usage = nullptr);

/// The fatbin of a cubin and of the PTX text that it was made of.
llvm::Expected<std::string> makeFatbin(llvm::StringRef ptx,
                                       llvm::StringRef cubin,
                                       llvm::StringRef chip,
                                       const CudaToolkit &toolkit);

/// Reads what `ptxas -v` wrote.
llvm::SmallVector<KernelUsage> parsePtxasOutput(llvm::StringRef text);

} // namespace moa

#endif // MOA_TARGET_PTX_PTXAS_H
