//===- Table.cpp - All instructions -----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Families.h"

const moa::ptx::InstructionTable &moa::ptx::instructionTable() {
  static const InstructionTable table = [] {
    InstructionTable t;
    addInteger(t);
    addBits(t);
    addFloat(t);
    addCompare(t);
    addConvert(t);
    addMove(t);
    addControl(t);
    addLoadStore(t);
    addAtomic(t);
    addWarp(t);
    addBarrier(t);
    addMatrixMoves(t);
    addWarpProducts(t);
    addWmma(t);
    addWgmma(t);
    addMbarrier(t);
    addFence(t);
    addTensorMap(t);
    addAsync(t);
    return t;
  }();
  return table;
}
