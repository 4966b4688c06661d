/*===- wrappers.h - Launches of host code that MLIR compiled --------*- C -*-===*\
|*                                                                            *|
|* Part of the moa project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* Host code that MLIR's gpu-to-llvm makes calls functions named mgpu... to   *|
|* load modules and to launch kernels. moa's library Runtime has them, over   *|
|* the launch table, so that such code runs on each provider.                 *|
|*                                                                            *|
|* They act on the device that the thread uses. A thread that has said        *|
|* nothing uses device 0 of the provider that the environment variable        *|
|* MOA_PROVIDER names ("cuda" without); an error then ends the program with a *|
|* message and status 1.                                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef MOA_RUNTIME_WRAPPERS_H
#define MOA_RUNTIME_WRAPPERS_H

#include "moa-runtime/launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From now on, the functions called by this thread act on `device`, and keep
 * the first error. Two null pointers end that. */
void moa_use_device(const moa_provider *provider, moa_device *device);

/* The first error since the last call of this or of moa_use_device by this
 * thread; null if there was none. Lives until the next call. */
const char *moa_take_error(void);

/* A function called mgpu... by its name; null if there is none. For a JIT. */
void *moa_wrapper(const char *name);

/* The names of all of them, a null pointer at the end. */
const char *const *moa_wrapper_names(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* MOA_RUNTIME_WRAPPERS_H */
