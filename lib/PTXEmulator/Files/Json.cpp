//===- Json.cpp - Reader of JSON --------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"

#include <cctype>

using namespace moa::ptx;

static constexpr unsigned maxDepth = 64;

namespace {
class Reader {
public:
  Reader(std::string_view text, std::string &error)
      : text(text), error(error) {}

  bool value(Json &v, unsigned depth = 0) {
    space();
    if (depth > maxDepth)
      return fail("too deep");
    if (at == text.size())
      return fail("a value is missing");
    char c = text[at];
    if (c == '{')
      return object(v, depth);
    if (c == '[')
      return array(v, depth);
    if (c == '"') {
      v.kind = Json::Kind::String;
      return string(v.text);
    }
    if (c == '-' || std::isdigit((unsigned char)c))
      return number(v);
    return word("null", v, Json::Kind::Null, false) ||
           word("true", v, Json::Kind::Bool, true) ||
           word("false", v, Json::Kind::Bool, false) ||
           fail("a value is missing");
  }

  bool end() {
    space();
    return at == text.size() || fail("more after the value");
  }

private:
  bool fail(const std::string &why) {
    size_t line = 1;
    for (size_t i = 0; i < at; ++i)
      line += text[i] == '\n';
    if (error.empty())
      error = "line " + std::to_string(line) + ": " + why;
    return false;
  }
  void space() {
    while (at < text.size() && std::isspace((unsigned char)text[at]))
      ++at;
  }
  bool accept(char c) {
    space();
    if (at == text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool word(std::string_view w, Json &v, Json::Kind kind, bool boolean) {
    if (text.substr(at, w.size()) != w)
      return false;
    at += w.size();
    v.kind = kind;
    v.boolean = boolean;
    return true;
  }
  bool number(Json &v) {
    size_t start = at;
    while (at < text.size() &&
           (std::isalnum((unsigned char)text[at]) || text[at] == '-' ||
            text[at] == '+' || text[at] == '.'))
      ++at;
    v.kind = Json::Kind::Number;
    v.text = text.substr(start, at - start);
    return true;
  }
  bool string(std::string &s) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] != '\\') {
        s += text[at];
        continue;
      }
      if (++at == text.size())
        break;
      switch (text[at]) {
      case 'n':
        s += '\n';
        break;
      case 't':
        s += '\t';
        break;
      case 'r':
        s += '\r';
        break;
      case 'u':
        return fail("\\u is not supported");
      case '"':
      case '\\':
      case '/':
        s += text[at];
        break;
      default:
        return fail(std::string("unknown escape \\") + text[at]);
      }
    }
    if (at >= text.size())
      return fail("a string that does not end");
    ++at;
    return true;
  }
  bool array(Json &v, unsigned depth) {
    v.kind = Json::Kind::Array;
    ++at;
    if (accept(']'))
      return true;
    do {
      v.items.emplace_back();
      if (!value(v.items.back(), depth + 1))
        return false;
    } while (accept(','));
    return accept(']') || fail("expected ']'");
  }
  bool object(Json &v, unsigned depth) {
    v.kind = Json::Kind::Object;
    ++at;
    if (accept('}'))
      return true;
    do {
      space();
      std::string key;
      if (at == text.size() || text[at] != '"')
        return fail("expected a key");
      if (!string(key))
        return false;
      if (!accept(':'))
        return fail("expected ':'");
      if (v.members.count(key))
        return fail("key '" + key + "' twice");
      if (!value(v.members[key], depth + 1))
        return false;
    } while (accept(','));
    return accept('}') || fail("expected '}'");
  }

  std::string_view text;
  std::string &error;
  size_t at = 0;
};
} // namespace

bool moa::ptx::parseJson(std::string_view text, Json &value,
                         std::string &error) {
  Reader reader(text, error);
  return reader.value(value) && reader.end();
}
