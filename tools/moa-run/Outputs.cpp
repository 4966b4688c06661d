//===- Outputs.cpp - What moa-run gives back -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files are written beside their place first, and moved there when all are.
//
//===----------------------------------------------------------------------===//

#include "Outputs.h"

#include "moa/Support/AtomicFile.h"
#include "moa/Support/Npy.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace moa;
namespace fs = llvm::sys::fs;

LogicalResult moa::checkOutputs(const RunOptions &options,
                                func::FuncOp function) {
  size_t given = options.outputs.size(), made = function.getNumResults();
  if (given > made)
    return reportError("'" + function.getName() + "' has " + llvm::Twine(made) +
                       " results, but " + llvm::Twine(given) +
                       " files are given with --out");
  std::vector<std::string> paths = options.outputs;
  if (options.counters != "-" && !options.counters.empty())
    paths.push_back(options.counters);
  for (const std::string &path : paths) {
    StringRef parent = llvm::sys::path::parent_path(path);
    if (!parent.empty() && !fs::is_directory(parent))
      return reportError("cannot write '" + path +
                         "': there is no directory '" + parent + "'");
    if (fs::exists(path) && !fs::is_regular_file(path))
      return reportError("cannot write '" + path + "': it is no regular file");
  }
  return success();
}

namespace {
/// Files that appear together.
class StagedFiles {
public:
  ~StagedFiles() {
    for (const std::string &path : staged)
      fs::remove(nameOf(path));
  }

  LogicalResult add(const std::string &path,
                    llvm::function_ref<llvm::Error(StringRef)> write) {
    staged.push_back(path);
    if (llvm::Error error = write(nameOf(path)))
      return reportError(llvm::toString(std::move(error)));
    return success();
  }

  LogicalResult commit() {
    for (const std::string &path : staged)
      if (std::error_code error = fs::rename(nameOf(path), path))
        return reportError("cannot write '" + path + "': " + error.message());
    staged.clear();
    return success();
  }

private:
  static std::string nameOf(const std::string &path) {
    return path + ".part" + std::to_string(llvm::sys::Process::getProcessId());
  }

  std::vector<std::string> staged;
};
} // namespace

LogicalResult moa::writeOutputs(const RunOptions &options,
                                ArrayRef<HostArray> results,
                                StringRef counts) {
  StagedFiles files;
  for (auto [path, result] : llvm::zip(options.outputs, results))
    if (failed(files.add(path, [&, &array = result](StringRef name) {
          return writeNpy(array, name);
        })))
      return failure();
  bool toFile = !options.counters.empty() && options.counters != "-";
  auto writeCounters = [&](llvm::raw_ostream &os) {
    os << counts;
    return llvm::Error::success();
  };
  if (toFile && failed(files.add(options.counters, [&](StringRef name) {
        return writeFileAtomically(name, writeCounters);
      })))
    return failure();
  if (failed(files.commit()))
    return failure();
  if (options.outputs.empty())
    for (auto [number, result] : llvm::enumerate(results))
      printArray(llvm::outs(), "result #" + std::to_string(number), result);
  if (options.counters == "-")
    llvm::outs() << counts;
  return success();
}
