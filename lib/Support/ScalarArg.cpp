//===- ScalarArg.cpp - Scalar arguments of the tools ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values are parsed at the precision of their own type: going through double
// would round twice.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/ScalarArg.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ErrorHandling.h"

#include <cstring>

using namespace moa;
using llvm::APFloat;

static const llvm::fltSemantics &semanticsOf(ElementType type) {
  switch (type) {
  case ElementType::F16:
    return APFloat::IEEEhalf();
  case ElementType::BF16:
    return APFloat::BFloat();
  case ElementType::F32:
    return APFloat::IEEEsingle();
  case ElementType::F64:
    return APFloat::IEEEdouble();
  default:
    llvm_unreachable("not a floating-point type");
  }
}

static std::string format(const APFloat &value) {
  llvm::SmallString<32> text;
  value.toString(text, /*FormatPrecision=*/6);
  return text.str().str();
}

/// Value bits of the float `text`, or an error without the argument's name.
static llvm::Expected<uint64_t> parseFloat(ElementType type,
                                           llvm::StringRef text) {
  const llvm::fltSemantics &semantics = semanticsOf(type);
  APFloat value(semantics);
  llvm::StringRef magnitude = text;
  bool negative = magnitude.consume_front("-");
  if (!negative)
    magnitude.consume_front("+");
  if (magnitude == "inf")
    return APFloat::getInf(semantics, negative).bitcastToAPInt().getZExtValue();
  if (magnitude == "nan")
    return APFloat::getNaN(semantics, negative).bitcastToAPInt().getZExtValue();
  // LLVM also takes other special spellings, and exponents without digits.
  auto isNumeric = [](char c) { return llvm::isDigit(c) || c == '.'; };
  if (magnitude.empty() || !isNumeric(magnitude.front()) ||
      !isNumeric(magnitude.back()))
    return llvm::createStringError("not a number");
  llvm::Expected<APFloat::opStatus> status =
      value.convertFromString(text, APFloat::rmNearestTiesToEven);
  if (!status)
    return llvm::createStringError("not a number: " +
                                   llvm::toString(status.takeError()));
  if (*status & APFloat::opOverflow)
    return llvm::createStringError(
        "out of range: the largest finite value is " +
        format(APFloat::getLargest(semantics)));
  if ((*status & APFloat::opUnderflow) && value.isZero())
    return llvm::createStringError(
        "out of range: it rounds to zero, the smallest positive value is " +
        format(APFloat::getSmallest(semantics)));
  return value.bitcastToAPInt().getZExtValue();
}

/// Value bits of the integer `text`, or an error without the argument's name.
static llvm::Expected<uint64_t> parseInteger(ElementType type,
                                             llvm::StringRef text) {
  if (type == ElementType::I1 && (text == "true" || text == "false"))
    return text == "true";
  llvm::StringRef digits = text;
  bool negative = digits.consume_front("-");
  if (!negative)
    digits.consume_front("+");
  if (digits.empty() || !llvm::all_of(digits, llvm::isDigit))
    return llvm::createStringError(type == ElementType::I1
                                       ? "neither true, false, 0 nor 1"
                                       : "not a decimal integer");
  uint64_t limit =
      negative ? -static_cast<uint64_t>(minInteger(type)) : maxInteger(type);
  uint64_t magnitude;
  // Only digits: what fails here is beyond 64 bits.
  if (digits.getAsInteger(10, magnitude) || magnitude > limit)
    return llvm::createStringError("out of range: the limits are " +
                                   llvm::Twine(minInteger(type)) + " and " +
                                   llvm::Twine(maxInteger(type)));
  return negative ? -magnitude : magnitude;
}

bool moa::looksLikeScalarArg(llvm::StringRef text) {
  auto [type, value] = text.split(':');
  return type.size() != text.size() && !type.empty() &&
         llvm::all_of(type, llvm::isAlnum);
}

llvm::Expected<HostArray> moa::parseScalarArg(llvm::StringRef text) {
  auto refuse = [&](const llvm::Twine &reason) {
    return llvm::createStringError("scalar argument '" + text + "': " + reason);
  };
  auto [typeName, value] = text.split(':');
  if (typeName.size() == text.size())
    return refuse("expected <type>:<value>, for example f32:0.5");
  std::optional<ElementType> type = parseElementType(typeName);
  if (!type) {
    auto names = llvm::map_range(allElementTypes(), elementTypeName);
    return refuse("unknown type '" + typeName + "'; the types are " +
                  llvm::join(names, ", "));
  }
  llvm::Expected<uint64_t> bits =
      isFloat(*type) ? parseFloat(*type, value) : parseInteger(*type, value);
  if (!bits)
    return refuse("'" + value + "' as " + elementTypeName(*type) + " is " +
                  llvm::toString(bits.takeError()));
  llvm::Expected<HostArray> scalar = HostArray::create(*type, {});
  if (!scalar)
    return scalar;
  switch (elementByteSize(*type)) {
  case 1:
    scalar->mutableValues<uint8_t>().front() = static_cast<uint8_t>(*bits);
    break;
  case 2:
    scalar->mutableValues<uint16_t>().front() = static_cast<uint16_t>(*bits);
    break;
  case 4:
    scalar->mutableValues<uint32_t>().front() = static_cast<uint32_t>(*bits);
    break;
  default:
    scalar->mutableValues<uint64_t>().front() = *bits;
  }
  return scalar;
}
