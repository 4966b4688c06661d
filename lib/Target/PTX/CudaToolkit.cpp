//===- CudaToolkit.cpp - Where the CUDA toolkit lies ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/CudaToolkit.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cstdlib>

using namespace moa;

static std::string pathIn(llvm::StringRef root, llvm::StringRef name) {
  llvm::SmallString<128> path(root);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

CudaToolkit::CudaToolkit(llvm::StringRef root) {
  auto environment = [](const char *name) -> llvm::StringRef {
    const char *value = std::getenv(name);
    return value ? value : "";
  };
  if (root.empty())
    root = environment("MOA_CUDA_ROOT");
  if (!root.empty()) {
    roots.push_back(root.str());
  } else {
    for (const char *name : {"CUDA_ROOT", "CUDA_HOME", "CUDA_PATH"})
      if (llvm::StringRef value = environment(name); !value.empty())
        roots.push_back(value.str());
    roots.push_back("/usr/local/cuda");
  }
  roots.erase(llvm::unique(roots), roots.end());
  for (const char *name : {"nvvm/libdevice/libdevice.10.bc", "bin/ptxas"})
    for (const std::string &folder : roots)
      if (found.empty() && llvm::sys::fs::exists(pathIn(folder, name)))
        found = folder;
}

llvm::Expected<std::string> CudaToolkit::find(llvm::StringRef name) const {
  for (const std::string &folder : roots)
    if (std::string path = pathIn(folder, name); llvm::sys::fs::exists(path))
      return path;
  return llvm::createStringError(
      "no " + name + " in " + llvm::join(roots, ", ") +
      " (set cuda-root or MOA_CUDA_ROOT to the folder of a CUDA toolkit)");
}
