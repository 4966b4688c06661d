//===- IntSteps.cpp - arith on integers -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integer arithmetic of arith, modulo 2^width; undefined cases are errors.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath.h"
#include "ScalarSteps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

/// A total function of two integers of one width.
template <typename Function>
static StepPtr makeInt(Operation *op, Decoder &decoder, StringRef kind,
                       Function function) {
  unsigned width = widthOf(op->getOperand(0).getType());
  return makeScalarStep<2>(op, decoder, decoder.integerCount(kind),
                           [=](const std::array<Cell, 2> &x) {
                             return cellOf(
                                 wrap(function(x[0].i, x[1].i, width), width));
                           });
}

namespace {
/// Division, which has undefined cases.
template <typename Function> class DivisionStep : public Step {
public:
  DivisionStep(Operation *op, Decoder &decoder, bool isUnsigned,
               Function function)
      : Step(op), count(decoder.integerCount("div")), function(function),
        isUnsigned(isUnsigned), width(widthOf(op->getResult(0).getType())),
        lhs(decoder.scalar(op->getOperand(0))),
        rhs(decoder.scalar(op->getOperand(1))),
        result(decoder.scalar(op->getResult(0))) {}

  LogicalResult run(Frame &frame) const override {
    int64_t a = frame.scalars[lhs].i, b = frame.scalars[rhs].i;
    if (b == 0)
      return error() << "divides " << a << " by zero";
    ++*count;
    int64_t value;
    if (isUnsigned) {
      value = function(asUnsigned(a, width), asUnsigned(b, width));
    } else {
      a = asSigned(a, width);
      b = asSigned(b, width);
      if (b == -1 && a == asSigned(minSigned(width), width))
        return overflow(frame, a);
      value = function(a, b);
    }
    frame.scalars[result] = cellOf(wrap(value, width));
    return success();
  }

private:
  /// The smallest integer by -1: the quotient does not exist, the rest is 0.
  LogicalResult overflow(Frame &frame, int64_t a) const {
    if (!isa<arith::RemSIOp>(op))
      return error() << "divides " << a << " by -1, which overflows";
    frame.scalars[result] = cellOf(int64_t(0));
    return success();
  }

  uint64_t *count;
  Function function;
  bool isUnsigned;
  unsigned width, lhs, rhs, result;
};
} // namespace

template <typename Function>
static StepPtr makeSignedDivision(Operation *op, Decoder &decoder,
                                  Function function) {
  return std::make_unique<DivisionStep<Function>>(op, decoder, false, function);
}

/// Both are the unsigned readings.
template <typename Function>
static StepPtr makeUnsignedDivision(Operation *op, Decoder &decoder,
                                    Function function) {
  return std::make_unique<DivisionStep<Function>>(op, decoder, true, function);
}

static bool compareInts(arith::CmpIPredicate predicate, int64_t a, int64_t b,
                        unsigned width) {
  int64_t x = asSigned(a, width), y = asSigned(b, width);
  uint64_t u = asUnsigned(a, width), v = asUnsigned(b, width);
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return x == y;
  case arith::CmpIPredicate::ne:
    return x != y;
  case arith::CmpIPredicate::slt:
    return x < y;
  case arith::CmpIPredicate::sle:
    return x <= y;
  case arith::CmpIPredicate::sgt:
    return x > y;
  case arith::CmpIPredicate::sge:
    return x >= y;
  case arith::CmpIPredicate::ult:
    return u < v;
  case arith::CmpIPredicate::ule:
    return u <= v;
  case arith::CmpIPredicate::ugt:
    return u > v;
  case arith::CmpIPredicate::uge:
    return u >= v;
  }
  llvm_unreachable("unknown predicate");
}

static StepPtr decodeCompare(arith::CmpIOp op, Decoder &decoder) {
  arith::CmpIPredicate predicate = op.getPredicate();
  unsigned width = widthOf(op.getLhs().getType());
  return makeScalarStep<2>(
      op, decoder, decoder.integerCount("cmp"),
      [=](const std::array<Cell, 2> &x) {
        return cellOf(int64_t(compareInts(predicate, x[0].i, x[1].i, width)));
      });
}

StepPtr moa::reference::decodeIntArith(Operation *op, Decoder &d) {
  using L = int64_t;
  using U = uint64_t;
  using W = unsigned;
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](arith::CmpIOp cmp) { return decodeCompare(cmp, d); })
      .Case([&](arith::AddIOp) { return makeInt(op, d, "add", addInt); })
      .Case([&](arith::SubIOp) { return makeInt(op, d, "add", subInt); })
      .Case([&](arith::MulIOp) { return makeInt(op, d, "mul", mulInt); })
      .Case([&](arith::MaxSIOp) { return makeInt(op, d, "max_min", maxInt); })
      .Case([&](arith::MinSIOp) { return makeInt(op, d, "max_min", minInt); })
      .Case([&](arith::MaxUIOp) {
        return makeInt(op, d, "max_min", [](L a, L b, W w) {
          return asUnsigned(a, w) >= asUnsigned(b, w) ? a : b;
        });
      })
      .Case([&](arith::MinUIOp) {
        return makeInt(op, d, "max_min", [](L a, L b, W w) {
          return asUnsigned(a, w) <= asUnsigned(b, w) ? a : b;
        });
      })
      .Case([&](arith::AndIOp) {
        return makeInt(op, d, "logic", [](L a, L b, W) { return a & b; });
      })
      .Case([&](arith::OrIOp) {
        return makeInt(op, d, "logic", [](L a, L b, W) { return a | b; });
      })
      .Case([&](arith::XOrIOp) {
        return makeInt(op, d, "logic", [](L a, L b, W) { return a ^ b; });
      })
      .Case([&](arith::ShLIOp) {
        return makeInt(op, d, "logic", [](L a, L b, W w) -> L {
          return asUnsigned(b, w) >= w ? 0 : L(U(a) << asUnsigned(b, w));
        });
      })
      .Case([&](arith::ShRUIOp) {
        return makeInt(op, d, "logic", [](L a, L b, W w) -> L {
          return asUnsigned(b, w) >= w ? 0
                                       : asUnsigned(a, w) >> asUnsigned(b, w);
        });
      })
      .Case([&](arith::ShRSIOp) {
        return makeInt(op, d, "logic", [](L a, L b, W w) -> L {
          return asUnsigned(b, w) >= w ? 0 : asSigned(a, w) >> asUnsigned(b, w);
        });
      })
      .Case([&](arith::DivSIOp) {
        return makeSignedDivision(op, d, [](L a, L b) { return a / b; });
      })
      .Case([&](arith::RemSIOp) {
        return makeSignedDivision(op, d, [](L a, L b) { return a % b; });
      })
      .Case([&](arith::FloorDivSIOp) {
        return makeSignedDivision(op, d, floorDiv);
      })
      .Case([&](arith::CeilDivSIOp) {
        return makeSignedDivision(op, d, ceilDiv);
      })
      .Case([&](arith::DivUIOp) {
        return makeUnsignedDivision(op, d, [](U a, U b) { return a / b; });
      })
      .Case([&](arith::RemUIOp) {
        return makeUnsignedDivision(op, d, [](U a, U b) { return a % b; });
      })
      .Case([&](arith::CeilDivUIOp) {
        return makeUnsignedDivision(
            op, d, [](U a, U b) { return a / b + (a % b != 0); });
      })
      .Default([](Operation *) { return nullptr; });
}
