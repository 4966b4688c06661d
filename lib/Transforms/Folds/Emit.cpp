//===- Emit.cpp - Expressions as scalar code --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emit.h"
#include "ScalarTypes.h"

#include "moa/Dialect/Moa/IR/Reducers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace moa;
using algebra::Ex;
using Kind = algebra::Op;
using algebra::Predicate;
using algebra::Rational;

Type Emitter::typeOf(uint8_t number) {
  return getNumberedType(source.getContext(), number);
}

/// Whether the code of a node may run where the fold's range is empty. A read
/// may, where its index is of axes of arrays, which are never empty here.
static bool isSafeOutside(Ex e) {
  Operation *op = nullptr;
  if (e->op == Kind::Leaf)
    op = Value::getFromOpaquePointer(e->tag).getDefiningOp();
  else if (e->op == Kind::Call)
    op = static_cast<Operation *>(const_cast<void *>(e->tag));
  if (auto psi = dyn_cast_or_null<PsiOp>(op))
    return llvm::all_of(psi.getIndices(), [](Value index) {
      auto axis = dyn_cast<BlockArgument>(index);
      return axis && isa<ArrayOp>(axis.getOwner()->getParentOp());
    });
  return !op || isa<FoldOp>(op) || isSpeculatable(op);
}

bool Emitter::isNeutral(Ex e) {
  if (auto it = neutral.find(e); it != neutral.end())
    return it->second;
  bool answer = !e->dependsOnIndex && !e->dependsOnResults &&
                e->op != Kind::Old && e->op != Kind::New && isSafeOutside(e) &&
                llvm::all_of(e->args, [&](Ex arg) { return isNeutral(arg); });
  return neutral[e] = answer;
}

Value Emitter::emit(Ex e, Scope &scope, Type type) {
  uint8_t expected = *getTypeNumber(type);
  Scope *place = &scope;
  if (isNeutral(e))
    while (place->parent)
      place = place->parent;
  return convertScalar(scope.builder, loc, emitNode(e, *place, expected), type);
}

Value Emitter::emitNode(Ex e, Scope &scope, uint8_t expected) {
  for (Scope *place = &scope; place; place = place->parent)
    if (Value known = place->values.lookup(e))
      return known;
  Value value;
  if (Value origin = translator.getOrigin(e))
    value = copy(origin, scope);
  else if (e->op == Kind::Leaf)
    value = copy(Value::getFromOpaquePointer(e->tag), scope);
  else if (e->op == Kind::Par) {
    value = parameters.lookup(e->tag);
    if (!value)
      value = copy(Value::getFromOpaquePointer(e->tag), scope);
  } else {
    value = emitOperation(e, scope, e->type ? e->type : expected);
  }
  if (e->type != 0)
    scope.values[e] = value;
  return value;
}

/// Copies the code of `value`, which stands in the source's body, to `scope`.
Value Emitter::copy(Value value, Scope &scope) {
  for (Scope *place = &scope; place; place = place->parent)
    if (Value known = place->copies.lookupOrNull(value))
      return known;
  if (!source.getBody().isAncestor(value.getParentRegion()))
    return value;
  Operation *op = value.getDefiningOp();
  assert(op && "an index outside of its scope");
  SetVector<Value> used(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), used);
  IRMapping mapping;
  for (Value operand : used)
    mapping.map(operand, copy(operand, scope));
  Operation *made = scope.builder.clone(*op, mapping);
  scope.copies.map(op->getResults(), made->getResults());
  return scope.copies.lookup(value);
}

Value Emitter::constant(OpBuilder &b, Rational number, uint8_t type) {
  Type t = typeOf(type);
  TypedAttr attribute;
  if (isa<FloatType>(t))
    attribute = b.getFloatAttr(t, number.toDouble());
  else
    attribute = b.getIntegerAttr(t, number.numerator() / number.denominator());
  return arith::ConstantOp::create(b, loc, attribute);
}

Value Emitter::emitPower(Value base, Rational n, OpBuilder &b) {
  if (n.abs() == Rational(1, 2)) {
    base = math::SqrtOp::create(b, loc, base);
    n = n.sign();
  }
  uint8_t type = *getTypeNumber(base.getType());
  if (!n.isInteger())
    return math::PowFOp::create(b, loc, base, constant(b, n, type));
  Value product = base;
  bool isFloat = isa<FloatType>(base.getType());
  for (int64_t i = 1; i < n.abs().numerator(); ++i)
    product = isFloat ? Value(arith::MulFOp::create(b, loc, product, base))
                      : Value(arith::MulIOp::create(b, loc, product, base));
  if (n.sign() < 0)
    return arith::DivFOp::create(b, loc, constant(b, 1, type), product);
  return product;
}

Value Emitter::emitComparison(Ex e, Scope &scope, uint8_t expected) {
  uint8_t number = std::max(e->args[0]->type, e->args[1]->type);
  if (number == 0)
    number = expected;
  Type type = typeOf(number);
  Value a = emit(e->args[0], scope, type), b = emit(e->args[1], scope, type);
  unsigned which = unsigned(e->predicate);
  if (!isa<FloatType>(type)) {
    using P = arith::CmpIPredicate;
    static const P plain[] = {P::eq, P::ne, P::slt, P::sle, P::sgt, P::sge};
    return arith::CmpIOp::create(scope.builder, loc, plain[which], a, b);
  }
  using P = arith::CmpFPredicate;
  static const P plain[] = {P::OEQ, P::UNE, P::OLT, P::OLE, P::OGT, P::OGE};
  P predicate = e->id ? P(e->id - 1) : plain[which];
  return arith::CmpFOp::create(scope.builder, loc, predicate, a, b);
}

/// The operation again, with its operands from expressions.
Value Emitter::emitCall(Ex e, Scope &scope) {
  auto *op = static_cast<Operation *>(const_cast<void *>(e->tag));
  IRMapping mapping;
  for (auto [operand, arg] :
       llvm::zip_equal(translator.getCallOperands(op), e->args))
    mapping.map(operand, emit(arg, scope, operand.getType()));
  SetVector<Value> used(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), used);
  for (Value operand : used)
    if (!mapping.contains(operand))
      mapping.map(operand, copy(operand, scope));
  return scope.builder.clone(*op, mapping)->getResult(0);
}

Value Emitter::emitInnerSum(Ex e, Scope &scope, uint8_t type) {
  auto inner =
      cast<FoldOp>(static_cast<Operation *>(const_cast<void *>(e->tag)));
  Type t = typeOf(type);
  auto fold = FoldOp::create(scope.builder, loc, copy(inner.getLower(), scope),
                             copy(inner.getUpper(), scope), t, ReducerKind::Add);
  Scope inside(OpBuilder::atBlockEnd(&fold.getBody().front()), &scope);
  inside.copies.map(inner.getIndex(), fold.getIndex());
  Value element = emit(e->args[0], inside, t);
  YieldOp::create(inside.builder, loc, element);
  return fold.getResult(0);
}

Value Emitter::emitOperation(Ex e, Scope &scope, uint8_t number) {
  OpBuilder &b = scope.builder;
  Type type = typeOf(number);
  bool isFloat = isa<FloatType>(type);
  auto arg = [&](unsigned i) { return emit(e->args[i], scope, type); };
  auto pick = [&]<typename F, typename I>() -> Value {
    Value x = arg(0), y = arg(1);
    return isFloat ? Value(F::create(b, loc, x, y))
                   : Value(I::create(b, loc, x, y));
  };
  switch (e->op) {
  case Kind::Const:
    return constant(b, e->value, number);
  case Kind::Infinity: {
    ReducerKind kind =
        e->value.sign() < 0 ? ReducerKind::Max : ReducerKind::Min;
    return arith::ConstantOp::create(b, loc, getReducerIdentity(kind, type));
  }
  case Kind::Add: return pick.operator()<arith::AddFOp, arith::AddIOp>();
  case Kind::Sub: return pick.operator()<arith::SubFOp, arith::SubIOp>();
  case Kind::Mul: return pick.operator()<arith::MulFOp, arith::MulIOp>();
  case Kind::Div: return pick.operator()<arith::DivFOp, arith::DivSIOp>();
  case Kind::Max: return pick.operator()<arith::MaximumFOp, arith::MaxSIOp>();
  case Kind::Min: return pick.operator()<arith::MinimumFOp, arith::MinSIOp>();
  case Kind::Neg:
    if (isFloat)
      return arith::NegFOp::create(b, loc, arg(0));
    return arith::SubIOp::create(b, loc, constant(b, 0, number), arg(0));
  case Kind::Pow: return emitPower(arg(0), e->value, b);
  case Kind::Sqrt: return math::SqrtOp::create(b, loc, arg(0));
  case Kind::Exp: return math::ExpOp::create(b, loc, arg(0));
  case Kind::Log: return math::LogOp::create(b, loc, arg(0));
  case Kind::Tanh: return math::TanhOp::create(b, loc, arg(0));
  case Kind::Abs: return math::AbsFOp::create(b, loc, arg(0));
  case Kind::Cmp: return emitComparison(e, scope, number);
  case Kind::Select: {
    Value condition = emit(e->args[0], scope, b.getI1Type());
    Value yes = arg(1);
    return arith::SelectOp::create(b, loc, condition, yes, arg(2));
  }
  case Kind::Indicator: {
    Value condition = emit(e->args[0], scope, b.getI1Type());
    return arith::SelectOp::create(b, loc, condition, constant(b, 1, number),
                                   constant(b, 0, number));
  }
  case Kind::Pivot: {
    Ex bad = e->pivotsInfinity
                 ? e->context->infinity(e->value.sign(), number)
                 : e->context->constant(e->value, number);
    Value a = arg(0);
    Value test = emit(e->context->compare(Predicate::Eq, e->args[0], bad), scope,
                      b.getI1Type());
    return arith::SelectOp::create(b, loc, test, arg(1), a);
  }
  case Kind::Cast:
    return emit(e->args[0], scope, type);
  case Kind::Call:
    return emitCall(e, scope);
  case Kind::InnerSum:
    return emitInnerSum(e, scope, number);
  case Kind::Leaf: case Kind::Par: case Kind::Extent:
  case Kind::Res: case Kind::Old: case Kind::New:
    break;
  }
  llvm_unreachable("an atom without a value");
}
