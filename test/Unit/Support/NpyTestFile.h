//===- NpyTestFile.h - Bytes of .npy files for tests ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the bytes of .npy files, right or wrong on purpose.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_SUPPORT_NPYTESTFILE_H
#define MOA_TEST_UNIT_SUPPORT_NPYTESTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <string>

namespace moa::test {

/// Magic, version and a header length that need not be true.
inline std::string preamble(int version, uint32_t length) {
  std::string bytes("\x93NUMPY", 6);
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>(length >> 8 * i & 0xff);
  return bytes;
}

/// A header dictionary from the Python literals of its three values.
inline std::string dict(llvm::StringRef descr, llvm::StringRef fortranOrder,
                        llvm::StringRef shape) {
  return ("{'descr': " + descr + ", 'fortran_order': " + fortranOrder +
          ", 'shape': " + shape + ", }")
      .str();
}

/// A whole file of 128 bytes of preamble and header (or 64 more), then `data`.
inline std::string npyFile(llvm::StringRef dictionary, llvm::StringRef data,
                           int version = 1) {
  std::string text = dictionary.str();
  size_t before = version == 1 ? 10 : 12;
  size_t size = 128;
  while (size < before + text.size() + 1)
    size += 64;
  text.append(size - before - text.size() - 1, ' ');
  text += '\n';
  return preamble(version, text.size()) + text + data.str();
}

} // namespace moa::test

#endif // MOA_TEST_UNIT_SUPPORT_NPYTESTFILE_H
