//===- WholeWarp.h - What a warp does as one --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instructions that are .sync.aligned: all 32 threads of the warp execute the
// same one, and none has exited.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_WHOLEWARP_H
#define MOA_LIB_PTXEMULATOR_MATRIX_WHOLEWARP_H

#include "../Decode/Decoder.h"

namespace moa::ptx {

/// True if the warp is complete. If not, the split waits for the other lanes,
/// or the fault is reported, or no lane executes it: the handler returns.
bool wholeWarp(Warp &w, const Inst &in, Lanes lanes);

/// Takes .sync.aligned and notes that the instruction moves on by itself.
bool takeAligned(Decoder &d);

/// The registers of `{a, b, ...}` or of `a`: as many as there must be.
bool takeRegisters(Decoder &d, const Operand &o, size_t count, bool writes,
                   std::vector<Slot> &into);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_WHOLEWARP_H
