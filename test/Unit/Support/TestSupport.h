//===- TestSupport.h - Shared by the tests of host data ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tests of host data share: arrays and errors as values, files on
// disk.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_SUPPORT_TESTSUPPORT_H
#define MOA_TEST_UNIT_SUPPORT_TESTSUPPORT_H

#include "moa/Support/HostArray.h"

#include "llvm/Support/FileSystem.h"

#include "gtest/gtest.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace moa::test {

/// The value; a failure of the test, and a default value, where there is none.
template <typename T> T valueOf(llvm::Expected<T> result) {
  if (result)
    return std::move(*result);
  ADD_FAILURE() << llvm::toString(result.takeError());
  return T();
}

/// The message of the error; "" where there is none.
template <typename T> std::string messageOf(llvm::Expected<T> result) {
  return result ? "" : llvm::toString(result.takeError());
}
inline std::string messageOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : "";
}

/// Names of the entries of a directory.
inline std::vector<std::string> entriesOf(llvm::StringRef directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(directory, error), end;
       it != end && !error; it.increment(error))
    names.push_back(it->path());
  return names;
}

inline std::string contentsOf(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void writeContents(const std::string &path, llvm::StringRef bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), bytes.size());
}

/// A directory of its own for each test, removed at the end.
class TemporaryDirectory : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("moa-test", directory));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }
  std::string path(llvm::StringRef name) const {
    return (directory.str() + "/" + name).str();
  }
  llvm::SmallString<128> directory;
};

} // namespace moa::test

#endif // MOA_TEST_UNIT_SUPPORT_TESTSUPPORT_H
