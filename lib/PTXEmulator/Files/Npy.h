//===- Npy.h - Arrays in .npy files -----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A small reader and writer of its own: the emulator is used without the rest
// of the project. C order and little-endian elements only.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_FILES_NPY_H
#define MOA_LIB_PTXEMULATOR_FILES_NPY_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace moa::ptx {

/// An element type of a launch: its size and what NumPy calls it. Those that
/// NumPy lacks are bit patterns.
struct ElementInfo {
  std::string_view name, descr;
  unsigned bytes;
};
/// Null if there is no such type.
const ElementInfo *elementNamed(std::string_view name);

struct NpyArray {
  std::string descr; ///< `<f4`
  std::vector<uint64_t> shape;
  std::vector<uint8_t> data;
};

bool readNpy(const std::string &path, NpyArray &array, std::string &error);
/// Writes a temporary file and renames it.
bool writeNpy(const std::string &path, std::string_view descr,
              const std::vector<uint64_t> &shape,
              const std::vector<uint8_t> &data, std::string &error);
bool readFile(const std::string &path, std::string &text, std::string &error);
/// True if the file can be made; false, and an error, if not.
bool canWrite(const std::string &path, std::string &error);
bool writeFile(const std::string &path, const std::string &text,
               std::string &error);

/// True if an array of `descr` can hold elements of that type: the same size,
/// and the same kind where NumPy has it.
bool fits(const ElementInfo &element, std::string_view descr);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_FILES_NPY_H
