//===- Parser.h - Recursive descent over PTX words --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One object parses one module. Declarations are in ParseDeclarations.cpp,
// function bodies in ParseBody.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_PARSE_PARSER_H
#define MOA_LIB_PTXEMULATOR_PARSE_PARSER_H

#include "Lexer.h"
#include "Module.h"

#include <unordered_map>

namespace moa::ptx {

class Parser {
public:
  Parser(Module &module, SyntaxError &error);
  bool run();

private:
  // Words.
  void advance();
  bool fail(const std::string &message);
  bool expect(char c);
  bool accept(char c);
  bool acceptDot(std::string_view word);
  bool name(std::string_view &text, const char *what);
  void skipLine(uint32_t line);
  bool skipBraces();

  /// True where no word is left that could be skipped.
  bool atEnd() const {
    return token.kind == Token::Kind::End || token.kind == Token::Kind::Bad;
  }

  /// Counts how deep constructs lie in each other, so that no text makes the
  /// parser recurse without end.
  class Nested {
  public:
    explicit Nested(Parser &parser) : parser(parser) { ++parser.nesting; }
    ~Nested() { --parser.nesting; }
    /// False, and an error, if it is too deep.
    bool check() {
      return parser.nesting <= 200 || parser.fail("nested too deeply");
    }

  private:
    Parser &parser;
  };

  // Constant expressions.
  bool constant(uint64_t &value, int level = 0);
  bool constantUnary(uint64_t &value);
  bool integers(std::array<uint32_t, 3> &values);

  // Module level.
  bool version();
  bool target();
  bool moduleVariable();
  bool function();
  bool parameters(std::vector<Variable> &into);
  bool functionDirectives(Function &f);
  bool variable(Variable &v, bool one);
  bool declarator(Variable &v, unsigned vectorLength);
  bool initializer(Variable &v);
  bool initializerList(Variable &v, unsigned element);
  bool initializerValue(Variable &v, unsigned element);
  bool ignoredDirective(bool &did);

  // Bodies.
  struct Scope {
    int parent = -1;
    std::unordered_map<std::string_view, uint32_t> registers;
    std::unordered_map<std::string_view, const Variable *> variables;
    std::unordered_map<std::string_view, uint32_t> labels;
  };
  struct PendingLabel {
    std::string_view name;
    int scope;
    uint32_t line;
    size_t instruction; ///< or ~0 for the list below
    std::vector<uint32_t> *list;
    size_t element;
  };
  bool body(Function &f);
  bool statement(bool &closed);
  bool registers();
  bool instruction(const char *begin);
  bool labelled(std::string_view label);
  bool prototype(Prototype &p);
  bool operand(Operand &o, bool list = false);
  bool nameOperand(Operand &o);
  bool addressOperand(Operand &o);
  bool operands(std::vector<Operand> &into, char close, bool list);
  bool resolveLabels();
  bool addRegister(std::string_view name, Type type);
  int findRegister(std::string_view name) const;
  const Variable *findVariable(std::string_view name) const;

  Module &module;
  SyntaxError &error;
  Lexer lexer;
  Token token, ahead;
  const char *lastEnd = nullptr; ///< end of the word before `token`

  unsigned nesting = 0;
  Function *current = nullptr;
  std::vector<Scope> scopes;
  int scope = -1;
  std::vector<PendingLabel> pending;
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_PARSE_PARSER_H
