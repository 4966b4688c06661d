//===- Inst.h - Decoded instructions ----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the inner loop runs: a function to call and operands as numbers.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MACHINE_INST_H
#define MOA_LIB_PTXEMULATOR_MACHINE_INST_H

#include <bit>
#include <climits>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace moa::ptx {

struct Warp;
struct Inst;

/// A set of lanes of a warp.
using Lanes = uint32_t;
inline constexpr unsigned warpSize = 32;
inline constexpr Lanes allLanes = ~0u;

/// Runs one instruction for the lanes given.
using Handler = void (*)(Warp &, const Inst &, Lanes);

/// Where an operand is: a register of the frame (0 and up), a constant or a
/// special register (below 0). Each is 32 values of 64 bits, or for predicates
/// one word with a bit for each lane.
using Slot = int32_t;
inline constexpr Slot noSlot = INT_MIN;
inline constexpr Slot specialBase = -1000000000;

/// Calls f(lane) for each lane of `lanes`.
template <class F> inline void forLanes(Lanes lanes, F f) {
  if (lanes == allLanes) {
    for (unsigned l = 0; l < warpSize; ++l)
      f(l);
  } else {
    for (; lanes; lanes &= lanes - 1)
      f(static_cast<unsigned>(std::countr_zero(lanes)));
  }
}

enum class AddressBase : uint8_t {
  Absolute, ///< offset only
  Register, ///< slot + offset
  Frame,    ///< local memory of the function + offset
  Block     ///< shared memory of the block + offset
};

struct Address {
  AddressBase base = AddressBase::Absolute;
  Slot slot = noSlot;
  int64_t offset = 0;
};

/// What only some families of instructions need.
struct InstExtra {
  virtual ~InstExtra() = default;
};

enum InstFlags : uint8_t {
  Control = 1,       ///< the handler moves the program counter
  Propagates = 2,    ///< undefined in, undefined out: no report
  MayFail = 4,       ///< memory: the handler marks what it defines
  EvenIfEmpty = 8,   ///< runs with no lane too
  Aligned = 16,      ///< all lanes of the warp together
  AtMbarrier = 32,   ///< waits for the mbarrier that Split::ticket names
  Copies = 64,       ///< mov: what holds of the source holds of the result
  OwnRegisters = 128 ///< wgmma: the handler notes its use of registers
};

struct Inst {
  Handler run = nullptr;
  Slot guard = noSlot;
  bool guardNegated = false;
  uint8_t flags = 0;
  uint8_t negated = 0; ///< bit i: src[i] is a predicate and negated
  uint8_t pad = 0;
  uint16_t opcode = 0; ///< index into Program::opcodes
  Slot dst = noSlot, dst2 = noSlot;
  Slot src[4] = {noSlot, noSlot, noSlot, noSlot};
  int64_t imm = 0;
  uint32_t mode = 0; ///< bits whose meaning the handler knows
  Address address;
  std::unique_ptr<InstExtra> extra;
  std::vector<Slot> reads, writes; ///< registers, for the check of definedness
  uint32_t line = 0;
  std::string_view text;
};

/// 32 values of one constant.
struct Constant {
  uint64_t lanes[warpSize];
};

/// Where a variable of a function is in its local memory.
struct FrameVariable {
  uint64_t offset, bytes;
};

/// A function ready to run.
struct Code {
  std::string name;
  std::vector<Inst> insts;
  uint32_t registers = 0;
  uint64_t frameBytes = 0;
  uint64_t frameAlign = 16;
  std::vector<FrameVariable> params, returns;
  /// Registers of parameters and results declared `.reg`, or -1.
  std::vector<int> paramRegisters, returnRegisters;
};

/// A kernel and all that it can call.
struct Program {
  std::string kernel;
  std::deque<Code> codes; ///< codes[0] is the kernel
  std::deque<Constant> constants;
  std::vector<std::string> opcodes;
  std::vector<std::string> tensorKinds; ///< shapes and types of products
  uint64_t sharedStatic = 0;            ///< bytes of static shared memory
  uint64_t sharedAlign = 16;
  uint64_t paramBytes = 0;
  bool usesWgmma = false;
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MACHINE_INST_H
