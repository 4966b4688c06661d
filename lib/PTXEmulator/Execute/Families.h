//===- Families.h - The families of instructions ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function decodes the instructions of one family that `table` names.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_FAMILIES_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_FAMILIES_H

#include "../Decode/Decoder.h"

namespace moa::ptx {

using InstructionTable = std::map<std::string_view, DecodeFunction>;

void addInteger(InstructionTable &table);
void addBits(InstructionTable &table);
void addFloat(InstructionTable &table);
void addCompare(InstructionTable &table);
void addConvert(InstructionTable &table);
void addMove(InstructionTable &table);
void addControl(InstructionTable &table);
void addLoadStore(InstructionTable &table);
void addAtomic(InstructionTable &table);
void addWarp(InstructionTable &table);
void addBarrier(InstructionTable &table);
void addMbarrier(InstructionTable &table);
void addFence(InstructionTable &table);
void addTensorMap(InstructionTable &table);
void addAsync(InstructionTable &table);
void addMatrixMoves(InstructionTable &table);
void addWarpProducts(InstructionTable &table);
void addWmma(InstructionTable &table);
void addWgmma(InstructionTable &table);

/// All of them.
const InstructionTable &instructionTable();

/// bar.warp.sync, whose words are taken.
bool decodeWarpSync(Decoder &d);

// Opcodes that integer and floating-point types share: decoded here when the
// type (already taken) is not an integer.
bool decodeFloatArithmetic(Decoder &d, Type type);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_FAMILIES_H
