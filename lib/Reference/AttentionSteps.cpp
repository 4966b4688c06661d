//===- AttentionSteps.cpp - moa.attention by its formula -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whole rows of scores, the maximum subtracted, as the definition does.
//
//===----------------------------------------------------------------------===//

#include "ArrayStep.h"
#include "ScalarMath.h"

#include "moa/Dialect/Moa/IR/Moa.h"

using namespace moa;
using namespace moa::reference;

namespace {
/// An array of any of the ranks 2 to 4, addressed as one of rank 4.
struct Heads {
  explicit Heads(const Array &array) : array(array) {
    size_t missing = 4 - array.rank();
    for (size_t axis = 0; axis < 4; ++axis)
      extents[axis] = axis < missing ? 1 : array.extent(axis - missing);
  }
  int64_t row(int64_t b, int64_t h, int64_t i) const {
    return ((b * extents[1] + h) * extents[2] + i) * extents[3];
  }
  double read(int64_t offset) const { return array.read(offset).f; }

  const Array &array;
  int64_t extents[4];
};

class AttentionStep : public Step {
public:
  AttentionStep(AttentionOp op, ScalarCode score, ScalarCode mask,
                Decoder &decoder);
  LogicalResult run(Frame &frame) const override;

private:
  /// One query row and what it accumulates.
  struct Row {
    int64_t b, h, g, i; // batch, query head, key head, query
    SmallVector<int64_t> keys;
    SmallVector<double> scores;
  };

  LogicalResult checkShapes(const Heads &q, const Heads &k,
                            const Heads &v) const;
  LogicalResult checkSame(StringRef what, int64_t a, int64_t b) const;
  /// Finds the admissible keys.
  LogicalResult admit(Frame &frame, const Heads &q, const Heads &k,
                      Row &row) const;
  LogicalResult computeScores(Frame &frame, const Heads &q, const Heads &k,
                              Row &row) const;
  void finish(const Heads &v, const Row &row, Array &output, Array *lse) const;
  /// The indices (b, h, i, j) that the rank has.
  void appendIndices(const Row &row, int64_t j,
                     SmallVectorImpl<Cell> &cells) const;

  unsigned query, key, value;
  std::optional<unsigned> scale, windowLeft, windowRight;
  bool causal;
  ScalarCode score, mask;
  unsigned rank;
  RankedTensorType outputType, lseType;
  unsigned output, lse = 0;
  ArrayTraffic *outputTraffic, *lseTraffic = nullptr;
  uint64_t *adds, *muls, *divs, *maxes, *exps, *logs;
};
} // namespace

AttentionStep::AttentionStep(AttentionOp op, ScalarCode score, ScalarCode mask,
                             Decoder &d)
    : Step(op), query(d.array(op.getQuery())), key(d.array(op.getKey())),
      value(d.array(op.getValue())), causal(op.getCausal()),
      score(std::move(score)), mask(std::move(mask)),
      rank(op.getQuery().getType().getRank()),
      outputType(op.getOutput().getType()), output(d.array(op.getOutput())),
      outputTraffic(d.trafficOf(op->getResult(0))), adds(d.floatCount("add")),
      muls(d.floatCount("mul")), divs(d.floatCount("div")),
      maxes(d.floatCount("max_min")), exps(d.floatCount("exp")),
      logs(d.floatCount("log")) {
  if (op.getScale())
    scale = d.scalar(op.getScale());
  if (op.getWindowLeft())
    windowLeft = d.scalar(op.getWindowLeft());
  if (op.getWindowRight())
    windowRight = d.scalar(op.getWindowRight());
  if (op.getLse()) {
    lseType = cast<RankedTensorType>(op.getLse().getType());
    lse = d.array(op.getLse());
    lseTraffic = d.trafficOf(op->getResult(1));
  }
}

LogicalResult AttentionStep::checkSame(StringRef what, int64_t a,
                                       int64_t b) const {
  if (a == b)
    return success();
  return error() << what << " differs: " << a << " and " << b;
}

LogicalResult AttentionStep::checkShapes(const Heads &q, const Heads &k,
                                         const Heads &v) const {
  if (failed(checkSame("batch of query and key", q.extents[0], k.extents[0])) ||
      failed(checkSame("batch of key and value", k.extents[0], v.extents[0])) ||
      failed(checkSame("number of key and value heads", k.extents[1],
                       v.extents[1])) ||
      failed(
          checkSame("number of keys and values", k.extents[2], v.extents[2])) ||
      failed(checkSame("key dimension of query and key", q.extents[3],
                       k.extents[3])))
    return failure();
  int64_t hq = q.extents[1], hkv = k.extents[1];
  if (hkv == 0 ? hq != 0 : hq % hkv != 0)
    return error() << "number of query heads (" << hq
                   << ") must be a multiple of the key heads (" << hkv << ")";
  return success();
}

void AttentionStep::appendIndices(const Row &row, int64_t j,
                                  SmallVectorImpl<Cell> &cells) const {
  Cell all[] = {cellOf(row.b), cellOf(row.h), cellOf(row.i), cellOf(j)};
  llvm::append_range(cells, ArrayRef(all).take_back(rank));
}

LogicalResult AttentionStep::admit(Frame &frame, const Heads &q, const Heads &k,
                                   Row &row) const {
  int64_t n = q.extents[2], m = k.extents[2];
  int64_t diagonal = row.i + m - n;
  for (int64_t j = 0; j < m; ++j) {
    if (causal && j > diagonal)
      continue;
    if (windowLeft && diagonal - j > frame.scalars[*windowLeft].i)
      continue;
    if (windowRight && j - diagonal > frame.scalars[*windowRight].i)
      continue;
    if (mask.isPresent()) {
      SmallVector<Cell> arguments;
      appendIndices(row, j, arguments);
      if (failed(mask.run(frame, arguments)))
        return failure();
      if (!mask.result(frame).i)
        continue;
    }
    row.keys.push_back(j);
  }
  return success();
}

LogicalResult AttentionStep::computeScores(Frame &frame, const Heads &q,
                                           const Heads &k, Row &row) const {
  int64_t dk = q.extents[3];
  // With no key dimension every score is 0, whatever the scale.
  double factor = scale ? frame.scalars[*scale].f
                        : 1.0 / std::sqrt(std::max(1.0, double(dk)));
  int64_t queryRow = q.row(row.b, row.h, row.i);
  for (int64_t j : row.keys) {
    int64_t keyRow = k.row(row.b, row.g, j);
    double sum = 0;
    for (int64_t d = 0; d < dk; ++d)
      sum += q.read(queryRow + d) * k.read(keyRow + d);
    *adds += dk;
    *muls += dk + 1;
    double s = factor * sum;
    if (score.isPresent()) {
      SmallVector<Cell> arguments{cellOf(s)};
      appendIndices(row, j, arguments);
      if (failed(score.run(frame, arguments)))
        return failure();
      s = score.result(frame).f;
    }
    row.scores.push_back(s);
  }
  return success();
}

void AttentionStep::finish(const Heads &v, const Row &row, Array &output,
                           Array *lse) const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  int64_t dv = v.extents[3], numKeys = row.keys.size();
  double m = -infinity;
  for (double s : row.scores)
    m = maximum(m, s);
  // Where all scores are -inf nothing is to be subtracted: exp gives 0.
  double reference = m == -infinity ? 0 : m;
  SmallVector<double> weights;
  double l = 0;
  for (double s : row.scores) {
    weights.push_back(std::exp(s - reference));
    l += weights.back();
  }
  *maxes += numKeys;
  *exps += numKeys;
  *adds += numKeys * (2 + dv);
  *muls += numKeys * dv;
  int64_t outputRow = Heads(output).row(row.b, row.h, row.i);
  for (int64_t c = 0; c < dv; ++c) {
    double sum = 0;
    for (auto [j, weight] : llvm::zip_equal(row.keys, weights))
      sum += weight * v.read(v.row(row.b, row.g, j) + c);
    output.write(outputRow + c, cellOf(l == 0 ? 0.0 : sum / l));
  }
  bool empty = numKeys == 0;
  *divs += empty ? 0 : dv;
  if (!lse)
    return;
  *logs += !empty;
  *adds += !empty;
  int64_t numQueries = output.extent(rank - 2), numHeads = 1;
  if (rank > 2)
    numHeads = output.extent(rank - 3);
  lse->write((row.b * numHeads + row.h) * numQueries + row.i,
             cellOf(reference + std::log(l)));
}

LogicalResult AttentionStep::run(Frame &frame) const {
  for (auto [name, slot] : {std::pair("window_left", windowLeft),
                            std::pair("window_right", windowRight)})
    if (slot && frame.scalars[*slot].i < 0)
      return error() << name << " is " << frame.scalars[*slot].i
                     << ", but must not be negative";
  FailureOr<Array> qs = readable(*this, frame, query);
  FailureOr<Array> ks = readable(*this, frame, key);
  FailureOr<Array> vs = readable(*this, frame, value);
  if (failed(qs) || failed(ks) || failed(vs))
    return failure();
  Heads q(*qs), k(*ks), v(*vs);
  if (failed(checkShapes(q, k, v)))
    return failure();
  SmallVector<int64_t> shape(qs->shape());
  shape.back() = v.extents[3];
  FailureOr<Array> out = makeArray(*this, outputType, 0, shape, outputTraffic);
  if (failed(out))
    return failure();
  std::optional<Array> sums;
  if (lseType) {
    shape.pop_back();
    FailureOr<Array> made = makeArray(*this, lseType, 1, shape, lseTraffic);
    if (failed(made))
      return failure();
    sums = *made;
  }
  int64_t group = k.extents[1] == 0 ? 1 : q.extents[1] / k.extents[1];
  LogicalResult done = forEachIndex(
      ArrayRef(q.extents).take_front(3), [&](ArrayRef<int64_t> at, int64_t) {
        Row row{at[0], at[1], at[1] / group, at[2], {}, {}};
        if (failed(admit(frame, q, k, row)) ||
            failed(computeScores(frame, q, k, row)))
          return failure();
        finish(v, row, *out, sums ? &*sums : nullptr);
        return success();
      });
  frame.arrays[output] = std::move(*out);
  if (sums)
    frame.arrays[lse] = std::move(*sums);
  return done;
}

FailureOr<StepPtr> moa::reference::decodeAttention(Operation *op,
                                                   Decoder &decoder) {
  auto attention = dyn_cast<AttentionOp>(op);
  if (!attention)
    return StepPtr();
  FailureOr<ScalarCode> score =
      decoder.decodeScalarRegion(attention.getScore());
  FailureOr<ScalarCode> mask = decoder.decodeScalarRegion(attention.getMask());
  if (failed(score) || failed(mask))
    return failure();
  return StepPtr(std::make_unique<AttentionStep>(attention, std::move(*score),
                                                 std::move(*mask), decoder));
}
