//===- Parser.cpp - Words and constant expressions --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parser.h"

using namespace moa::ptx;

Parser::Parser(Module &module, SyntaxError &error)
    : module(module), error(error), lexer(module.source) {
  token = lexer.next();
  ahead = lexer.next();
}

void Parser::advance() {
  lastEnd = token.text.data() + token.text.size();
  token = ahead;
  ahead = lexer.next();
}

bool Parser::fail(const std::string &message) {
  if (!error.message.empty())
    return false;
  error.line = token.line;
  error.message = message;
  if (token.kind == Token::Kind::Bad)
    error.message = std::string(token.text);
  else if (token.kind == Token::Kind::End)
    error.message += " at the end of the text";
  else
    error.message += ", found '" + std::string(token.text.substr(0, 60)) + "'";
  return false;
}

bool Parser::accept(char c) {
  if (!token.is(c))
    return false;
  advance();
  return true;
}

bool Parser::acceptDot(std::string_view word) {
  if (!token.isDot(word))
    return false;
  advance();
  return true;
}

bool Parser::expect(char c) {
  return accept(c) || fail(std::string("expected '") + c + "'");
}

bool Parser::name(std::string_view &text, const char *what) {
  if (token.kind != Token::Kind::Name)
    return fail(std::string("expected ") + what);
  text = token.text;
  advance();
  return true;
}

void Parser::skipLine(uint32_t line) {
  while (!atEnd() && token.line == line)
    advance();
}

bool Parser::skipBraces() {
  if (!expect('{'))
    return false;
  for (unsigned depth = 1; depth;) {
    if (atEnd())
      return fail("expected '}'");
    depth += token.is('{');
    depth -= token.is('}');
    advance();
  }
  return true;
}

bool Parser::constantUnary(uint64_t &value) {
  Nested nested(*this);
  if (!nested.check())
    return false;
  if (accept('-')) {
    if (!constantUnary(value))
      return false;
    value = 0 - value;
    return true;
  }
  if (accept('~')) {
    if (!constantUnary(value))
      return false;
    value = ~value;
    return true;
  }
  if (accept('+'))
    return constantUnary(value);
  if (accept('('))
    return constant(value) && expect(')');
  if (token.kind == Token::Kind::Name && token.text == "WARP_SZ") {
    value = 32;
    advance();
    return true;
  }
  if (token.kind != Token::Kind::Integer)
    return fail("expected a number");
  value = token.bits;
  advance();
  return true;
}

/// Binary operators by level, weakest first; `<<` and `>>` are two words.
bool Parser::constant(uint64_t &value, int level) {
  static constexpr std::string_view levels[] = {"|",  "^",  "&",
                                                "<>", "+-", "*/%"};
  if (level == 6)
    return constantUnary(value);
  if (!constant(value, level + 1))
    return false;
  while (token.kind == Token::Kind::Punct &&
         levels[level].find(token.text) != std::string_view::npos) {
    char op = token.text[0];
    if (level == 3 && !ahead.is(op))
      return true;
    advance();
    if (level == 3)
      advance();
    uint64_t right;
    if (!constant(right, level + 1))
      return false;
    if ((op == '/' || op == '%') && right == 0)
      return fail("division by zero");
    switch (op) {
    case '|':
      value |= right;
      break;
    case '^':
      value ^= right;
      break;
    case '&':
      value &= right;
      break;
    case '<':
      value = right < 64 ? value << right : 0;
      break;
    case '>':
      value = right < 64 ? value >> right : 0;
      break;
    case '+':
      value += right;
      break;
    case '-':
      value -= right;
      break;
    case '*':
      value *= right;
      break;
    case '/':
      value /= right;
      break;
    default:
      value %= right;
      break;
    }
  }
  return true;
}

bool Parser::integers(std::array<uint32_t, 3> &values) {
  values = {1, 1, 1};
  for (unsigned i = 0; i < 3; ++i) {
    uint64_t value;
    if (!constant(value))
      return false;
    values[i] = static_cast<uint32_t>(value);
    if (i < 2 && !accept(','))
      return true;
  }
  return true;
}
