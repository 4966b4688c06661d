//===- Array.h - Values of the reference interpreter -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalars and arrays as the interpreter holds them, and the integer types.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_REFERENCE_ARRAY_H
#define MOA_LIB_REFERENCE_ARRAY_H

#include "moa/Reference/Counters.h"
#include "moa/Support/HostArray.h"
#include "moa/Support/LLVM.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/Support/MathExtras.h"

namespace moa::reference {

/// A scalar. Which member is meant follows from its type in the IR. An integer
/// narrower than 64 bits is sign-extended, but an i1 is 0 or 1.
union Cell {
  double f;
  int64_t i;
};

inline Cell cellOf(double value) { return {.f = value}; }
inline Cell cellOf(int64_t value) { return {.i = value}; }

/// The bits of an integer or index type; 0 for a float.
inline unsigned widthOf(Type type) {
  if (type.isIndex())
    return 64;
  auto integer = dyn_cast<IntegerType>(type);
  return integer ? integer.getWidth() : 0;
}

/// True if the interpreter can hold a scalar of this type.
inline bool isScalarType(Type type) {
  if (type.isF16() || type.isBF16() || type.isF32() || type.isF64())
    return true;
  return type.isIntOrIndex() && widthOf(type) >= 1 && widthOf(type) <= 64;
}

/// `value` cut to `width` bits, in the form of a `Cell`.
inline int64_t wrap(int64_t value, unsigned width) {
  if (width == 64)
    return value;
  return width == 1 ? (value & 1) : llvm::SignExtend64(value, width);
}

/// The signed and the unsigned reading of an integer in a `Cell`.
inline int64_t asSigned(int64_t value, unsigned width) {
  return width == 1 ? -value : value;
}
inline uint64_t asUnsigned(int64_t value, unsigned width) {
  return static_cast<uint64_t>(value) & llvm::maskTrailingOnes<uint64_t>(width);
}

/// An array: doubles, or integers as a `Cell` holds them. Copies share their
/// elements, and who reads them is counted in one place.
class Array {
public:
  Array() = default;

  /// An array of zeros. The error is that of `HostArray::create`. Where
  /// `traffic` is null nothing is counted.
  static llvm::Expected<Array> create(bool isFloat, ArrayRef<int64_t> shape,
                                      ArrayTraffic *traffic);

  /// The elements of a host array of any element type.
  static llvm::Expected<Array> fromHost(const HostArray &source,
                                        ArrayTraffic *traffic);
  /// The array as a host array of the given element type.
  llvm::Expected<HostArray> toHost(ElementType type) const;

  ArrayRef<int64_t> shape() const { return storage.shape(); }
  int64_t extent(size_t axis) const { return storage.shape()[axis]; }
  size_t rank() const { return storage.shape().size(); }
  int64_t size() const { return storage.numElements(); }
  int64_t offsetOf(ArrayRef<int64_t> index) const {
    int64_t offset = 0;
    for (size_t axis = 0; axis < index.size(); ++axis)
      offset = offset * extent(axis) + index[axis];
    return offset;
  }

  Cell read(int64_t offset) const {
    if (seen)
      noteRead(offset);
    return cells[offset];
  }
  Cell read(ArrayRef<int64_t> index) const { return read(offsetOf(index)); }

  /// Only for who has created the array, before anybody reads it.
  void write(int64_t offset, Cell value) {
    if (traffic)
      ++traffic->written;
    cells[offset] = value;
  }

  ArrayTraffic *countedIn() const { return traffic; }

  /// An array whose elements have no value: reading one is an error.
  void setUndefined() { undefined = true; }
  bool isUndefined() const { return undefined; }

private:
  void noteRead(int64_t offset) const;

  HostArray storage;
  Cell *cells = nullptr;
  ArrayTraffic *traffic = nullptr;
  std::shared_ptr<llvm::BitVector> seen;
  bool undefined = false;
};

} // namespace moa::reference

#endif // MOA_LIB_REFERENCE_ARRAY_H
