//===- Error.h - Errors of the runtime --------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What went wrong in the last call, one text for each thread.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_RUNTIME_ERROR_H
#define MOA_LIB_RUNTIME_ERROR_H

#include "moa-runtime/launch.h"

#include <string>

namespace moa::runtime {

/// Keeps `message` for last_error() of this thread and gives `status`.
moa_status fail(moa_status status, std::string message);

/// The text of the last failure of this thread.
const char *lastError();

} // namespace moa::runtime

#endif // MOA_LIB_RUNTIME_ERROR_H
