//===- Collective.h - What lanes do together --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each lane has a membermask of its own; all lanes of it must come, if need be
// from different places in the program, before any of them goes on.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_COLLECTIVE_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_COLLECTIVE_H

#include "../Machine/Machine.h"

namespace moa::ptx {

/// What the lanes bring and take away.
struct Meeting {
  Lanes lanes = 0;
  uint64_t mask[warpSize] = {};
  uint64_t a[warpSize] = {}, b[warpSize] = {}, c[warpSize] = {};
  Lanes p = 0;
  uint64_t result[warpSize] = {};
  Lanes resultP = 0;
};

/// Computes the results of the lanes that meet.
using MeetingFunction = void (*)(Warp &, const Inst &, Meeting &);

/// src[0..2] are a, b, c; src[3] is the membermask. If bit 0 of mode is set,
/// src[0] is a predicate; if bit 1 is set, dst is one.
void meet(Warp &w, const Inst &in, Lanes lanes, MeetingFunction function);

enum : uint32_t { PredicateIn = 1, PredicateOut = 2, ModeShift = 8 };

template <MeetingFunction function>
void runCollective(Warp &w, const Inst &in, Lanes lanes) {
  meet(w, in, lanes, function);
}

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_COLLECTIVE_H
