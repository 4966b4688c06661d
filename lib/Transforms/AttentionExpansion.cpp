//===- AttentionExpansion.cpp - Attention as naive algebra -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Transforms/AttentionExpansion.h"
#include "moa/Dialect/Moa/IR/FoldBuilder.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace moa;

namespace {

/// The formulas of `moa.attention`, one function each. Rows are the axes
/// `(.., h, i)` that all of them share.
class AttentionExpansion {
public:
  AttentionExpansion(OpBuilder &builder, AttentionOp op)
      : builder(builder), loc(op.getLoc()), op(op),
        scoreType(op.getScoreType()) {}

  SmallVector<Value> expand();

private:
  using Element = function_ref<Value(OpBuilder &, ValueRange)>;

  Value buildArray(ArrayRef<OpFoldResult> extents, Type type, Element element);
  Value constant(OpBuilder &b, double value);
  Value defaultScale();
  Value widen(OpBuilder &b, Value element);
  /// The index of a key or value: that of the row, with the head of its group,
  /// and the last two axes given.
  SmallVector<Value> keyIndex(OpBuilder &b, ValueRange row, Value key,
                              Value column);

  Value buildScores();
  Value buildScore(OpBuilder &b, ValueRange index, Value scale);
  Value buildAdmissible(OpBuilder &b, ValueRange index);
  Value buildRowMaxima(Value scores);
  Value buildRowSums(Value scores, Value maxima);
  Value buildOutput(Value scores, Value maxima, Value sums);
  Value buildLse(Value maxima, Value sums);
  /// `exp(s[row, j] - ref m[row])`, where `ref` reads -inf as 0: the maximum of
  /// a row without keys is -inf.
  Value buildWeight(OpBuilder &b, Value scores, Value maxima, ValueRange row,
                    Value key);
  Value sumOverKeys(OpBuilder &b, ReducerKind kind,
                    function_ref<Value(OpBuilder &, Value)> element);

  OpBuilder &builder;
  Location loc;
  AttentionOp op;
  FloatType scoreType;
  SmallVector<OpFoldResult> rows;
  OpFoldResult queries, keys, group;
};

} // namespace

Value AttentionExpansion::buildArray(ArrayRef<OpFoldResult> extents, Type type,
                                     Element element) {
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamic;
  dispatchIndexOpFoldResults(extents, dynamic, shape);
  auto array = ArrayOp::create(builder, loc,
                               TypeRange(RankedTensorType::get(shape, type)),
                               extents);
  OpBuilder b = OpBuilder::atBlockEnd(&array.getBody().front());
  SmallVector<Value> axes(array.getAxes().begin(), array.getAxes().end());
  YieldOp::create(b, loc, element(b, axes));
  return array.getResult(0);
}

Value AttentionExpansion::constant(OpBuilder &b, double value) {
  return arith::ConstantOp::create(b, loc, b.getFloatAttr(scoreType, value));
}

Value AttentionExpansion::widen(OpBuilder &b, Value element) {
  if (element.getType() == scoreType)
    return element;
  return arith::ExtFOp::create(b, loc, scoreType, element);
}

Value AttentionExpansion::defaultScale() {
  IndexMath math(builder, loc);
  int64_t last = op.getQuery().getType().getRank() - 1;
  // With no key dimension at all every score is 0, whatever the scale.
  OpFoldResult dk =
      math.max(math.extentOf(op.getQuery(), last), math.constant(1));
  if (std::optional<int64_t> known = getConstantIntValue(dk))
    return constant(builder, 1.0 / std::sqrt(static_cast<double>(*known)));
  Value wide = arith::IndexCastOp::create(builder, loc, builder.getI64Type(),
                                          math.value(dk));
  Value extent = arith::SIToFPOp::create(builder, loc, scoreType, wide);
  Value root = math::SqrtOp::create(builder, loc, extent);
  return arith::DivFOp::create(builder, loc, constant(builder, 1.0), root);
}

SmallVector<Value> AttentionExpansion::keyIndex(OpBuilder &b, ValueRange row,
                                                Value key, Value column) {
  IndexMath math(b, loc);
  SmallVector<Value> index(row.drop_back());
  if (!index.empty())
    index.back() = math.value(math.div(index.back(), group));
  index.push_back(key);
  index.push_back(column);
  return index;
}

Value AttentionExpansion::buildAdmissible(OpBuilder &b, ValueRange index) {
  IndexMath math(b, loc);
  Value admissible;
  auto require = [&](Value condition) {
    admissible =
        admissible
            ? arith::AndIOp::create(b, loc, admissible, condition).getResult()
            : condition;
  };
  // Query i stands at key i + M - N: aligned to the end of the keys.
  Value key = index.back();
  OpFoldResult diagonal =
      math.add(index.drop_back().back(), math.sub(keys, queries));
  auto atMost = [&](OpFoldResult a, OpFoldResult limit) {
    require(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sle,
                                  math.value(a), math.value(limit)));
  };
  if (op.getCausal())
    atMost(key, diagonal);
  if (op.getWindowLeft())
    atMost(math.sub(diagonal, op.getWindowLeft()), key);
  if (op.getWindowRight())
    atMost(key, math.add(diagonal, op.getWindowRight()));
  if (!op.getMask().empty())
    require(inlineScalarRegion(b, op.getMask(), index).front());
  return admissible;
}

Value AttentionExpansion::buildScore(OpBuilder &b, ValueRange index,
                                     Value scale) {
  IndexMath math(b, loc);
  ValueRange row = index.drop_back();
  int64_t last = op.getQuery().getType().getRank() - 1;
  Value dot = buildFold(
      b, loc, {ReducerKind::Add, {}}, scoreType, math.constant(0),
      math.extentOf(op.getQuery(), last), [&](OpBuilder &inner, Value d) {
        SmallVector<Value> queryIndex(row);
        queryIndex.push_back(d);
        Value q = PsiOp::create(inner, loc, op.getQuery(), queryIndex);
        Value k = PsiOp::create(inner, loc, op.getKey(),
                                keyIndex(inner, row, index.back(), d));
        Value wide = widen(inner, q);
        return arith::MulFOp::create(inner, loc, wide, widen(inner, k))
            .getResult();
      });
  Value score = arith::MulFOp::create(b, loc, dot, scale);
  if (!op.getScore().empty()) {
    SmallVector<Value> arguments{score};
    llvm::append_range(arguments, index);
    score = inlineScalarRegion(b, op.getScore(), arguments).front();
  }
  Value admissible = buildAdmissible(b, index);
  if (!admissible)
    return score;
  return arith::SelectOp::create(b, loc, admissible, score,
                                 constant(b, -INFINITY));
}

Value AttentionExpansion::buildScores() {
  Value scale = op.getScale() ? op.getScale() : defaultScale();
  SmallVector<OpFoldResult> extents(rows);
  extents.push_back(keys);
  return buildArray(extents, scoreType, [&](OpBuilder &b, ValueRange index) {
    return buildScore(b, index, scale);
  });
}

Value AttentionExpansion::sumOverKeys(
    OpBuilder &b, ReducerKind kind,
    function_ref<Value(OpBuilder &, Value)> element) {
  return buildFold(b, loc, {kind, {}}, scoreType, b.getIndexAttr(0), keys,
                   element);
}

Value AttentionExpansion::buildRowMaxima(Value scores) {
  return buildArray(rows, scoreType, [&](OpBuilder &b, ValueRange row) {
    return sumOverKeys(b, ReducerKind::Max, [&](OpBuilder &inner, Value key) {
      SmallVector<Value> index(row);
      index.push_back(key);
      return PsiOp::create(inner, loc, scores, index).getResult();
    });
  });
}

Value AttentionExpansion::buildWeight(OpBuilder &b, Value scores, Value maxima,
                                      ValueRange row, Value key) {
  SmallVector<Value> index(row);
  index.push_back(key);
  Value score = PsiOp::create(b, loc, scores, index);
  Value maximum = PsiOp::create(b, loc, maxima, row);
  Value dead = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, maximum,
                                     constant(b, -INFINITY));
  Value reference =
      arith::SelectOp::create(b, loc, dead, constant(b, 0.0), maximum);
  Value shifted = arith::SubFOp::create(b, loc, score, reference);
  return math::ExpOp::create(b, loc, shifted);
}

Value AttentionExpansion::buildRowSums(Value scores, Value maxima) {
  return buildArray(rows, scoreType, [&](OpBuilder &b, ValueRange row) {
    return sumOverKeys(b, ReducerKind::Add, [&](OpBuilder &inner, Value key) {
      return buildWeight(inner, scores, maxima, row, key);
    });
  });
}

Value AttentionExpansion::buildOutput(Value scores, Value maxima, Value sums) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> extents(rows);
  Value values = op.getValue();
  Type type = op.getOutput().getType().getElementType();
  extents.push_back(math.extentOf(values, extents.size()));
  return buildArray(extents, type, [&](OpBuilder &b, ValueRange index) {
    ValueRange row = index.drop_back();
    Value sum = sumOverKeys(
        b, ReducerKind::Add, [&](OpBuilder &inner, Value key) {
          Value weight = buildWeight(inner, scores, maxima, row, key);
          Value value =
              PsiOp::create(inner, loc, values,
                            keyIndex(inner, row, key, index.back()));
          return arith::MulFOp::create(inner, loc, weight, widen(inner, value))
              .getResult();
        });
    Value total = PsiOp::create(b, loc, sums, row);
    // A row without admissible keys gives zeros.
    Value zero = constant(b, 0.0);
    Value empty = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                                        total, zero);
    Value quotient = arith::DivFOp::create(b, loc, sum, total);
    Value result = arith::SelectOp::create(b, loc, empty, zero, quotient);
    if (type != scoreType)
      result = arith::TruncFOp::create(b, loc, type, result);
    return result;
  });
}

Value AttentionExpansion::buildLse(Value maxima, Value sums) {
  return buildArray(rows, scoreType, [&](OpBuilder &b, ValueRange row) {
    Value maximum = PsiOp::create(b, loc, maxima, row);
    Value total = PsiOp::create(b, loc, sums, row);
    Value logarithm = math::LogOp::create(b, loc, total);
    return arith::AddFOp::create(b, loc, maximum, logarithm).getResult();
  });
}

/// `value` with the type that the operation's result has.
static Value castTo(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  return tensor::CastOp::create(builder, loc, type, value);
}

SmallVector<Value> AttentionExpansion::expand() {
  IndexMath math(builder, loc);
  int64_t rank = op.getQuery().getType().getRank();
  rows = math.shapeOf(op.getQuery());
  rows.pop_back();
  queries = rows.back();
  keys = math.extentOf(op.getKey(), rank - 2);
  if (rank > 2) {
    OpFoldResult heads =
        math.max(math.extentOf(op.getKey(), rank - 3), math.constant(1));
    group = math.max(math.div(rows[rank - 3], heads), math.constant(1));
  }
  Value scores = buildScores();
  Value maxima = buildRowMaxima(scores);
  Value sums = buildRowSums(scores, maxima);
  SmallVector<Value> results{castTo(builder, loc,
                                    buildOutput(scores, maxima, sums),
                                    op.getOutput().getType())};
  if (op.getLse())
    results.push_back(castTo(builder, loc, buildLse(maxima, sums),
                             op.getLse().getType()));
  return results;
}

SmallVector<Value> moa::expandAttention(OpBuilder &builder, AttentionOp op) {
  return AttentionExpansion(builder, op).expand();
}
