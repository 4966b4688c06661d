//===- Registry.cpp - Providers by name -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Error.h"

#include <cstdio>
#include <map>
#include <mutex>

using namespace moa::runtime;

static std::string &errorText() {
  thread_local std::string text;
  return text;
}

moa_status moa::runtime::fail(moa_status status, std::string message) {
  errorText() = std::move(message);
  return status;
}

const char *moa::runtime::lastError() { return errorText().c_str(); }

namespace {
struct Registry {
  std::mutex mutex;
  std::map<std::string, const moa_provider *> providers{
      {"cuda", moa_provider_cuda()}, {"none", moa_provider_none()}};
};
} // namespace

static Registry &registry() {
  static Registry instance;
  return instance;
}

moa_status moa_register_provider(const moa_provider *provider) {
  if (!provider || provider->version != MOA_PROVIDER_VERSION ||
      provider->size != sizeof(moa_provider) || !provider->name)
    return fail(MOA_BAD_ARGUMENT, "the provider's table has another version");
  std::lock_guard<std::mutex> lock(registry().mutex);
  auto [place, isNew] = registry().providers.emplace(provider->name, provider);
  if (!isNew && place->second != provider)
    return fail(MOA_BAD_ARGUMENT, "there is a provider '" +
                                      std::string(provider->name) +
                                      "' already");
  return MOA_OK;
}

const moa_provider *moa_find_provider(const char *name, char *error,
                                      size_t size) {
  std::lock_guard<std::mutex> lock(registry().mutex);
  auto found = registry().providers.find(name ? name : "");
  if (found != registry().providers.end())
    return found->second;
  std::string known;
  for (auto &[other, provider] : registry().providers)
    known += (known.empty() ? "'" : ", '") + other + "'";
  if (error && size)
    std::snprintf(error, size, "there is no provider '%s'; there are: %s",
                  name ? name : "", known.c_str());
  return nullptr;
}
