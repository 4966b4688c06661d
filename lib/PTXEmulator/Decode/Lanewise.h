//===- Lanewise.h - Handlers that do the same in each lane ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_DECODE_LANEWISE_H
#define MOA_LIB_PTXEMULATOR_DECODE_LANEWISE_H

#include "Decoder.h"

#include <cstring>
#include <type_traits>

namespace moa::ptx {

/// A register as a value of type T, and back (higher bits are zero).
template <class T> inline T get(uint64_t bits) {
  if constexpr (std::is_same_v<T, float>)
    return asFloat(bits);
  else if constexpr (std::is_same_v<T, double>)
    return asDouble(bits);
  else
    return static_cast<T>(bits);
}
template <class T> inline uint64_t put(T value) {
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    return bitsOf(value);
  else
    return static_cast<std::make_unsigned_t<T>>(value);
}

/// R f(T): Op is a class with a static function f.
template <class Op, class R, class T>
void run1(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) { d[l] = put<R>(Op::f(get<T>(a[l]))); });
}
template <class Op, class R, class T>
void run2(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = put<R>(Op::f(get<T>(a[l]), get<T>(b[l])));
  });
}
template <class Op, class R, class T>
void run3(Warp &w, const Inst &in, Lanes lanes) {
  const uint64_t *a = w.src(in.src[0]), *b = w.src(in.src[1]),
                 *c = w.src(in.src[2]);
  uint64_t *d = w.dst(in.dst);
  forLanes(lanes, [&](unsigned l) {
    d[l] = put<R>(Op::f(get<T>(a[l]), get<T>(b[l]), get<T>(c[l])));
  });
}

/// Op<T> for the integer type `type`; null for another.
#define MOA_PTX_PICK(NAME, RUN)                                                \
  template <template <class> class Op> Handler NAME(Type type) {               \
    switch (type) {                                                            \
    case Type::U16:                                                            \
    case Type::B16:                                                            \
      return RUN<Op<uint16_t>, uint16_t, uint16_t>;                            \
    case Type::U32:                                                            \
    case Type::B32:                                                            \
      return RUN<Op<uint32_t>, uint32_t, uint32_t>;                            \
    case Type::U64:                                                            \
    case Type::B64:                                                            \
      return RUN<Op<uint64_t>, uint64_t, uint64_t>;                            \
    case Type::S16:                                                            \
      return RUN<Op<int16_t>, int16_t, int16_t>;                               \
    case Type::S32:                                                            \
      return RUN<Op<int32_t>, int32_t, int32_t>;                               \
    case Type::S64:                                                            \
      return RUN<Op<int64_t>, int64_t, int64_t>;                               \
    default:                                                                   \
      return nullptr;                                                          \
    }                                                                          \
  }
MOA_PTX_PICK(pick1, run1)
MOA_PTX_PICK(pick2, run2)
MOA_PTX_PICK(pick3, run3)
#undef MOA_PTX_PICK

/// Finishes `opcode d, a, b, ...` with `count` sources of one type.
inline bool finish(Decoder &d, Handler handler, unsigned count, Type type) {
  if (type == Type::None)
    return d.error("'" + std::string(d.ast->opcode) +
                   "' has no type that is known");
  if (!handler)
    return d.unsupported("type '." + std::string(typeInfo(type).name) +
                         "' of '" + std::string(d.ast->opcode) + "'");
  d.in.run = handler;
  if (!d.operands(count + 1, count + 1) || !d.sources(1, count, type))
    return false;
  d.in.dst = d.destination(d.operand(0));
  return d.in.dst != noSlot;
}

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_DECODE_LANEWISE_H
