//===- Type.h - The fundamental types of PTX --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names, widths and kinds of the types that PTX writes as modifiers.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_PARSE_TYPE_H
#define MOA_LIB_PTXEMULATOR_PARSE_TYPE_H

#include <cstdint>
#include <string_view>

namespace moa::ptx {

/// A fundamental type, written `.b32` and so on. The packed ones hold several
/// elements in one register.
enum class Type : uint8_t {
  None,
  Pred,
  B8,
  B16,
  B32,
  B64,
  B128,
  U8,
  U16,
  U32,
  U64,
  S8,
  S16,
  S32,
  S64,
  F16,
  BF16,
  TF32,
  F32,
  F64,
  F16x2,
  BF16x2,
  F32x2,
  U16x2,
  S16x2,
  E4M3,
  E5M2,
  E4M3x2,
  E5M2x2,
  E4M3x4,
  E5M2x4,
  E2M3x2,
  E3M2x2,
  E2M1x2,
  UE8M0x2,
  U4,
  S4,
  B1,
  U8x4,
  S8x4,
  E3M2,
  E2M3,
  E2M1
};

enum class TypeKind : uint8_t {
  None,
  Pred,
  Bits,
  Unsigned,
  Signed,
  Float,
  Packed
};

struct TypeInfo {
  Type type;
  std::string_view name;
  unsigned bits;
  TypeKind kind;
};

/// What is known of `type`.
const TypeInfo &typeInfo(Type type);

/// The type called `name` (without the dot), or Type::None.
Type typeNamed(std::string_view name);

inline unsigned bitsOf(Type type) { return typeInfo(type).bits; }
inline unsigned bytesOf(Type type) { return (typeInfo(type).bits + 7) / 8; }
inline bool isSigned(Type type) {
  return typeInfo(type).kind == TypeKind::Signed;
}
inline bool isFloat(Type type) {
  return typeInfo(type).kind == TypeKind::Float;
}
/// True of .b, .u and .s types.
inline bool isInteger(Type type) {
  TypeKind kind = typeInfo(type).kind;
  return kind == TypeKind::Bits || kind == TypeKind::Unsigned ||
         kind == TypeKind::Signed;
}

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_PARSE_TYPE_H
