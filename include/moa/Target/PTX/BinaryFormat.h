//===- BinaryFormat.h - What kernels are written as -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_PTX_BINARYFORMAT_H
#define MOA_TARGET_PTX_BINARYFORMAT_H

#include "llvm/Support/CommandLine.h"

namespace moa {

/// What kernels are written as.
enum class BinaryFormat {
  /// PTX text.
  Ptx,
  /// Machine code for one chip.
  Cubin,
  /// Both, in one file.
  Fatbin
};

/// The formats as values of a command line option.
inline llvm::cl::ValuesClass binaryFormatValues() {
  return llvm::cl::values(
      clEnumValN(BinaryFormat::Ptx, "ptx", "PTX text"),
      clEnumValN(BinaryFormat::Cubin, "cubin", "machine code for the chip"),
      clEnumValN(BinaryFormat::Fatbin, "fatbin", "both"));
}

} // namespace moa

#endif // MOA_TARGET_PTX_BINARYFORMAT_H
