//===- Translate.cpp - Scalar code as expressions ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Translate.h"
#include "ScalarTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;
using algebra::Ex;
using Kind = algebra::Op;
using algebra::Predicate;
using algebra::Rational;

std::string moa::describe(Value value) {
  if (auto psi = value.getDefiningOp<PsiOp>()) {
    if (auto argument = dyn_cast<BlockArgument>(psi.getSource()))
      return "arg" + std::to_string(argument.getArgNumber()) + "[..]";
    return "array[..]";
  }
  if (Operation *op = value.getDefiningOp())
    return op->getName().stripDialect().str();
  auto argument = cast<BlockArgument>(value);
  return "arg" + std::to_string(argument.getArgNumber());
}

void Translator::setResult(Value value, Ex symbol, ReducerKind kind) {
  memo[value] = symbol;
  dependsOnResults[value] = true;
  dependsOnIndex[value] = false;
  kinds[symbol->id] = kind;
}

//===----------------------------------------------------------------------===//
// Dependence
//===----------------------------------------------------------------------===//

/// The values that an operation uses: its operands, and what its regions use
/// from outside.
static SetVector<Value> usedValues(Operation *op) {
  SetVector<Value> used(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), used);
  return used;
}

bool Translator::depends(Value value, bool onResults) {
  auto &known = onResults ? dependsOnResults : dependsOnIndex;
  if (auto it = known.find(value); it != known.end())
    return it->second;
  bool answer = false;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Region *region = argument.getOwner()->getParent();
    // An index or an argument of something inside the body varies.
    answer = !onResults && fold.getBody().isAncestor(region);
  } else {
    Operation *op = value.getDefiningOp();
    // Above the block of the fold nothing depends on either.
    if (fold->getBlock()->findAncestorOpInBlock(*op))
      answer = llvm::any_of(usedValues(op), [&](Value used) {
        return depends(used, onResults);
      });
  }
  return known[value] = answer;
}

bool Translator::usesResults(Value value) { return depends(value, true); }
bool Translator::varies(Value value) { return depends(value, false); }

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

Ex Translator::atom(Value value) {
  std::optional<uint8_t> type = getTypeNumber(value.getType());
  if (!type) {
    failedAt = value;
    return nullptr;
  }
  const void *tag = value.getAsOpaquePointer();
  return varies(value) ? context.leaf(describe(value), tag, *type)
                       : context.parameter(describe(value), tag, *type);
}

Ex Translator::translateConstant(Value value) {
  std::optional<uint8_t> type = getTypeNumber(value.getType());
  APFloat number(0.0);
  APInt integer;
  if (!type)
    return nullptr;
  if (matchPattern(value, m_ConstantFloat(&number))) {
    if (number.isInfinity())
      return context.infinity(number.isNegative() ? -1 : 1, *type);
    bool lossy;
    (void)number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                         &lossy);
    if (auto exact = Rational::fromDouble(number.convertToDouble()))
      return context.constant(*exact, *type);
    return context.parameter("constant", value.getAsOpaquePointer(), *type,
                             number.isFinite() && !number.isNegative());
  }
  if (*type != algebra::booleanType &&
      matchPattern(value, m_ConstantInt(&integer))) {
    if (integer.isMaxSignedValue() || integer.isMinSignedValue())
      return context.infinity(integer.isNegative() ? -1 : 1, *type);
    if (integer.getSignificantBits() < 46)
      return context.constant(Rational(integer.getSExtValue()), *type);
  }
  return nullptr;
}

std::optional<int64_t> Translator::staticExtent() {
  std::optional<int64_t> lower = getConstantIntValue(fold.getLower()),
                         upper = getConstantIntValue(fold.getUpper());
  if (!lower || !upper || *upper <= *lower)
    return std::nullopt;
  return *upper - *lower;
}

/// True if `value` is the number of indices, in some type.
bool Translator::isExtent(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::SIToFPOp,
             arith::UIToFPOp, arith::ExtSIOp, arith::ExtUIOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value == fold.getUpper() &&
         getConstantIntValue(fold.getLower()) == int64_t(0) &&
         !getConstantIntValue(value);
}

Ex Translator::translateExtent(Value value) {
  if (!isa<FloatType>(value.getType()) || !isExtent(value))
    return nullptr;
  std::optional<uint8_t> type = getTypeNumber(value.getType());
  return type ? context.extent(*type) : Ex();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

Ex Translator::get(Value value) {
  if (Ex known = memo.lookup(value))
    return known;
  Ex e = translate(value);
  if (!e) {
    if (!failedAt)
      failedAt = value;
    return nullptr;
  }
  memo[value] = e;
  if (e->dependsOnIndex && !e->dependsOnResults)
    origins.try_emplace(e, value);
  return e;
}

Ex Translator::translate(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return atom(value);
  if (Ex constant = translateConstant(value))
    return constant;
  if (Ex extent = translateExtent(value))
    return extent;
  if (!fold->getBlock()->findAncestorOpInBlock(*op))
    return atom(value); // computed above
  if (!varies(value) && !usesResults(value))
    return atom(value);
  if (!getTypeNumber(value.getType())) {
    failedAt = value;
    return nullptr;
  }
  if (Ex e = translateArith(op))
    return e;
  if (failedAt)
    return nullptr;
  if (!usesResults(value))
    return atom(value);
  if (auto inner = dyn_cast<FoldOp>(op))
    if (Ex e = translateInnerFold(inner))
      return e;
  return translateCall(value);
}

Ex Translator::translateArith(Operation *op) {
  auto unary = [&](Kind kind) -> Ex {
    Ex a = get(op->getOperand(0));
    return a ? context.unary(kind, a) : Ex();
  };
  auto binary = [&](Kind kind) -> Ex {
    Ex a = get(op->getOperand(0)), b = get(op->getOperand(1));
    return a && b ? context.binary(kind, a, b) : Ex();
  };
  auto cast = [&]() -> Ex {
    Ex a = get(op->getOperand(0));
    return a ? context.cast(a, *getTypeNumber(op->getResult(0).getType()))
             : Ex();
  };
  return TypeSwitch<Operation *, Ex>(op)
      .Case<arith::AddFOp, arith::AddIOp>([&](auto) { return binary(Kind::Add); })
      .Case<arith::SubFOp, arith::SubIOp>([&](auto) { return binary(Kind::Sub); })
      .Case<arith::MulFOp, arith::DivFOp>(
          [&](auto) { return translateQuotient(op); })
      .Case<arith::MulIOp>([&](auto) { return binary(Kind::Mul); })
      .Case<arith::NegFOp>([&](auto) { return unary(Kind::Neg); })
      .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(
          [&](auto) { return binary(Kind::Max); })
      .Case<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(
          [&](auto) { return binary(Kind::Min); })
      .Case<math::ExpOp>([&](auto) { return unary(Kind::Exp); })
      .Case<math::LogOp>([&](auto) { return unary(Kind::Log); })
      .Case<math::SqrtOp>([&](auto) { return unary(Kind::Sqrt); })
      .Case<math::TanhOp>([&](auto) { return unary(Kind::Tanh); })
      .Case<math::AbsFOp>([&](auto) { return unary(Kind::Abs); })
      .Case<arith::ExtFOp, arith::SIToFPOp, arith::ExtSIOp, arith::IndexCastOp>(
          [&](auto) { return cast(); })
      .Case<math::RsqrtOp, math::PowFOp, math::FPowIOp>(
          [&](auto) { return translatePower(op); })
      .Case<arith::CmpFOp, arith::CmpIOp>(
          [&](auto) { return translateComparison(op); })
      .Case<arith::SelectOp>([&](auto) { return translateSelect(op); })
      .Default([](Operation *) { return Ex(); });
}

/// Products and quotients of floats. A constant extent is one, too: where a
/// result is divided by it, the count takes its place.
Ex Translator::translateQuotient(Operation *op) {
  Ex a = get(op->getOperand(0)), b = get(op->getOperand(1));
  if (!a || !b)
    return nullptr;
  bool isDivision = isa<arith::DivFOp>(op);
  if (std::optional<int64_t> extent = staticExtent(); extent && *extent > 1) {
    if (isDivision && b->isConst(*extent) && a->dependsOnResults &&
        !a->dependsOnIndex)
      return a / context.extent(b->type);
    for (auto [e, c] : {std::pair(a, b), std::pair(b, a)})
      if (!isDivision && c->isConst(Rational(1, *extent)) &&
          e->dependsOnResults && !e->dependsOnIndex)
        return e / context.extent(c->type);
  }
  return isDivision ? a / b : a * b;
}

Ex Translator::translatePower(Operation *op) {
  Ex a = get(op->getOperand(0));
  if (!a)
    return nullptr;
  if (isa<math::RsqrtOp>(op))
    return context.constant(1, a->type) / algebra::sqrt(a);
  Ex n = get(op->getOperand(1));
  if (!n || !n->isConst())
    return nullptr;
  Rational exponent = n->value;
  if (exponent == Rational(1, 2))
    return algebra::sqrt(a);
  bool small = exponent.abs().numerator() <= 6;
  if (!small || exponent.denominator() > 2)
    return nullptr;
  return algebra::pow(a, exponent);
}

Ex Translator::translateComparison(Operation *op) {
  Ex a = get(op->getOperand(0)), b = get(op->getOperand(1));
  if (!a || !b)
    return nullptr;
  if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
    using P = arith::CmpFPredicate;
    unsigned spelling = unsigned(compare.getPredicate()) + 1;
    switch (compare.getPredicate()) {
    case P::OEQ: return context.compare(Predicate::Eq, a, b, 0);
    case P::UNE: return context.compare(Predicate::Ne, a, b, 0);
    case P::ONE: return context.compare(Predicate::Ne, a, b, spelling);
    case P::UEQ: return context.compare(Predicate::Eq, a, b, spelling);
    case P::OLT: return context.compare(Predicate::Lt, a, b, 0);
    case P::ULT: return context.compare(Predicate::Lt, a, b, spelling);
    case P::OLE: return context.compare(Predicate::Le, a, b, 0);
    case P::ULE: return context.compare(Predicate::Le, a, b, spelling);
    case P::OGT: return context.compare(Predicate::Gt, a, b, 0);
    case P::UGT: return context.compare(Predicate::Gt, a, b, spelling);
    case P::OGE: return context.compare(Predicate::Ge, a, b, 0);
    case P::UGE: return context.compare(Predicate::Ge, a, b, spelling);
    default: return nullptr;
    }
  }
  switch (cast<arith::CmpIOp>(op).getPredicate()) {
  case arith::CmpIPredicate::eq: return context.compare(Predicate::Eq, a, b);
  case arith::CmpIPredicate::ne: return context.compare(Predicate::Ne, a, b);
  case arith::CmpIPredicate::slt: return context.compare(Predicate::Lt, a, b);
  case arith::CmpIPredicate::sle: return context.compare(Predicate::Le, a, b);
  case arith::CmpIPredicate::sgt: return context.compare(Predicate::Gt, a, b);
  case arith::CmpIPredicate::sge: return context.compare(Predicate::Ge, a, b);
  default: return nullptr;
  }
}

/// A select that replaces a result at its infinite identity is the result made
/// total.
Ex Translator::translateSelect(Operation *op) {
  Ex condition = get(op->getOperand(0)), yes = get(op->getOperand(1)),
     no = get(op->getOperand(2));
  if (!condition || !yes || !no)
    return nullptr;
  bool isTest = condition->op == Kind::Cmp && condition->id == 0 &&
                (condition->predicate == Predicate::Eq ||
                 condition->predicate == Predicate::Ne);
  if (!isTest || condition->dependsOnIndex)
    return context.select(condition, yes, no);
  bool equal = condition->predicate == Predicate::Eq;
  Ex good = equal ? yes : no, kept = equal ? no : yes;
  for (unsigned side : {0, 1}) {
    Ex a = condition->args[side], bad = condition->args[1 - side];
    if (a != kept || !good->isConst())
      continue;
    auto kind = a->op == Kind::Res || a->op == Kind::Old || a->op == Kind::New
                    ? kinds.find(a->id)
                    : kinds.end();
    if (bad->op == Kind::Infinity && kind != kinds.end() &&
        kind->second ==
            (bad->value.sign() < 0 ? ReducerKind::Max : ReducerKind::Min))
      return context.pivot(a, bad->value, /*infinite=*/true, good);
    if (options.zeroPivots && bad->isConst(0) && good->isConst(1))
      return context.pivot(a, Rational(0), /*infinite=*/false, good);
  }
  return context.select(condition, yes, no);
}

/// A fold inside an element that uses results: a sum over its own axis.
Ex Translator::translateInnerFold(FoldOp inner) {
  if (inner->getNumResults() != 1 || inner.getReducer(0) != ReducerKind::Add ||
      !inner.getInits().empty() || inner.hasCorrect() ||
      !isa<FloatType>(inner.getResult(0).getType()) ||
      usesResults(inner.getLower()) || usesResults(inner.getUpper()))
    return nullptr;
  Ex element = get(inner.getElements()[0]);
  return element ? context.innerSum(element, inner.getOperation()) : Ex();
}

/// True for operations whose value at an operand that is not proper is harmless.
static bool isHarmless(Operation *op) {
  return !isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp,
              arith::CeilDivSIOp, arith::CeilDivUIOp, arith::FloorDivSIOp,
              PsiOp>(op);
}

Ex Translator::translateCall(Value value) {
  Operation *op = value.getDefiningOp();
  StringRef name = op->getName().stripDialect();
  if (op->getNumRegions() == 0 && op->getNumOperands() == 1 &&
      options.approximate.contains(name)) {
    Ex a = get(op->getOperand(0));
    return a ? context.cast(a, *getTypeNumber(value.getType())) : Ex();
  }
  bool harmless = isHarmless(op);
  op->walk([&](Operation *nested) { harmless &= isHarmless(nested); });
  if (!harmless || op->getNumResults() != 1) {
    failedAt = value;
    return nullptr;
  }
  SmallVector<Value> operands;
  SmallVector<Ex> args;
  for (Value used : usedValues(op)) {
    if (!usesResults(used) && !varies(used))
      continue;
    Ex arg = get(used);
    if (!arg)
      return nullptr;
    operands.push_back(used);
    args.push_back(arg);
  }
  callOperands[op] = operands;
  bool monotone = isa<math::RoundEvenOp, math::RoundOp, math::FloorOp,
                      math::CeilOp, math::TruncOp, arith::TruncFOp>(op);
  return context.call(name, op, args, *getTypeNumber(value.getType()),
                      monotone);
}
