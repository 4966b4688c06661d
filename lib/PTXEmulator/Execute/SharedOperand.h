//===- SharedOperand.h - Operands in shared memory --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_SHAREDOPERAND_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_SHAREDOPERAND_H

#include "../Machine/Machine.h"
#include "../Parse/Module.h"

namespace moa::ptx {

/// The shared addresses (rank and offset) that an operand has; generic ones
/// must be of shared memory. False after a fault.
inline bool sharedAddresses(Warp &w, const Inst &in, const Address &operand,
                            Space space, Lanes lanes, uint64_t *at) {
  w.addresses(operand, at);
  if (space != Space::Generic)
    return true;
  bool ok = true;
  forLanes(lanes, [&](unsigned l) {
    if (at[l] >= sharedWindow && at[l] < sharedWindowEnd) {
      at[l] -= sharedWindow;
    } else if (ok) {
      ok = false;
      w.fault(in, l, "out-of-bounds",
              "the address must be one of shared memory", true, &at[l]);
    }
  });
  return ok;
}

/// Calls f(lane, place) for the places of `bytes` bytes, a multiple of `bytes`,
/// that in.address names in the space in.mode, until one is faulty.
template <class F>
void forSharedPlaces(Warp &w, const Inst &in, Lanes lanes, uint64_t bytes,
                     F f) {
  uint64_t at[warpSize];
  if (!sharedAddresses(w, in, in.address, Space(in.mode), lanes, at))
    return;
  forLanes(lanes, [&](unsigned l) {
    if (w.launch->stop)
      return;
    if (at[l] % bytes) {
      w.fault(in, l, "misaligned",
              "the address is not a multiple of " + std::to_string(bytes), true,
              &at[l]);
      return;
    }
    SharedPlace place = w.sharedPlace(in, l, at[l], bytes, "access");
    if (place.memory)
      f(l, place);
  });
}

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_SHAREDOPERAND_H
