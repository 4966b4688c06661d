//===- Wrappers.cpp - The mgpu functions of compiled host code --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names and signatures are those that MLIR's gpu-to-llvm and its translation
// of launches call.
//
//===----------------------------------------------------------------------===//

#include "moa-runtime/wrappers.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {
/// What the functions of this thread act on.
struct Current {
  const moa_provider *provider = nullptr;
  moa_device *device = nullptr;
  bool isChosen = false; ///< by moa_use_device
  int ordinal = 0;       ///< for a device that is not chosen
  std::string error, taken;
};
} // namespace

static Current &current() {
  thread_local Current instance;
  return instance;
}

/// Keeps the first error where somebody will ask for it; else the end.
static void report(const char *what) {
  Current &c = current();
  if (!c.isChosen) {
    std::fprintf(stderr, "moa: error: %s\n", what);
    std::exit(1);
  }
  if (c.error.empty())
    c.error = what;
}

/// The device of the thread, opened if none is chosen.
static Current &use() {
  Current &c = current();
  if (c.device)
    return c;
  const char *named = std::getenv("MOA_PROVIDER");
  char error[256];
  c.provider = moa_find_provider(named && *named ? named : "cuda", error,
                                 sizeof error);
  if (!c.provider)
    report(error);
  else if (c.provider->open(c.ordinal, &c.device) != MOA_OK)
    report(c.provider->last_error());
  return c;
}

/// Calls a function of the table; false, and the error is kept, if it fails.
template <class... Params, class... Args>
static bool call(moa_status (*moa_provider::*function)(moa_device *, Params...),
                 Args... args) {
  Current &c = use();
  if ((c.provider->*function)(c.device, args...) == MOA_OK)
    return true;
  report(c.provider->last_error());
  return false;
}

static moa_address address(const void *pointer) {
  return reinterpret_cast<moa_address>(pointer);
}

extern "C" {

//===----------------------------------------------------------------------===//
// Modules and launches
//===----------------------------------------------------------------------===//

moa_module *mgpuModuleLoad(void *image, size_t bytes) {
  moa_module *module = nullptr;
  call(&moa_provider::load, image, bytes, &module);
  return module;
}

/// PTX text that ends in a zero byte.
moa_module *mgpuModuleLoadJIT(void *text, int /*optLevel*/) {
  return mgpuModuleLoad(text, std::strlen(static_cast<char *>(text)));
}

void mgpuModuleUnload(moa_module *module) {
  if (module)
    use().provider->unload(current().device, module);
}

moa_kernel *mgpuModuleGetFunction(moa_module *module, const char *name) {
  moa_kernel *kernel = nullptr;
  if (module) // else the error is kept already
    call(&moa_provider::kernel, module, name, &kernel);
  return kernel;
}

void mgpuLaunchClusterKernel(moa_kernel *kernel, intptr_t clusterX,
                             intptr_t clusterY, intptr_t clusterZ,
                             intptr_t gridX, intptr_t gridY, intptr_t gridZ,
                             intptr_t blockX, intptr_t blockY, intptr_t blockZ,
                             int32_t shared, moa_stream *stream, void **params,
                             void ** /*extra*/, size_t numParams) {
  if (!kernel)
    return;
  const intptr_t all[] = {gridX,  gridY,    gridZ,    blockX,  blockY,
                          blockZ, clusterX, clusterY, clusterZ};
  for (intptr_t extent : all)
    if (extent < 0 || extent > INT32_MAX)
      return report("a launch has a negative extent, or one beyond 2^31 - 1");
  auto n = [](intptr_t extent) { return static_cast<uint32_t>(extent); };
  moa_launch_shape shape = {{n(gridX), n(gridY), n(gridZ)},
                            {n(blockX), n(blockY), n(blockZ)},
                            {n(clusterX), n(clusterY), n(clusterZ)},
                            static_cast<uint32_t>(shared)};
  call(&moa_provider::launch, stream, kernel, &shape, params,
       static_cast<uint32_t>(numParams));
}

void mgpuLaunchKernel(moa_kernel *kernel, intptr_t gridX, intptr_t gridY,
                      intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                      intptr_t blockZ, int32_t shared, moa_stream *stream,
                      void **params, void **extra, size_t numParams) {
  mgpuLaunchClusterKernel(kernel, 0, 0, 0, gridX, gridY, gridZ, blockX, blockY,
                          blockZ, shared, stream, params, extra, numParams);
}

//===----------------------------------------------------------------------===//
// Streams and events
//===----------------------------------------------------------------------===//

moa_stream *mgpuStreamCreate() {
  moa_stream *stream = nullptr;
  call(&moa_provider::stream_create, &stream);
  return stream;
}

void mgpuStreamDestroy(moa_stream *stream) {
  if (stream)
    use().provider->stream_destroy(current().device, stream);
}

void mgpuStreamSynchronize(moa_stream *stream) {
  call(&moa_provider::stream_synchronize, stream);
}

void mgpuStreamWaitEvent(moa_stream *stream, moa_event *event) {
  if (event)
    call(&moa_provider::stream_wait, stream, event);
}

moa_event *mgpuEventCreate() {
  moa_event *event = nullptr;
  call(&moa_provider::event_create, &event);
  return event;
}

void mgpuEventDestroy(moa_event *event) {
  if (event)
    use().provider->event_destroy(current().device, event);
}

void mgpuEventSynchronize(moa_event *event) {
  if (event)
    call(&moa_provider::event_synchronize, event);
}

void mgpuEventRecord(moa_event *event, moa_stream *stream) {
  if (event)
    call(&moa_provider::event_record, event, stream);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void *mgpuMemAlloc(uint64_t bytes, moa_stream *, bool isHostShared) {
  moa_address found = 0;
  if (isHostShared)
    report("memory that host and device share is not supported");
  else
    call(&moa_provider::alloc, bytes, &found);
  return reinterpret_cast<void *>(found);
}

void mgpuMemFree(void *memory, moa_stream *stream) {
  if (!memory)
    return;
  // What the stream still does with it comes first.
  if (stream)
    call(&moa_provider::stream_synchronize, stream);
  call(&moa_provider::free, address(memory));
}

void mgpuMemcpy(void *to, void *from, size_t bytes, moa_stream *stream) {
  Current &c = use();
  bool isTo = c.provider->is_device_address(c.device, address(to));
  bool isFrom = c.provider->is_device_address(c.device, address(from));
  if (isTo && isFrom)
    call(&moa_provider::copy, stream, address(to), address(from), bytes);
  else if (isTo)
    call(&moa_provider::to_device, stream, address(to), from, bytes);
  else if (isFrom)
    call(&moa_provider::to_host, stream, to, address(from), bytes);
  else
    std::memcpy(to, from, bytes);
}

void mgpuMemset32(void *to, unsigned value, size_t count, moa_stream *stream) {
  call(&moa_provider::fill, stream, address(to), value, 4u, count);
}

void mgpuMemset16(void *to, unsigned short value, size_t count,
                  moa_stream *stream) {
  call(&moa_provider::fill, stream, address(to), uint32_t(value), 2u, count);
}

void mgpuMemHostRegisterMemRef(int64_t, void *, int64_t) {
  report("registering memory of the host is not supported; copy it to the "
         "device");
}

void mgpuMemHostUnregisterMemRef(int64_t, void *, int64_t) {}

/// Which device a thread uses that has chosen none.
void mgpuSetDefaultDevice(int32_t ordinal) { current().ordinal = ordinal; }

} // extern "C"

//===----------------------------------------------------------------------===//
// By name
//===----------------------------------------------------------------------===//

void moa_use_device(const moa_provider *provider, moa_device *device) {
  Current &c = current();
  c.provider = provider;
  c.device = device;
  c.isChosen = device != nullptr;
  c.error.clear();
}

const char *moa_take_error(void) {
  Current &c = current();
  c.taken = std::move(c.error);
  c.error.clear();
  return c.taken.empty() ? nullptr : c.taken.c_str();
}

#define MOA_WRAPPERS(X)                                                        \
  X(mgpuModuleLoad)                                                            \
  X(mgpuModuleLoadJIT)                                                         \
  X(mgpuModuleUnload)                                                          \
  X(mgpuModuleGetFunction)                                                     \
  X(mgpuLaunchClusterKernel)                                                   \
  X(mgpuLaunchKernel)                                                          \
  X(mgpuStreamCreate)                                                          \
  X(mgpuStreamDestroy)                                                         \
  X(mgpuStreamSynchronize)                                                     \
  X(mgpuStreamWaitEvent)                                                       \
  X(mgpuEventCreate)                                                           \
  X(mgpuEventDestroy)                                                          \
  X(mgpuEventSynchronize)                                                      \
  X(mgpuEventRecord)                                                           \
  X(mgpuMemAlloc)                                                              \
  X(mgpuMemFree)                                                               \
  X(mgpuMemcpy)                                                                \
  X(mgpuMemset32)                                                              \
  X(mgpuMemset16)                                                              \
  X(mgpuMemHostRegisterMemRef)                                                 \
  X(mgpuMemHostUnregisterMemRef)                                               \
  X(mgpuSetDefaultDevice)

void *moa_wrapper(const char *name) {
#define MOA_CASE(function)                                                     \
  if (!std::strcmp(name, #function))                                           \
    return reinterpret_cast<void *>(function);
  MOA_WRAPPERS(MOA_CASE)
#undef MOA_CASE
  return nullptr;
}

const char *const *moa_wrapper_names(void) {
#define MOA_NAME(function) #function,
  static const char *const names[] = {MOA_WRAPPERS(MOA_NAME) nullptr};
#undef MOA_NAME
  return names;
}
