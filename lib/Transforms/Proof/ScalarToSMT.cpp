//===- ScalarToSMT.cpp - Scalar code as SMT terms ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarToSMT.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

static Location locOf(OpBuilder &builder) { return builder.getUnknownLoc(); }

Value ScalarToSMT::integer(int64_t value) {
  return smt::IntConstantOp::create(
      builder, locOf(builder),
      builder.getIntegerAttr(builder.getIntegerType(64), value));
}

Value ScalarToSMT::truth(bool value) {
  return smt::BoolConstantOp::create(builder, locOf(builder), value);
}

static Value compare(OpBuilder &builder, smt::IntPredicate predicate, Value a,
                     Value b) {
  return smt::IntCmpOp::create(builder, locOf(builder), predicate, a, b);
}

Value ScalarToSMT::less(Value a, Value b) {
  return compare(builder, smt::IntPredicate::lt, a, b);
}
Value ScalarToSMT::lessEqual(Value a, Value b) {
  return compare(builder, smt::IntPredicate::le, a, b);
}
Value ScalarToSMT::both(Value a, Value b) {
  return smt::AndOp::create(builder, locOf(builder), a, b);
}
Value ScalarToSMT::either(Value a, Value b) {
  return smt::OrOp::create(builder, locOf(builder), a, b);
}
Value ScalarToSMT::negate(Value a) {
  return smt::NotOp::create(builder, locOf(builder), a);
}
Value ScalarToSMT::equal(Value a, Value b) {
  return smt::EqOp::create(builder, locOf(builder), a, b);
}
Value ScalarToSMT::choose(Value condition, Value a, Value b) {
  return smt::IteOp::create(builder, locOf(builder), a.getType(), condition, a,
                            b);
}
void ScalarToSMT::assertThat(Value condition) {
  smt::AssertOp::create(builder, locOf(builder), condition);
}

Value ScalarToSMT::declare(Type type, StringRef name) {
  return smt::DeclareFunOp::create(builder, locOf(builder), type,
                                   builder.getStringAttr(name));
}

Value ScalarToSMT::unknown(StringRef name) {
  return declare(smt::IntType::get(builder.getContext()), name);
}

Type ScalarToSMT::sortOf(Type type) {
  MLIRContext *context = builder.getContext();
  if (type.isInteger(1))
    return smt::BoolType::get(context);
  if (isa<IndexType, IntegerType>(type))
    return smt::IntType::get(context);
  std::string name = "Element_";
  llvm::raw_string_ostream(name) << type;
  return smt::SortType::get(context, StringAttr::get(context, name), {});
}

//===----------------------------------------------------------------------===//
// Arguments and reads
//===----------------------------------------------------------------------===//

LogicalResult ScalarToSMT::declareArgument(BlockArgument argument) {
  unsigned number = argument.getArgNumber();
  std::string name = "arg" + std::to_string(number);
  auto tensor = dyn_cast<RankedTensorType>(argument.getType());
  if (!tensor) {
    if (isa<ShapedType>(argument.getType()))
      return failure();
    auto [entry, isNew] = scalars.try_emplace(number);
    if (isNew)
      entry->second = declare(sortOf(argument.getType()), name);
    known[argument] = entry->second;
    return success();
  }
  auto [entry, isNew] = arrayNumbers.try_emplace(number, arrays.size());
  arrayOf[argument] = entry->second;
  if (!isNew)
    return success();
  Array array;
  SmallVector<Type> domain(tensor.getRank(),
                           smt::IntType::get(builder.getContext()));
  Type element = sortOf(tensor.getElementType());
  array.function = declare(
      domain.empty()
          ? element
          : Type(smt::SMTFuncType::get(builder.getContext(), domain, element)),
      name);
  for (auto [axis, extent] : llvm::enumerate(tensor.getShape())) {
    if (!ShapedType::isDynamic(extent)) {
      array.extents.push_back(integer(extent));
      continue;
    }
    array.extents.push_back(unknown(name + "_extent" + std::to_string(axis)));
    assertThat(lessEqual(integer(0), array.extents.back()));
  }
  arrays.push_back(std::move(array));
  return success();
}

static Value rootOf(Value array) {
  while (auto cast = array.getDefiningOp<tensor::CastOp>())
    array = cast.getSource();
  return array;
}

Value ScalarToSMT::translateRead(PsiOp psi) {
  auto found = arrayOf.find(rootOf(psi.getSource()));
  if (found == arrayOf.end() || !psi.isFull()) {
    psi.emitOpError() << "reads no element of an argument";
    return {};
  }
  const Array &array = arrays[found->second];
  SmallVector<Value> index;
  for (auto [axis, operand] : llvm::enumerate(psi.getIndices())) {
    Value term = translate(operand);
    if (!term)
      return {};
    index.push_back(term);
    Value inside = both(lessEqual(integer(0), term),
                        less(term, array.extents[axis]));
    if (path)
      inside = either(negate(path), inside);
    bounds = bounds ? both(bounds, inside) : inside;
  }
  if (index.empty())
    return array.function;
  return smt::ApplyFuncOp::create(builder, locOf(builder), array.function,
                                  index);
}

Value ScalarToSMT::takeBounds() {
  Value result = bounds ? bounds : truth(true);
  bounds = {};
  return result;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

Value ScalarToSMT::translateConstant(arith::ConstantOp op) {
  auto number = dyn_cast<IntegerAttr>(op.getValue());
  if (!number)
    return translateUnknown(op);
  if (op.getType().isInteger(1))
    return truth(number.getValue().getBoolValue());
  return integer(number.getInt());
}

/// A function of the operands that is the same for equal operations.
Value ScalarToSMT::translateUnknown(Operation *op) {
  SmallVector<Value> operands;
  SmallVector<Type> domain;
  for (Value operand : op->getOperands()) {
    Value term = translate(operand);
    if (!term)
      return {};
    operands.push_back(term);
    domain.push_back(term.getType());
  }
  Type sort = sortOf(op->getResult(0).getType());
  std::string key;
  llvm::raw_string_ostream(key) << op->getName() << op->getAttrDictionary()
                                << op->getOperandTypes() << sort;
  auto [entry, isNew] = functions.try_emplace(key);
  if (isNew)
    entry->second = declare(
        domain.empty()
            ? sort
            : Type(smt::SMTFuncType::get(builder.getContext(), domain, sort)),
        op->getName().stripDialect());
  if (operands.empty())
    return entry->second;
  return smt::ApplyFuncOp::create(builder, locOf(builder), entry->second,
                                  operands);
}

/// SMT's division rounds towards minus infinity for a positive divisor.
Value ScalarToSMT::translateDivision(Operation *op) {
  Value a = translate(op->getOperand(0)), b = translate(op->getOperand(1));
  if (!a || !b)
    return {};
  auto divide = [&](Value x, Value y) -> Value {
    return smt::IntDivOp::create(builder, locOf(builder), x, y);
  };
  auto subtract = [&](Value x, Value y) -> Value {
    return smt::IntSubOp::create(builder, locOf(builder), x, y);
  };
  auto floor = [&](Value x, Value y) {
    return choose(less(integer(0), y), divide(x, y),
                  divide(subtract(integer(0), x), subtract(integer(0), y)));
  };
  Value zero = integer(0), quotient;
  if (isa<arith::FloorDivSIOp>(op)) {
    quotient = floor(a, b);
  } else if (isa<arith::CeilDivSIOp, arith::CeilDivUIOp>(op)) {
    quotient = subtract(zero, floor(subtract(zero, a), b));
  } else {
    // Towards zero.
    Value up = subtract(zero, floor(subtract(zero, a), b));
    Value sameSign = equal(lessEqual(zero, a), less(zero, b));
    quotient = choose(sameSign, floor(a, b), up);
  }
  if (!isa<arith::RemSIOp, arith::RemUIOp>(op))
    return quotient;
  Value product = smt::IntMulOp::create(builder, locOf(builder),
                                        ValueRange{quotient, b});
  return subtract(a, product);
}

Value ScalarToSMT::translateCompare(arith::CmpIOp op) {
  Value a = translate(op.getLhs()), b = translate(op.getRhs());
  if (!a || !b)
    return {};
  // Read unsigned, what is negative is more than what is not.
  auto lessUnsigned = [&](Value x, Value y) {
    Value zero = integer(0);
    return choose(equal(lessEqual(zero, x), lessEqual(zero, y)), less(x, y),
                  lessEqual(zero, x));
  };
  switch (op.getPredicate()) {
  case arith::CmpIPredicate::eq:
    return equal(a, b);
  case arith::CmpIPredicate::ne:
    return negate(equal(a, b));
  case arith::CmpIPredicate::slt:
    return less(a, b);
  case arith::CmpIPredicate::sle:
    return lessEqual(a, b);
  case arith::CmpIPredicate::sgt:
    return less(b, a);
  case arith::CmpIPredicate::sge:
    return lessEqual(b, a);
  case arith::CmpIPredicate::ult:
    return lessUnsigned(a, b);
  case arith::CmpIPredicate::ule:
    return negate(lessUnsigned(b, a));
  case arith::CmpIPredicate::ugt:
    return lessUnsigned(b, a);
  case arith::CmpIPredicate::uge:
    return negate(lessUnsigned(a, b));
  }
  llvm_unreachable("unknown predicate");
}

Value ScalarToSMT::translateTruth(Operation *op) {
  if (!op->getResult(0).getType().isInteger(1) || op->getNumOperands() != 2)
    return translateUnknown(op);
  Value a = translate(op->getOperand(0)), b = translate(op->getOperand(1));
  if (!a || !b)
    return {};
  if (isa<arith::AndIOp>(op))
    return both(a, b);
  if (isa<arith::OrIOp>(op))
    return either(a, b);
  return negate(equal(a, b));
}

Value ScalarToSMT::translateArith(Operation *op) {
  if (auto cmp = dyn_cast<arith::CmpIOp>(op))
    return translateCompare(cmp);
  if (isa<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp,
          arith::CeilDivSIOp, arith::CeilDivUIOp, arith::RemSIOp,
          arith::RemUIOp>(op))
    return translateDivision(op);
  if (isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op))
    return translateTruth(op);
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return translate(op->getOperand(0));
  SmallVector<Value> x;
  for (Value operand : op->getOperands()) {
    x.push_back(translate(operand));
    if (!x.back())
      return {};
  }
  Location loc = locOf(builder);
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](arith::AddIOp) {
        return smt::IntAddOp::create(builder, loc, ValueRange(x));
      })
      .Case([&](arith::MulIOp) {
        return smt::IntMulOp::create(builder, loc, ValueRange(x));
      })
      .Case([&](arith::SubIOp) {
        return smt::IntSubOp::create(builder, loc, x[0], x[1]);
      })
      .Case([&](arith::MaxSIOp) { return choose(less(x[0], x[1]), x[1], x[0]); })
      .Case([&](arith::MinSIOp) { return choose(less(x[0], x[1]), x[0], x[1]); })
      .Case([&](arith::SelectOp) { return choose(x[0], x[1], x[2]); })
      .Default([&](Operation *) { return translateUnknown(op); });
}

Value ScalarToSMT::translateExpr(AffineExpr expr, ArrayRef<Value> operands,
                                 unsigned numDims) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return integer(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return operands[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return operands[numDims + symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value a = translateExpr(binary.getLHS(), operands, numDims);
  Value b = translateExpr(binary.getRHS(), operands, numDims);
  Location loc = locOf(builder);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return smt::IntAddOp::create(builder, loc, ValueRange{a, b});
  case AffineExprKind::Mul:
    return smt::IntMulOp::create(builder, loc, ValueRange{a, b});
  case AffineExprKind::FloorDiv:
    return smt::IntDivOp::create(builder, loc, a, b);
  case AffineExprKind::Mod:
    return smt::IntModOp::create(builder, loc, a, b);
  default: {
    // Of a and a positive b: -floor(-a / b).
    Value zero = integer(0);
    Value negative = smt::IntSubOp::create(builder, loc, zero, a);
    Value quotient = smt::IntDivOp::create(builder, loc, negative, b);
    return smt::IntSubOp::create(builder, loc, zero, quotient);
  }
  }
}

LogicalResult ScalarToSMT::translateIf(scf::IfOp op) {
  Value condition = translate(op.getCondition());
  if (!condition)
    return failure();
  Value outer = path;
  SmallVector<Value> results[2];
  for (bool holds : {true, false}) {
    Value here = holds ? condition : negate(condition);
    path = outer ? both(outer, here) : here;
    Region &region = holds ? op.getThenRegion() : op.getElseRegion();
    if (region.empty())
      continue;
    if (failed(translateBlock(region.front())))
      return failure();
    for (Value value : region.front().getTerminator()->getOperands())
      results[holds].push_back(translate(value));
  }
  path = outer;
  for (auto [result, a, b] :
       llvm::zip_equal(op.getResults(), results[1], results[0])) {
    if (!a || !b)
      return failure();
    known[result] = choose(condition, a, b);
  }
  return success();
}

LogicalResult ScalarToSMT::translateBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    for (Value result : op.getResults())
      if (!isa<ShapedType>(result.getType()) && !translate(result))
        return failure();
  return success();
}

Value ScalarToSMT::translateExtent(OpFoldResult extent) {
  if (std::optional<int64_t> constant = getConstantIntValue(extent))
    return integer(*constant);
  return translate(cast<Value>(extent));
}

Value ScalarToSMT::translateOp(Operation *op, unsigned result) {
  if (auto choice = dyn_cast<scf::IfOp>(op)) {
    if (failed(translateIf(choice)))
      return {};
    return known.lookup(choice.getResult(result));
  }
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return translateConstant(constant);
  if (auto psi = dyn_cast<PsiOp>(op))
    return translateRead(psi);
  if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    auto found = arrayOf.find(rootOf(dim.getSource()));
    std::optional<int64_t> axis = dim.getConstantIndex();
    if (found != arrayOf.end() && axis)
      return arrays[found->second].extents[*axis];
  }
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op)) {
    SmallVector<Value> operands;
    for (Value operand : apply.getOperands()) {
      operands.push_back(translate(operand));
      if (!operands.back())
        return {};
    }
    AffineMap map = apply.getAffineMap();
    return translateExpr(map.getResult(0), operands, map.getNumDims());
  }
  if (isa_and_nonnull<arith::ArithDialect>(op->getDialect()))
    return translateArith(op);
  if (op->getNumRegions() == 0 && op->getNumResults() == 1 && isPure(op) &&
      llvm::none_of(op->getOperandTypes(), llvm::IsaPred<ShapedType>))
    return translateUnknown(op);
  op->emitOpError() << "has no translation to SMT";
  return {};
}

Value ScalarToSMT::translate(Value value) {
  if (Value term = known.lookup(value))
    return term;
  Operation *op = value.getDefiningOp();
  if (!op) {
    emitError(value.getLoc()) << "a block argument has no translation to SMT";
    return {};
  }
  Value term = translateOp(op, cast<OpResult>(value).getResultNumber());
  known[value] = term;
  return term;
}
