//===- IndexForms.cpp - Integer values as forms -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/IndexForms.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

using MaybeForm = std::optional<Form>;

Value IndexForms::rootOf(Value array) {
  while (Operation *op = array.getDefiningOp()) {
    if (!isa<tensor::CastOp, MaterializeOp>(op))
      break;
    array = op->getOperand(0);
  }
  return array;
}

std::string IndexForms::nameOf(BlockArgument argument) {
  if (auto name = dyn_cast<NameLoc>(argument.getLoc()))
    return name.getName().str();
  return "arg" + std::to_string(argument.getArgNumber());
}

void IndexForms::setAxis(Value argument, AtomId axis) {
  known.insert_or_assign(argument, space.fromAtom(axis));
}

MaybeForm IndexForms::of(Value value) {
  if (auto entry = known.find(value); entry != known.end())
    return entry->second;
  MaybeForm form = compute(value);
  // Outside of all loops a number gets a name of its own, so that forms stay
  // small where it is used.
  if (form && !form->constant() && !form->atom() && !value.getType().isInteger(1))
    if (Operation *op = value.getDefiningOp();
        op && isa<func::FuncOp>(op->getParentOp()) &&
        llvm::any_of(form->terms(), [&](const auto &term) {
          return llvm::any_of(term.first, [&](const auto &factor) {
            FormAtom::Kind kind = space.atom(factor.first).kind;
            return kind == FormAtom::Kind::Positive ||
                   kind == FormAtom::Kind::Floor;
          });
        }))
      form = space.define("c", *form);
  known.insert_or_assign(value, form);
  return form;
}

Form IndexForms::of(OpFoldResult extent) {
  if (std::optional<int64_t> constant = getConstantIntValue(extent))
    return Form(space, *constant);
  Value value = cast<Value>(extent);
  MaybeForm form = of(value);
  if (!form) {
    // An extent that nothing is known about is a symbol without meaning.
    form = space.symbol("extent" + std::to_string(space.numAtoms()), true);
    known.insert_or_assign(value, form);
  }
  space.assumeExtent(*form);
  return *form;
}

Form IndexForms::extentOf(Value array, int64_t axis) {
  array = rootOf(array);
  auto type = cast<ShapedType>(array.getType());
  if (!type.isDynamicDim(axis))
    return Form(space, type.getDimSize(axis));
  if (auto argument = dyn_cast<BlockArgument>(array))
    return space.symbol(nameOf(argument) + "." + std::to_string(axis), true);
  auto result = cast<OpResult>(array);
  if (auto op = dyn_cast<ArrayOp>(result.getOwner())) {
    AffineMap map = op.getMap(result.getResultNumber());
    return of(op.getMixedExtents()[map.getDimPosition(axis)]);
  }
  if (auto empty = dyn_cast<tensor::EmptyOp>(result.getOwner()))
    return of(empty.getMixedSizes()[axis]);
  return space.symbol("array" + std::to_string(space.numAtoms()) + "." +
                          std::to_string(axis),
                      true);
}

Form IndexForms::argumentForm(BlockArgument argument) {
  return space.symbol(nameOf(argument), /*isExtent=*/false);
}

MaybeForm IndexForms::computeExpr(AffineExpr expr, ArrayRef<Form> operands,
                                  unsigned numDims) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Form(space, constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return operands[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return operands[numDims + symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  MaybeForm a = computeExpr(binary.getLHS(), operands, numDims);
  MaybeForm b = computeExpr(binary.getRHS(), operands, numDims);
  if (!a || !b)
    return std::nullopt;
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return *a + *b;
  case AffineExprKind::Mul:
    return *a * *b;
  case AffineExprKind::FloorDiv:
    return space.floorDiv(*a, *b);
  case AffineExprKind::CeilDiv:
    return space.floorDiv(*a + *b - 1, *b);
  case AffineExprKind::Mod:
    return *a - space.floorDiv(*a, *b) * *b;
  default:
    return std::nullopt;
  }
}

MaybeForm IndexForms::computeMap(AffineMap map, ValueRange operands, bool isMin,
                                 bool isMax) {
  SmallVector<Form> forms;
  for (Value operand : operands) {
    MaybeForm form = of(operand);
    if (!form)
      return std::nullopt;
    forms.push_back(*form);
  }
  MaybeForm result;
  for (AffineExpr expr : map.getResults()) {
    MaybeForm form = computeExpr(expr, forms, map.getNumDims());
    if (!form)
      return std::nullopt;
    if (!result)
      result = form;
    else
      result = isMin ? space.min(*result, *form) : space.max(*result, *form);
  }
  return result;
}

MaybeForm IndexForms::computeDivision(Operation *op) {
  MaybeForm a = of(op->getOperand(0)), b = of(op->getOperand(1));
  if (!a || !b || !space.isNotNegative(*b - 1))
    return std::nullopt;
  // Division by a positive number: the roundings agree on what is not negative.
  bool rounds = !isa<arith::FloorDivSIOp, arith::CeilDivSIOp>(op);
  if (rounds && !space.isNotNegative(*a))
    return std::nullopt;
  if (isa<arith::CeilDivSIOp, arith::CeilDivUIOp>(op))
    return space.floorDiv(*a + *b - 1, *b);
  Form quotient = space.floorDiv(*a, *b);
  if (isa<arith::RemSIOp, arith::RemUIOp>(op))
    return *a - quotient * *b;
  return quotient;
}

MaybeForm IndexForms::computeCompare(arith::CmpIOp op) {
  MaybeForm a = of(op.getLhs()), b = of(op.getRhs());
  if (!a || !b)
    return std::nullopt;
  Form greater = space.positive(*a - *b), less = space.positive(*b - *a);
  Form one(space, 1);
  switch (op.getPredicate()) {
  case arith::CmpIPredicate::eq:
    return one - greater - less;
  case arith::CmpIPredicate::ne:
    return greater + less;
  case arith::CmpIPredicate::slt:
    return less;
  case arith::CmpIPredicate::sle:
    return one - greater;
  case arith::CmpIPredicate::sgt:
    return greater;
  case arith::CmpIPredicate::sge:
    return one - less;
  default:
    break;
  }
  if (!space.isNotNegative(*a) || !space.isNotNegative(*b))
    return std::nullopt;
  switch (op.getPredicate()) {
  case arith::CmpIPredicate::ult:
    return less;
  case arith::CmpIPredicate::ule:
    return one - greater;
  case arith::CmpIPredicate::ugt:
    return greater;
  default:
    return one - less;
  }
}

MaybeForm IndexForms::computeChoice(Value condition, Value onTrue,
                                    Value onFalse) {
  MaybeForm c = of(condition), x = of(onTrue), y = of(onFalse);
  if (!c || !x || !y)
    return std::nullopt;
  return *y + *c * (*x - *y);
}

MaybeForm IndexForms::computeLoad(Value array, ValueRange indices) {
  auto argument = dyn_cast<BlockArgument>(rootOf(array));
  if (!argument || !isa<func::FuncOp>(argument.getOwner()->getParentOp()))
    return std::nullopt;
  SmallVector<Form> forms;
  for (Value index : indices) {
    MaybeForm form = of(index);
    if (!form)
      return std::nullopt;
    forms.push_back(*form);
  }
  return space.load(nameOf(argument), forms);
}

MaybeForm IndexForms::computeArith(Operation *op) {
  if (isa<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp,
          arith::CeilDivSIOp, arith::CeilDivUIOp, arith::RemSIOp,
          arith::RemUIOp>(op))
    return computeDivision(op);
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    return computeCompare(compare);
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return computeChoice(select.getCondition(), select.getTrueValue(),
                         select.getFalseValue());
  if (isa<arith::IndexCastOp, arith::ExtSIOp>(op)) {
    MaybeForm form = of(op->getOperand(0));
    // A narrow type may cut; an i1 that is extended by its sign is -1.
    Type from = op->getOperand(0).getType(), to = op->getResult(0).getType();
    if (from.isInteger(1))
      return form ? MaybeForm(-*form) : form;
    bool fits = to.isIndex() || to.isInteger(64) ||
                (!from.isIndex() &&
                 to.getIntOrFloatBitWidth() >= from.getIntOrFloatBitWidth());
    return fits ? form : std::nullopt;
  }
  if (isa<arith::IndexCastUIOp, arith::ExtUIOp>(op)) {
    MaybeForm form = of(op->getOperand(0));
    bool same = form && (op->getOperand(0).getType().isInteger(1) ||
                         space.isNotNegative(*form));
    return same ? form : std::nullopt;
  }
  if (op->getNumOperands() != 2)
    return std::nullopt;
  MaybeForm a = of(op->getOperand(0)), b = of(op->getOperand(1));
  if (!a || !b)
    return std::nullopt;
  bool truth = op->getResult(0).getType().isInteger(1);
  return llvm::TypeSwitch<Operation *, MaybeForm>(op)
      .Case([&](arith::AddIOp) { return *a + *b; })
      .Case([&](arith::SubIOp) { return *a - *b; })
      .Case([&](arith::MulIOp) { return *a * *b; })
      .Case([&](arith::MaxSIOp) { return space.max(*a, *b); })
      .Case([&](arith::MinSIOp) { return space.min(*a, *b); })
      .Case([&](arith::AndIOp) {
        return truth ? MaybeForm(*a * *b) : std::nullopt;
      })
      .Case([&](arith::OrIOp) {
        return truth ? MaybeForm(*a + *b - *a * *b) : std::nullopt;
      })
      .Case([&](arith::XOrIOp) {
        return truth ? MaybeForm(*a + *b - *a * *b * 2) : std::nullopt;
      })
      .Default([](Operation *) { return std::nullopt; });
}

MaybeForm IndexForms::compute(Value value) {
  Type type = value.getType();
  if (!isa<IndexType, IntegerType>(type))
    return std::nullopt;
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant))) {
    if (type.isInteger(1))
      return Form(space, constant.getZExtValue());
    return Form(space, constant.getSExtValue());
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (isa<func::FuncOp>(argument.getOwner()->getParentOp()))
      return argumentForm(argument);
    return std::nullopt;
  }
  Operation *op = value.getDefiningOp();
  return llvm::TypeSwitch<Operation *, MaybeForm>(op)
      .Case<tensor::DimOp, memref::DimOp>([&](auto dim) -> MaybeForm {
        std::optional<int64_t> axis = dim.getConstantIndex();
        if (!axis)
          return std::nullopt;
        return extentOf(dim.getSource(), *axis);
      })
      .Case([&](affine::AffineApplyOp apply) {
        return computeMap(apply.getAffineMap(), apply.getOperands(), false,
                          false);
      })
      .Case([&](affine::AffineMinOp min) {
        return computeMap(min.getAffineMap(), min.getOperands(), true, false);
      })
      .Case([&](affine::AffineMaxOp max) {
        return computeMap(max.getAffineMap(), max.getOperands(), false, true);
      })
      .Case([&](PsiOp psi) {
        return psi.isFull() ? computeLoad(psi.getSource(), psi.getIndices())
                            : std::nullopt;
      })
      .Case([&](tensor::ExtractOp extract) {
        return computeLoad(extract.getTensor(), extract.getIndices());
      })
      .Case([&](scf::IfOp choice) -> MaybeForm {
        unsigned number = cast<OpResult>(value).getResultNumber();
        return computeChoice(choice.getCondition(),
                             choice.thenYield().getOperand(number),
                             choice.elseYield().getOperand(number));
      })
      .Default([&](Operation *other) -> MaybeForm {
        if (isa_and_nonnull<arith::ArithDialect>(other->getDialect()))
          return computeArith(other);
        return std::nullopt;
      });
}
