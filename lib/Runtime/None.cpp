//===- None.cpp - The provider without a device -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The provider of programs that were built to compile kernels, not to run them.
//
//===----------------------------------------------------------------------===//

#include "Error.h"

using namespace moa::runtime;

namespace {
/// A function of each type in the table, which refuses.
template <class Function> struct Refuse;
template <class... Args> struct Refuse<moa_status (*)(Args...)> {
  static moa_status call(Args...) {
    return fail(MOA_UNAVAILABLE, "provider 'none' runs no kernels; choose "
                                 "'emulator' or 'cuda'");
  }
};
template <class... Args> struct Refuse<void (*)(Args...)> {
  static void call(Args...) {}
};
template <class... Args> struct Refuse<int (*)(Args...)> {
  static int call(Args...) { return 0; }
};
template <class... Args> struct Refuse<const char *(*)(Args...)> {
  static const char *call(Args...) { return nullptr; }
};

template <class Function> void refuse(Function &entry) {
  entry = Refuse<Function>::call;
}
} // namespace

static moa_provider makeTable() {
  moa_provider p{};
  p.version = MOA_PROVIDER_VERSION;
  p.size = sizeof(moa_provider);
  p.name = "none";
  auto all = [](auto &...entries) { (refuse(entries), ...); };
  all(p.open, p.close, p.device_name, p.chip, p.set_option, p.take_reports, p.alloc,
      p.free, p.host_alloc, p.host_free, p.to_device, p.to_host, p.copy, p.fill,
      p.is_device_address, p.load, p.unload, p.kernel, p.tensor_map, p.launch,
      p.stream_create, p.stream_destroy, p.stream_synchronize, p.stream_wait,
      p.event_create, p.event_destroy, p.event_record, p.event_synchronize,
      p.event_milliseconds, p.capture_begin, p.capture_end, p.graph_launch,
      p.graph_destroy);
  p.last_error = lastError;
  return p;
}

const moa_provider *moa_provider_none(void) {
  static const moa_provider table = makeTable();
  return &table;
}
