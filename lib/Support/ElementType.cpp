//===- ElementType.cpp - Element types of host arrays -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes, names and ranges of the element types, from one table.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/ElementType.h"

#include <array>
#include <cassert>

using namespace moa;

namespace {
enum class Kind : uint8_t { Float, Signed, Unsigned };

struct TypeInfo {
  ElementType type;
  llvm::StringLiteral name;
  Kind kind;
  /// Bits of the value, which for I1 are fewer than those of its byte.
  unsigned bits;
};

constexpr TypeInfo typeTable[] = {
    {ElementType::F16, "f16", Kind::Float, 16},
    {ElementType::BF16, "bf16", Kind::Float, 16},
    {ElementType::F32, "f32", Kind::Float, 32},
    {ElementType::F64, "f64", Kind::Float, 64},
    {ElementType::I1, "i1", Kind::Unsigned, 1},
    {ElementType::I8, "i8", Kind::Signed, 8},
    {ElementType::I16, "i16", Kind::Signed, 16},
    {ElementType::I32, "i32", Kind::Signed, 32},
    {ElementType::I64, "i64", Kind::Signed, 64},
    {ElementType::U8, "u8", Kind::Unsigned, 8},
    {ElementType::U16, "u16", Kind::Unsigned, 16},
    {ElementType::U32, "u32", Kind::Unsigned, 32},
    {ElementType::U64, "u64", Kind::Unsigned, 64},
    {ElementType::Index, "index", Kind::Signed, 64},
};

constexpr size_t numTypes = std::size(typeTable);

constexpr bool tableFollowsEnum() {
  for (size_t i = 0; i < numTypes; ++i)
    if (static_cast<size_t>(typeTable[i].type) != i)
      return false;
  return numTypes == static_cast<size_t>(ElementType::Index) + 1;
}
static_assert(tableFollowsEnum(), "one row for each type, in enum order");

const TypeInfo &infoOf(ElementType type) {
  return typeTable[static_cast<size_t>(type)];
}
} // namespace

llvm::ArrayRef<ElementType> moa::allElementTypes() {
  static const auto types = [] {
    std::array<ElementType, numTypes> all;
    for (size_t i = 0; i < numTypes; ++i)
      all[i] = typeTable[i].type;
    return all;
  }();
  return types;
}

unsigned moa::elementByteSize(ElementType type) {
  return (infoOf(type).bits + 7) / 8;
}

llvm::StringRef moa::elementTypeName(ElementType type) {
  return infoOf(type).name;
}

std::optional<ElementType> moa::parseElementType(llvm::StringRef name) {
  for (const TypeInfo &info : typeTable)
    if (info.name == name)
      return info.type;
  return std::nullopt;
}

bool moa::isFloat(ElementType type) { return infoOf(type).kind == Kind::Float; }

bool moa::isUnsigned(ElementType type) {
  return infoOf(type).kind == Kind::Unsigned;
}

int64_t moa::minInteger(ElementType type) {
  assert(!isFloat(type) && "floating-point types have no integer range");
  if (isUnsigned(type))
    return 0;
  return INT64_MIN >> (64 - infoOf(type).bits);
}

uint64_t moa::maxInteger(ElementType type) {
  assert(!isFloat(type) && "floating-point types have no integer range");
  unsigned valueBits = infoOf(type).bits - (isUnsigned(type) ? 0 : 1);
  return UINT64_MAX >> (64 - valueBits);
}
