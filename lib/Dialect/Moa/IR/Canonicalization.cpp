//===- Canonicalization.cpp - Types and casts -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Static knowledge flows from operands to results: casts that hide it are
// folded into the operations that read them, and results get the type that
// follows from the operands.
//
//===----------------------------------------------------------------------===//

#include "Canonicalization.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

void moa::replaceWithCast(PatternRewriter &rewriter, Operation *op,
                          Value value) {
  Type type = op->getResult(0).getType();
  if (value.getType() != type)
    value = tensor::CastOp::create(rewriter, op->getLoc(), type, value);
  rewriter.replaceOp(op, value);
}

void moa::refineResult(PatternRewriter &rewriter, Operation *op,
                       unsigned number, Type type) {
  OpResult result = op->getResult(number);
  Type old = result.getType();
  rewriter.modifyOpInPlace(op, [&] { result.setType(type); });
  rewriter.setInsertionPointAfter(op);
  auto cast = tensor::CastOp::create(rewriter, op->getLoc(), old, result);
  rewriter.replaceAllUsesExcept(result, cast, cast);
}

RankedTensorType moa::meetShapes(RankedTensorType type,
                                 ArrayRef<int64_t> shape) {
  SmallVector<int64_t> both(type.getShape());
  for (auto [extent, other] : llvm::zip_equal(both, shape))
    if (ShapedType::isDynamic(extent))
      extent = other;
  return type.clone(both);
}

bool moa::isValid(Operation *op) {
  ScopedDiagnosticHandler silent(op->getContext(),
                                 [](Diagnostic &) { return success(); });
  // Inferred types are among what is verified with the regions.
  return succeeded(op->getName().verifyInvariants(op)) &&
         succeeded(op->getName().verifyRegionInvariants(op));
}

LogicalResult moa::makeConstantsStatic(SmallVectorImpl<OpFoldResult> &mixed,
                                       bool allowNegative) {
  bool changed = false;
  for (OpFoldResult &entry : mixed) {
    std::optional<int64_t> constant = getConstantIntValue(entry);
    if (!isa<Value>(entry) || !constant || ShapedType::isDynamic(*constant) ||
        (*constant < 0 && !allowNegative))
      continue;
    entry = IntegerAttr::get(IndexType::get(entry.getContext()), *constant);
    changed = true;
  }
  return success(changed);
}

//===----------------------------------------------------------------------===//
// Casts of operands
//===----------------------------------------------------------------------===//

/// True if `op` may read past the cast `source`. For broadcasting, the static
/// extent 1 means something else than a dynamic one.
static bool canReadPast(tensor::CastOp source, Operation *op) {
  if (!tensor::canFoldIntoConsumerOp(source))
    return false;
  auto from = cast<RankedTensorType>(source.getSource().getType());
  auto to = cast<RankedTensorType>(source.getType());
  return !isa<MapOp, SelectOp>(op) ||
         llvm::none_of(llvm::zip_equal(from.getShape(), to.getShape()),
                       [](auto pair) {
                         auto [known, hidden] = pair;
                         return known == 1 && hidden != 1;
                       });
}

/// Operations whose result type is not written follow their operand's type.
static void adaptResultType(Operation *op) {
  if (isa<ReverseOp, RotateOp, ScanOp>(op))
    op->getResult(0).setType(op->getOperand(0).getType());
  auto psi = dyn_cast<PsiOp>(op);
  if (psi && !psi.isFull())
    op->getResult(0).setType(
        RankedTensorType::get(cast<ShapedType>(psi.getSource().getType())
                                  .getShape()
                                  .drop_front(psi.getIndices().size()),
                              getElementTypeOrSelf(psi.getType())));
}

namespace {
/// Reads arrays past a `tensor.cast` that hides what is known of them.
struct FoldCastIntoOperand : public RewritePattern {
  explicit FoldCastIntoOperand(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    // The destinations of an array have the types of its results.
    if (!isa_and_nonnull<MoaDialect>(op->getDialect()) || isa<ArrayOp>(op))
      return failure();
    for (OpOperand &operand : op->getOpOperands()) {
      auto cast = operand.get().getDefiningOp<tensor::CastOp>();
      if (!cast || !canReadPast(cast, op))
        continue;
      // Casts may hide that extents contradict each other. That stays for the
      // run time to find.
      Operation *fresh = op->clone();
      fresh->setOperand(operand.getOperandNumber(), cast.getSource());
      adaptResultType(fresh);
      if (!isValid(fresh)) {
        fresh->destroy();
        continue;
      }
      rewriter.insert(fresh);
      SmallVector<Value> results(fresh->getResults());
      for (auto [result, old] : llvm::zip_equal(results, op->getResults()))
        if (result.getType() != old.getType())
          result = tensor::CastOp::create(rewriter, op->getLoc(), old.getType(),
                                          result);
      rewriter.replaceOp(op, results);
      return success();
    }
    return failure();
  }
};

//===----------------------------------------------------------------------===//
// Types of results
//===----------------------------------------------------------------------===//

/// The shape of the result of `op` as it follows from the operands; nothing if
/// there is none to follow.
static std::optional<SmallVector<int64_t>> inferShapeOf(Operation *op) {
  using Shape = std::optional<SmallVector<int64_t>>;
  return llvm::TypeSwitch<Operation *, Shape>(op)
      .Case<MapOp, OuterOp, ReduceOp, InnerOp>(
          [](auto op) -> Shape { return op.inferShape(); })
      .Case([](InferTypeOpInterface op) -> Shape {
        SmallVector<Type> types;
        if (failed(op.inferReturnTypes(
                op->getContext(), op->getLoc(), op->getOperands(),
                op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
                op->getRegions(), types)))
          return std::nullopt;
        auto type = dyn_cast<RankedTensorType>(types.front());
        if (!type)
          return std::nullopt;
        return SmallVector<int64_t>(type.getShape());
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Gives a result the type that follows from the operands, if that knows more.
struct RefineResultType : public RewritePattern {
  explicit RefineResultType(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isa_and_nonnull<MoaDialect>(op->getDialect()) ||
        op->getNumResults() != 1)
      return failure();
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type || type.hasStaticShape())
      return failure();
    std::optional<SmallVector<int64_t>> shape = inferShapeOf(op);
    if (!shape)
      return failure();
    RankedTensorType refined = meetShapes(type, *shape);
    if (refined == type)
      return failure();
    refineResult(rewriter, op, 0, refined);
    return success();
  }
};
} // namespace

void MoaDialect::getCanonicalizationPatterns(
    RewritePatternSet &patterns) const {
  patterns.add<FoldCastIntoOperand, RefineResultType>(getContext());
}
