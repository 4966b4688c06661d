//===- Chips.h - NVIDIA chips and their PTX versions ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_PTX_CHIPS_H
#define MOA_TARGET_PTX_CHIPS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace moa {

/// A chip that both LLVM 22 and ptxas 13.0 make code for.
struct Chip {
  /// As in `.target`: `sm_90a`. A suffix `a` stands for the features of this
  /// very chip, `f` for those of its family.
  llvm::StringLiteral name;
  /// The version of the PTX language to write, times 10: 8.0 (CUDA 12.0), or
  /// the first that knows the chip.
  unsigned ptxVersion;

  /// What LLVM calls the version: `+ptx80`.
  std::string feature() const { return "+ptx" + std::to_string(ptxVersion); }
};

/// All of them, oldest first.
llvm::ArrayRef<Chip> knownChips();

/// The chip of this name, or an error that lists the known ones.
llvm::Expected<Chip> findChip(llvm::StringRef name);

} // namespace moa

#endif // MOA_TARGET_PTX_CHIPS_H
