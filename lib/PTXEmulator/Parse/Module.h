//===- Module.h - A PTX module as parsed ------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The syntax tree: names of registers, variables and labels are resolved, types
// of variables laid out; instructions are still words.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_PARSE_MODULE_H
#define MOA_LIB_PTXEMULATOR_PARSE_MODULE_H

#include "Type.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moa::ptx {

/// State spaces. `Generic` is the absence of one.
enum class Space : uint8_t {
  Generic,
  Reg,
  Const,
  Global,
  Local,
  Param,
  Shared
};

/// An address inside an initializer: the bytes at `offset` receive
/// (address of `symbol` + addend), or byte number `byte` of it.
struct Relocation {
  uint64_t offset;
  unsigned bytes;
  std::string symbol;
  int64_t addend;
  bool generic;
  int byte; ///< -1: the whole address
};

struct Variable {
  std::string name;
  Space space = Space::Generic;
  Type type = Type::None;
  uint64_t bytes = 0;
  uint64_t align = 1;
  bool isExtern = false; ///< of another module, or dynamic shared memory
  bool unsized = false;  ///< `name[]`
  std::vector<uint8_t> init;
  std::vector<Relocation> relocations;
  uint32_t line = 0;
  int reg = -1; ///< a parameter in a register (`.reg` parameters of functions)
};

struct Operand {
  enum class Kind : uint8_t {
    Register, ///< index
    Special,  ///< name: `%tid.x`
    Integer,  ///< bits
    Float,    ///< bits, floatBits (32 or 64)
    Symbol,   ///< name (variable or function), offset
    Label,    ///< index into Function::labels
    Vector,   ///< elements: `{a, b}`
    Address,  ///< elements[0] + offset, more elements: `[map, {c0, c1}]`
    List,     ///< elements: `(a, b)`
    Sink      ///< `_`
  };
  Kind kind = Kind::Sink;
  bool negated = false; ///< `!p`
  uint8_t floatBits = 0;
  uint32_t index = 0;
  uint64_t bits = 0;
  int64_t offset = 0;
  std::string_view name;
  const Variable *variable = nullptr; ///< of a Symbol, when in the function
  std::vector<Operand> elements;
  std::vector<Operand> second; ///< the q of `p|q`, one element
};

struct Instruction {
  std::string_view opcode;
  std::vector<std::string_view> modifiers;
  std::vector<Operand> operands;
  int guard = -1; ///< register, or -1
  bool guardNegated = false;
  uint32_t line = 0;
  std::string_view text;
};

struct Register {
  std::string name;
  Type type;
};

/// The signature of an indirect call.
struct Prototype {
  std::vector<Variable> returns, params;
};

struct Function {
  std::string name;
  bool isEntry = false, hasBody = false, noReturn = false;
  uint32_t line = 0;
  std::vector<Variable> returns, params;
  std::vector<Register> registers;
  std::deque<std::string> rangeNames; ///< of registers declared as `%r<9>`
  std::vector<std::unique_ptr<Variable>> variables; ///< declared inside
  std::vector<Instruction> body;
  std::vector<uint32_t> labels; ///< label -> index into body
  std::vector<std::string> labelNames;
  std::map<std::string, std::vector<uint32_t>, std::less<>> branchTargets;
  std::map<std::string, Prototype, std::less<>> prototypes;
  std::optional<std::array<uint32_t, 3>> maxThreads, requiredThreads, cluster;
  std::optional<uint32_t> maxRegisters, maxClusterRank;
};

struct Module {
  std::string source;
  unsigned version = 0; ///< 10 * major + minor
  std::string target;
  unsigned addressSize = 64;
  std::vector<std::unique_ptr<Variable>> variables;
  std::vector<std::unique_ptr<Function>> functions;
  std::map<std::string, std::string, std::less<>> aliases;
  std::vector<std::string> warnings;

  /// The function called `name`: the one with a body if there is one.
  const Function *function(std::string_view name) const;
  const Variable *variable(std::string_view name) const;
};

struct SyntaxError {
  uint32_t line = 0;
  std::string message;
};

/// Parses PTX text; null and `error` set where it is malformed.
std::unique_ptr<Module> parseModule(std::string source, SyntaxError &error);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_PARSE_MODULE_H
