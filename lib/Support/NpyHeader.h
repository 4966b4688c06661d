//===- NpyHeader.h - Header of .npy files -----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the header of a .npy file says. Private to the reader and the writer.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_SUPPORT_NPYHEADER_H
#define MOA_LIB_SUPPORT_NPYHEADER_H

#include "moa/Support/ElementType.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace moa::npy {

/// First bytes of every .npy file.
inline constexpr llvm::StringLiteral magic("\x93NUMPY");

/// NumPy's own limit on the rank of an array.
inline constexpr size_t maxRank = 64;

/// Shared by the reader and the writer, so that they cannot disagree.
struct DtypeInfo {
  /// The dtype without its byte order: "f4".
  llvm::StringLiteral code;
  ElementType type;
};

/// One row for each element type that has a dtype of its own; Index has none.
llvm::ArrayRef<DtypeInfo> dtypes();

/// The header dictionary, decoded.
struct Header {
  /// As written in the file, for messages.
  std::string descr;
  ElementType type = ElementType::F32;
  /// The elements are in the other byte order than this machine's.
  bool byteSwapped = false;
  bool fortranOrder = false;
  llvm::SmallVector<int64_t> shape;
};

/// Parses the header dictionary `text`, which starts at `offset` in the file
/// `name` (both are for messages only). Extents are checked to be non-negative,
/// their product is not.
llvm::Expected<Header> parseHeader(llvm::StringRef text, uint64_t offset,
                                   llvm::StringRef name);

/// "<name>: offset <offset>: <message>".
llvm::Error errorAt(llvm::StringRef name, uint64_t offset,
                    const llvm::Twine &message);

} // namespace moa::npy

#endif // MOA_LIB_SUPPORT_NPYHEADER_H
