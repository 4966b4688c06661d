//===- TensorMapOperand.h - Tensor maps in memory ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_TENSORMAPOPERAND_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_TENSORMAPOPERAND_H

#include "../Machine/Machine.h"
#include "moa/PTXEmulator/TensorMap.h"

namespace moa::ptx {

/// Reads the tensor map at a generic address: a kernel parameter, constant or
/// global memory. False after a fault.
bool readTensorMap(Warp &w, const Inst &in, unsigned lane, uint64_t address,
                   TensorMap &map);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_TENSORMAPOPERAND_H
