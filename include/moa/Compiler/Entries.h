//===- Entries.h - Which functions are compiled -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_COMPILER_ENTRIES_H
#define MOA_COMPILER_ENTRIES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>

namespace moa {

/// Keeps the public functions `entries` of `module` and what they need; all of
/// them if `entries` is empty. An error names an entry that is missing, private
/// or only declared, and lists what there is; or says that there is none.
llvm::Error selectEntries(mlir::ModuleOp module,
                          llvm::ArrayRef<std::string> entries);

} // namespace moa

#endif // MOA_COMPILER_ENTRIES_H
