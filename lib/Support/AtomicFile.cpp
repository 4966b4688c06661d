//===- AtomicFile.cpp - Write a file whole or not at all --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A temporary file in the same directory, and a rename at the end.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/AtomicFile.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"

#include <string>

using namespace moa;
namespace fs = llvm::sys::fs;

static llvm::Error failure(llvm::StringRef path, const llvm::Twine &message) {
  return llvm::createStringError(path + ": cannot write: " + message);
}

/// Creates a file next to `path` that did not exist before and opens it. The
/// signal handler removes it should the process be interrupted.
static llvm::Expected<std::string> createTemporary(llvm::StringRef path,
                                                   int &descriptor) {
  constexpr int attempts = 100;
  std::error_code error;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::string name =
        (path + ".tmp" + llvm::Twine(llvm::sys::Process::getProcessId()) + "-" +
         llvm::Twine(attempt))
            .str();
    error = fs::openFileForWrite(name, descriptor, fs::CD_CreateNew);
    if (!error) {
      llvm::sys::RemoveFileOnSignal(name);
      return name;
    }
    if (error != std::errc::file_exists)
      break;
  }
  return failure(path, error.message());
}

llvm::Error moa::writeFileAtomically(
    llvm::StringRef path,
    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write) {
  // Renaming onto a device or a pipe would replace it by a file.
  fs::file_status status;
  if (!fs::status(path, status) && !fs::is_regular_file(status))
    return failure(path, "exists and is not a regular file");

  int descriptor;
  llvm::Expected<std::string> temporary = createTemporary(path, descriptor);
  if (!temporary)
    return temporary.takeError();
  llvm::scope_exit cleanup([&] {
    fs::remove(*temporary);
    llvm::sys::DontRemoveFileOnSignal(*temporary);
  });

  std::error_code error;
  {
    llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
    llvm::Error refused = write(stream);
    stream.close();
    error = stream.error();
    stream.clear_error();
    if (refused)
      return failure(path, llvm::toString(std::move(refused)));
  }
  if (error)
    return failure(path, error.message());
  if (std::error_code error = fs::rename(*temporary, path))
    return failure(path, error.message());
  cleanup.release();
  llvm::sys::DontRemoveFileOnSignal(*temporary);
  return llvm::Error::success();
}
