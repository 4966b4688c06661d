//===- Type.cpp - The fundamental types of PTX ------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Type.h"

using namespace moa::ptx;

static constexpr TypeInfo table[] = {
    {Type::None, "", 0, TypeKind::None},
    {Type::Pred, "pred", 1, TypeKind::Pred},
    {Type::B8, "b8", 8, TypeKind::Bits},
    {Type::B16, "b16", 16, TypeKind::Bits},
    {Type::B32, "b32", 32, TypeKind::Bits},
    {Type::B64, "b64", 64, TypeKind::Bits},
    {Type::B128, "b128", 128, TypeKind::Bits},
    {Type::U8, "u8", 8, TypeKind::Unsigned},
    {Type::U16, "u16", 16, TypeKind::Unsigned},
    {Type::U32, "u32", 32, TypeKind::Unsigned},
    {Type::U64, "u64", 64, TypeKind::Unsigned},
    {Type::S8, "s8", 8, TypeKind::Signed},
    {Type::S16, "s16", 16, TypeKind::Signed},
    {Type::S32, "s32", 32, TypeKind::Signed},
    {Type::S64, "s64", 64, TypeKind::Signed},
    {Type::F16, "f16", 16, TypeKind::Float},
    {Type::BF16, "bf16", 16, TypeKind::Float},
    {Type::TF32, "tf32", 32, TypeKind::Float},
    {Type::F32, "f32", 32, TypeKind::Float},
    {Type::F64, "f64", 64, TypeKind::Float},
    {Type::F16x2, "f16x2", 32, TypeKind::Packed},
    {Type::BF16x2, "bf16x2", 32, TypeKind::Packed},
    {Type::F32x2, "f32x2", 64, TypeKind::Packed},
    {Type::U16x2, "u16x2", 32, TypeKind::Packed},
    {Type::S16x2, "s16x2", 32, TypeKind::Packed},
    {Type::E4M3, "e4m3", 8, TypeKind::Float},
    {Type::E5M2, "e5m2", 8, TypeKind::Float},
    {Type::E4M3x2, "e4m3x2", 16, TypeKind::Packed},
    {Type::E5M2x2, "e5m2x2", 16, TypeKind::Packed},
    {Type::E4M3x4, "e4m3x4", 32, TypeKind::Packed},
    {Type::E5M2x4, "e5m2x4", 32, TypeKind::Packed},
    {Type::E2M3x2, "e2m3x2", 16, TypeKind::Packed},
    {Type::E3M2x2, "e3m2x2", 16, TypeKind::Packed},
    {Type::E2M1x2, "e2m1x2", 8, TypeKind::Packed},
    {Type::UE8M0x2, "ue8m0x2", 16, TypeKind::Packed},
    {Type::U4, "u4", 4, TypeKind::Unsigned},
    {Type::S4, "s4", 4, TypeKind::Signed},
    {Type::B1, "b1", 1, TypeKind::Bits},
    {Type::U8x4, "u8x4", 32, TypeKind::Packed},
    {Type::S8x4, "s8x4", 32, TypeKind::Packed},
    {Type::E3M2, "e3m2", 6, TypeKind::Float},
    {Type::E2M3, "e2m3", 6, TypeKind::Float},
    {Type::E2M1, "e2m1", 4, TypeKind::Float},
};

const TypeInfo &moa::ptx::typeInfo(Type type) {
  return table[static_cast<unsigned>(type)];
}

Type moa::ptx::typeNamed(std::string_view name) {
  for (const TypeInfo &info : table)
    if (info.name == name)
      return info.type;
  return Type::None;
}
