//===- AffineSteps.cpp - affine.apply, affine.min, affine.max -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Affine maps on indices.
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"
#include "ScalarMath.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using namespace moa::reference;

/// The value of an expression; nothing where it divides by zero.
static std::optional<int64_t> evaluate(AffineExpr expr, ArrayRef<int64_t> dims,
                                       ArrayRef<int64_t> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  std::optional<int64_t> a = evaluate(binary.getLHS(), dims, symbols);
  std::optional<int64_t> b = evaluate(binary.getRHS(), dims, symbols);
  if (!a || !b)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return addInt(*a, *b, 64);
  if (expr.getKind() == AffineExprKind::Mul)
    return mulInt(*a, *b, 64);
  // Of the other three the right side is positive, or they mean nothing.
  if (*b <= 0)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::FloorDiv)
    return floorDiv(*a, *b);
  if (expr.getKind() == AffineExprKind::CeilDiv)
    return ceilDiv(*a, *b);
  return *a - floorDiv(*a, *b) * *b;
}

namespace {
class AffineStep : public Step {
public:
  enum class Pick { Only, Min, Max };

  AffineStep(Operation *op, AffineMap map, Pick pick, Decoder &decoder)
      : Step(op), map(map), pick(pick), count(decoder.integerCount("affine")),
        operands(decoder.scalars(op->getOperands())),
        result(decoder.scalar(op->getResult(0))) {}

  LogicalResult run(Frame &frame) const override {
    SmallVector<int64_t, 8> values;
    for (unsigned slot : operands)
      values.push_back(frame.scalars[slot].i);
    auto dims = ArrayRef(values).take_front(map.getNumDims());
    auto symbols = ArrayRef(values).drop_front(map.getNumDims());
    std::optional<int64_t> chosen;
    for (AffineExpr expr : map.getResults()) {
      std::optional<int64_t> value = evaluate(expr, dims, symbols);
      if (!value)
        return error() << "divides by a number that is not positive";
      if (!chosen || (pick == Pick::Min ? *value < *chosen : *value > *chosen))
        chosen = value;
    }
    ++*count;
    frame.scalars[result] = cellOf(*chosen);
    return success();
  }

private:
  AffineMap map;
  Pick pick;
  uint64_t *count;
  std::vector<unsigned> operands;
  unsigned result;
};
} // namespace

FailureOr<StepPtr> moa::reference::decodeAffine(Operation *op,
                                                Decoder &decoder) {
  auto make = [&](AffineMap map, AffineStep::Pick pick) -> StepPtr {
    return std::make_unique<AffineStep>(op, map, pick, decoder);
  };
  return llvm::TypeSwitch<Operation *, StepPtr>(op)
      .Case([&](affine::AffineApplyOp apply) {
        return make(apply.getAffineMap(), AffineStep::Pick::Only);
      })
      .Case([&](affine::AffineMinOp min) {
        return make(min.getAffineMap(), AffineStep::Pick::Min);
      })
      .Case([&](affine::AffineMaxOp max) {
        return make(max.getAffineMap(), AffineStep::Pick::Max);
      })
      .Default([](Operation *) { return nullptr; });
}
