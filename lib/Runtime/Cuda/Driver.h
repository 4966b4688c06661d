//===- Driver.h - The CUDA driver API ---------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few types and functions of the CUDA driver API that moa uses. They are
// looked up in the driver's library at run time, so that nothing of CUDA is
// needed to build moa.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_RUNTIME_CUDA_DRIVER_H
#define MOA_LIB_RUNTIME_CUDA_DRIVER_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace moa::cuda {

using Result = int; ///< CUresult; 0 is success
using Device = int;
using Address = unsigned long long;
using Context = struct ContextImpl *;
using Module = struct ModuleImpl *;
using Function = struct FunctionImpl *;
using Stream = struct StreamImpl *;
using Event = struct EventImpl *;
using Graph = struct GraphImpl *;
using GraphExec = struct GraphExecImpl *;

/// CUlaunchAttribute with CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION.
struct LaunchAttribute {
  int id;
  char pad[4];
  union {
    unsigned clusterDim[3];
    char bytes[64];
  };
};
static_assert(sizeof(LaunchAttribute) == 72);

/// CUlaunchConfig.
struct LaunchConfig {
  unsigned grid[3], block[3], sharedBytes;
  Stream stream;
  LaunchAttribute *attributes;
  unsigned numAttributes;
};
static_assert(sizeof(LaunchConfig) == 56);

inline constexpr int launchAttributeCluster = 4;
inline constexpr int attributeMaxSharedOptin = 97;
inline constexpr int attributeMajor = 75, attributeMinor = 76;
inline constexpr int functionMaxDynamicShared = 8;
inline constexpr int functionNonPortableCluster = 14;
inline constexpr int pointerMemoryType = 2, memoryTypeDevice = 2;
inline constexpr unsigned streamNonBlocking = 1, captureRelaxed = 2;
inline constexpr int jitErrorLog = 5, jitErrorLogBytes = 6;

/// Functions that every driver since CUDA 11.4 has: member, symbol, parameters.
#define MOA_CUDA_FUNCTIONS(X)                                                  \
  X(init, cuInit, (unsigned flags))                                            \
  X(errorName, cuGetErrorName, (Result, const char **))                        \
  X(errorString, cuGetErrorString, (Result, const char **))                    \
  X(deviceCount, cuDeviceGetCount, (int *))                                    \
  X(deviceGet, cuDeviceGet, (Device *, int ordinal))                           \
  X(deviceName, cuDeviceGetName, (char *, int size, Device))                   \
  X(deviceAttribute, cuDeviceGetAttribute, (int *, int what, Device))          \
  X(contextRetain, cuDevicePrimaryCtxRetain, (Context *, Device))              \
  X(contextRelease, cuDevicePrimaryCtxRelease_v2, (Device))                    \
  X(contextSet, cuCtxSetCurrent, (Context))                                    \
  X(memAlloc, cuMemAlloc_v2, (Address *, size_t))                              \
  X(memFree, cuMemFree_v2, (Address))                                          \
  X(hostAlloc, cuMemHostAlloc, (void **, size_t, unsigned flags))              \
  X(hostFree, cuMemFreeHost, (void *))                                         \
  X(toDevice, cuMemcpyHtoDAsync_v2, (Address, const void *, size_t, Stream))   \
  X(toHost, cuMemcpyDtoHAsync_v2, (void *, Address, size_t, Stream))           \
  X(copy, cuMemcpyDtoDAsync_v2, (Address, Address, size_t, Stream))            \
  X(fill8, cuMemsetD8Async, (Address, unsigned char, size_t, Stream))          \
  X(fill16, cuMemsetD16Async, (Address, unsigned short, size_t, Stream))       \
  X(fill32, cuMemsetD32Async, (Address, unsigned, size_t, Stream))             \
  X(pointerAttribute, cuPointerGetAttribute, (void *, int what, Address))      \
  X(moduleLoad, cuModuleLoadDataEx,                                            \
    (Module *, const void *, unsigned count, int *options, void **values))     \
  X(moduleUnload, cuModuleUnload, (Module))                                    \
  X(moduleFunction, cuModuleGetFunction, (Function *, Module, const char *))   \
  X(functionSet, cuFuncSetAttribute, (Function, int what, int value))          \
  X(launch, cuLaunchKernel,                                                    \
    (Function, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,     \
     unsigned shared, Stream, void **params, void **extra))                    \
  X(streamCreate, cuStreamCreate, (Stream *, unsigned flags))                  \
  X(streamDestroy, cuStreamDestroy_v2, (Stream))                               \
  X(streamSynchronize, cuStreamSynchronize, (Stream))                          \
  X(streamWait, cuStreamWaitEvent, (Stream, Event, unsigned flags))            \
  X(eventCreate, cuEventCreate, (Event *, unsigned flags))                     \
  X(eventDestroy, cuEventDestroy_v2, (Event))                                  \
  X(eventRecord, cuEventRecord, (Event, Stream))                               \
  X(eventSynchronize, cuEventSynchronize, (Event))                             \
  X(eventElapsed, cuEventElapsedTime, (float *, Event, Event))                 \
  X(captureBegin, cuStreamBeginCapture_v2, (Stream, unsigned mode))            \
  X(captureEnd, cuStreamEndCapture, (Stream, Graph *))                         \
  X(graphInstantiate, cuGraphInstantiateWithFlags,                             \
    (GraphExec *, Graph, unsigned long long flags))                            \
  X(graphLaunch, cuGraphLaunch, (GraphExec, Stream))                           \
  X(graphExecDestroy, cuGraphExecDestroy, (GraphExec))                         \
  X(graphDestroy, cuGraphDestroy, (Graph))

/// Functions of newer drivers: null where the driver has none.
#define MOA_CUDA_NEWER_FUNCTIONS(X)                                            \
  X(launchEx, cuLaunchKernelEx,                                                \
    (const LaunchConfig *, Function, void **params, void **extra))             \
  X(tensorMap, cuTensorMapEncodeTiled,                                         \
    (void *map, int element, unsigned rank, void *address,                     \
     const uint64_t *dims, const uint64_t *strides, const uint32_t *box,       \
     const uint32_t *elementStrides, int interleave, int swizzle, int l2,      \
     int fill))                                                                \
  X(parameterInfo, cuFuncGetParamInfo,                                         \
    (Function, size_t index, size_t *offset, size_t *size))

struct Driver {
#define MOA_DECLARE(member, symbol, parameters) Result(*member) parameters;
  MOA_CUDA_FUNCTIONS(MOA_DECLARE)
  MOA_CUDA_NEWER_FUNCTIONS(MOA_DECLARE)
#undef MOA_DECLARE

  /// "CUDA_ERROR_...: what it means".
  std::string describe(Result result) const;
};

/// The driver, opened and initialized at the first call that finds it. Null,
/// and `error` says why, where there is none.
const Driver *openDriver(std::string &error);

} // namespace moa::cuda

#endif // MOA_LIB_RUNTIME_CUDA_DRIVER_H
