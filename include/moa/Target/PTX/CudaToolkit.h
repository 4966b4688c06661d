//===- CudaToolkit.h - Where the CUDA toolkit lies --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_PTX_CUDATOOLKIT_H
#define MOA_TARGET_PTX_CUDATOOLKIT_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace moa {

/// The parts of a CUDA toolkit that compiling for a GPU needs: libdevice for
/// functions such as exp, ptxas and fatbinary for binaries. PTX text without
/// such functions needs none of them.
class CudaToolkit {
public:
  /// Looks in `root` if that is not empty, else in the folders named by
  /// $MOA_CUDA_ROOT, $CUDA_ROOT, $CUDA_HOME and $CUDA_PATH and in
  /// /usr/local/cuda. A folder that was named by the user or by $MOA_CUDA_ROOT
  /// is the only one looked into.
  explicit CudaToolkit(llvm::StringRef root = "");

  /// The folder of the toolkit: the first one with libdevice, or with ptxas
  /// where none has libdevice; empty where there is neither.
  llvm::StringRef root() const { return found; }

  /// The path of a program or file of the toolkit, or an error that says what
  /// was looked for, and where.
  llvm::Expected<std::string> ptxas() const { return find("bin/ptxas"); }
  llvm::Expected<std::string> fatbinary() const {
    return find("bin/fatbinary");
  }
  llvm::Expected<std::string> libdevice() const {
    return find("nvvm/libdevice/libdevice.10.bc");
  }

private:
  llvm::Expected<std::string> find(llvm::StringRef name) const;

  llvm::SmallVector<std::string> roots;
  std::string found;
};

} // namespace moa

#endif // MOA_TARGET_PTX_CUDATOOLKIT_H
