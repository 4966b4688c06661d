//===- ElementType.h - Element types of host arrays -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The element types that a host array can have: what a NumPy file, a scalar
// argument, the reference interpreter and the launch code agree on. No IR
// types.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_ELEMENTTYPE_H
#define MOA_SUPPORT_ELEMENTTYPE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>

namespace moa {

/// The type of one element in host memory. `I1` takes a whole byte that is 0 or
/// 1, as NumPy's bool does; `Index` takes 8 bytes and is signed.
enum class ElementType : uint8_t {
  F16,
  BF16,
  F32,
  F64,
  I1,
  I8,
  I16,
  I32,
  I64,
  U8,
  U16,
  U32,
  U64,
  Index
};

/// All element types, in the order of the enumeration.
llvm::ArrayRef<ElementType> allElementTypes();

/// Size of one element in host memory, in bytes: 1, 2, 4 or 8.
unsigned elementByteSize(ElementType type);

/// Name of the type as arguments and messages spell it: "f32", "u8", "index".
llvm::StringRef elementTypeName(ElementType type);

/// The type of that name, or nothing where there is none. Exact spelling only.
std::optional<ElementType> parseElementType(llvm::StringRef name);

/// True for F16, BF16, F32 and F64.
bool isFloat(ElementType type);

/// True for the integers that hold no negative values: I1 and U8 to U64.
bool isUnsigned(ElementType type);

/// Smallest value of an integer type (0 for unsigned ones and for I1).
int64_t minInteger(ElementType type);

/// Largest value of an integer type (1 for I1).
uint64_t maxInteger(ElementType type);

} // namespace moa

#endif // MOA_SUPPORT_ELEMENTTYPE_H
