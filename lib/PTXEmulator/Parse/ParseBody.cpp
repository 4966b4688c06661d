//===- ParseBody.cpp - Bodies of functions ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parser.h"

using namespace moa::ptx;

static constexpr size_t maxRegisters = 1 << 20;

bool Parser::addRegister(std::string_view name, Type type) {
  if (current->registers.size() >= maxRegisters)
    return fail("too many registers");
  uint32_t index = current->registers.size();
  if (!scopes[scope].registers.emplace(name, index).second)
    return fail("register '" + std::string(name) + "' is declared twice");
  current->registers.push_back({std::string(name), type});
  return true;
}

/// A register by name, from the innermost scope outwards.
int Parser::findRegister(std::string_view name) const {
  for (int s = scope; s >= 0; s = scopes[s].parent)
    if (auto it = scopes[s].registers.find(name);
        it != scopes[s].registers.end())
      return it->second;
  return -1;
}

const Variable *Parser::findVariable(std::string_view name) const {
  for (int s = scope; s >= 0; s = scopes[s].parent)
    if (auto it = scopes[s].variables.find(name);
        it != scopes[s].variables.end())
      return it->second;
  return nullptr;
}

bool Parser::body(Function &f) {
  current = &f;
  scopes.assign(1, Scope());
  scope = 0;
  pending.clear();
  for (auto *list : {&f.params, &f.returns})
    for (Variable &v : *list) {
      if (v.space == Space::Reg) {
        v.reg = f.registers.size();
        if (!addRegister(v.name, v.type))
          return false;
      } else {
        scopes[0].variables[v.name] = &v;
      }
    }
  if (!expect('{'))
    return false;
  for (bool closed = false; !closed;)
    if (!statement(closed))
      return false;
  bool ok = resolveLabels();
  current = nullptr;
  return ok;
}

bool Parser::statement(bool &closed) {
  bool did = false;
  if (!ignoredDirective(did))
    return false;
  if (did)
    return true;
  if (accept('{')) {
    scopes.push_back({scope, {}, {}, {}});
    scope = scopes.size() - 1;
    return true;
  }
  if (accept('}')) {
    scope = scopes[scope].parent;
    closed = scope < 0;
    return true;
  }
  if (accept(';'))
    return true;
  if (acceptDot("reg"))
    return registers();
  if (token.kind == Token::Kind::Dot) {
    Variable v;
    if (acceptDot("extern"))
      v.isExtern = true;
    while (acceptDot("visible") || acceptDot("weak"))
      ;
    if (token.isDot("maxnreg") || token.isDot("maxntid") ||
        token.isDot("minnctapersm"))
      return functionDirectives(*current);
    return variable(v, false);
  }
  if (token.kind == Token::Kind::Name && ahead.is(':')) {
    std::string_view label = token.text;
    advance(), advance();
    return labelled(label);
  }
  return instruction(token.begin);
}

/// After `label:`. A list of targets, a prototype, or a place in the code.
bool Parser::labelled(std::string_view label) {
  if (acceptDot("branchtargets")) {
    std::vector<uint32_t> &list = current->branchTargets[std::string(label)];
    size_t count = 0;
    do {
      std::string_view target;
      uint32_t line = token.line;
      if (!name(target, "a label"))
        return false;
      pending.push_back({target, scope, line, ~size_t(0), &list, count++});
    } while (accept(','));
    list.resize(count);
    return expect(';');
  }
  if (acceptDot("callprototype"))
    return prototype(current->prototypes[std::string(label)]);
  if (acceptDot("calltargets")) {
    while (!token.is(';') && !atEnd())
      advance();
    return expect(';');
  }
  uint32_t index = current->labels.size();
  if (!scopes[scope].labels.emplace(label, index).second)
    return fail("label '" + std::string(label) + "' is defined twice");
  current->labels.push_back(current->body.size());
  current->labelNames.emplace_back(label);
  return true;
}

bool Parser::prototype(Prototype &p) {
  if (token.is('(') && !parameters(p.returns))
    return false;
  std::string_view text;
  if (!name(text, "'_'"))
    return false;
  if (token.is('(') && !parameters(p.params))
    return false;
  acceptDot("noreturn");
  return expect(';');
}

bool Parser::registers() {
  Type type = Type::None;
  while (token.kind == Token::Kind::Dot) {
    type = typeNamed(token.text);
    if (type == Type::None)
      return fail("unknown type of register");
    advance();
  }
  if (type == Type::None)
    return fail("expected the type of a register");
  do {
    std::string_view text;
    if (!name(text, "a register"))
      return false;
    if (!accept('<')) {
      if (!addRegister(text, type))
        return false;
      continue;
    }
    uint64_t count;
    if (!constant(count, 4) || !expect('>'))
      return false;
    if (count > maxRegisters ||
        count + current->registers.size() > maxRegisters)
      return fail("too many registers");
    for (uint64_t i = 0; i < count; ++i) {
      // The map keeps views: the name lives in a list of its own.
      uint32_t index = current->registers.size();
      current->registers.push_back(
          {std::string(text) + std::to_string(i), type});
      current->rangeNames.push_back(current->registers.back().name);
      if (!scopes[scope]
               .registers.emplace(current->rangeNames.back(), index)
               .second)
        return fail("register '" + current->registers.back().name +
                    "' is declared twice");
    }
  } while (accept(','));
  return expect(';');
}

bool Parser::instruction(const char *begin) {
  Instruction in;
  in.line = token.line;
  if (accept('@')) {
    in.guardNegated = accept('!');
    std::string_view text;
    if (!name(text, "a predicate"))
      return false;
    in.guard = findRegister(text);
    if (in.guard < 0)
      return fail("unknown predicate '" + std::string(text) + "'");
  }
  in.line = token.line;
  if (!name(in.opcode, "an instruction"))
    return false;
  while (token.kind == Token::Kind::Dot) {
    in.modifiers.push_back(token.text);
    advance();
  }
  if (!token.is(';') && !operands(in.operands, ';', in.opcode == "call"))
    return false;
  if (!token.is(';'))
    return fail("expected ';'");
  in.text = {begin, size_t(token.text.data() + 1 - begin)};
  advance();
  bool branch = in.opcode == "bra";
  if (branch) {
    if (in.operands.size() != 1 || in.operands[0].kind != Operand::Kind::Symbol)
      return fail("'bra' needs one label");
    pending.push_back({in.operands[0].name, scope, in.line,
                       current->body.size(), nullptr, 0});
  }
  current->body.push_back(std::move(in));
  return true;
}

bool Parser::operands(std::vector<Operand> &into, char close, bool list) {
  if (token.is(close))
    return true;
  do {
    into.emplace_back();
    if (!operand(into.back(), list))
      return false;
  } while (accept(','));
  return true;
}

bool Parser::operand(Operand &o, bool list) {
  Nested nested(*this);
  if (!nested.check())
    return false;
  if (accept('{')) {
    o.kind = Operand::Kind::Vector;
    return operands(o.elements, '}', false) && expect('}');
  }
  if (token.is('['))
    return addressOperand(o);
  if (list && accept('(')) {
    o.kind = Operand::Kind::List;
    return operands(o.elements, ')', false) && expect(')');
  }
  if (accept('!')) {
    o.negated = true;
    return nameOperand(o);
  }
  bool minus = token.is('-') && ahead.kind == Token::Kind::Float;
  if (minus)
    advance();
  if (token.kind == Token::Kind::Float) {
    o.kind = Operand::Kind::Float;
    o.floatBits = token.floatBits;
    o.bits = token.bits ^ (minus ? uint64_t(1) << (o.floatBits - 1) : 0);
    advance();
    return true;
  }
  if (token.kind == Token::Kind::Name && token.text != "WARP_SZ")
    return nameOperand(o);
  o.kind = Operand::Kind::Integer;
  return constant(o.bits);
}

bool Parser::nameOperand(Operand &o) {
  std::string_view text;
  if (!name(text, "an operand"))
    return false;
  if (text == "_") {
    o.kind = Operand::Kind::Sink;
  } else if (int reg = findRegister(text); reg >= 0) {
    o.kind = Operand::Kind::Register;
    o.index = reg;
    if (token.kind == Token::Kind::Dot && token.begin == lastEnd)
      return fail("vector registers are not supported");
  } else if (text[0] == '%') {
    o.kind = Operand::Kind::Special;
    if (token.kind == Token::Kind::Dot && token.begin == lastEnd) {
      text = {text.data(), text.size() + 1 + token.text.size()};
      advance();
    }
    o.name = text;
  } else {
    o.kind = Operand::Kind::Symbol;
    o.name = text;
    o.variable = findVariable(text);
    uint64_t value;
    if (token.is('+') || token.is('-')) {
      if (!constant(value))
        return false;
      o.offset = static_cast<int64_t>(value);
    }
  }
  if (accept('|')) {
    o.second.emplace_back();
    return nameOperand(o.second.back());
  }
  return true;
}

bool Parser::addressOperand(Operand &o) {
  o.kind = Operand::Kind::Address;
  advance();
  o.elements.emplace_back();
  if (!operand(o.elements.back()))
    return false;
  if (token.is('+') || token.is('-')) {
    uint64_t value;
    if (!constant(value))
      return false;
    o.offset = static_cast<int64_t>(value);
  }
  while (accept(',')) {
    o.elements.emplace_back();
    if (!operand(o.elements.back()))
      return false;
  }
  return expect(']');
}

bool Parser::resolveLabels() {
  for (const PendingLabel &p : pending) {
    int found = -1;
    for (int s = p.scope; s >= 0 && found < 0; s = scopes[s].parent)
      if (auto it = scopes[s].labels.find(p.name); it != scopes[s].labels.end())
        found = it->second;
    if (found < 0) {
      error = {p.line, "unknown label '" + std::string(p.name) + "'"};
      return false;
    }
    if (p.list) {
      (*p.list)[p.element] = found;
    } else {
      Operand &o = current->body[p.instruction].operands[0];
      o.kind = Operand::Kind::Label;
      o.index = found;
    }
  }
  return true;
}
