//===- Payload.cpp - The scalar code of a structured operation --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Payload.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/IndexRange.h"
#include "moa/Dialect/Moa/IR/Reducers.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace moa;

bool moa::isConvertible(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor && tensor.getEncoding())
    return false;
  return isElementType(tensor ? tensor.getElementType() : type);
}

/// True for what moa's bodies may hold, or what `Payload` puts something in
/// place of.
static bool isScalarCode(Operation *op) {
  return isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
         isa<affine::AffineApplyOp, scf::IfOp, scf::YieldOp, tensor::ExtractOp,
             tensor::DimOp, linalg::IndexOp, linalg::YieldOp, cf::AssertOp>(op);
}

std::string moa::findObstacle(linalg::LinalgOp op) {
  std::string obstacle;
  llvm::raw_string_ostream os(obstacle);
  for (Value operand : op->getOperands())
    if (!isConvertible(operand.getType()))
      os << "moa has no arrays of type " << operand.getType();
  if (!obstacle.empty())
    return obstacle;
  op.getBlock()->walk([&](Operation *nested) {
    if (!isScalarCode(nested))
      os << "its body holds '" << nested->getName() << "'";
    else if (auto extract = dyn_cast<tensor::ExtractOp>(nested);
             extract && !isConvertible(extract.getTensor().getType()))
      os << "its body reads " << extract.getTensor().getType();
    return obstacle.empty() ? WalkResult::advance() : WalkResult::interrupt();
  });
  return obstacle;
}

Value moa::findUniformElement(OpBuilder &builder, Location loc, Value array) {
  if (auto splat = array.getDefiningOp<tensor::SplatOp>())
    return splat.getInput();
  SplatElementsAttr constant;
  if (matchPattern(array, m_Constant(&constant)))
    return arith::ConstantOp::create(builder, loc,
                                     constant.getSplatValue<TypedAttr>());
  if (array.getDefiningOp<tensor::EmptyOp>())
    return arith::ConstantOp::create(
        builder, loc,
        builder.getZeroAttr(
            cast<RankedTensorType>(array.getType()).getElementType()));
  return Value();
}

Value moa::buildElementAt(OpBuilder &builder, Location loc, Value array,
                          AffineMap map, ValueRange loops) {
  if (!isa<RankedTensorType>(array.getType()))
    return array;
  if (Value element = findUniformElement(builder, loc, array))
    return element;
  SmallVector<OpFoldResult> operands(loops.begin(), loops.end());
  IndexMath math(builder, loc);
  SmallVector<Value> indices;
  for (unsigned axis = 0; axis < map.getNumResults(); ++axis)
    indices.push_back(math.value(
        applyInRanges(builder, loc, map.getSubMap({axis}), operands)));
  return PsiOp::create(builder, loc, array, indices);
}

//===----------------------------------------------------------------------===//
// Values of the body
//===----------------------------------------------------------------------===//

Value Payload::findLoopIndex(Operation *nested) {
  auto select = dyn_cast<arith::SelectOp>(nested);
  auto compare = select
                     ? select.getCondition().getDefiningOp<arith::CmpIOp>()
                     : arith::CmpIOp();
  if (!compare || compare.getPredicate() != arith::CmpIPredicate::eq ||
      !matchPattern(compare.getRhs(), m_One()) ||
      !compare.getLhs().getType().isIndex() ||
      !matchPattern(select.getTrueValue(), m_Zero()))
    return Value();
  // `n == 1 ? 0 : i` where `i < n` is `i`.
  auto index = select.getFalseValue().getDefiningOp<linalg::IndexOp>();
  if (index && index->getParentOp() == op &&
      facts.areEqual(compare.getLhs(), extents[index.getDim()]))
    return loops[index.getDim()];
  return Value();
}

Value Payload::emitOp(Operation *nested, Value result) {
  llvm::SetVector<Value> used(nested->operand_begin(), nested->operand_end());
  getUsedValuesDefinedAbove(nested->getRegions(), used);
  for (Value value : used)
    mapping.map(value, emit(value));
  if (auto extract = dyn_cast<tensor::ExtractOp>(nested)) {
    SmallVector<Value> indices;
    for (Value index : extract.getIndices())
      indices.push_back(mapping.lookup(index));
    return PsiOp::create(builder, nested->getLoc(), extract.getTensor(),
                         indices);
  }
  Operation *copy = builder.clone(*nested, mapping);
  SmallVector<Operation *> replaced;
  copy->walk([&](Operation *inner) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(inner);
    if (auto extract = dyn_cast<tensor::ExtractOp>(inner))
      inner->replaceAllUsesWith(
          PsiOp::create(builder, inner->getLoc(), extract.getTensor(),
                        extract.getIndices()));
    else if (auto index = dyn_cast<linalg::IndexOp>(inner))
      inner->replaceAllUsesWith(ValueRange(loops[index.getDim()]));
    else if (!isa<cf::AssertOp>(inner))
      return;
    replaced.push_back(inner);
  });
  for (Operation *inner : replaced)
    inner->erase();
  return copy->getResult(cast<OpResult>(result).getResultNumber());
}

Value Payload::emit(Value value) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  Operation *nested = value.getDefiningOp();
  Block *block = op.getBlock();
  Value result = value;
  if (auto argument = dyn_cast<BlockArgument>(value);
      argument && argument.getOwner() == block) {
    OpOperand *operand = &op->getOpOperand(argument.getArgNumber());
    result = buildElementAt(builder, op.getLoc(), operand->get(),
                            op.getMatchingIndexingMap(operand), loops);
  } else if (nested && nested->getBlock() == block) {
    if (auto index = dyn_cast<linalg::IndexOp>(nested))
      result = loops[index.getDim()];
    else if (Value index = findLoopIndex(nested))
      result = index;
    else
      result = emitOp(nested, value);
  }
  mapping.map(value, result);
  return result;
}

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

Value Payload::emitTerm(const Term &term, ReducerKind kind) {
  Location loc = op.getLoc();
  Value value = emit(term.a);
  Type type = value.getType();
  auto identity = [&]() -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     getReducerIdentity(kind, type));
  };
  if (term.b)
    value = arith::MulFOp::create(builder, loc, value, emit(term.b));
  if (term.isNegated) {
    if (isa<FloatType>(type))
      value = arith::NegFOp::create(builder, loc, value);
    else
      value = arith::SubIOp::create(builder, loc, identity(), value);
  }
  if (term.ignoresNaN) {
    Value isNaN = arith::CmpFOp::create(
        builder, loc, arith::CmpFPredicate::UNO, value, value);
    value = arith::SelectOp::create(builder, loc, isNaN, identity(), value);
  }
  for (auto [condition, expected] : llvm::reverse(term.conditions)) {
    Value where = emit(condition);
    value = arith::SelectOp::create(builder, loc, where,
                                    expected ? value : identity(),
                                    expected ? identity() : value);
  }
  return value;
}

Value Payload::emitTerms(const Recurrence &recurrence) {
  // What came first stands last.
  Value all;
  for (const Term &term : llvm::reverse(recurrence.terms)) {
    Value value = emitTerm(term, recurrence.kind);
    all = all ? buildReduction(builder, op.getLoc(), recurrence.kind, all, value)
              : value;
  }
  return all;
}
