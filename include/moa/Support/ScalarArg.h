//===- ScalarArg.h - Scalar arguments of the tools --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalars on a command line: "f32:0.5", "i64:-3", "index:7", "i1:true".
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_SCALARARG_H
#define MOA_SUPPORT_SCALARARG_H

#include "moa/Support/HostArray.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace moa {

/// True where `text` is meant as a scalar, well-formed or not, rather than as
/// the path of a file: letters and digits, then a colon. (A file of such a name
/// can be given as "./i:1.npy".)
bool looksLikeScalarArg(llvm::StringRef text);

/// Parses "<type>:<value>" to an array of rank 0.
///
/// Floating-point values are decimal or hexadecimal ("1.5", "1e-3", "0x1p-3"),
/// "inf", "-inf" or "nan", and rounded once, to nearest even. Integers are
/// decimal. For i1, "true" and "false" stand for 1 and 0. An error quotes the
/// argument and tells that the type is unknown, the value malformed, or out of
/// the type's range, with the range; a value other than zero that would round
/// to zero counts as out of range.
llvm::Expected<HostArray> parseScalarArg(llvm::StringRef text);

} // namespace moa

#endif // MOA_SUPPORT_SCALARARG_H
