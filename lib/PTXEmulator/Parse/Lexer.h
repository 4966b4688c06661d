//===- Lexer.h - Words of PTX text ------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_PARSE_LEXER_H
#define MOA_LIB_PTXEMULATOR_PARSE_LEXER_H

#include <cstdint>
#include <string_view>

namespace moa::ptx {

struct Token {
  enum class Kind : uint8_t {
    End,
    Name,    ///< identifier or `%register`
    Dot,     ///< `.word`, with `::` parts: text is without the first dot
    Integer, ///< bits
    Float,   ///< bits of width floatBits
    String,  ///< text without quotes
    Punct,   ///< one character
    Bad      ///< text says what is wrong
  };
  Kind kind = Kind::End;
  uint8_t floatBits = 0;
  bool isUnsigned = false;
  uint32_t line = 1;
  uint64_t bits = 0;
  std::string_view text;
  const char *begin = nullptr;

  bool is(char c) const {
    return kind == Kind::Punct && text.size() == 1 && text[0] == c;
  }
  bool isDot(std::string_view word) const {
    return kind == Kind::Dot && text == word;
  }
};

class Lexer {
public:
  explicit Lexer(std::string_view text)
      : at(text.data()), end(text.data() + text.size()) {}
  Token next();

private:
  void skipSpace();
  Token number(Token token);
  Token bad(Token token, std::string_view why);

  const char *at, *end;
  uint32_t line = 1;
  bool openComment = false;
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_PARSE_LEXER_H
