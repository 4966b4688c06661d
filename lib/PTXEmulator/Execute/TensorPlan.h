//===- TensorPlan.h - The pieces of a box of a tensor -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_TENSORPLAN_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_TENSORPLAN_H

#include "Bulk.h"
#include "moa/PTXEmulator/TensorMap.h"

namespace moa::ptx {

/// The box at `coordinates` (as many as dimensions, innermost first); for
/// im2col, moved by `offsets` (width first; empty: none). The map is valid.
SharedPlan planOf(const TensorMap &map, const int32_t *coordinates,
                  const std::vector<uint32_t> &offsets);

/// The PTX type of an element.
Type typeOf(TensorElement element);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_TENSORPLAN_H
