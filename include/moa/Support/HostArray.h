//===- HostArray.h - Dense arrays in host memory ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense array in host memory: what NumPy files hold, what the reference
// interpreter computes with, and what a compiled kernel is called on.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_HOSTARRAY_H
#define MOA_SUPPORT_HOSTARRAY_H

#include "moa/Support/ElementType.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <cassert>
#include <memory>
#include <string>

namespace moa {

/// An array of any rank (0 included) and any extents (0 included), contiguous
/// in row-major order and aligned to 64 bytes.
///
/// A value type that is cheap to copy: copies share their storage until one of
/// them is written to (copy on write). So a pointer from `mutableData` is only
/// good until the array is copied. Copies may be used in different threads; one
/// object that is being written to may not.
///
/// Offsets count elements from the start; they and indices must be in bounds
/// (asserted), `contains` tells.
class HostArray {
public:
  /// Alignment of the first element, in bytes.
  static constexpr size_t alignment = 64;

  /// An f32 array of shape [0].
  HostArray() = default;

  /// An array of zeros. An error tells that the shape has a negative extent,
  /// that its size overflows, or that there is not enough memory.
  static llvm::Expected<HostArray> create(ElementType type,
                                          llvm::ArrayRef<int64_t> shape);

  /// An array with the given elements in row-major order, converted as
  /// `storeDouble` and `storeInt` do. Errors as for `create`, and for a number
  /// of values that is not that of the shape.
  static llvm::Expected<HostArray> fromDoubles(ElementType type,
                                               llvm::ArrayRef<int64_t> shape,
                                               llvm::ArrayRef<double> values);
  static llvm::Expected<HostArray> fromInts(ElementType type,
                                            llvm::ArrayRef<int64_t> shape,
                                            llvm::ArrayRef<int64_t> values);

  ElementType elementType() const { return type; }
  llvm::ArrayRef<int64_t> shape() const { return extents; }
  int64_t rank() const { return static_cast<int64_t>(extents.size()); }
  int64_t numElements() const { return count; }
  int64_t byteSize() const { return count * elementByteSize(type); }

  /// Shape and type as messages print them: "2x3xf32", "f32" for rank 0.
  std::string describe() const;

  /// True where `index` has the rank of the array and lies within its shape.
  bool contains(llvm::ArrayRef<int64_t> index) const;

  /// Row-major offset of the element at `index`.
  int64_t offsetOf(llvm::ArrayRef<int64_t> index) const;

  /// The element as a double. Integers beyond 2^53 are rounded to nearest.
  double loadDouble(int64_t offset) const;
  double loadDouble(llvm::ArrayRef<int64_t> index) const {
    return loadDouble(offsetOf(index));
  }

  /// The element as an integer. Floating-point elements are truncated towards
  /// zero and clamped to the range of int64_t (NaN gives 0); u64 elements keep
  /// their bits, so those beyond 2^63 - 1 come out negative.
  int64_t loadInt(int64_t offset) const;
  int64_t loadInt(llvm::ArrayRef<int64_t> index) const {
    return loadInt(offsetOf(index));
  }

  /// Stores a double: rounded once, to nearest even, for floating-point
  /// elements; truncated and clamped to their range (NaN gives 0) for integers;
  /// "is not 0" for i1.
  void storeDouble(int64_t offset, double value);
  void storeDouble(llvm::ArrayRef<int64_t> index, double value) {
    storeDouble(offsetOf(index), value);
  }

  /// Stores an integer: rounded once for floating-point elements; its low bits
  /// for integer elements, i1 included, as in two's complement arithmetic.
  void storeInt(int64_t offset, int64_t value);
  void storeInt(llvm::ArrayRef<int64_t> index, int64_t value) {
    storeInt(offsetOf(index), value);
  }

  /// Sets every element, as `storeDouble` and `storeInt` would.
  void fillDouble(double value);
  void fillInt(int64_t value);

  /// The elements' bytes; never null. `mutableData` gives this array storage of
  /// its own first, if that is shared.
  const void *data() const;
  void *mutableData();

  /// The elements in their host representation; `T` has the size of an element.
  template <typename T> llvm::ArrayRef<T> values() const {
    assert(sizeof(T) == elementByteSize(type) && "T is not the element type");
    return {static_cast<const T *>(data()), static_cast<size_t>(count)};
  }
  template <typename T> llvm::MutableArrayRef<T> mutableValues() {
    assert(sizeof(T) == elementByteSize(type) && "T is not the element type");
    return {static_cast<T *>(mutableData()), static_cast<size_t>(count)};
  }

  /// Same type, same shape and the same bits: NaNs equal themselves, and -0.0
  /// differs from 0.0.
  bool operator==(const HostArray &other) const;
  bool operator!=(const HostArray &other) const { return !(*this == other); }

private:
  ElementType type = ElementType::F32;
  llvm::SmallVector<int64_t, 4> extents = {0};
  int64_t count = 0;
  /// Null where there are no elements.
  std::shared_ptr<void> storage;
};

} // namespace moa

#endif // MOA_SUPPORT_HOSTARRAY_H
