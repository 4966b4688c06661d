//===- Provider.cpp - The emulator as a provider ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Device.h"

#include "../../Runtime/Error.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace moa::ptx;
using moa::runtime::fail;

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

static moa_status openDevice(int ordinal, moa_device **device) {
  if (ordinal != 0)
    return fail(MOA_UNAVAILABLE,
                "there is no emulated device " + std::to_string(ordinal) +
                    "; there is one, number 0");
  std::string error;
  auto opened = std::make_unique<moa_device>();
  opened->memory = Emulator::create(
      ".version 8.0\n.target sm_90a\n.address_size 64\n", error);
  if (!opened->memory)
    return fail(MOA_UNAVAILABLE, error);
  *device = opened.release();
  return MOA_OK;
}

static void closeDevice(moa_device *device) { delete device; }

static const char *deviceName(moa_device *) { return "PTX emulator"; }

/// The newest chip whose instructions are there.
static const char *chip(moa_device *) { return "sm_90a"; }

static bool number(const char *text, uint64_t most, uint64_t &value) {
  char *end = nullptr;
  errno = 0;
  value = std::strtoull(text, &end, 10);
  return *text >= '0' && *text <= '9' && !*end && !errno && value <= most;
}

static moa_status setOption(moa_device *device, const char *key,
                            const char *value) {
  uint64_t n = 0;
  bool ok = false;
  if (!std::strcmp(key, "checks")) {
    Checks checks;
    if ((ok = checks.parse(value)))
      device->options.checks = checks;
  } else if (!std::strcmp(key, "threads")) {
    if ((ok = number(value, 1024, n)))
      device->options.threads = unsigned(n);
  } else if (!std::strcmp(key, "budget")) {
    if ((ok = number(value, UINT64_MAX, n)))
      device->options.budget = n;
  } else {
    return fail(MOA_BAD_ARGUMENT, "provider 'emulator' has no option '" +
                                      std::string(key) +
                                      "'; there are 'checks', 'threads' and "
                                      "'budget'");
  }
  return ok ? MOA_OK
            : fail(MOA_BAD_ARGUMENT, "bad value '" + std::string(value) +
                                         "' of option '" + key + "'");
}

static const char *takeReports(moa_device *device) {
  device->taken = "[";
  for (size_t i = 0; i < device->reports.size(); ++i)
    device->taken += (i ? ",\n" : "") + device->reports[i];
  device->taken += "]\n";
  device->reports.clear();
  return device->taken.c_str();
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Runs the operation, or keeps it for the graph that the stream captures.
static moa_status enqueue(moa_stream *stream, Operation operation) {
  if (!stream || !stream->captured)
    return operation();
  stream->captured->operations.push_back(std::move(operation));
  return MOA_OK;
}

static moa_status allocate(moa_device *device, size_t bytes,
                           moa_address *address) {
  static constexpr size_t most = size_t(1) << 40;
  if (bytes > most)
    return fail(MOA_OUT_OF_MEMORY, "a buffer of " + std::to_string(bytes) +
                                       " bytes; there may be " +
                                       std::to_string(most));
  uint64_t found = device->memory->allocate(bytes, Fill::Uninitialized,
                                            "buffer of " +
                                                std::to_string(bytes) +
                                                " bytes");
  if (!found)
    return fail(MOA_OUT_OF_MEMORY, "the host has no " + std::to_string(bytes) +
                                       " bytes for a buffer");
  *address = found;
  return MOA_OK;
}

static moa_status release(moa_device *device, moa_address address) {
  return device->memory->release(address)
             ? MOA_OK
             : fail(MOA_BAD_ARGUMENT, "freeing what is no buffer");
}

static moa_status hostAllocate(moa_device *, size_t bytes, void **memory) {
  void *found = std::malloc(bytes ? bytes : 1);
  if (!found)
    return fail(MOA_OUT_OF_MEMORY,
                "the host has no " + std::to_string(bytes) + " bytes");
  *memory = found;
  return MOA_OK;
}

static moa_status hostRelease(moa_device *, void *memory) {
  std::free(memory);
  return MOA_OK;
}

static moa_status outside(const char *what, moa_address address,
                          size_t bytes) {
  char text[128];
  std::snprintf(text, sizeof text,
                "%s: %zu bytes at 0x%llx do not lie in one buffer", what, bytes,
                (unsigned long long)address);
  return fail(MOA_BAD_ARGUMENT, text);
}

static moa_status toDevice(moa_device *device, moa_stream *stream,
                           moa_address to, const void *from, size_t bytes) {
  return enqueue(stream, [=] {
    return device->memory->write(to, from, bytes)
               ? MOA_OK
               : outside("copying to the device", to, bytes);
  });
}

static moa_status toHost(moa_device *device, moa_stream *stream, void *to,
                         moa_address from, size_t bytes) {
  return enqueue(stream, [=] {
    return device->memory->read(from, to, bytes)
               ? MOA_OK
               : outside("copying to the host", from, bytes);
  });
}

static moa_status copy(moa_device *device, moa_stream *stream, moa_address to,
                       moa_address from, size_t bytes) {
  return enqueue(stream, [=] {
    std::vector<uint8_t> held(bytes);
    if (!device->memory->read(from, held.data(), bytes))
      return outside("copying from", from, bytes);
    return device->memory->write(to, held.data(), bytes)
               ? MOA_OK
               : outside("copying to", to, bytes);
  });
}

static moa_status fillMemory(moa_device *device, moa_stream *stream,
                             moa_address to, uint32_t value, uint32_t width,
                             size_t count) {
  if (width != 1 && width != 2 && width != 4)
    return fail(MOA_BAD_ARGUMENT, "filling with values of " +
                                      std::to_string(width) +
                                      " bytes; there are 1, 2 and 4");
  return enqueue(stream, [=] {
    std::vector<uint8_t> bytes(count * width);
    for (size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = uint8_t(value >> 8 * (i % width));
    return device->memory->write(to, bytes.data(), bytes.size())
               ? MOA_OK
               : outside("filling", to, bytes.size());
  });
}

static int isDeviceAddress(moa_device *device, uint64_t address) {
  return device->memory->contains(address);
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static moa_status load(moa_device *device, const void *image, size_t bytes,
                       moa_module **module) {
  std::string text(static_cast<const char *>(image), bytes);
  // The zero bytes that end a text are not of it.
  text.erase(text.find_last_not_of('\0') + 1);
  if (text.find('\0') != std::string::npos)
    return fail(MOA_BAD_MODULE,
                "the emulator takes PTX text, not machine code");
  std::string error;
  auto emulator = Emulator::create(std::move(text), error,
                                   device->memory.get());
  if (!emulator)
    return fail(MOA_BAD_MODULE, error);
  *module = new moa_module{std::move(emulator), {}};
  return MOA_OK;
}

static void unload(moa_device *, moa_module *module) { delete module; }

static moa_status findKernel(moa_device *, moa_module *module, const char *name,
                             moa_kernel **kernel) {
  auto &known = module->kernels[name];
  if (!known) {
    std::string all;
    for (const std::string &other : module->emulator->kernels()) {
      all += (all.empty() ? "'" : ", '") + other + "'";
      if (other == name)
        known.reset(new moa_kernel{
            module, name, module->emulator->parameterSizes(name)});
    }
    if (!known)
      return fail(MOA_BAD_ARGUMENT, "there is no kernel '" + std::string(name) +
                                        "'; there are: " + all);
  }
  *kernel = known.get();
  return MOA_OK;
}

static moa_status tensorMap(moa_device *, const moa_tensor *,
                            moa_tensor_map *) {
  return fail(MOA_UNSUPPORTED, "provider 'emulator' makes no tensor maps");
}

static moa_status runKernel(moa_device *device, const moa_kernel &kernel,
                            const LaunchConfig &config) {
  Report report;
  std::string error;
  if (!kernel.module->emulator->launch(config, device->options, report, error))
    return fail(MOA_LAUNCH_FAILED, "kernel '" + kernel.name + "': " + error);
  for (const std::string &text : report.output)
    std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  device->reports.push_back(report.json());
  if (report.clean())
    return MOA_OK;
  for (const Diagnostic &d : report.diagnostics)
    error += (error.empty() ? "" : "\n") + d.format();
  return fail(MOA_LAUNCH_FAILED, error);
}

static moa_status launch(moa_device *device, moa_stream *stream,
                         moa_kernel *kernel, const moa_launch_shape *shape,
                         void **params, uint32_t numParams) {
  if (numParams != kernel->parameterSizes.size())
    return fail(MOA_BAD_ARGUMENT,
                "kernel '" + kernel->name + "' takes " +
                    std::to_string(kernel->parameterSizes.size()) +
                    " arguments, there are " + std::to_string(numParams));
  LaunchConfig config;
  config.kernel = kernel->name;
  auto dim = [](const uint32_t *n) { return Dim3{n[0], n[1], n[2]}; };
  config.grid = dim(shape->grid);
  config.block = dim(shape->block);
  if (shape->cluster[0] || shape->cluster[1] || shape->cluster[2])
    config.cluster = dim(shape->cluster);
  config.dynamicShared = shape->shared_bytes;
  for (uint32_t i = 0; i < numParams; ++i) {
    const uint8_t *bytes = static_cast<const uint8_t *>(params[i]);
    config.arguments.emplace_back(bytes, bytes + kernel->parameterSizes[i]);
  }
  return enqueue(stream, [=] { return runKernel(device, *kernel, config); });
}

//===----------------------------------------------------------------------===//
// Streams, events, graphs
//===----------------------------------------------------------------------===//

static moa_status streamCreate(moa_device *, moa_stream **stream) {
  *stream = new moa_stream;
  return MOA_OK;
}

static void streamDestroy(moa_device *, moa_stream *stream) { delete stream; }

static moa_status streamSynchronize(moa_device *, moa_stream *stream) {
  if (stream && stream->captured)
    return fail(MOA_BAD_ARGUMENT, "a stream that is captured does not run, so "
                                  "that there is nothing to wait for");
  return MOA_OK;
}

static moa_status streamWait(moa_device *, moa_stream *stream,
                             moa_event *event) {
  if (event->isCaptured && !(stream && stream->captured))
    return fail(MOA_UNSUPPORTED,
                "provider 'emulator' captures one stream at a time: the event "
                "was recorded in another one");
  return MOA_OK;
}

static moa_status eventCreate(moa_device *, moa_event **event) {
  *event = new moa_event;
  return MOA_OK;
}

static void eventDestroy(moa_device *, moa_event *event) { delete event; }

static moa_status eventRecord(moa_device *, moa_event *event,
                              moa_stream *stream) {
  event->isCaptured = stream && stream->captured;
  return enqueue(stream, [event] {
    event->isRecorded = true;
    event->time = std::chrono::steady_clock::now();
    return MOA_OK;
  });
}

static moa_status eventSynchronize(moa_device *, moa_event *) {
  return MOA_OK;
}

static moa_status eventMilliseconds(moa_device *, moa_event *from,
                                    moa_event *to, float *milliseconds) {
  if (!from->isRecorded || !to->isRecorded)
    return fail(MOA_BAD_ARGUMENT, "an event was not recorded");
  *milliseconds =
      std::chrono::duration<float, std::milli>(to->time - from->time).count();
  return MOA_OK;
}

static moa_status captureBegin(moa_device *, moa_stream *stream) {
  if (!stream || stream->captured)
    return fail(MOA_BAD_ARGUMENT, stream
                                      ? "the stream is captured already"
                                      : "the null stream cannot be captured");
  stream->captured = std::make_unique<moa_graph>();
  return MOA_OK;
}

static moa_status captureEnd(moa_device *, moa_stream *stream,
                             moa_graph **graph) {
  if (!stream || !stream->captured)
    return fail(MOA_BAD_ARGUMENT, "the stream is not captured");
  *graph = stream->captured.release();
  return MOA_OK;
}

static moa_status graphLaunch(moa_device *, moa_graph *graph,
                              moa_stream *stream) {
  return enqueue(stream, [graph] {
    for (const Operation &operation : graph->operations)
      if (moa_status status = operation())
        return status;
    return MOA_OK;
  });
}

static void graphDestroy(moa_device *, moa_graph *graph) { delete graph; }

const moa_provider *moa_provider_emulator(void) {
  static const moa_provider table = {
      MOA_PROVIDER_VERSION, sizeof(moa_provider), "emulator",
      moa::runtime::lastError, openDevice,        closeDevice,
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
