//===- FoldOpAssembly.cpp - The textual form of moa.fold -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   moa.fold %k = %lo to %hi (%r1: max f32, %r2: custom f32 combine (%a, %b)
//   {..}) init(%x, %y) {..} correct (%o1, %o2) to (%n1, %n2) {..}
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/IR/OpImplementation.h"

using namespace moa;

/// `(%a, %b)`: arguments of the given types; `what` says what they are.
static ParseResult parseArguments(OpAsmParser &parser, TypeRange types,
                                  StringRef what,
                                  SmallVectorImpl<OpAsmParser::Argument> &all) {
  llvm::SMLoc loc = parser.getCurrentLocation();
  SmallVector<OpAsmParser::Argument> arguments;
  if (parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren))
    return failure();
  if (arguments.size() != types.size())
    return parser.emitError(loc)
           << "expected " << types.size() << " arguments, " << what;
  for (auto [argument, type] : llvm::zip_equal(arguments, types))
    argument.type = type;
  llvm::append_range(all, arguments);
  return success();
}

/// One result: `%r: add f32`, for `custom` followed by its combiner.
static ParseResult
parseResult(OpAsmParser &parser,
            SmallVectorImpl<OpAsmParser::Argument> &running,
            SmallVectorImpl<Attribute> &reducers, SmallVectorImpl<Type> &types,
            SmallVectorImpl<std::unique_ptr<Region>> &combiners) {
  OpAsmParser::Argument argument;
  StringRef keyword;
  if (parser.parseArgument(argument) || parser.parseColon())
    return failure();
  llvm::SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<ReducerKind> kind = symbolizeReducerKind(keyword);
  if (!kind)
    return parser.emitError(loc) << "unknown reducer '" << keyword << "'";
  if (parser.parseType(argument.type))
    return failure();
  running.push_back(argument);
  reducers.push_back(ReducerKindAttr::get(parser.getContext(), *kind));
  types.push_back(argument.type);
  if (*kind != ReducerKind::Custom)
    return success();
  SmallVector<OpAsmParser::Argument> pair;
  combiners.push_back(std::make_unique<Region>());
  return failure(parser.parseKeyword("combine") ||
                 parseArguments(parser, {argument.type, argument.type},
                                "the accumulated and the next value", pair) ||
                 parser.parseRegion(*combiners.back(), pair));
}

ParseResult FoldOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  OpAsmParser::Argument index;
  OpAsmParser::UnresolvedOperand lower, upper;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Attribute> reducers;
  SmallVector<std::unique_ptr<Region>> combiners;
  if (parser.parseArgument(index) || parser.parseEqual() ||
      parser.parseOperand(lower) || parser.parseKeyword("to") ||
      parser.parseOperand(upper))
    return failure();
  index.type = builder.getIndexType();
  arguments.push_back(index);
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, [&] {
        return parseResult(parser, arguments, reducers, result.types,
                           combiners);
      }))
    return failure();
  if (parser.resolveOperand(lower, index.type, result.operands) ||
      parser.resolveOperand(upper, index.type, result.operands))
    return failure();

  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  llvm::SMLoc initsLoc = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword("init"))) {
    if (parser.parseOperandList(inits, OpAsmParser::Delimiter::Paren))
      return failure();
    if (inits.size() != result.types.size())
      return parser.emitError(initsLoc)
             << "has " << inits.size() << " start values for "
             << result.types.size() << " results";
    if (parser.resolveOperands(inits, result.types, initsLoc, result.operands))
      return failure();
  }
  if (parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  Region *correct = result.addRegion();
  if (succeeded(parser.parseOptionalKeyword("correct"))) {
    SmallVector<OpAsmParser::Argument> states;
    if (parseArguments(parser, result.types, "one for each result", states) ||
        parser.parseKeyword("to") ||
        parseArguments(parser, result.types, "one for each result", states) ||
        parser.parseRegion(*correct, states))
      return failure();
  }
  for (std::unique_ptr<Region> &combiner : combiners)
    result.addRegion(std::move(combiner));
  result.getOrAddProperties<Properties>().reducers =
      builder.getArrayAttr(reducers);
  return success();
}

static void printArguments(OpAsmPrinter &printer, ValueRange arguments) {
  printer << '(';
  llvm::interleaveComma(arguments, printer,
                        [&](Value v) { printer.printOperand(v); });
  printer << ')';
}

void FoldOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printOperand(getIndex());
  printer << " = " << getLower() << " to " << getUpper() << " (";
  for (auto [number, running] : llvm::enumerate(getRunning())) {
    printer << (number == 0 ? "" : ", ");
    printer.printOperand(running);
    printer << ": " << stringifyReducerKind(getReducer(number)) << ' '
            << running.getType();
    if (Region *combiner = getCombiner(number)) {
      printer << " combine ";
      printArguments(printer, combiner->getArguments());
      printer << ' ';
      printer.printRegion(*combiner, /*printEntryBlockArgs=*/false);
    }
  }
  printer << ')';
  if (!getInits().empty())
    printer << " init(" << getInits() << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"reducers"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  if (!hasCorrect())
    return;
  printer << " correct ";
  printArguments(printer, getOldState());
  printer << " to ";
  printArguments(printer, getNewState());
  printer << ' ';
  printer.printRegion(getCorrect(), /*printEntryBlockArgs=*/false);
}
