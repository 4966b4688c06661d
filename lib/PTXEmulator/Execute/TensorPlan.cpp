//===- TensorPlan.cpp - The pieces of a box of a tensor ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorPlan.h"

#include <algorithm>

using namespace moa::ptx;

namespace {

class Planner {
public:
  Planner(const TensorMap &map, BulkPlan &plan)
      : map(map), plan(plan), element(bytesOf(map.element)) {}

  void tile(const int32_t *at);
  void im2col(const int32_t *at, const std::vector<uint32_t> &offsets);

private:
  /// A row of `count` elements along dimension 0 at `at`, whose element may be
  /// outside of the tensor.
  void row(const int64_t *at, uint32_t count);
  void piece(uint64_t global, uint64_t elements, bool inside) {
    if (!elements)
      return;
    uint32_t bytes = uint32_t(elements * element);
    plan.pieces.push_back({global, plan.bytes, bytes, inside});
    plan.bytes += bytes;
  }

  const TensorMap &map;
  BulkPlan &plan;
  unsigned element;
};

} // namespace

void Planner::row(const int64_t *at, uint32_t count) {
  uint64_t address = map.address;
  for (size_t i = 1; i < map.dims.size(); ++i) {
    if (at[i] < 0 || uint64_t(at[i]) >= map.dims[i])
      return piece(0, count, false);
    address += uint64_t(at[i]) * map.strides[i - 1];
  }
  int64_t extent = int64_t(map.dims[0]), end = at[0] + count;
  int64_t from = std::clamp<int64_t>(at[0], 0, extent);
  int64_t to = std::clamp<int64_t>(end, from, extent);
  if (from >= to)
    return piece(0, count, false);
  piece(0, uint64_t(from - at[0]), false);
  piece(address + uint64_t(from) * element, uint64_t(to - from), true);
  piece(0, uint64_t(end - to), false);
}

void Planner::tile(const int32_t *start) {
  size_t rank = map.dims.size();
  uint32_t counts[5] = {}, index[5] = {};
  for (size_t i = 1; i < rank; ++i)
    counts[i] =
        (map.box[i] + map.elementStrides[i] - 1) / map.elementStrides[i];
  while (true) {
    int64_t at[5];
    for (size_t i = 0; i < rank; ++i)
      at[i] = start[i] + int64_t(index[i]) * map.elementStrides[i];
    row(at, map.box[0]);
    size_t i = 1;
    while (i < rank && ++index[i] == counts[i])
      index[i++] = 0;
    if (i >= rank)
      return;
  }
}

/// Pixel after pixel; behind the last one of a row of the bounding box comes
/// the first of the next row, behind the last image the next image.
void Planner::im2col(const int32_t *start,
                     const std::vector<uint32_t> &offsets) {
  size_t rank = map.dims.size(), pixelDims = rank - 2;
  int64_t at[5];
  std::copy_n(start, rank, at);
  for (uint32_t p = 0; p < map.pixels; ++p) {
    int64_t moved[5];
    std::copy_n(at, rank, moved);
    for (size_t i = 0; i < offsets.size() && i < pixelDims; ++i)
      moved[i + 1] += offsets[i];
    row(moved, map.channels);
    size_t i = 0;
    for (; i < pixelDims; ++i) {
      at[i + 1] += map.elementStrides[i + 1];
      if (at[i + 1] < int64_t(map.dims[i + 1]) + map.upperCorner[i])
        break;
      at[i + 1] = map.lowerCorner[i];
    }
    if (i == pixelDims)
      ++at[rank - 1];
  }
}

/// What an element outside of the tensor is: zero, or a quiet NaN.
static std::vector<uint8_t> fillOf(const TensorMap &map) {
  if (map.fill == TensorFill::Zero)
    return {};
  switch (map.element) {
  case TensorElement::F16:
  case TensorElement::BF16:
    return {0xff, 0x7f};
  case TensorElement::F32:
  case TensorElement::TF32:
    return {0xff, 0xff, 0xff, 0x7f};
  case TensorElement::F64:
    return {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  default:
    return {};
  }
}

SharedPlan moa::ptx::planOf(const TensorMap &map, const int32_t *coordinates,
                            const std::vector<uint32_t> &offsets) {
  auto plan = std::make_shared<BulkPlan>();
  plan->swizzle =
      map.swizzle == TensorSwizzle::None ? 0 : 16u << unsigned(map.swizzle);
  plan->fill = fillOf(map);
  plan->isTensor = true;
  Planner planner(map, *plan);
  if (map.im2col)
    planner.im2col(coordinates, offsets);
  else
    planner.tile(coordinates);
  return plan;
}

Type moa::ptx::typeOf(TensorElement element) {
  static constexpr Type types[] = {Type::U8,  Type::U16, Type::U32,  Type::S32,
                                   Type::U64, Type::S64, Type::F16,  Type::F32,
                                   Type::F32, Type::F64, Type::BF16, Type::F32,
                                   Type::F32};
  return types[unsigned(element)];
}
