//===- Lexer.cpp - Words of PTX text ----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lexer.h"

#include <bit>
#include <cctype>
#include <cstdlib>
#include <string>

using namespace moa::ptx;

static bool startsName(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' ||
         c == '%';
}

static bool inName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$';
}

void Lexer::skipSpace() {
  while (at != end) {
    if (*at == '\n') {
      ++line, ++at;
    } else if (std::isspace(static_cast<unsigned char>(*at))) {
      ++at;
    } else if (*at == '/' && at + 1 != end && at[1] == '/') {
      while (at != end && *at != '\n')
        ++at;
    } else if (*at == '/' && at + 1 != end && at[1] == '*') {
      at += 2;
      while (at != end && !(*at == '*' && at + 1 != end && at[1] == '/')) {
        line += *at == '\n';
        ++at;
      }
      if (at == end)
        openComment = true;
      else
        at += 2;
    } else {
      return;
    }
  }
}

Token Lexer::bad(Token token, std::string_view why) {
  token.kind = Token::Kind::Bad;
  token.text = why;
  at = end;
  return token;
}

/// Integers (decimal, hex, octal, binary, suffix U), 0f and 0d bit patterns
/// and decimal floating-point numbers, which are doubles.
Token Lexer::number(Token token) {
  const char *start = at;
  auto digits = [&](unsigned base, unsigned &count) {
    uint64_t value = 0;
    for (count = 0; at != end && std::isxdigit((unsigned char)*at); ++at) {
      unsigned digit = *at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10;
      if (digit >= base)
        break;
      value = value * base + digit;
      ++count;
    }
    return value;
  };
  token.kind = Token::Kind::Integer;
  unsigned count = 0;
  char letter = *at == '0' && at + 1 != end ? (at[1] | 32) : 0;
  if (letter == 'f' || letter == 'd') {
    at += 2;
    token.kind = Token::Kind::Float;
    token.floatBits = letter == 'f' ? 32 : 64;
    token.bits = digits(16, count);
    if (count != token.floatBits / 4u)
      return bad(token, "a floating-point bit pattern of the wrong length");
  } else if (letter == 'x' || letter == 'b') {
    at += 2;
    token.bits = digits(letter == 'x' ? 16 : 2, count);
    if (count == 0)
      return bad(token, "a number without digits");
  } else {
    const char *look = at;
    while (look != end && std::isdigit((unsigned char)*look))
      ++look;
    bool isFloat = look != end && *look == '.' && look + 1 != end &&
                   !std::isalpha((unsigned char)look[1]);
    isFloat |= look != end && (*look | 32) == 'e';
    if (isFloat) {
      std::string word(at, std::min<size_t>(end - at, 400));
      char *stop = nullptr;
      token.kind = Token::Kind::Float;
      token.floatBits = 64;
      token.bits = std::bit_cast<uint64_t>(std::strtod(word.c_str(), &stop));
      at += stop - word.c_str();
    } else {
      token.bits = digits(*at == '0' ? 8 : 10, count);
    }
  }
  if (at != end && *at == 'U' && token.kind == Token::Kind::Integer) {
    token.isUnsigned = true;
    ++at;
  }
  if (at != end && inName(*at))
    return bad(token, "a malformed number");
  token.text = {start, size_t(at - start)};
  return token;
}

Token Lexer::next() {
  skipSpace();
  Token token;
  token.line = line;
  token.begin = at;
  if (openComment)
    return bad(token, "a comment that does not end");
  if (at == end)
    return token;
  const char *start = at;
  if (startsName(*at)) {
    ++at;
    while (at != end && inName(*at))
      ++at;
    token.kind = Token::Kind::Name;
    token.text = {start, size_t(at - start)};
    return token;
  }
  if (*at == '.' && at + 1 != end && inName(at[1])) {
    ++at;
    while (at != end && (inName(*at) || (*at == ':' && at + 2 < end &&
                                         at[1] == ':' && inName(at[2]))))
      at += *at == ':' ? 2 : 1;
    token.kind = Token::Kind::Dot;
    token.text = {start + 1, size_t(at - start - 1)};
    return token;
  }
  if (std::isdigit((unsigned char)*at))
    return number(token);
  if (*at == '"') {
    for (++at; at != end && *at != '"'; ++at)
      if (*at == '\n')
        return bad(token, "a string that does not end");
    if (at == end)
      return bad(token, "a string that does not end");
    token.kind = Token::Kind::String;
    token.text = {start + 1, size_t(at - start - 1)};
    ++at;
    return token;
  }
  token.kind = Token::Kind::Punct;
  token.text = {at++, 1};
  return token;
}
