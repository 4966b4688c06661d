//===- BulkDecode.h - Decoding of bulk copies -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_BULKDECODE_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_BULKDECODE_H

#include "../Decode/Decoder.h"
#include "Bulk.h"

namespace moa::ptx {

/// cp.async.bulk or cp.reduce.async.bulk, whose first words are taken.
bool decodeBulk(Decoder &d, bool reduces);
/// cp.async.bulk.tensor, whose first words are taken.
bool decodeTensorCopy(Decoder &d, bool reduces);
/// st.async and red.async.
bool decodeStoreAsync(Decoder &d, bool reduces);
/// st.bulk.
bool decodeStoreBulk(Decoder &d);
/// Takes an operation and its type.
bool decodeReduction(Decoder &d, Reduction &reduction);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_BULKDECODE_H
