//===- Provider.cpp - Kernels on NVIDIA GPUs --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table over the CUDA driver API. A device keeps its primary context, which
// each call makes current for its thread.
//
//===----------------------------------------------------------------------===//

#include "../Error.h"
#include "Driver.h"

#include <cstring>
#include <vector>

using namespace moa;
using namespace moa::runtime;

struct moa_device {
  const cuda::Driver *driver;
  cuda::Device ordinal;
  cuda::Context context;
  std::string name, chip;
};

struct moa_graph {
  cuda::GraphExec exec;
};

// The other handles are the driver's own.
static cuda::Stream native(moa_stream *s) { return (cuda::Stream)s; }
static cuda::Event native(moa_event *e) { return (cuda::Event)e; }
static cuda::Module native(moa_module *m) { return (cuda::Module)m; }
static cuda::Function native(moa_kernel *k) { return (cuda::Function)k; }

static moa_status statusOf(cuda::Result result) {
  switch (result) {
  case 0:
    return MOA_OK;
  case 1: // CUDA_ERROR_INVALID_VALUE
    return MOA_BAD_ARGUMENT;
  case 2: // CUDA_ERROR_OUT_OF_MEMORY
    return MOA_OUT_OF_MEMORY;
  case 200: // CUDA_ERROR_INVALID_IMAGE
  case 209: // CUDA_ERROR_NO_BINARY_FOR_GPU
  case 218: // CUDA_ERROR_INVALID_PTX
  case 222: // CUDA_ERROR_UNSUPPORTED_PTX_VERSION
    return MOA_BAD_MODULE;
  case 500: // CUDA_ERROR_NOT_FOUND
    return MOA_BAD_ARGUMENT;
  case 801: // CUDA_ERROR_NOT_SUPPORTED
    return MOA_UNSUPPORTED;
  default:
    return MOA_LAUNCH_FAILED;
  }
}

static moa_status check(const cuda::Driver &driver, cuda::Result result,
                        const std::string &what) {
  if (!result)
    return MOA_OK;
  return fail(statusOf(result), what + ": " + driver.describe(result));
}

/// Calls a driver function in the context of the device.
#define MOA_CUDA_CALL(device, what, member, ...)                               \
  check(*(device)->driver, (device)->driver->member(__VA_ARGS__), what)

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

static moa_status openDevice(int ordinal, moa_device **device) {
  std::string error;
  const cuda::Driver *driver = cuda::openDriver(error);
  if (!driver)
    return fail(MOA_UNAVAILABLE, error);
  int count = 0;
  if (moa_status s = check(*driver, driver->deviceCount(&count), "devices"))
    return s;
  if (ordinal < 0 || ordinal >= count)
    return fail(MOA_UNAVAILABLE,
                "there is no CUDA device " + std::to_string(ordinal) +
                    "; there are " + std::to_string(count));
  cuda::Device number;
  char name[256] = "";
  cuda::Context context;
  if (moa_status s =
          check(*driver, driver->deviceGet(&number, ordinal), "device"))
    return s;
  if (moa_status s = check(
          *driver, driver->deviceName(name, sizeof name, number), "device"))
    return s;
  if (moa_status s =
          check(*driver, driver->contextRetain(&context, number), "context"))
    return s;
  if (moa_status s = check(*driver, driver->contextSet(context), "context")) {
    driver->contextRelease(number);
    return s;
  }
  int major = 0, minor = 0;
  driver->deviceAttribute(&major, cuda::attributeMajor, number);
  driver->deviceAttribute(&minor, cuda::attributeMinor, number);
  // Since Hopper the instructions of one chip are named with a letter.
  std::string chip = "sm_" + std::to_string(10 * major + minor) +
                     (major >= 9 ? "a" : "");
  *device = new moa_device{driver, number, context, name, chip};
  return MOA_OK;
}

/// Makes the device's context current for this thread.
static moa_status enter(moa_device *device) {
  return MOA_CUDA_CALL(device, "context", contextSet, device->context);
}

static void closeDevice(moa_device *device) {
  if (!device)
    return;
  device->driver->contextRelease(device->ordinal);
  delete device;
}

static const char *deviceName(moa_device *device) {
  return device->name.c_str();
}

static const char *chip(moa_device *device) { return device->chip.c_str(); }

static moa_status setOption(moa_device *, const char *key, const char *) {
  return fail(MOA_BAD_ARGUMENT,
              "provider 'cuda' has no option '" + std::string(key) + "'");
}

static const char *takeReports(moa_device *) { return nullptr; }

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static std::string bytesText(size_t bytes) {
  return std::to_string(bytes) + " bytes";
}

static moa_status allocate(moa_device *device, size_t bytes,
                           moa_address *address) {
  if (moa_status s = enter(device))
    return s;
  cuda::Address found;
  // The driver allocates no empty buffers; each buffer has an address here.
  if (moa_status s = MOA_CUDA_CALL(device, "allocating " + bytesText(bytes),
                                   memAlloc, &found, bytes ? bytes : 1))
    return s;
  *address = found;
  return MOA_OK;
}

static moa_status release(moa_device *device, moa_address address) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "freeing", memFree, address);
}

static moa_status hostAllocate(moa_device *device, size_t bytes,
                               void **memory) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "allocating " + bytesText(bytes) + " of the host",
                       hostAlloc, memory, bytes ? bytes : 1, 0);
}

static moa_status hostRelease(moa_device *device, void *memory) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "freeing", hostFree, memory);
}

/// After an operation without a stream: waits for it.
static moa_status finish(moa_device *device, moa_stream *stream,
                         moa_status status) {
  if (status || stream)
    return status;
  return MOA_CUDA_CALL(device, "synchronizing", streamSynchronize, nullptr);
}

static moa_status toDevice(moa_device *device, moa_stream *stream,
                           moa_address to, const void *from, size_t bytes) {
  if (bytes == 0)
    return MOA_OK;
  if (moa_status s = enter(device))
    return s;
  return finish(device, stream,
                MOA_CUDA_CALL(device, "copying to the device", toDevice, to,
                              from, bytes, native(stream)));
}

static moa_status toHost(moa_device *device, moa_stream *stream, void *to,
                         moa_address from, size_t bytes) {
  if (bytes == 0)
    return MOA_OK;
  if (moa_status s = enter(device))
    return s;
  return finish(device, stream,
                MOA_CUDA_CALL(device, "copying to the host", toHost, to, from,
                              bytes, native(stream)));
}

static moa_status copy(moa_device *device, moa_stream *stream, moa_address to,
                       moa_address from, size_t bytes) {
  if (bytes == 0)
    return MOA_OK;
  if (moa_status s = enter(device))
    return s;
  return finish(device, stream,
                MOA_CUDA_CALL(device, "copying", copy, to, from, bytes,
                              native(stream)));
}

static moa_status fillMemory(moa_device *device, moa_stream *stream,
                             moa_address to, uint32_t value, uint32_t width,
                             size_t count) {
  if (width != 1 && width != 2 && width != 4)
    return fail(MOA_BAD_ARGUMENT, "filling with values of " +
                                      bytesText(width) +
                                      "; there are 1, 2 and 4");
  if (count == 0)
    return MOA_OK;
  if (moa_status s = enter(device))
    return s;
  cuda::Stream s = native(stream);
  const cuda::Driver &driver = *device->driver;
  cuda::Result result = width == 1   ? driver.fill8(to, value, count, s)
                        : width == 2 ? driver.fill16(to, value, count, s)
                                     : driver.fill32(to, value, count, s);
  return finish(device, stream, check(driver, result, "filling"));
}

static int isDeviceAddress(moa_device *device, uint64_t address) {
  unsigned type = 0;
  return !enter(device) &&
         !device->driver->pointerAttribute(&type, cuda::pointerMemoryType,
                                           address) &&
         type == cuda::memoryTypeDevice;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static moa_status load(moa_device *device, const void *image, size_t bytes,
                       moa_module **module) {
  if (moa_status s = enter(device))
    return s;
  // The driver reads PTX up to a zero byte.
  std::vector<char> ended((const char *)image, (const char *)image + bytes);
  ended.push_back(0);
  char log[4096] = "";
  int options[] = {cuda::jitErrorLog, cuda::jitErrorLogBytes};
  void *values[] = {log, (void *)sizeof log};
  cuda::Module loaded;
  cuda::Result result = device->driver->moduleLoad(&loaded, ended.data(), 2,
                                                   options, values);
  if (result) {
    log[sizeof log - 1] = 0;
    std::string text = log;
    std::string why = device->driver->describe(result);
    return fail(MOA_BAD_MODULE,
                "loading a module: " + why + (text.empty() ? "" : "\n" + text));
  }
  *module = (moa_module *)loaded;
  return MOA_OK;
}

static void unload(moa_device *device, moa_module *module) {
  if (module && !enter(device))
    device->driver->moduleUnload(native(module));
}

static moa_status findKernel(moa_device *device, moa_module *module,
                             const char *name, moa_kernel **kernel) {
  if (moa_status s = enter(device))
    return s;
  cuda::Function found;
  if (moa_status s =
          MOA_CUDA_CALL(device, "kernel '" + std::string(name) + "'",
                        moduleFunction, &found, native(module), name))
    return s;
  *kernel = (moa_kernel *)found;
  return MOA_OK;
}

static moa_status tensorMap(moa_device *device, const moa_tensor *tensor,
                            moa_tensor_map *map) {
  if (!device->driver->tensorMap)
    return fail(MOA_UNSUPPORTED,
                "the CUDA driver has no function cuTensorMapEncodeTiled");
  if (moa_status s = enter(device))
    return s;
  alignas(64) moa_tensor_map encoded;
  if (moa_status s = MOA_CUDA_CALL(
          device, "tensor map", tensorMap, &encoded, tensor->element,
          tensor->rank, (void *)tensor->address, tensor->dims, tensor->strides,
          tensor->box, tensor->element_strides, tensor->interleave,
          tensor->swizzle, tensor->l2, tensor->fill_nan))
    return s;
  *map = encoded;
  return MOA_OK;
}

/// Too few or too many parameters, where the driver can tell.
static moa_status checkParameters(moa_device *device, moa_kernel *kernel,
                                  uint32_t count) {
  auto info = device->driver->parameterInfo;
  size_t offset, size;
  if (!info || ((count == 0 || !info(native(kernel), count - 1, &offset, &size)) &&
                info(native(kernel), count, &offset, &size)))
    return MOA_OK;
  return fail(MOA_BAD_ARGUMENT,
              "the kernel does not take " + std::to_string(count) +
                  " arguments");
}

static moa_status launch(moa_device *device, moa_stream *stream,
                         moa_kernel *kernel, const moa_launch_shape *shape,
                         void **params, uint32_t numParams) {
  if (moa_status s = enter(device))
    return s;
  if (moa_status s = checkParameters(device, kernel, numParams))
    return s;
  const cuda::Driver &driver = *device->driver;
  const uint32_t *g = shape->grid, *b = shape->block, *c = shape->cluster;
  // More than this has to be asked for.
  if (shape->shared_bytes > 48 * 1024)
    if (moa_status s = MOA_CUDA_CALL(
            device, bytesText(shape->shared_bytes) + " of shared memory",
            functionSet, native(kernel), cuda::functionMaxDynamicShared,
            int(shape->shared_bytes)))
      return s;
  cuda::Result result;
  if (c[0] || c[1] || c[2]) {
    if (!driver.launchEx)
      return fail(MOA_UNSUPPORTED,
                  "the CUDA driver has no function cuLaunchKernelEx");
    if (uint64_t(c[0]) * c[1] * c[2] > 8)
      if (moa_status s =
              MOA_CUDA_CALL(device, "a cluster of more than 8 blocks",
                            functionSet, native(kernel),
                            cuda::functionNonPortableCluster, 1))
        return s;
    cuda::LaunchAttribute attribute{};
    attribute.id = cuda::launchAttributeCluster;
    std::memcpy(attribute.clusterDim, c, sizeof attribute.clusterDim);
    cuda::LaunchConfig config{{g[0], g[1], g[2]},
                              {b[0], b[1], b[2]},
                              shape->shared_bytes,
                              native(stream),
                              &attribute,
                              1};
    result = driver.launchEx(&config, native(kernel), params, nullptr);
  } else {
    result = driver.launch(native(kernel), g[0], g[1], g[2], b[0], b[1], b[2],
                           shape->shared_bytes, native(stream), params,
                           nullptr);
  }
  return finish(device, stream, check(driver, result, "launching"));
}

//===----------------------------------------------------------------------===//
// Streams, events, graphs
//===----------------------------------------------------------------------===//

static moa_status streamCreate(moa_device *device, moa_stream **stream) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "a stream", streamCreate,
                       (cuda::Stream *)stream, cuda::streamNonBlocking);
}

static void streamDestroy(moa_device *device, moa_stream *stream) {
  if (stream && !enter(device))
    device->driver->streamDestroy(native(stream));
}

static moa_status streamSynchronize(moa_device *device, moa_stream *stream) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "synchronizing", streamSynchronize,
                       native(stream));
}

static moa_status streamWait(moa_device *device, moa_stream *stream,
                             moa_event *event) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "waiting", streamWait, native(stream),
                       native(event), 0);
}

static moa_status eventCreate(moa_device *device, moa_event **event) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "an event", eventCreate, (cuda::Event *)event,
                       0);
}

static void eventDestroy(moa_device *device, moa_event *event) {
  if (event && !enter(device))
    device->driver->eventDestroy(native(event));
}

static moa_status eventRecord(moa_device *device, moa_event *event,
                              moa_stream *stream) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "recording", eventRecord, native(event),
                       native(stream));
}

static moa_status eventSynchronize(moa_device *device, moa_event *event) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "waiting", eventSynchronize, native(event));
}

static moa_status eventMilliseconds(moa_device *device, moa_event *from,
                                    moa_event *to, float *milliseconds) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "time between events", eventElapsed,
                       milliseconds, native(from), native(to));
}

static moa_status captureBegin(moa_device *device, moa_stream *stream) {
  if (moa_status s = enter(device))
    return s;
  return MOA_CUDA_CALL(device, "capturing", captureBegin, native(stream),
                       cuda::captureRelaxed);
}

static moa_status captureEnd(moa_device *device, moa_stream *stream,
                             moa_graph **graph) {
  if (moa_status s = enter(device))
    return s;
  cuda::Graph captured;
  if (moa_status s = MOA_CUDA_CALL(device, "capturing", captureEnd,
                                   native(stream), &captured))
    return s;
  cuda::GraphExec exec;
  cuda::Result result = device->driver->graphInstantiate(&exec, captured, 0);
  device->driver->graphDestroy(captured);
  if (result)
    return check(*device->driver, result, "making a graph");
  *graph = new moa_graph{exec};
  return MOA_OK;
}

static moa_status graphLaunch(moa_device *device, moa_graph *graph,
                              moa_stream *stream) {
  if (moa_status s = enter(device))
    return s;
  return finish(device, stream,
                MOA_CUDA_CALL(device, "launching a graph", graphLaunch,
                              graph->exec, native(stream)));
}

static void graphDestroy(moa_device *device, moa_graph *graph) {
  if (!graph)
    return;
  if (!enter(device))
    device->driver->graphExecDestroy(graph->exec);
  delete graph;
}

const moa_provider *moa_provider_cuda(void) {
  static const moa_provider table = {
      MOA_PROVIDER_VERSION, sizeof(moa_provider), "cuda",
      lastError,            openDevice,           closeDevice,
      deviceName,           chip,                 setOption,
      takeReports,          allocate,             release,
      hostAllocate,         hostRelease,          toDevice,
      toHost,               copy,                 fillMemory,
      isDeviceAddress,      load,                 unload,
      findKernel,           tensorMap,            launch,
      streamCreate,         streamDestroy,        streamSynchronize,
      streamWait,           eventCreate,          eventDestroy,
      eventRecord,          eventSynchronize,     eventMilliseconds,
      captureBegin,         captureEnd,           graphLaunch,
      graphDestroy};
  return &table;
}
