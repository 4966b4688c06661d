//===- AtomicFile.h - Write a file whole or not at all ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Output files that are whole or not there at all.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_ATOMICFILE_H
#define MOA_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace moa {

/// Calls `write` on a stream into a temporary file next to `path`, then renames
/// that to `path`. Where anything fails (the directory is missing or not
/// writable, the disk is full, `path` exists and is not a regular file, or
/// `write` returns an error), the temporary file is removed, a file that was at
/// `path` before is left as it was, and the error names `path`.
///
/// LLVM's `writeToOutput` is close, but takes a full disk for success and
/// cannot write to a path with a '%' in it.
llvm::Error
writeFileAtomically(llvm::StringRef path,
                    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

} // namespace moa

#endif // MOA_SUPPORT_ATOMICFILE_H
