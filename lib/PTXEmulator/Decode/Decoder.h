//===- Decoder.h - From words to decoded instructions -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The families of instructions (Execute/) take modifiers and operands from a
// Decoder; what they do not take is an error that names it.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_DECODE_DECODER_H
#define MOA_LIB_PTXEMULATOR_DECODE_DECODER_H

#include "../Machine/Machine.h"
#include "../Math/FloatFormat.h"
#include "../Parse/Module.h"

#include <set>
#include <unordered_map>

namespace moa::ptx {

class Decoder;
/// Decodes one instruction; false after Decoder::error.
using DecodeFunction = bool (*)(Decoder &);

/// Where the names of a module are.
struct Layout {
  std::map<std::string, uint64_t, std::less<>> globals;  ///< addresses
  std::unordered_map<const Variable *, uint64_t> shared; ///< offsets
  std::unordered_map<const Function *, uint32_t> codes;  ///< index in program
};

/// The address that stands for code number `index`.
inline uint64_t functionAddress(uint32_t index) {
  return functionWindow + 16 * uint64_t(index + 1);
}

class Decoder {
public:
  Decoder(Program &program, const Module &module, const Layout &layout,
          const Function &function, Code &code)
      : program(program), module(module), layout(layout), function(function),
        code(code) {}

  /// Decodes the whole body with the families of `table`.
  bool run(const std::map<std::string_view, DecodeFunction> &table,
           std::string &message);

  // What a family uses. -----------------------------------------------------
  Program &program;
  const Module &module;
  const Layout &layout;
  const Function &function;
  Code &code;
  const Instruction *ast = nullptr;
  Inst in;

  bool error(const std::string &message);
  bool unsupported(const std::string &what);

  /// Takes a modifier; false if it is not there.
  bool take(std::string_view modifier);
  bool has(std::string_view modifier) const;
  /// Takes the first of `words` that is there; its index, or -1.
  int takeOne(std::initializer_list<std::string_view> words);
  /// Takes the first modifier not taken that begins with `prefix`; empty if
  /// there is none.
  std::string_view takePrefix(std::string_view prefix);
  /// Takes the next modifier that is a type; Type::None if there is none.
  Type takeType();
  /// .rn .rz .rm .rp .rna; Nearest where there is none.
  Rounding takeRounding(bool *written = nullptr);

  size_t operandCount() const { return ast->operands.size(); }
  const Operand &operand(size_t i) const { return ast->operands[i]; }
  bool operands(size_t least, size_t most);
  /// Sources: noSlot after an error.
  Slot source(const Operand &o, Type type);
  Slot predicateSource(unsigned index, const Operand &o);
  Slot destination(const Operand &o);
  Slot predicateDestination(const Operand &o);
  /// in.src[i] = operand `first + i` of type `type`, for i < count.
  bool sources(size_t first, unsigned count, Type type);
  bool address(const Operand &o, bool sharedSpace = false);
  /// An address besides the one of the instruction.
  bool address(const Operand &o, Address &into);
  bool integer(const Operand &o, int64_t &value);

  Slot constant(uint64_t value);
  /// A register that the program does not name.
  Slot temporary();
  /// Type of the register that `o` is, or None.
  Type registerType(const Operand &o) const;
  bool failed() const { return !message.empty(); }

  std::vector<std::pair<uint32_t, uint32_t>> fixups; ///< inst, label
  /// Lists of labels that become lists of instructions.
  std::vector<std::vector<uint32_t> *> tableFixups;
  std::vector<uint32_t> instOfLabel;
  /// Offset in the frame of a variable of this function.
  std::unordered_map<const Variable *, uint64_t> frameOffsets;

  void emit(Inst &&inst) { code.insts.push_back(std::move(inst)); }
  uint16_t opcodeIndex(const std::string &name);
  /// The number under which matrix products of this shape and type count:
  /// those whose instructions have the same words but for layouts.
  unsigned tensorKind();

private:
  Slot symbol(const Operand &o);
  void layoutFrame();

  std::vector<bool> taken;
  std::string message;
  std::map<uint64_t, Slot> constants;
  std::map<std::string, uint16_t> opcodes;
};

/// The special register of that name, if its value never changes.
bool specialNamed(std::string_view name, Special &special);

/// Writes the address of a variable of the frame (imm) to dst.
void runFrameAddress(Warp &w, const Inst &in, Lanes lanes);
void runBlockAddress(Warp &w, const Inst &in, Lanes lanes);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_DECODE_DECODER_H
