//===- ParseDeclarations.cpp - Module-level directives ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parser.h"

#include <bit>
#include <cstdio>

using namespace moa::ptx;

static constexpr uint64_t maxVariableBytes = uint64_t(1) << 32;
static constexpr unsigned newestVersion = 94;

bool Parser::run() {
  if (!token.isDot("version"))
    return fail("expected '.version'");
  while (token.kind != Token::Kind::End) {
    bool did = false;
    if (!ignoredDirective(did))
      return false;
    if (did)
      continue;
    if (token.isDot("version")) {
      if (!version())
        return false;
    } else if (token.isDot("target")) {
      if (!target())
        return false;
    } else if (acceptDot("address_size")) {
      uint64_t size;
      if (!constant(size))
        return false;
      if (size != 64)
        return fail("only 64-bit addresses are supported");
    } else if (token.is(';')) {
      advance();
    } else if (!moduleVariable()) {
      return false;
    }
  }
  return true;
}

/// Directives that do not matter to execution: debug information and hints.
bool Parser::ignoredDirective(bool &did) {
  did = true;
  if (token.isDot("file") || token.isDot("loc")) {
    skipLine(token.line);
    return true;
  }
  if (token.is('@') && ahead.is('@')) {
    skipLine(token.line);
    return true;
  }
  if (token.isDot("section")) {
    while (!token.is('{') && !atEnd())
      advance();
    return skipBraces();
  }
  if (acceptDot("pragma")) {
    while (!token.is(';') && token.kind == Token::Kind::String)
      advance(), accept(',');
    return expect(';');
  }
  did = false;
  return true;
}

bool Parser::version() {
  advance();
  // "8.4" was read as one floating-point number.
  std::string text(token.text);
  unsigned major = 0, minor = 0;
  if (sscanf(text.c_str(), "%u.%u", &major, &minor) != 2 || minor > 9)
    return fail("expected a version such as 8.4");
  module.version = 10 * major + minor;
  advance();
  if (module.version > newestVersion)
    module.warnings.push_back("PTX version " + text +
                              " is newer than 9.4, the newest known here");
  return true;
}

bool Parser::target() {
  advance();
  std::string_view word;
  if (!name(word, "a target such as sm_80"))
    return false;
  module.target = word;
  while (accept(','))
    if (!name(word, "a target option"))
      return false;
  return true;
}

bool Parser::moduleVariable() {
  Variable v;
  bool common = false;
  for (;;) {
    if (acceptDot("visible") || acceptDot("weak"))
      continue;
    if (acceptDot("extern")) {
      v.isExtern = true;
      continue;
    }
    if (acceptDot("common")) {
      common = true;
      continue;
    }
    break;
  }
  (void)common;
  if (token.isDot("entry") || token.isDot("func"))
    return function();
  if (acceptDot("alias")) {
    std::string_view from, to;
    if (!name(from, "a function") || !expect(',') || !name(to, "a function"))
      return false;
    module.aliases[std::string(from)] = std::string(to);
    return expect(';');
  }
  if (!variable(v, false))
    return false;
  return true;
}

static Space spaceNamed(std::string_view word) {
  if (word == "global")
    return Space::Global;
  if (word == "const")
    return Space::Const;
  if (word == "shared" || word == "shared::cta")
    return Space::Shared;
  if (word == "local")
    return Space::Local;
  if (word == "param")
    return Space::Param;
  if (word == "reg")
    return Space::Reg;
  return Space::Generic;
}

/// `.space .align N .type name[dims] = init`, several names unless `one`.
bool Parser::variable(Variable &v, bool one) {
  unsigned vectorLength = 1;
  if (token.kind != Token::Kind::Dot ||
      (v.space = spaceNamed(token.text)) == Space::Generic)
    return fail("expected a directive or a declaration");
  advance();
  v.align = 0;
  while (token.kind == Token::Kind::Dot) {
    uint64_t value;
    if (acceptDot("align")) {
      if (!constant(v.align))
        return false;
      if (!std::has_single_bit(v.align) || v.align > 4096)
        return fail("an alignment must be a power of two");
    } else if (acceptDot("attribute")) {
      while (!token.is(')') && !atEnd())
        advance();
      if (!expect(')'))
        return false;
    } else if (acceptDot("ptr")) {
      // What a pointer parameter points to: a space and an alignment.
      if (token.kind == Token::Kind::Dot &&
          spaceNamed(token.text) != Space::Generic)
        advance();
      if (acceptDot("align") && !constant(value))
        return false;
    } else if (token.isDot("v2") || token.isDot("v4") || token.isDot("v8")) {
      vectorLength = token.text[1] - '0';
      advance();
    } else if (Type type = typeNamed(token.text); type != Type::None) {
      v.type = type;
      advance();
    } else {
      return fail("unknown type or attribute of a variable");
    }
  }
  if (v.type == Type::None)
    return fail("a variable without a type");
  uint64_t natural = uint64_t(bytesOf(v.type)) * vectorLength;
  if (v.align == 0)
    v.align = natural;
  if (one) {
    v.line = token.line;
    return declarator(v, vectorLength);
  }
  do {
    auto next = std::make_unique<Variable>(v);
    next->line = token.line;
    if (!declarator(*next, vectorLength) || !initializer(*next))
      return false;
    if (current) {
      scopes[scope].variables[next->name] = next.get();
      current->variables.push_back(std::move(next));
    } else {
      module.variables.push_back(std::move(next));
    }
  } while (accept(','));
  return expect(';');
}

bool Parser::declarator(Variable &v, unsigned vectorLength) {
  std::string_view text;
  if (!name(text, "a name"))
    return false;
  v.name = text;
  v.bytes = uint64_t(bytesOf(v.type)) * vectorLength;
  if (accept('<')) {
    return fail("a range of variables is not supported");
  }
  for (bool first = true; accept('['); first = false) {
    if (accept(']')) {
      if (!first)
        return fail("only the first extent can be left out");
      v.unsized = true;
      continue;
    }
    uint64_t extent;
    if (!constant(extent) || !expect(']'))
      return false;
    if (extent > maxVariableBytes || v.bytes * extent > maxVariableBytes)
      return fail("a variable larger than 4 GiB");
    v.bytes *= extent;
  }
  return true;
}

bool Parser::initializer(Variable &v) {
  if (!accept('='))
    return true;
  unsigned element = bytesOf(v.type);
  if (token.is('{') ? !initializerList(v, element)
                    : !initializerValue(v, element))
    return false;
  if (v.unsized) {
    v.bytes = v.init.size();
    v.unsized = false;
  }
  if (v.init.size() > v.bytes)
    return fail("more initial values than the variable holds");
  v.init.resize(v.bytes);
  return true;
}

bool Parser::initializerList(Variable &v, unsigned element) {
  Nested nested(*this);
  if (!nested.check())
    return false;
  if (!expect('{'))
    return false;
  while (!token.is('}')) {
    if (token.is('{') ? !initializerList(v, element)
                      : !initializerValue(v, element))
      return false;
    if (!accept(','))
      break;
  }
  return expect('}');
}

/// A number, a name, name+number, generic(name)+number or mask(name).
bool Parser::initializerValue(Variable &v, unsigned element) {
  Relocation r{v.init.size(), element, "", 0, false, -1};
  uint64_t value = 0;
  if (token.kind == Token::Kind::Name && token.text != "WARP_SZ") {
    r.symbol = token.text;
    advance();
    if (r.symbol == "generic" && accept('(')) {
      std::string_view text;
      if (!name(text, "a variable") || !expect(')'))
        return false;
      r.symbol = text;
      r.generic = true;
    }
    if (token.is('+') || token.is('-')) {
      if (!constant(value))
        return false;
      r.addend = static_cast<int64_t>(value);
      value = 0;
    }
  } else if (token.kind == Token::Kind::Integer && ahead.is('(')) {
    uint64_t mask = token.bits;
    if (mask == 0 || std::countr_zero(mask) % 8 != 0)
      return fail("expected a mask of one byte");
    r.byte = std::countr_zero(mask) / 8;
    advance(), advance();
    std::string_view text;
    if (!name(text, "a variable"))
      return false;
    if (text == "generic") {
      r.generic = true;
      if (!expect('(') || !name(text, "a variable") || !expect(')'))
        return false;
    }
    r.symbol = text;
    if ((token.is('+') || token.is('-'))) {
      if (!constant(value))
        return false;
      r.addend = static_cast<int64_t>(value);
      value = 0;
    }
    if (!expect(')'))
      return false;
  } else {
    bool minus = token.is('-') && ahead.kind == Token::Kind::Float;
    if (minus)
      advance();
    if (token.kind == Token::Kind::Float) {
      double number = token.floatBits == 64
                          ? std::bit_cast<double>(token.bits)
                          : std::bit_cast<float>(uint32_t(token.bits));
      number = minus ? -number : number;
      value = v.type == Type::F64
                  ? std::bit_cast<uint64_t>(number)
                  : std::bit_cast<uint32_t>(static_cast<float>(number));
      if (v.type != Type::F64 && v.type != Type::F32)
        return fail("a floating-point value for a variable of another type");
      advance();
    } else if (!constant(value)) {
      return false;
    } else if (v.type == Type::F32) {
      value = std::bit_cast<uint32_t>(float(int64_t(value)));
    } else if (v.type == Type::F64) {
      value = std::bit_cast<uint64_t>(double(int64_t(value)));
    }
  }
  if (!r.symbol.empty())
    v.relocations.push_back(r);
  for (unsigned i = 0; i < element; ++i)
    v.init.push_back(i < 8 ? uint8_t(value >> (8 * i)) : 0);
  return true;
}

bool Parser::parameters(std::vector<Variable> &into) {
  if (!expect('('))
    return false;
  if (accept(')'))
    return true;
  do {
    Variable v;
    if (!variable(v, true))
      return false;
    into.push_back(std::move(v));
  } while (accept(','));
  return expect(')');
}

bool Parser::functionDirectives(Function &f) {
  for (std::array<uint32_t, 3> values; token.kind == Token::Kind::Dot;) {
    bool did = false;
    if (!ignoredDirective(did))
      return false;
    if (did)
      continue;
    std::string_view word = token.text;
    advance();
    if (word == "noreturn") {
      f.noReturn = true;
    } else if (word == "explicitcluster" || word == "blocksareclusters") {
      continue;
    } else if (word == "maxntid" || word == "reqntid" ||
               word == "reqnctapercluster") {
      if (!integers(values))
        return false;
      (word == "maxntid"   ? f.maxThreads
       : word == "reqntid" ? f.requiredThreads
                           : f.cluster) = values;
    } else if (word == "maxnreg" || word == "minnctapersm" ||
               word == "maxnctapersm" || word == "maxclusterrank" ||
               word == "abi_preserve" || word == "abi_preserve_control") {
      uint64_t value;
      if (!constant(value))
        return false;
      if (word == "maxnreg")
        f.maxRegisters = value;
      if (word == "maxclusterrank")
        f.maxClusterRank = value;
    } else {
      return fail("unknown function directive '." + std::string(word) + "'");
    }
  }
  return true;
}

bool Parser::function() {
  auto f = std::make_unique<Function>();
  f->isEntry = token.isDot("entry");
  advance();
  while (acceptDot("noreturn"))
    f->noReturn = true;
  f->line = token.line;
  if (!f->isEntry && token.is('(') && !parameters(f->returns))
    return false;
  std::string_view text;
  if (!name(text, "the name of a function"))
    return false;
  f->name = text;
  if (token.is('(') && !parameters(f->params))
    return false;
  if (!functionDirectives(*f))
    return false;
  if (accept(';')) {
    module.functions.push_back(std::move(f));
    return true;
  }
  f->hasBody = true;
  if (const Function *old = module.function(f->name); old && old->hasBody)
    return fail("a second body of '" + f->name + "'");
  bool ok = body(*f);
  module.functions.push_back(std::move(f));
  return ok;
}

const Function *Module::function(std::string_view name) const {
  const Function *found = nullptr;
  if (auto alias = aliases.find(name); alias != aliases.end())
    name = alias->second;
  for (const auto &f : functions)
    if (f->name == name && (!found || f->hasBody))
      found = f.get();
  return found;
}

const Variable *Module::variable(std::string_view name) const {
  const Variable *found = nullptr;
  for (const auto &v : variables)
    if (v->name == name && (!found || !v->isExtern))
      found = v.get();
  return found;
}

std::unique_ptr<Module> moa::ptx::parseModule(std::string source,
                                              SyntaxError &error) {
  auto module = std::make_unique<Module>();
  module->source = std::move(source);
  error = {};
  Parser parser(*module, error);
  if (!parser.run())
    return nullptr;
  return module;
}
