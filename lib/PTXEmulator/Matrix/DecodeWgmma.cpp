//===- DecodeWgmma.cpp - wgmma.mma_async as decoded -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Wgmma.h"

using namespace moa::ptx;

/// The depth of a product: 32 bytes of each row, whatever the type.
static unsigned depthOf(const Element &e) { return 256 / e.bits; }

static bool goodTypes(const GroupProduct &p, Type a, Type b) {
  switch (a) {
  case Type::F16:
    return b == a && (p.d == Type::F16 || p.d == Type::F32);
  case Type::BF16:
  case Type::TF32:
    return b == a && p.d == Type::F32;
  case Type::E4M3:
  case Type::E5M2:
    return (b == Type::E4M3 || b == Type::E5M2) &&
           (p.d == Type::F16 || p.d == Type::F32);
  case Type::S8:
  case Type::U8:
    return (b == Type::S8 || b == Type::U8) && p.d == Type::S32;
  case Type::B1:
    return b == a && p.d == Type::S32;
  default:
    return false;
  }
}

static bool goodShape(const GroupProduct &p) {
  auto [m, n, k] = p.shape;
  bool integral = p.a.arithmetic != Arithmetic::Float;
  unsigned step = integral && n > 32 ? 16 : 8;
  return m == 64 && k == depthOf(p.a) && n >= 8 && n <= 256 && n % step == 0;
}

/// An operand that is one of two constants; `is` says whether it is `yes`.
static bool takeChoice(Decoder &d, size_t i, int64_t no, int64_t yes,
                       bool &is) {
  int64_t value;
  if (!d.integer(d.operand(i), value))
    return false;
  is = value == yes;
  return value == yes || value == no ||
         d.error("operand " + std::to_string(i + 1) + " must be " +
                 std::to_string(no) + " or " + std::to_string(yes));
}

/// d, a, b, scale-d, then those that the types have.
static bool takeOperands(Decoder &d, GroupProduct &p) {
  auto [m, n, k] = p.shape;
  bool isFloat = p.a.arithmetic == Arithmetic::Float;
  bool canTranspose = p.a.bits == 16;
  if (!d.operands(4, 8))
    return false;
  p.fromRegisters = d.operand(1).kind == Operand::Kind::Vector;
  size_t count = 4 + 2 * isFloat + canTranspose * (p.fromRegisters ? 1 : 2);
  if (!d.operands(count, count))
    return false;
  // The accumulators are read where scale-d says so: the handler looks.
  size_t reads = d.in.reads.size(), writes = d.in.writes.size();
  if (!takeRegisters(d, d.operand(0), registersOfC(p.d, 16, n), true,
                     p.accumulators))
    return false;
  d.in.reads.resize(reads);
  d.in.writes.resize(writes);
  if (p.fromRegisters
          ? !takeRegisters(d, d.operand(1), 4, false, p.registersOfA)
          : (d.in.src[1] = d.source(d.operand(1), Type::B64)) == noSlot)
    return false;
  d.in.src[2] = d.source(d.operand(2), Type::B64);
  d.in.src[0] = d.predicateSource(0, d.operand(3));
  if (d.failed())
    return false;
  if (isFloat && (!takeChoice(d, 4, 1, -1, p.negateA) ||
                  !takeChoice(d, 5, 1, -1, p.negateB)))
    return false;
  if (!canTranspose)
    return true;
  size_t at = 6;
  if (!p.fromRegisters && !takeChoice(d, at++, 0, 1, p.mnMajorA))
    return false;
  return takeChoice(d, at, 0, 1, p.mnMajorB);
}

bool moa::ptx::decodeGroupProduct(Decoder &d) {
  auto p = std::make_unique<GroupProduct>();
  if (d.has("sp"))
    return d.unsupported("'wgmma' of a sparse matrix");
  if (!takeAligned(d) || !takeShape(d, p->shape))
    return false;
  p->satfinite = d.take("satfinite");
  p->d = d.takeType();
  Type a = d.takeType(), b = d.takeType();
  if (!goodTypes(*p, a, b) || !elementOf(a, false, p->a) ||
      !elementOf(b, false, p->b))
    return d.unsupported("this combination of types of 'wgmma'");
  if (!goodShape(*p))
    return d.unsupported("this shape of 'wgmma' with type '." +
                         std::string(typeInfo(a).name) + "'");
  if (p->satfinite && p->a.arithmetic != Arithmetic::Integer)
    return d.unsupported("modifier '.satfinite' of this type");
  if (p->a.arithmetic == Arithmetic::Bits && !(d.take("and") && d.take("popc")))
    return d.error("'.b1' needs .and.popc");
  if (!takeOperands(d, *p))
    return false;
  p->counter = d.tensorKind();
  d.in.flags |= OwnRegisters;
  d.program.usesWgmma = true;
  d.in.extra = std::move(p);
  return true;
}
