//===- WholeWarp.cpp - What a warp does as one ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WholeWarp.h"

using namespace moa::ptx;

bool moa::ptx::wholeWarp(Warp &w, const Inst &in, Lanes lanes) {
  if (lanes == allLanes)
    return true;
  if (!lanes) {
    w.advance();
    return false;
  }
  // Lanes that are elsewhere may still come.
  if (w.splits.size() > 1 && lanes == w.split().lanes) {
    w.wait(Split::State::Pending);
    return false;
  }
  if (!w.launch->options.checks.convergence)
    return true;
  std::string message =
      lanes == w.alive()
          ? "the warp has only " + std::to_string(std::popcount(lanes)) +
                " threads; this instruction needs all 32"
          : "only some lanes of the warp execute an aligned instruction";
  w.fault(in, std::countr_zero(lanes), "divergent-aligned", std::move(message),
          true);
  return false;
}

bool moa::ptx::takeAligned(Decoder &d) {
  d.in.flags |= Control | Aligned;
  if (!d.take("sync"))
    return d.error("'" + std::string(d.ast->opcode) + "' needs .sync");
  // Optional before PTX 6.3.
  d.take("aligned");
  return true;
}

bool moa::ptx::takeRegisters(Decoder &d, const Operand &o, size_t count,
                             bool writes, std::vector<Slot> &into) {
  size_t given = o.kind == Operand::Kind::Vector ? o.elements.size() : 1;
  if (given != count)
    return d.error(std::to_string(count) + " registers are needed, there are " +
                   std::to_string(given));
  for (size_t i = 0; i < count; ++i) {
    const Operand &e = o.kind == Operand::Kind::Vector ? o.elements[i] : o;
    Slot slot = writes ? d.destination(e) : d.source(e, Type::B32);
    if (slot == noSlot)
      return false;
    into.push_back(slot);
  }
  return true;
}
