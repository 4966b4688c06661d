//===- Decoder.cpp - From words to decoded instructions ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

#include <algorithm>

using namespace moa::ptx;

bool Decoder::error(const std::string &text) {
  if (message.empty())
    message = "line " + std::to_string(ast ? ast->line : function.line) + ": " +
              text + (ast ? ": " + std::string(ast->text) : "");
  return false;
}

bool Decoder::unsupported(const std::string &what) {
  return error(what + " is not supported");
}

bool Decoder::take(std::string_view modifier) {
  for (size_t i = 0; i < taken.size(); ++i)
    if (!taken[i] && ast->modifiers[i] == modifier)
      return taken[i] = true;
  return false;
}

bool Decoder::has(std::string_view modifier) const {
  return std::find(ast->modifiers.begin(), ast->modifiers.end(), modifier) !=
         ast->modifiers.end();
}

int Decoder::takeOne(std::initializer_list<std::string_view> words) {
  int index = 0;
  for (std::string_view word : words) {
    if (take(word))
      return index;
    ++index;
  }
  return -1;
}

std::string_view Decoder::takePrefix(std::string_view prefix) {
  for (size_t i = 0; i < taken.size(); ++i)
    if (!taken[i] && ast->modifiers[i].substr(0, prefix.size()) == prefix) {
      taken[i] = true;
      return ast->modifiers[i];
    }
  return {};
}

Type Decoder::takeType() {
  for (size_t i = 0; i < taken.size(); ++i)
    if (!taken[i])
      if (Type type = typeNamed(ast->modifiers[i]); type != Type::None) {
        taken[i] = true;
        return type;
      }
  return Type::None;
}

Rounding Decoder::takeRounding(bool *written) {
  static constexpr std::pair<std::string_view, Rounding> names[] = {
      {"rn", Rounding::Nearest},
      {"rna", Rounding::Away},
      {"rz", Rounding::Zero},
      {"rm", Rounding::Down},
      {"rp", Rounding::Up}};
  for (auto [name, rounding] : names)
    if (take(name)) {
      if (written)
        *written = true;
      return rounding;
    }
  return Rounding::Nearest;
}

bool Decoder::operands(size_t least, size_t most) {
  size_t count = operandCount();
  if (count < least || count > most)
    return error("'" + std::string(ast->opcode) + "' takes " +
                 std::to_string(least) +
                 (most != least ? " to " + std::to_string(most) : "") +
                 " operands, there are " + std::to_string(count));
  return true;
}

Slot Decoder::constant(uint64_t value) {
  auto [it, isNew] = constants.try_emplace(value, 0);
  if (isNew) {
    Constant c;
    std::fill_n(c.lanes, warpSize, value);
    program.constants.push_back(c);
    it->second = ~Slot(program.constants.size() - 1);
  }
  return it->second;
}

Slot Decoder::temporary() { return code.registers++; }

Type Decoder::registerType(const Operand &o) const {
  return o.kind == Operand::Kind::Register ? function.registers[o.index].type
                                           : Type::None;
}

static uint64_t truncated(uint64_t value, Type type) {
  unsigned bits = bitsOf(type);
  return bits && bits < 64 ? value & ((uint64_t(1) << bits) - 1) : value;
}

Slot Decoder::source(const Operand &o, Type type) {
  switch (o.kind) {
  case Operand::Kind::Register:
    if (registerType(o) == Type::Pred) {
      error("a predicate where a value is needed");
      return noSlot;
    }
    in.reads.push_back(o.index);
    return o.index;
  case Operand::Kind::Integer:
    if (type == Type::F32)
      return constant(bitsOf(float(int64_t(o.bits))));
    if (type == Type::F64)
      return constant(bitsOf(double(int64_t(o.bits))));
    return constant(truncated(o.bits, type));
  case Operand::Kind::Float: {
    bool wide = bitsOf(type) == 64;
    if (o.floatBits == 64 && !wide)
      return constant(bitsOf(float(asDouble(o.bits))));
    if (o.floatBits == 32 && wide)
      return constant(bitsOf(double(asFloat(o.bits))));
    return constant(o.bits);
  }
  case Operand::Kind::Special: {
    Special special;
    if (specialNamed(o.name, special))
      return slotOf(special);
    error("special register '" + std::string(o.name) +
          "' is not supported here");
    return noSlot;
  }
  case Operand::Kind::Symbol:
    return symbol(o);
  default:
    error("an operand of the wrong kind");
    return noSlot;
  }
}

/// The address of a variable or function; one in a frame or in shared memory is
/// computed by an instruction of its own.
Slot Decoder::symbol(const Operand &o) {
  auto compute = [&](Handler run, uint64_t offset) {
    Inst mov;
    mov.run = run;
    mov.opcode = opcodeIndex("mov");
    mov.dst = temporary();
    mov.imm = offset + o.offset;
    mov.writes.push_back(mov.dst);
    mov.line = ast->line;
    mov.text = ast->text;
    Slot result = mov.dst;
    emit(std::move(mov));
    in.reads.push_back(result);
    return result;
  };
  const Variable *v = o.variable ? o.variable : module.variable(o.name);
  if (v) {
    if (auto it = frameOffsets.find(v); it != frameOffsets.end()) {
      if (function.isEntry && v->space == Space::Param &&
          v >= function.params.data() &&
          v < function.params.data() + function.params.size())
        return constant(paramWindow + it->second + o.offset);
      return compute(runFrameAddress, it->second);
    }
    if (auto it = layout.shared.find(v); it != layout.shared.end())
      return compute(runBlockAddress, it->second);
  }
  if (auto it = layout.globals.find(
          o.variable ? std::string_view(o.variable->name) : o.name);
      it != layout.globals.end())
    return constant(it->second + o.offset);
  if (const Function *f = module.function(o.name))
    if (auto it = layout.codes.find(f); it != layout.codes.end())
      return constant(functionAddress(it->second));
  error("unknown name '" + std::string(o.name) + "'");
  return noSlot;
}

Slot Decoder::predicateSource(unsigned index, const Operand &o) {
  if (o.kind == Operand::Kind::Integer)
    return constant(o.bits ? allLanes : 0);
  if (o.kind == Operand::Kind::Special && o.name == "%is_explicit_cluster")
    return slotOf(Special::IsExplicitCluster);
  if (registerType(o) != Type::Pred) {
    error("a predicate is needed");
    return noSlot;
  }
  if (o.negated)
    in.negated |= 1u << index;
  in.reads.push_back(o.index);
  return o.index;
}

Slot Decoder::destination(const Operand &o) {
  if (o.kind == Operand::Kind::Sink)
    return temporary();
  if (o.kind != Operand::Kind::Register || registerType(o) == Type::Pred) {
    error("the result must go to a register");
    return noSlot;
  }
  in.writes.push_back(o.index);
  return o.index;
}

Slot Decoder::predicateDestination(const Operand &o) {
  if (o.kind == Operand::Kind::Sink)
    return noSlot;
  if (registerType(o) != Type::Pred) {
    error("the result must go to a predicate");
    return noSlot;
  }
  in.writes.push_back(o.index);
  return o.index;
}

bool Decoder::sources(size_t first, unsigned count, Type type) {
  for (unsigned i = 0; i < count; ++i)
    if ((in.src[i] = source(operand(first + i), type)) == noSlot)
      return false;
  return true;
}

bool Decoder::integer(const Operand &o, int64_t &value) {
  if (o.kind != Operand::Kind::Integer)
    return error("a constant is needed");
  value = static_cast<int64_t>(o.bits);
  return true;
}

/// `[name + 4]`, `[%rd1 + 4]`, `[16]`.
bool Decoder::address(const Operand &o, bool sharedSpace) {
  if (o.kind != Operand::Kind::Address)
    return error("an address in brackets is needed");
  const Operand &base = o.elements[0];
  Address &a = in.address;
  a = {};
  a.offset = o.offset;
  if (base.kind == Operand::Kind::Integer) {
    a.offset += base.bits;
    return true;
  }
  if (base.kind == Operand::Kind::Symbol) {
    a.offset += base.offset;
    const Variable *v =
        base.variable ? base.variable : module.variable(base.name);
    if (v) {
      auto frame = frameOffsets.find(v);
      bool entryParam = frame != frameOffsets.end() && function.isEntry &&
                        v >= function.params.data() &&
                        v < function.params.data() + function.params.size();
      if (entryParam) {
        a.offset += paramWindow + frame->second;
        return true;
      }
      if (frame != frameOffsets.end()) {
        a.base = AddressBase::Frame;
        a.offset += frame->second;
        return true;
      }
      if (auto it = layout.shared.find(v); it != layout.shared.end()) {
        a.base = AddressBase::Block;
        a.offset += it->second;
        return true;
      }
    }
  }
  (void)sharedSpace;
  a.base = AddressBase::Register;
  a.slot = source(base, Type::B64);
  return a.slot != noSlot;
}

bool Decoder::address(const Operand &o, Address &into) {
  Address saved = in.address;
  bool ok = address(o);
  into = in.address;
  in.address = saved;
  return ok;
}

uint16_t Decoder::opcodeIndex(const std::string &name) {
  auto &names = program.opcodes;
  auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end())
    it = names.insert(names.end(), name);
  return uint16_t(it - names.begin());
}

unsigned Decoder::tensorKind() {
  std::string name(ast->opcode);
  for (std::string_view m : ast->modifiers)
    if (m != "sync" && m != "aligned" && m != "row" && m != "col" &&
        m != "mma" && m != "mma_async" && m != "satfinite")
      name += "." + std::string(m);
  auto &names = program.tensorKinds;
  auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end())
    it = names.insert(names.end(), std::move(name));
  return unsigned(it - names.begin());
}

/// Variables of the function, and its parameters, in local memory; those of a
/// kernel are in the parameter block.
void Decoder::layoutFrame() {
  uint64_t offset = 0;
  auto place = [&](const Variable &v, uint64_t &at) {
    at = (at + v.align - 1) / v.align * v.align;
    frameOffsets[&v] = at;
    FrameVariable result{at, v.bytes};
    at += v.bytes;
    return result;
  };
  for (const Variable &v : function.params) {
    code.paramRegisters.push_back(v.reg);
    code.params.push_back(place(v, offset));
  }
  if (function.isEntry)
    offset = 0;
  for (const Variable &v : function.returns) {
    code.returnRegisters.push_back(v.reg);
    code.returns.push_back(place(v, offset));
  }
  for (const auto &v : function.variables) {
    if (v->space == Space::Local || v->space == Space::Param) {
      place(*v, offset);
      code.frameAlign = std::max(code.frameAlign, v->align);
    }
  }
  code.frameBytes = offset;
}

bool Decoder::run(const std::map<std::string_view, DecodeFunction> &table,
                  std::string &text) {
  layoutFrame();
  code.name = function.name;
  code.registers = function.registers.size();
  std::vector<uint32_t> instOf(function.body.size() + 1);
  for (size_t i = 0; i < function.body.size() && message.empty(); ++i) {
    ast = &function.body[i];
    instOf[i] = code.insts.size();
    in = Inst();
    taken.assign(ast->modifiers.size(), false);
    auto family = table.find(ast->opcode);
    if (family == table.end()) {
      unsupported("instruction '" + std::string(ast->opcode) + "'");
      break;
    }
    in.guard = ast->guard < 0 ? noSlot : ast->guard;
    in.guardNegated = ast->guardNegated;
    in.line = ast->line;
    in.text = ast->text;
    in.opcode = opcodeIndex(std::string(ast->opcode));
    if (!family->second(*this) || !message.empty()) {
      error("malformed instruction");
      break;
    }
    for (size_t m = 0; m < taken.size(); ++m)
      if (!taken[m])
        unsupported("modifier '." + std::string(ast->modifiers[m]) + "' of '" +
                    std::string(ast->opcode) + "'");
    emit(std::move(in));
  }
  text = message;
  if (!message.empty())
    return false;
  instOf[function.body.size()] = code.insts.size();
  // A body that runs off its end returns.
  static const Instruction end{"ret", {}, {}, -1, false, 0, "}"};
  ast = &end;
  in = Inst();
  in.opcode = opcodeIndex("ret");
  in.line = function.body.empty() ? function.line : function.body.back().line;
  in.text = end.text;
  taken.clear();
  table.at("ret")(*this);
  emit(std::move(in));
  for (uint32_t label : function.labels)
    instOfLabel.push_back(instOf[label]);
  for (auto [inst, label] : fixups)
    code.insts[inst].imm = instOfLabel[label];
  for (std::vector<uint32_t> *table : tableFixups)
    for (uint32_t &label : *table)
      label = instOfLabel[label];
  return true;
}

void moa::ptx::runFrameAddress(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t *d = w.dst(in.dst);
  const Frame &f = w.frame();
  forLanes(lanes, [&](unsigned l) { d[l] = f.localBase[l] + in.imm; });
}

void moa::ptx::runBlockAddress(Warp &w, const Inst &in, Lanes lanes) {
  uint64_t *d = w.dst(in.dst);
  uint64_t base = w.special[unsigned(Special::SharedBase)][0];
  forLanes(lanes, [&](unsigned l) { d[l] = base + in.imm; });
}

bool moa::ptx::specialNamed(std::string_view name, Special &special) {
  static constexpr std::pair<std::string_view, Special> names[] = {
      {"%tid.x", Special::TidX},
      {"%tid.y", Special::TidY},
      {"%tid.z", Special::TidZ},
      {"%ntid.x", Special::NtidX},
      {"%ntid.y", Special::NtidY},
      {"%ntid.z", Special::NtidZ},
      {"%ctaid.x", Special::CtaidX},
      {"%ctaid.y", Special::CtaidY},
      {"%ctaid.z", Special::CtaidZ},
      {"%nctaid.x", Special::NctaidX},
      {"%nctaid.y", Special::NctaidY},
      {"%nctaid.z", Special::NctaidZ},
      {"%laneid", Special::LaneId},
      {"%warpid", Special::WarpId},
      {"%nwarpid", Special::NwarpId},
      {"%lanemask_eq", Special::LanemaskEq},
      {"%lanemask_le", Special::LanemaskLe},
      {"%lanemask_lt", Special::LanemaskLt},
      {"%lanemask_ge", Special::LanemaskGe},
      {"%lanemask_gt", Special::LanemaskGt},
      {"%clusterid.x", Special::ClusteridX},
      {"%clusterid.y", Special::ClusteridY},
      {"%clusterid.z", Special::ClusteridZ},
      {"%nclusterid.x", Special::NclusteridX},
      {"%nclusterid.y", Special::NclusteridY},
      {"%nclusterid.z", Special::NclusteridZ},
      {"%cluster_ctaid.x", Special::ClusterCtaidX},
      {"%cluster_ctaid.y", Special::ClusterCtaidY},
      {"%cluster_ctaid.z", Special::ClusterCtaidZ},
      {"%cluster_nctaid.x", Special::ClusterNctaidX},
      {"%cluster_nctaid.y", Special::ClusterNctaidY},
      {"%cluster_nctaid.z", Special::ClusterNctaidZ},
      {"%cluster_ctarank", Special::ClusterCtarank},
      {"%cluster_nctarank", Special::ClusterNctarank},
      {"%dynamic_smem_size", Special::DynamicSmemSize},
      {"%total_smem_size", Special::TotalSmemSize},
      {"%smid", Special::SmId},
      {"%nsmid", Special::NsmId},
      {"%gridid", Special::GridId},
  };
  for (auto [text, value] : names)
    if (text == name) {
      special = value;
      return true;
    }
  return false;
}
