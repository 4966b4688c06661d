//===- AtomicFileTest.cpp - Tests of atomic file writing --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file is written whole, or what was there before stays.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include "moa/Support/AtomicFile.h"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace moa;
using namespace moa::test;

namespace {
using AtomicFile = TemporaryDirectory;

llvm::Error writeText(llvm::StringRef path, llvm::StringRef text) {
  return writeFileAtomically(path,
                             [&](llvm::raw_ostream &stream) -> llvm::Error {
                               stream << text;
                               return llvm::Error::success();
                             });
}
} // namespace

TEST_F(AtomicFile, CreatesAndReplaces) {
  EXPECT_EQ(messageOf(writeText(path("a"), "one")), "");
  EXPECT_EQ(contentsOf(path("a")), "one");
  EXPECT_EQ(messageOf(writeText(path("a"), "two")), "");
  EXPECT_EQ(contentsOf(path("a")), "two");
  EXPECT_EQ(messageOf(writeText(path("50%.bin"), "three")), "");
  EXPECT_EQ(contentsOf(path("50%.bin")), "three");
  EXPECT_EQ(entriesOf(directory).size(), 2u);
}

TEST_F(AtomicFile, RefusedContentsLeaveTheOldFile) {
  EXPECT_EQ(messageOf(writeText(path("a"), "old")), "");
  llvm::Error error = writeFileAtomically(
      path("a"), [&](llvm::raw_ostream &stream) -> llvm::Error {
        stream << "half of the ne";
        return llvm::createStringError("no more ideas");
      });
  EXPECT_EQ(messageOf(std::move(error)),
            path("a") + ": cannot write: no more ideas");
  EXPECT_EQ(contentsOf(path("a")), "old");
  EXPECT_EQ(entriesOf(directory).size(), 1u);
}

TEST_F(AtomicFile, MissingDirectory) {
  EXPECT_EQ(messageOf(writeText(path("no/such/file"), "text")),
            path("no/such/file") + ": cannot write: No such file or directory");
}

TEST_F(AtomicFile, OnlyRegularFilesAreReplaced) {
  std::string refused = ": cannot write: exists and is not a regular file";
  EXPECT_EQ(messageOf(writeText(directory, "text")),
            directory.str().str() + refused);
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(messageOf(writeText(path("pipe"), "text")), path("pipe") + refused);
  EXPECT_EQ(messageOf(writeText("/dev/null", "text")), "/dev/null" + refused);
  EXPECT_EQ(entriesOf(directory).size(), 1u);
}

// A limit on the size of files stands in for a disk that fills up.
TEST_F(AtomicFile, FailedWriteLeavesTheOldFile) {
  EXPECT_EQ(messageOf(writeText(path("a"), "old")), "");
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1000;
  auto *handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string message =
      messageOf(writeText(path("a"), std::string(100000, 'x')));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message, path("a") + ": cannot write: File too large");
  EXPECT_EQ(contentsOf(path("a")), "old");
  EXPECT_EQ(entriesOf(directory).size(), 1u);
}
