//===- NpyHeader.cpp - Header of .npy files ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parser for the one Python dictionary literal that heads a .npy file:
//
//   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"

using namespace moa;
using namespace moa::npy;

llvm::ArrayRef<DtypeInfo> npy::dtypes() {
  static constexpr DtypeInfo table[] = {
      {"f2", ElementType::F16},  {"f4", ElementType::F32},
      {"f8", ElementType::F64},  {"b1", ElementType::I1},
      {"i1", ElementType::I8},   {"i2", ElementType::I16},
      {"i4", ElementType::I32},  {"i8", ElementType::I64},
      {"u1", ElementType::U8},   {"u2", ElementType::U16},
      {"u4", ElementType::U32},  {"u8", ElementType::U64},
      {"V2", ElementType::BF16},
  };
  return table;
}

llvm::Error npy::errorAt(llvm::StringRef name, uint64_t offset,
                         const llvm::Twine &message) {
  return llvm::createStringError(name + ": offset " + llvm::Twine(offset) +
                                 ": " + message);
}

/// A piece of the file as messages quote it: printable, and not too long.
static std::string quoted(llvm::StringRef text) {
  constexpr size_t limit = 40;
  std::string shown;
  llvm::raw_string_ostream stream(shown);
  stream << '\'';
  llvm::printEscapedString(text.take_front(limit), stream);
  stream << (text.size() > limit ? "...'" : "'");
  return shown;
}

namespace {
/// Recursive descent over the header text.
class Parser {
public:
  Parser(llvm::StringRef text, uint64_t offset, llvm::StringRef name)
      : text(text), start(offset), name(name) {}

  llvm::Expected<Header> parse();

private:
  llvm::Error parseEntry();
  llvm::Error parseString(llvm::StringRef &value, const llvm::Twine &what);
  llvm::Error parseDescr();
  llvm::Error decodeDescr(llvm::StringRef descr, size_t at);
  llvm::Error parseFortranOrder();
  llvm::Error parseShape();
  llvm::Error parseExtent();
  llvm::Error expect(llvm::StringRef token, const llvm::Twine &where);

  llvm::StringRef rest() const { return text.drop_front(position); }
  void skipSpace() {
    position += rest().size() - rest().ltrim(" \t\r\n\f\v").size();
  }
  bool consume(llvm::StringRef token) {
    skipSpace();
    if (!rest().starts_with(token))
      return false;
    position += token.size();
    return true;
  }
  llvm::Error unsupported(size_t at, const llvm::Twine &message) {
    return errorAt(name, start + at, message);
  }
  llvm::Error error(size_t at, const llvm::Twine &message) {
    return errorAt(name, start + at, "malformed header: " + message);
  }

  llvm::StringRef text;
  uint64_t start;
  llvm::StringRef name;
  size_t position = 0;
  Header header;
  llvm::SmallVector<llvm::StringRef, 3> seen;
};
} // namespace

llvm::Error Parser::expect(llvm::StringRef token, const llvm::Twine &where) {
  if (consume(token))
    return llvm::Error::success();
  return error(position, "expected '" + token + "' " + where +
                             (rest().empty()
                                  ? ", found the end of the header"
                                  : ", found " + quoted(rest().take_front(8))));
}

llvm::Expected<Header> Parser::parse() {
  if (llvm::Error failed = expect("{", "at the start of the dictionary"))
    return failed;
  while (!consume("}")) {
    if (!seen.empty()) {
      if (llvm::Error failed = expect(",", "between two entries"))
        return failed;
      if (consume("}"))
        break;
    }
    if (llvm::Error failed = parseEntry())
      return failed;
  }
  skipSpace();
  if (!rest().empty())
    return error(position, "expected nothing after the dictionary, found " +
                               quoted(rest().rtrim()));
  for (llvm::StringRef key : {"descr", "fortran_order", "shape"})
    if (!llvm::is_contained(seen, key))
      return error(0, "the key '" + key + "' is missing");
  return std::move(header);
}

llvm::Error Parser::parseEntry() {
  skipSpace();
  size_t at = position;
  llvm::StringRef key;
  if (llvm::Error failed = parseString(key, "as a key"))
    return failed;
  if (llvm::is_contained(seen, key))
    return error(at, "the key " + quoted(key) + " appears twice");
  seen.push_back(key);
  if (llvm::Error failed = expect(":", "after a key"))
    return failed;
  skipSpace();
  if (key == "descr")
    return parseDescr();
  if (key == "fortran_order")
    return parseFortranOrder();
  if (key == "shape")
    return parseShape();
  return error(at, "unknown key " + quoted(key));
}

llvm::Error Parser::parseString(llvm::StringRef &value,
                                const llvm::Twine &what) {
  skipSpace();
  size_t at = position;
  llvm::StringRef quote = rest().take_front(1);
  if (quote != "'" && quote != "\"")
    return error(at, "expected a string " + what + ", found " +
                         quoted(rest().take_front(8)));
  size_t end = text.find(quote, at + 1);
  if (end == llvm::StringRef::npos)
    return error(at, "the string is not closed");
  value = text.slice(at + 1, end);
  position = end + 1;
  return llvm::Error::success();
}

llvm::Error Parser::parseDescr() {
  size_t at = position;
  if (rest().starts_with("[") || rest().starts_with("("))
    return unsupported(at, "structured dtypes are not supported");
  llvm::StringRef descr;
  if (llvm::Error failed = parseString(descr, "as the dtype"))
    return failed;
  return decodeDescr(descr, at);
}

llvm::Error Parser::decodeDescr(llvm::StringRef descr, size_t at) {
  header.descr = descr.str();
  if (descr == "bfloat16") {
    header.type = ElementType::BF16;
    return llvm::Error::success();
  }
  llvm::StringRef code = descr;
  char order = '=';
  if (!code.empty() && llvm::StringRef("<>|=").contains(code.front())) {
    order = code.front();
    code = code.drop_front();
  }
  if (code.starts_with("O"))
    return unsupported(at, "arrays of Python objects are not supported");
  const DtypeInfo *info = llvm::find_if(
      dtypes(), [&](const DtypeInfo &row) { return row.code == code; });
  if (info == dtypes().end())
    return unsupported(
        at, "unknown dtype " + quoted(descr) +
                "; supported are f2 f4 f8 b1 i1 i2 i4 i8 u1 u2 u4 u8, "
                "and V2 for bf16");
  header.type = info->type;
  // A void type is opaque bytes: NumPy writes '<V2' on every machine.
  bool isVoid = code.front() == 'V';
  if (elementByteSize(info->type) == 1 || (isVoid && order != '>'))
    return llvm::Error::success();
  if (isVoid || order == '|')
    return error(at, "byte order '" + llvm::Twine(order) +
                         "' makes no sense for dtype " + quoted(descr));
  bool little = order == '<' || (order == '=' && llvm::endianness::native ==
                                                     llvm::endianness::little);
  header.byteSwapped =
      little != (llvm::endianness::native == llvm::endianness::little);
  return llvm::Error::success();
}

llvm::Error Parser::parseFortranOrder() {
  if (consume("True"))
    header.fortranOrder = true;
  else if (!consume("False"))
    return error(position, "fortran_order must be True or False, found " +
                               quoted(rest().take_front(8)));
  return llvm::Error::success();
}

llvm::Error Parser::parseShape() {
  size_t at = position;
  if (llvm::Error failed = expect("(", "at the start of the shape"))
    return failed;
  bool comma = true;
  while (!consume(")")) {
    if (!comma)
      return error(position, "expected ',' or ')' in the shape, found " +
                                 quoted(rest().take_front(8)));
    if (llvm::Error failed = parseExtent())
      return failed;
    comma = consume(",");
  }
  if (header.shape.size() == 1 && !comma)
    return error(at, "the shape must be a tuple: a ',' is missing");
  if (header.shape.size() > maxRank)
    return error(at, "rank " + llvm::Twine(header.shape.size()) +
                         " is above the limit of " + llvm::Twine(maxRank));
  return llvm::Error::success();
}

llvm::Error Parser::parseExtent() {
  skipSpace();
  size_t at = position;
  bool negative = consume("-");
  llvm::StringRef digits = rest().take_while(llvm::isDigit);
  if (digits.empty())
    return error(at, "expected an extent in the shape, found " +
                         quoted(rest().take_front(8)));
  position += digits.size();
  int64_t extent;
  if (digits.getAsInteger(10, extent))
    return error(at, "extent " + quoted(digits) + " of axis " +
                         llvm::Twine(header.shape.size()) +
                         " is above the limit of 2^63 - 1");
  if (negative && extent != 0)
    return error(at, "extent -" + llvm::Twine(extent) + " of axis " +
                         llvm::Twine(header.shape.size()) + " is negative");
  // Python 2 wrote its long integers with a suffix.
  if (rest().starts_with("L"))
    ++position;
  header.shape.push_back(extent);
  return llvm::Error::success();
}

llvm::Expected<Header> npy::parseHeader(llvm::StringRef text, uint64_t offset,
                                        llvm::StringRef name) {
  return Parser(text, offset, name).parse();
}
