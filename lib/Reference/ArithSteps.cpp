//===- ArithSteps.cpp - arith: constants, arithmetic, comparisons -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operations of arith but its casts.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath.h"
#include "ScalarSteps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static Cell cellOfAttribute(Attribute attribute) {
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return cellOf(number.getValueAsDouble());
  auto integer = cast<IntegerAttr>(attribute);
  return cellOf(
      wrap(integer.getValue().getSExtValue(), widthOf(integer.getType())));
}

/// An array constant; the error is that of making it.
static llvm::Expected<Array> arrayOfAttribute(DenseElementsAttr elements,
                                              ArrayTraffic *traffic) {
  bool isFloat = isa<FloatType>(elements.getElementType());
  llvm::Expected<Array> array =
      Array::create(isFloat, elements.getType().getShape(), traffic);
  if (!array)
    return array.takeError();
  for (auto [offset, element] :
       llvm::enumerate(elements.getValues<Attribute>()))
    array->write(offset, cellOfAttribute(element));
  if (traffic)
    traffic->written = 0; // It is given, not computed.
  return array;
}

static FailureOr<StepPtr> decodeConstant(arith::ConstantOp op,
                                         Decoder &decoder) {
  if (isa<FloatAttr, IntegerAttr>(op.getValue())) {
    decoder.target.scalarConstants.emplace_back(decoder.scalar(op),
                                                cellOfAttribute(op.getValue()));
    return StepPtr(std::make_unique<NoStep>(op));
  }
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!elements)
    return op.emitOpError()
           << "has a value that the reference interpreter does "
              "not understand";
  llvm::Expected<Array> array =
      arrayOfAttribute(elements, decoder.trafficOfConstant(op));
  if (!array)
    return op.emitOpError() << llvm::toString(array.takeError());
  decoder.target.constants.emplace_back(decoder.array(op), *array);
  return StepPtr(std::make_unique<NoStep>(op));
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

static bool compareFloats(arith::CmpFPredicate predicate, double a, double b) {
  bool unordered = std::isnan(a) || std::isnan(b);
  switch (predicate) {
  case arith::CmpFPredicate::AlwaysFalse:
    return false;
  case arith::CmpFPredicate::OEQ:
    return !unordered && a == b;
  case arith::CmpFPredicate::OGT:
    return !unordered && a > b;
  case arith::CmpFPredicate::OGE:
    return !unordered && a >= b;
  case arith::CmpFPredicate::OLT:
    return !unordered && a < b;
  case arith::CmpFPredicate::OLE:
    return !unordered && a <= b;
  case arith::CmpFPredicate::ONE:
    return !unordered && a != b;
  case arith::CmpFPredicate::ORD:
    return !unordered;
  case arith::CmpFPredicate::UEQ:
    return unordered || a == b;
  case arith::CmpFPredicate::UGT:
    return unordered || a > b;
  case arith::CmpFPredicate::UGE:
    return unordered || a >= b;
  case arith::CmpFPredicate::ULT:
    return unordered || a < b;
  case arith::CmpFPredicate::ULE:
    return unordered || a <= b;
  case arith::CmpFPredicate::UNE:
    return unordered || a != b;
  case arith::CmpFPredicate::UNO:
    return unordered;
  case arith::CmpFPredicate::AlwaysTrue:
    return true;
  }
  llvm_unreachable("unknown predicate");
}

static StepPtr decodeFloatArith(Operation *op, Decoder &d) {
  auto binary = [&](StringRef kind, auto function) {
    return makeFloatBinary(op, d, kind, function);
  };
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](arith::AddFOp) { return binary("add", std::plus<double>()); })
      .Case([&](arith::SubFOp) { return binary("add", std::minus<double>()); })
      .Case([&](arith::MulFOp) {
        return binary("mul", std::multiplies<double>());
      })
      .Case(
          [&](arith::DivFOp) { return binary("div", std::divides<double>()); })
      .Case([&](arith::RemFOp) {
        return binary("rem",
                      [](double a, double b) { return std::fmod(a, b); });
      })
      .Case([&](arith::MaximumFOp) { return binary("max_min", maximum); })
      .Case([&](arith::MinimumFOp) { return binary("max_min", minimum); })
      .Case([&](arith::MaxNumFOp) { return binary("max_min", maxNum); })
      .Case([&](arith::MinNumFOp) { return binary("max_min", minNum); })
      .Case([&](arith::NegFOp) {
        return makeFloatUnary(op, d, "neg", std::negate<double>());
      })
      .Default([](Operation *) { return nullptr; });
}

//===----------------------------------------------------------------------===//
// Comparison and choice
//===----------------------------------------------------------------------===//

namespace {
/// A choice between two arrays by a scalar; scalars are a `ScalarStep`.
class SelectArrayStep : public Step {
public:
  SelectArrayStep(arith::SelectOp op, Decoder &decoder)
      : Step(op), condition(decoder.scalar(op.getCondition())),
        onTrue(decoder.array(op.getTrueValue())),
        onFalse(decoder.array(op.getFalseValue())),
        result(decoder.array(op.getResult())) {}

  LogicalResult run(Frame &frame) const override {
    bool holds = frame.scalars[condition].i;
    frame.arrays[result] = frame.arrays[holds ? onTrue : onFalse];
    return success();
  }

private:
  unsigned condition, onTrue, onFalse, result;
};
} // namespace

static StepPtr decodeSelect(arith::SelectOp op, Decoder &decoder) {
  if (isa<ShapedType>(op.getCondition().getType()))
    return nullptr;
  if (isa<ShapedType>(op.getType()))
    return std::make_unique<SelectArrayStep>(op, decoder);
  return makeScalarStep<3>(
      op, decoder, decoder.countFor(op.getType(), "select"),
      [](const std::array<Cell, 3> &x) { return x[0].i ? x[1] : x[2]; });
}

FailureOr<StepPtr> moa::reference::decodeArith(Operation *op,
                                               Decoder &decoder) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return decodeConstant(constant, decoder);
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return decodeSelect(select, decoder);
  bool isScalar =
      llvm::none_of(op->getOperandTypes(), llvm::IsaPred<ShapedType>);
  if (!isa_and_nonnull<arith::ArithDialect>(op->getDialect()) || !isScalar)
    return StepPtr();
  if (auto cmp = dyn_cast<arith::CmpFOp>(op)) {
    arith::CmpFPredicate predicate = cmp.getPredicate();
    return makeScalarStep<2>(
        op, decoder, decoder.floatCount("cmp"),
        [=](const std::array<Cell, 2> &x) {
          return cellOf(int64_t(compareFloats(predicate, x[0].f, x[1].f)));
        });
  }
  if (StepPtr step = decodeFloatArith(op, decoder))
    return step;
  return decodeIntArith(op, decoder);
}
