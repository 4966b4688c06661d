//===- AsyncRegisters.cpp - Registers that wgmma uses -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// wgmma reads and writes registers while the warp goes on. A fence must stand
// between other instructions that access a register and the wgmma that uses it;
// after it, the register may be touched again when its group has been waited
// for.
//
// Compilers copy registers on their way in and out, also where nothing may
// touch them; ptxas makes the copies go away. So a mov hands on what holds of
// its source, and what comes of it shows where the copy is used.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace moa::ptx;

static std::string inFlight(const RegisterUse &use) {
  return std::string(use.accumulator ? "an accumulator" : "a register of A") +
         " of a wgmma that may still be under way";
}

void Warp::noteRegisters(const Inst &in) {
  RegisterUse *uses = frame().uses.get();
  auto bad = [&](const RegisterUse &use, const char *what) {
    fault(in, 0, "wgmma-in-flight", what + inFlight(use), false);
  };
  RegisterUse copied;
  for (Slot slot : in.reads) {
    RegisterUse &use = uses[slot];
    if (in.flags & Copies) {
      if (use.pending > copied.pending || use.accessed > copied.accessed)
        copied = use;
      continue;
    }
    if (use.pending > wgmma.completed)
      bad(use, "read of ");
    use.accessed = wgmma.fences + 1;
  }
  bool moves = in.flags & Copies && !in.reads.empty();
  for (Slot slot : in.writes) {
    RegisterUse &use = uses[slot];
    if (!moves && use.pending > wgmma.completed)
      bad(use, "write of ");
    if (in.flags & Copies)
      use = copied;
    else
      use.accessed = wgmma.fences + 1;
  }
}

/// The current wgmma uses these registers. False after a fault.
bool Warp::claimRegisters(const Inst &in, const std::vector<Slot> &slots,
                          bool accumulators, uint32_t kind) {
  auto missing = [&](const std::string &why) {
    fault(in, 0, "missing-wgmma-fence", why + " without wgmma.fence", false);
    return false;
  };
  if (!wgmma.watched)
    return true;
  bool good = true;
  if (!wgmma.fences)
    good = missing("the first wgmma of the warp");
  RegisterUse *uses = frame().uses.get();
  for (Slot slot : slots) {
    RegisterUse &use = uses[slot];
    bool pending = use.pending > wgmma.completed;
    if (good && use.accessed == wgmma.fences + 1)
      good = missing(
          std::string(accumulators ? "an accumulator" : "a register of A") +
          " was accessed before");
    if (good && pending && use.accumulator != accumulators) {
      fault(in, 0, "wgmma-in-flight", "this wgmma uses " + inFlight(use),
            false);
      good = false;
    }
    if (good && accumulators && use.accumulator && use.pending &&
        use.kind != kind && use.fences == wgmma.fences)
      good = missing("a wgmma of another shape used this accumulator");
    use = {use.accessed, wgmma.committed + 1, wgmma.fences, kind, accumulators};
  }
  return good;
}
