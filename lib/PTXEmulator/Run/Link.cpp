//===- Link.cpp - From a module to a program --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Link.h"

#include "../Execute/Families.h"

#include <algorithm>
#include <cstring>
#include <functional>

using namespace moa::ptx;

/// Functions and shared variables that a kernel reaches, by name.
namespace {
class Reach {
public:
  explicit Reach(const Module &module) : module(module) {}

  void function(const Function *f) {
    if (!f || !f->hasBody || !seenFunctions.insert(f).second)
      return;
    functions.push_back(f);
    for (const auto &v : f->variables)
      variable(v.get());
    for (const Instruction &in : f->body)
      for (const Operand &o : in.operands)
        operand(o);
  }

  std::vector<const Function *> functions;
  std::vector<const Variable *> shared;

private:
  void variable(const Variable *v) {
    if (!v || !seenVariables.insert(v).second)
      return;
    if (v->space == Space::Shared)
      shared.push_back(v);
    for (const Relocation &r : v->relocations)
      name(r.symbol);
  }
  void name(std::string_view text) {
    function(module.function(text));
    variable(module.variable(text));
  }
  void operand(const Operand &o) {
    if (o.kind == Operand::Kind::Symbol && !o.variable)
      name(o.name);
    for (const Operand &e : o.elements)
      operand(e);
  }

  const Module &module;
  std::set<const Function *> seenFunctions;
  std::set<const Variable *> seenVariables;
};
} // namespace

bool moa::ptx::placeGlobals(const Module &module, GlobalMemory &memory,
                            Layout &layout, std::string &error) {
  std::vector<std::pair<const Variable *, Allocation *>> placed;
  auto place = [&](const Variable &v) {
    if ((v.space != Space::Global && v.space != Space::Const) ||
        layout.globals.count(v.name))
      return true;
    if (v.isExtern && &v == module.variable(v.name) && v.bytes == 0)
      return true;
    if (v.isExtern && &v != module.variable(v.name))
      return true;
    Allocation *a =
        memory.allocate(v.bytes, std::max<uint64_t>(v.align, 16), v.name, true);
    if (!a) {
      error = "line " + std::to_string(v.line) + ": '" + v.name + "' has " +
              std::to_string(v.bytes) + " bytes; there is not that much memory";
      return false;
    }
    a->readOnly = v.space == Space::Const;
    std::copy(v.init.begin(), v.init.end(), a->data.get());
    layout.globals[v.name] = a->base;
    placed.emplace_back(&v, a);
    return true;
  };
  for (const auto &v : module.variables)
    if (!place(*v))
      return false;
  for (const auto &f : module.functions)
    for (const auto &v : f->variables)
      if (!place(*v))
        return false;
  // Functions have one address each, whichever kernel runs.
  uint32_t index = 1;
  std::map<std::string, uint64_t, std::less<>> functionAddresses;
  for (const auto &f : module.functions)
    if (f->hasBody)
      functionAddresses[f->name] = functionAddress(index++);
  for (auto [v, a] : placed)
    for (const Relocation &r : v->relocations) {
      uint64_t address;
      if (auto it = layout.globals.find(r.symbol); it != layout.globals.end())
        address = it->second;
      else if (const Function *f = module.function(r.symbol); f && f->hasBody)
        address = functionAddresses[f->name];
      else {
        error = "line " + std::to_string(v->line) + ": the initial value of '" +
                v->name + "' uses '" + r.symbol + "', which has no address";
        return false;
      }
      address += r.addend;
      if (r.byte >= 0)
        address >>= 8 * r.byte;
      std::memcpy(a->data.get() + r.offset, &address, std::min(r.bytes, 8u));
    }
  return true;
}

static void placeShared(Reach &reach, Program &program, Layout &layout) {
  uint64_t at = 0;
  std::vector<const Variable *> dynamic;
  for (const Variable *v : reach.shared) {
    program.sharedAlign = std::max(program.sharedAlign, v->align);
    if (v->isExtern || v->unsized) {
      dynamic.push_back(v);
      continue;
    }
    at = (at + v->align - 1) / v->align * v->align;
    layout.shared[v] = sharedReserved + at;
    at += v->bytes;
  }
  // All names of the dynamic shared memory are one place.
  uint64_t align = 16;
  for (const Variable *v : dynamic)
    align = std::max(align, v->align);
  at = (at + align - 1) / align * align;
  for (const Variable *v : dynamic)
    layout.shared[v] = sharedReserved + at;
  program.sharedStatic = at;
}

std::unique_ptr<Program> moa::ptx::link(const Module &module,
                                        const Function &kernel, Layout layout,
                                        std::string &error) {
  auto program = std::make_unique<Program>();
  program->kernel = kernel.name;
  Reach reach(module);
  reach.function(&kernel);
  placeShared(reach, *program, layout);
  // Code 0 is the kernel; the others are numbered as the module orders them,
  // one further on, so that addresses in variables hold for every kernel.
  program->codes.emplace_back();
  uint32_t index = 1;
  std::vector<const Function *> functions;
  for (const auto &f : module.functions) {
    if (!f->hasBody)
      continue;
    layout.codes[f.get()] = index++;
    functions.push_back(f.get());
    program->codes.emplace_back();
  }
  uint64_t bytes = 0;
  for (const Variable &v : kernel.params) {
    bytes = (bytes + v.align - 1) / v.align * v.align;
    bytes += v.bytes;
  }
  program->paramBytes = bytes;
  auto decode = [&](const Function &f, Code &code) {
    Decoder decoder(*program, module, layout, f, code);
    return decoder.run(instructionTable(), error);
  };
  if (!decode(kernel, program->codes[0]))
    return nullptr;
  for (const Function *f : reach.functions)
    if (f != &kernel && !decode(*f, program->codes[layout.codes.at(f)]))
      return nullptr;
  return program;
}
