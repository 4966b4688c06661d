/*===- launch.h - Devices, and how kernels are launched -------------*- C -*-===*\
|*                                                                            *|
|* Part of the moa project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* Plain C (C99 and later, C++): one table of functions, filled by each of    *|
|* the places where kernels can run. The same host code drives all of them:   *|
|*                                                                            *|
|*   const moa_provider *p = moa_find_provider("cuda", error, sizeof error);  *|
|*   moa_device *d;                                                           *|
|*   if (!p || p->open(0, &d) != MOA_OK)                                      *|
|*     fail(p ? p->last_error() : error);                                     *|
|*   p->alloc(d, bytes, &address);                                            *|
|*                                                                            *|
|* Rules of all functions: a status other than MOA_OK leaves outputs as they  *|
|* were, and last_error() says what went wrong. The null stream means: done   *|
|* when the call returns. A device may be used from several threads, but not  *|
|* at the same time.                                                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef MOA_RUNTIME_LAUNCH_H
#define MOA_RUNTIME_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever something below does. */
#define MOA_PROVIDER_VERSION 1

typedef enum moa_status {
  MOA_OK = 0,
  MOA_UNAVAILABLE = 1, /* there is no such device, driver or provider */
  MOA_BAD_ARGUMENT = 2,
  MOA_OUT_OF_MEMORY = 3,
  MOA_BAD_MODULE = 4,    /* code that the device does not take */
  MOA_LAUNCH_FAILED = 5, /* the kernel did something wrong */
  MOA_UNSUPPORTED = 6,   /* this provider cannot do it */
} moa_status;

typedef struct moa_device moa_device;
typedef struct moa_module moa_module;
typedef struct moa_kernel moa_kernel; /* lives as long as its module */
typedef struct moa_stream moa_stream;
typedef struct moa_event moa_event;
typedef struct moa_graph moa_graph;

/* An address in device memory; 0 is no address. */
typedef uint64_t moa_address;

/* What the hardware reads of a tensor map: opaque. It is passed to a kernel by
 * value, as a parameter of 128 bytes. */
typedef struct moa_tensor_map {
  uint64_t opaque[16];
} moa_tensor_map;

typedef enum moa_tensor_element {
  MOA_TENSOR_U8 = 0,
  MOA_TENSOR_U16 = 1,
  MOA_TENSOR_U32 = 2,
  MOA_TENSOR_I32 = 3,
  MOA_TENSOR_U64 = 4,
  MOA_TENSOR_I64 = 5,
  MOA_TENSOR_F16 = 6,
  MOA_TENSOR_F32 = 7,
  MOA_TENSOR_F64 = 8,
  MOA_TENSOR_BF16 = 9,
  MOA_TENSOR_F32_FTZ = 10,
  MOA_TENSOR_TF32 = 11,
  MOA_TENSOR_TF32_FTZ = 12,
} moa_tensor_element;

/* A tiled tensor in device memory: innermost dimension first. */
typedef struct moa_tensor {
  moa_tensor_element element;
  uint32_t rank; /* 1 to 5 */
  moa_address address;
  uint64_t dims[5];
  uint64_t strides[4]; /* bytes, of dimensions 1 and on */
  uint32_t box[5];
  uint32_t element_strides[5];
  uint32_t interleave; /* 0: none, 1: 16 bytes, 2: 32 bytes */
  uint32_t swizzle;    /* 0: none, 1: 32 bytes, 2: 64 bytes, 3: 128 bytes */
  uint32_t l2;         /* promotion: 0: none, 1: 64, 2: 128, 3: 256 bytes */
  uint32_t fill_nan;   /* what is out of bounds reads as NaN, not as zero */
} moa_tensor;

typedef struct moa_launch_shape {
  uint32_t grid[3];
  uint32_t block[3];
  uint32_t cluster[3];   /* 0, 0, 0: as the kernel says */
  uint32_t shared_bytes; /* dynamic shared memory */
} moa_launch_shape;

typedef struct moa_provider {
  uint32_t version; /* MOA_PROVIDER_VERSION */
  uint32_t size;    /* of this table */
  const char *name;

  /* What went wrong in the last call of this thread; never null. */
  const char *(*last_error)(void);

  moa_status (*open)(int ordinal, moa_device **device);
  void (*close)(moa_device *device);
  const char *(*device_name)(moa_device *device);
  /* What to compile for: "sm_90a". */
  const char *(*chip)(moa_device *device);
  /* The emulator has "checks", "threads" and "budget", as the options of
   * moa-ptx. CUDA has none. */
  moa_status (*set_option)(moa_device *device, const char *key,
                           const char *value);
  /* What each launch since the last call did: a list in JSON, which lives until
   * the next call. Null where the provider counts nothing. */
  const char *(*take_reports)(moa_device *device);

  /* Memory. Host memory from host_alloc is pinned: copies of it from and to
   * the device run beside the host. */
  moa_status (*alloc)(moa_device *device, size_t bytes, moa_address *address);
  moa_status (*free)(moa_device *device, moa_address address);
  moa_status (*host_alloc)(moa_device *device, size_t bytes, void **memory);
  moa_status (*host_free)(moa_device *device, void *memory);
  moa_status (*to_device)(moa_device *device, moa_stream *stream,
                          moa_address to, const void *from, size_t bytes);
  moa_status (*to_host)(moa_device *device, moa_stream *stream, void *to,
                        moa_address from, size_t bytes);
  moa_status (*copy)(moa_device *device, moa_stream *stream, moa_address to,
                     moa_address from, size_t bytes);
  /* `width` bytes (1, 2 or 4) of `value`, `count` times. */
  moa_status (*fill)(moa_device *device, moa_stream *stream, moa_address to,
                     uint32_t value, uint32_t width, size_t count);
  /* 1 if `address` lies in memory of the device, else 0. */
  int (*is_device_address)(moa_device *device, uint64_t address);

  /* Code: PTX text (it need not end in a zero byte), or what else the device
   * takes: a cubin or a fatbin. */
  moa_status (*load)(moa_device *device, const void *image, size_t bytes,
                     moa_module **module);
  void (*unload)(moa_device *device, moa_module *module);
  moa_status (*kernel)(moa_device *device, moa_module *module, const char *name,
                       moa_kernel **kernel);
  moa_status (*tensor_map)(moa_device *device, const moa_tensor *tensor,
                           moa_tensor_map *map);
  /* `params` has the address of each parameter's value; its size is that of
   * the parameter in the kernel. */
  moa_status (*launch)(moa_device *device, moa_stream *stream,
                       moa_kernel *kernel, const moa_launch_shape *shape,
                       void **params, uint32_t num_params);

  /* Streams: what is put into one runs in order. */
  moa_status (*stream_create)(moa_device *device, moa_stream **stream);
  void (*stream_destroy)(moa_device *device, moa_stream *stream);
  moa_status (*stream_synchronize)(moa_device *device, moa_stream *stream);
  moa_status (*stream_wait)(moa_device *device, moa_stream *stream,
                            moa_event *event);

  /* Events: points in streams, with the time when they were reached. */
  moa_status (*event_create)(moa_device *device, moa_event **event);
  void (*event_destroy)(moa_device *device, moa_event *event);
  moa_status (*event_record)(moa_device *device, moa_event *event,
                             moa_stream *stream);
  moa_status (*event_synchronize)(moa_device *device, moa_event *event);
  moa_status (*event_milliseconds)(moa_device *device, moa_event *from,
                                   moa_event *to, float *milliseconds);

  /* Graphs: what is put into the stream between begin and end does not run,
   * but each time the graph is launched. */
  moa_status (*capture_begin)(moa_device *device, moa_stream *stream);
  moa_status (*capture_end)(moa_device *device, moa_stream *stream,
                            moa_graph **graph);
  moa_status (*graph_launch)(moa_device *device, moa_graph *graph,
                             moa_stream *stream);
  void (*graph_destroy)(moa_device *device, moa_graph *graph);
} moa_provider;

/* NVIDIA's driver, opened when a device is: the file that the environment
 * variable MOA_LIBCUDA names, else libcuda.so.1. */
const moa_provider *moa_provider_cuda(void);

/* Everything is an error that says so. */
const moa_provider *moa_provider_none(void);

/* The host as a device; in moa's library PTXEmulator. */
const moa_provider *moa_provider_emulator(void);

/* Makes a provider known under its name, before any thread looks for one.
 * MOA_BAD_ARGUMENT: the table has another version, or the name is taken. */
moa_status moa_register_provider(const moa_provider *provider);

/* "cuda", "none" and what was registered. Null, and the text in `error`, which
 * has room for `size` bytes, for other names. */
const moa_provider *moa_find_provider(const char *name, char *error,
                                      size_t size);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* MOA_RUNTIME_LAUNCH_H */
