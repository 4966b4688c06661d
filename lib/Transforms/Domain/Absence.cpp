//===- Absence.cpp - Indices at which a fold has no elements ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Absence.h"

#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace moa;

static bool isZero(Attribute a) {
  if (auto number = dyn_cast_or_null<FloatAttr>(a))
    return number.getValue().isZero();
  auto integer = dyn_cast_or_null<IntegerAttr>(a);
  return integer && integer.getValue().isZero();
}

/// -1 or 1 for an infinity, else 0.
static int getInfinity(Attribute a) {
  auto number = dyn_cast_or_null<FloatAttr>(a);
  if (!number || !number.getValue().isInfinity())
    return 0;
  return number.getValue().isNegative() ? -1 : 1;
}

static Attribute makeInfinity(Type type, int sign) {
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type).getFloatSemantics();
  return FloatAttr::get(type, APFloat::getInf(semantics, sign < 0));
}

bool PartialValues::isAbsent(FoldOp of, unsigned result) {
  Type type = of.getResult(result).getType();
  if (of.getReducer(result) == ReducerKind::Custom)
    return false;
  Attribute element = get(of.getElements()[result]);
  Attribute identity = getReducerIdentity(of.getReducer(result), type);
  return element && (element == identity || (isZero(element) && isZero(identity)));
}

/// What a choice gives: one side, or both if they are equal.
Attribute PartialValues::choose(Attribute condition, Value yes, Value no) {
  if (condition)
    return get(isZero(condition) ? no : yes);
  Attribute a = get(yes);
  return a && a == get(no) ? a : Attribute();
}

Attribute PartialValues::computeLogic(Operation *op) {
  Attribute a = get(op->getOperand(0)), b = get(op->getOperand(1));
  Attribute no = IntegerAttr::get(op->getResult(0).getType(), 0);
  if (isa<arith::AndIOp>(op)) {
    if (isZero(a) || isZero(b))
      return no;
    return a && b ? a : Attribute();
  }
  Attribute yes = IntegerAttr::get(op->getResult(0).getType(), -1);
  bool isOr = isa<arith::OrIOp>(op);
  if (isOr && ((a && !isZero(a)) || (b && !isZero(b))))
    return yes;
  if (!a || !b)
    return {};
  if (isOr)
    return no;
  return isZero(a) == isZero(b) ? no : yes;
}

/// Zeros and infinities that absorb what they meet.
Attribute PartialValues::computeScalar(Operation *op) {
  Type type = op->getResult(0).getType();
  auto operand = [&](unsigned i) { return get(op->getOperand(i)); };
  if (isa<arith::MulFOp, arith::MulIOp>(op)) {
    if (isZero(operand(0)) || isZero(operand(1)))
      return Builder(op).getZeroAttr(type);
  } else if (isa<arith::DivFOp>(op)) {
    if (isZero(operand(0)))
      return Builder(op).getZeroAttr(type);
  } else if (isa<arith::AddFOp, arith::SubFOp>(op)) {
    int a = getInfinity(operand(0)), b = getInfinity(operand(1));
    if (isa<arith::SubFOp>(op))
      b = -b;
    if (a != 0 && a * b >= 0)
      return makeInfinity(type, a);
    if (a == 0 && b != 0)
      return makeInfinity(type, b);
  } else if (isa<math::ExpOp, math::Exp2Op>(op)) {
    if (getInfinity(operand(0)) < 0)
      return Builder(op).getZeroAttr(type);
  } else if (isa<arith::ExtFOp, arith::TruncFOp>(op)) {
    if (int sign = getInfinity(operand(0)))
      return makeInfinity(type, sign);
  } else if (type.isInteger(1) &&
             isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op)) {
    return computeLogic(op);
  }
  if (op->getNumOperands() == 0 || op->getNumRegions() != 0)
    return {};
  SmallVector<Attribute> constants;
  for (Value value : op->getOperands()) {
    constants.push_back(get(value));
    if (!constants.back())
      return {};
  }
  SmallVector<OpFoldResult> results;
  if (failed(op->fold(constants, results)) || results.empty())
    return {};
  if (auto value = dyn_cast<Value>(results.front()))
    return get(value);
  return cast<Attribute>(results.front());
}

Attribute PartialValues::compute(OpResult value) {
  Operation *op = value.getOwner();
  Attribute constant;
  if (matchPattern(op, m_Constant(&constant)))
    return constant;
  if (!fold.getBody().isAncestor(op->getParentRegion()))
    return {};
  if (value.getType().isInteger(1))
    if (std::optional<bool> answer = sets.decide(value, range))
      return BoolAttr::get(op->getContext(), *answer);
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return choose(get(select.getCondition()), select.getTrueValue(),
                  select.getFalseValue());
  unsigned number = value.getResultNumber();
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return choose(get(branch.getCondition()), branch.thenYield()->getOperand(number),
                  branch.elseYield()->getOperand(number));
  if (auto inner = dyn_cast<FoldOp>(op)) {
    bool absent = inner.getInits().empty() && isAbsent(inner, number);
    return absent ? getReducerIdentity(inner.getReducer(number), value.getType())
                  : Attribute();
  }
  return computeScalar(op);
}

Attribute PartialValues::get(Value value) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return {};
  if (auto it = known.find(value); it != known.end())
    return it->second;
  Attribute answer = compute(result);
  known[value] = answer;
  return answer;
}
