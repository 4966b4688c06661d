//===- Driver.cpp - Opens the CUDA driver -----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include <cstdlib>
#include <dlfcn.h>
#include <memory>
#include <mutex>

using namespace moa::cuda;

std::string Driver::describe(Result result) const {
  const char *name = nullptr, *text = nullptr;
  errorName(result, &name);
  errorString(result, &text);
  std::string words = name ? name : "CUDA error " + std::to_string(result);
  return text ? words + ": " + text : words;
}

/// Fills the table; false, and `error` names the symbol, if one is missing.
static bool lookUp(void *library, Driver &driver, std::string &error) {
#define MOA_LOOK_UP(member, symbol, parameters)                                \
  driver.member = reinterpret_cast<Result(*) parameters>(                      \
      dlsym(library, #symbol));                                                \
  if (!driver.member && error.empty())                                         \
    error = "the CUDA driver has no function " #symbol;
  MOA_CUDA_FUNCTIONS(MOA_LOOK_UP)
  bool complete = error.empty();
  MOA_CUDA_NEWER_FUNCTIONS(MOA_LOOK_UP)
#undef MOA_LOOK_UP
  if (complete)
    error.clear();
  return complete;
}

const Driver *moa::cuda::openDriver(std::string &error) {
  static std::mutex mutex;
  static std::unique_ptr<Driver> opened;
  std::lock_guard<std::mutex> lock(mutex);
  if (opened)
    return opened.get();
  const char *chosen = std::getenv("MOA_LIBCUDA");
  const char *file = chosen && *chosen ? chosen : "libcuda.so.1";
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    error = "there is no CUDA driver: " + std::string(dlerror());
    return nullptr;
  }
  auto driver = std::make_unique<Driver>();
  error.clear();
  if (!lookUp(library, *driver, error)) {
    error += " ('" + std::string(file) + "')";
    dlclose(library);
    return nullptr;
  }
  if (Result result = driver->init(0)) {
    error = "the CUDA driver cannot be initialized: " + driver->describe(result);
    dlclose(library);
    return nullptr;
  }
  opened = std::move(driver);
  return opened.get();
}
