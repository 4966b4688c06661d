//===- FakeCuda.cpp - A driver for the tests --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A stand-in for NVIDIA's driver. It keeps device memory on the host, runs the
// kernel "add_one" on an array of i32, writes each call to the file that
// FAKE_CUDA_LOG names, and fails in the function that FAKE_CUDA_FAIL names.
//
//===----------------------------------------------------------------------===//

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

static int called(const char *function) {
  if (const char *file = std::getenv("FAKE_CUDA_LOG"))
    if (std::FILE *log = std::fopen(file, "a")) {
      std::fprintf(log, "%s\n", function);
      std::fclose(log);
    }
  const char *bad = std::getenv("FAKE_CUDA_FAIL");
  return bad && !std::strcmp(bad, function) ? 999 : 0;
}

#define CALLED                                                                 \
  if (int result = called(__func__))                                           \
  return result

static int someHandle;

template <class T> static int make(T *handle) {
  *handle = &someHandle;
  return 0;
}

extern "C" {
int cuInit(unsigned) {
  CALLED;
  return 0;
}
int cuGetErrorName(int error, const char **name) {
  *name = error == 999 ? "CUDA_ERROR_UNKNOWN" : "CUDA_ERROR_INVALID_IMAGE";
  return 0;
}
int cuGetErrorString(int, const char **text) {
  *text = "as the test wants";
  return 0;
}
int cuDeviceGetCount(int *count) {
  CALLED;
  *count = 1;
  return 0;
}
int cuDeviceGet(int *device, int ordinal) {
  *device = ordinal;
  return 0;
}
int cuDeviceGetName(char *name, int size, int) {
  std::snprintf(name, size, "fake device");
  return 0;
}
int cuDeviceGetAttribute(int *value, int what, int) {
  *value = what == 75 ? 9 : 0; // the major number of the chip
  return 0;
}
int cuDevicePrimaryCtxRetain(void **context, int) {
  CALLED;
  return make(context);
}
int cuDevicePrimaryCtxRelease_v2(int) {
  CALLED;
  return 0;
}
int cuCtxSetCurrent(void *context) { return context == &someHandle ? 0 : 201; }

int cuMemAlloc_v2(unsigned long long *address, size_t bytes) {
  CALLED;
  if (bytes > (1u << 30))
    return 2;
  *address = (unsigned long long)std::malloc(bytes);
  return 0;
}
int cuMemFree_v2(unsigned long long address) {
  CALLED;
  std::free((void *)address);
  return 0;
}
int cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
  CALLED;
  *memory = std::malloc(bytes);
  return 0;
}
int cuMemFreeHost(void *memory) {
  CALLED;
  std::free(memory);
  return 0;
}
int cuMemcpyHtoDAsync_v2(unsigned long long to, const void *from, size_t bytes,
                         void *) {
  CALLED;
  std::memcpy((void *)to, from, bytes);
  return 0;
}
int cuMemcpyDtoHAsync_v2(void *to, unsigned long long from, size_t bytes,
                         void *) {
  CALLED;
  std::memcpy(to, (void *)from, bytes);
  return 0;
}
int cuMemcpyDtoDAsync_v2(unsigned long long to, unsigned long long from,
                         size_t bytes, void *) {
  CALLED;
  std::memmove((void *)to, (void *)from, bytes);
  return 0;
}
int cuMemsetD8Async(unsigned long long to, unsigned char value, size_t count,
                    void *) {
  CALLED;
  std::memset((void *)to, value, count);
  return 0;
}
int cuMemsetD16Async(unsigned long long to, unsigned short value, size_t count,
                     void *) {
  CALLED;
  for (size_t i = 0; i < count; ++i)
    ((uint16_t *)to)[i] = value;
  return 0;
}
int cuMemsetD32Async(unsigned long long to, unsigned value, size_t count,
                     void *) {
  CALLED;
  for (size_t i = 0; i < count; ++i)
    ((uint32_t *)to)[i] = value;
  return 0;
}
int cuPointerGetAttribute(void *value, int, unsigned long long address) {
  *(unsigned *)value = 2;
  return address ? 0 : 1;
}

int cuModuleLoadDataEx(void **module, const void *image, unsigned count,
                       int *options, void **values) {
  CALLED;
  if (std::strstr((const char *)image, "broken")) {
    for (unsigned i = 0; i < count; ++i)
      if (options[i] == 5)
        std::strcpy((char *)values[i], "ptxas: line 1 is broken");
    return 200;
  }
  return make(module);
}
int cuModuleUnload(void *) {
  CALLED;
  return 0;
}
int cuModuleGetFunction(void **function, void *, const char *name) {
  CALLED;
  return std::strcmp(name, "add_one") ? 500 : make(function);
}
int cuFuncSetAttribute(void *, int, int) {
  CALLED;
  return 0;
}
/// add_one(i32 *array, i32 n)
int cuFuncGetParamInfo(void *, size_t index, size_t *offset, size_t *size) {
  if (index > 1)
    return 1;
  *offset = 8 * index;
  *size = index ? 4 : 8;
  return 0;
}
static int run(void **params) {
  int32_t *array = *(int32_t **)params[0];
  for (int i = 0, n = *(int *)params[1]; i < n; ++i)
    ++array[i];
  return 0;
}
int cuLaunchKernel(void *, unsigned, unsigned, unsigned, unsigned, unsigned,
                   unsigned, unsigned, void *, void **params, void **) {
  CALLED;
  return run(params);
}
int cuLaunchKernelEx(const unsigned *config, void *, void **params, void **) {
  CALLED;
  struct Attribute {
    int id;
    char pad[4];
    unsigned cluster[3];
  };
  const Attribute *a;
  std::memcpy(&a, (const char *)config + 40, sizeof a);
  return config[12] == 1 && a->id == 4 && a->cluster[0] == 2 ? run(params) : 1;
}
int cuTensorMapEncodeTiled(void *map, int element, unsigned, void *,
                           const uint64_t *, const uint64_t *, const uint32_t *,
                           const uint32_t *, int, int, int, int) {
  CALLED;
  if ((uintptr_t)map % 64)
    return 1;
  std::memset(map, element, 128);
  return 0;
}

int cuStreamCreate(void **stream, unsigned) {
  CALLED;
  return make(stream);
}
int cuStreamDestroy_v2(void *) {
  CALLED;
  return 0;
}
int cuStreamSynchronize(void *) {
  CALLED;
  return 0;
}
int cuStreamWaitEvent(void *, void *, unsigned) {
  CALLED;
  return 0;
}
int cuEventCreate(void **event, unsigned) {
  CALLED;
  return make(event);
}
int cuEventDestroy_v2(void *) {
  CALLED;
  return 0;
}
int cuEventRecord(void *, void *) {
  CALLED;
  return 0;
}
int cuEventSynchronize(void *) {
  CALLED;
  return 0;
}
int cuEventElapsedTime(float *milliseconds, void *, void *) {
  CALLED;
  *milliseconds = 1.5f;
  return 0;
}
int cuStreamBeginCapture_v2(void *, unsigned) {
  CALLED;
  return 0;
}
int cuStreamEndCapture(void *, void **graph) {
  CALLED;
  return make(graph);
}
int cuGraphInstantiateWithFlags(void **exec, void *, unsigned long long) {
  CALLED;
  return make(exec);
}
int cuGraphLaunch(void *, void *) {
  CALLED;
  return 0;
}
int cuGraphExecDestroy(void *) {
  CALLED;
  return 0;
}
int cuGraphDestroy(void *) {
  CALLED;
  return 0;
}
} // extern "C"
