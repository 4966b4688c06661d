/*===- abi.h - How compiled moa functions are called ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the moa project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* Plain C (C99 and later, C++): what a program that calls compiled functions *|
|* and launches compiled kernels shares with the compiler. It needs nothing   *|
|* else of moa. The headers that moa-compile writes include it.               *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef MOA_RUNTIME_ABI_H
#define MOA_RUNTIME_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever something below does. A generated header refuses to compile
 * with another version. */
#define MOA_ABI_VERSION 1

/*===-- Arrays ------------------------------------------------------------===*/

/* An array of rank N, `moa_arrayN`, as MLIR's memref descriptors have it.
 *
 * Element (i, j, ...) is at index  offset + i * strides[0] + j * strides[1] + ...
 * of `data`, counted in elements. Strides may be zero or negative. `allocated`
 * is what the owner would free; compiled code does not use it.
 *
 * Elements: f32 and f64 are float and double; f16 and bf16 two bytes; i1 one
 * byte, 0 or 1; i8, i32 and i64 two's complement; index an int64_t.
 *
 * Destinations (the results of a function) are arguments too: the caller
 * allocates them, with the extents that the function's contract tells. They
 * must not overlap any other argument. */
typedef struct moa_array0 {
  void *allocated;
  void *data;
  int64_t offset;
} moa_array0;

#define MOA_DEFINE_ARRAY(RANK)                                                 \
  typedef struct moa_array##RANK {                                             \
    void *allocated;                                                           \
    void *data;                                                                \
    int64_t offset;                                                            \
    int64_t sizes[RANK];                                                       \
    int64_t strides[RANK];                                                     \
  } moa_array##RANK

MOA_DEFINE_ARRAY(1);
MOA_DEFINE_ARRAY(2);
MOA_DEFINE_ARRAY(3);
MOA_DEFINE_ARRAY(4);
MOA_DEFINE_ARRAY(5);
MOA_DEFINE_ARRAY(6);
MOA_DEFINE_ARRAY(7);
MOA_DEFINE_ARRAY(8);

/*===-- Kernels -----------------------------------------------------------===*/

/* The value of one kernel parameter. A launch passes its address; its size is
 * that of the type that the kernel declares. */
typedef union moa_param {
  void *pointer; /* to an array in device memory */
  int64_t i64;   /* also index */
  int32_t i32;
  int8_t i8;     /* also i1 */
  uint16_t bits16; /* f16 or bf16 */
  float f32;
  double f64;
} moa_param;

/* One launch. The grid has a thread for each cell; with fewer blocks or threads,
 * in the first dimension, each thread takes several cells. */
typedef struct moa_launch {
  uint32_t version; /* MOA_ABI_VERSION */
  uint32_t num_params;
  const char *kernel; /* name in the module */
  uint32_t grid[3];
  uint32_t block[3];
  uint32_t shared_bytes; /* dynamic shared memory */
  uint32_t reserved;     /* 0 */
  moa_param *params;
} moa_launch;

/* Writes the address of each parameter: the array that cuLaunchKernel takes. */
static inline void moa_param_pointers(const moa_launch *launch,
                                      void **pointers) {
  for (uint32_t i = 0; i < launch->num_params; ++i)
    pointers[i] = &launch->params[i];
}

/*===-- Arithmetic of generated code --------------------------------------===*/

static inline int64_t moa_min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t moa_max(int64_t a, int64_t b) { return a > b ? a : b; }
static inline uint64_t moa_minu(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}
static inline uint64_t moa_maxu(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}
static inline int64_t moa_floordiv(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
static inline int64_t moa_ceildiv(int64_t a, int64_t b) {
  return a / b + (a % b != 0 && (a < 0) == (b < 0));
}
static inline uint64_t moa_ceildivu(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0);
}

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* MOA_RUNTIME_ABI_H */
