//===- TensorCopy.cpp - cp.async.bulk.tensor --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BulkDecode.h"
bool moa::ptx::decodeTensorCopy(Decoder &d, bool) {
  return d.unsupported("'cp.async.bulk.tensor'");
}
