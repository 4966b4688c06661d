//===- TensorMapChange.cpp - tensormap.replace, tensormap.cp_fenceproxy -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Memory/TensorMapBytes.h"
#include "Families.h"
#include "SharedOperand.h"
#include "TensorMapOperand.h"

#include <cstring>

using namespace moa::ptx;

namespace {

constexpr uint64_t mapBytes = 128, mapAlign = 64;

enum class Field : uint8_t {
  Address,
  Rank,
  Box,
  Dim,
  Stride,
  ElementStride,
  Element,
  Interleave,
  Swizzle,
  Fill
};

struct Replace : InstExtra {
  Field field = Field::Address;
  Space space = Space::Generic;
  unsigned order = 0;
  bool strideIn16 = false; ///< before PTX 8.5, a stride is in units of 16
};

/// Writes a field of the map; false if the value is none for it.
bool replace(TensorMapLayout &map, const Replace &r, uint64_t value) {
  switch (r.field) {
  case Field::Address:
    map.address = value;
    return true;
  case Field::Rank:
    map.rank = uint8_t(value + 1);
    return value < 5;
  case Field::Box:
    map.box[r.order] = uint16_t(value);
    return uint32_t(value) <= 256;
  case Field::Dim:
    map.dims[r.order] = uint32_t(value);
    return true;
  case Field::Stride:
    map.strides[r.order] = r.strideIn16 ? value << 4 : value;
    return true;
  case Field::ElementStride:
    map.elementStrides[r.order] = uint8_t(value);
    return uint32_t(value) <= 8;
  case Field::Element:
    map.element = uint8_t(value);
    return value <= uint64_t(TensorElement::TF32Ftz);
  case Field::Interleave:
    map.interleave = uint8_t(value);
    return value <= 2;
  case Field::Swizzle:
    map.swizzle = uint8_t(value);
    return value <= 3;
  case Field::Fill:
    map.fill = uint8_t(value);
    return value <= 1;
  }
  return false;
}

void runReplace(Warp &w, const Inst &in, Lanes lanes) {
  const auto &info = static_cast<const Replace &>(*in.extra);
  const uint64_t *value = w.src(in.src[0]);
  Access a;
  a.kind = AccessKind::Store;
  a.space = uint8_t(info.space);
  a.bytes = mapBytes;
  a.align = mapAlign;
  w.addresses(in, lanes, a.address);
  Lanes ok = w.access(in, lanes, a);
  forLanes(ok, [&](unsigned l) {
    TensorMapLayout map;
    std::memcpy(&map, a.data[l], mapBytes);
    if (map.magic != tensorMapMagic)
      w.fault(in, int(l), "tensormap", "there is no tensor map here", true,
              &a.address[l]);
    else if (!replace(map, info, value[l]))
      w.fault(in, int(l), "tensormap",
              "this field cannot be " + std::to_string(value[l]), true);
    else
      std::memcpy(a.data[l], &map, mapBytes);
  });
}

struct CopyFence : InstExtra {
  Address from;
};

/// One lane copies the map from shared to global memory.
void runCopyFence(Warp &w, const Inst &in, Lanes lanes) {
  if (lanes != w.alive() && w.launch->options.checks.convergence) {
    w.fault(in, std::countr_zero(lanes), "divergent-aligned",
            "only some lanes of the warp execute an aligned instruction", true);
    return;
  }
  Lanes first = lanes & -lanes;
  Access from, to;
  from.space = uint8_t(Space::Shared);
  from.kind = AccessKind::Load;
  to.space = uint8_t(Space::Global);
  to.kind = AccessKind::Store;
  from.bytes = to.bytes = mapBytes;
  from.align = to.align = mapAlign;
  w.addresses(in, lanes, to.address);
  w.addresses(static_cast<const CopyFence &>(*in.extra).from, from.address);
  Lanes ok = w.access(in, first, from);
  ok = w.access(in, ok, to);
  forLanes(
      ok, [&](unsigned l) { std::memcpy(to.data[l], from.data[l], mapBytes); });
}

bool decodeReplace(Decoder &d) {
  auto info = std::make_unique<Replace>();
  d.take("tile");
  int field = d.takeOne({"global_address", "rank", "box_dim", "global_dim",
                         "global_stride", "element_stride", "elemtype",
                         "interleave_layout", "swizzle_mode", "fill_mode"});
  if (field < 0)
    return d.unsupported("this field");
  info->field = Field(field);
  info->space = d.take("global")                            ? Space::Global
                : d.take("shared::cta") || d.take("shared") ? Space::Shared
                                                            : Space::Generic;
  info->strideIn16 = d.module.version < 85;
  bool ordered = info->field >= Field::Box && info->field < Field::Element;
  if (!d.take("b1024") || d.takeType() == Type::None ||
      !d.operands(2 + ordered, 2 + ordered) || !d.address(d.operand(0)))
    return d.error("malformed 'tensormap.replace'");
  int64_t order = 0;
  if (ordered && !d.integer(d.operand(1), order))
    return false;
  if (order < 0 || order >= (info->field == Field::Stride ? 4 : 5))
    return d.error("there is no such dimension");
  info->order = unsigned(order);
  d.in.src[0] = d.source(d.operand(1 + ordered), Type::B64);
  d.in.run = runReplace;
  d.in.extra = std::move(info);
  return !d.failed();
}

/// tensormap.cp_fenceproxy.global.shared::cta.tensormap::generic.release.gpu
/// .sync.aligned [to], [from], 128
bool decodeCopyFence(Decoder &d) {
  for (std::string_view word : {"global", "shared::cta", "tensormap::generic",
                                "release", "sync", "aligned"})
    if (!d.take(word))
      return d.error("malformed 'tensormap.cp_fenceproxy'");
  d.takeOne({"cta", "cluster", "gpu", "sys"});
  int64_t bytes = 0;
  if (!d.operands(3, 3) || !d.address(d.operand(0)) ||
      !d.integer(d.operand(2), bytes))
    return false;
  if (bytes != int64_t(mapBytes))
    return d.error("the size of a tensor map is 128 bytes");
  auto info = std::make_unique<CopyFence>();
  d.address(d.operand(1), info->from);
  d.in.extra = std::move(info);
  d.in.run = runCopyFence;
  d.in.flags |= Aligned;
  return !d.failed();
}

bool decodeTensormap(Decoder &d) {
  if (d.take("replace"))
    return decodeReplace(d);
  if (d.take("cp_fenceproxy"))
    return decodeCopyFence(d);
  return d.error("unknown tensormap operation");
}

} // namespace

bool moa::ptx::readTensorMap(Warp &w, const Inst &in, unsigned lane,
                             uint64_t address, TensorMap &map) {
  const uint8_t *bytes = nullptr;
  if (address % mapAlign) {
    w.fault(in, int(lane), "misaligned", "a tensor map is at a multiple of 64",
            true, &address);
    return false;
  }
  if (address >= paramWindow && address < paramWindowEnd) {
    if (address - paramWindow + mapBytes <= w.launch->params.size())
      bytes = w.launch->params.data() + (address - paramWindow);
  } else if (const Allocation *a = w.launch->memory->find(address)) {
    if (address - a->base + mapBytes <= a->size)
      bytes = a->data.get() + (address - a->base);
  }
  if (!bytes)
    w.fault(in, int(lane), "out-of-bounds",
            "a tensor map is in global or constant memory or a parameter of "
            "the kernel; here is none of that",
            true, &address);
  else if (decodeTensorMap(bytes, map))
    return true;
  else
    w.fault(in, int(lane), "tensormap", "there is no tensor map here", true,
            &address);
  return false;
}

void moa::ptx::addTensorMap(InstructionTable &t) {
  t["tensormap"] = decodeTensormap;
}
