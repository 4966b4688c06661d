//===- HostArray.cpp - Dense arrays in host memory --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Storage of host arrays and conversion of their elements.
//
//===----------------------------------------------------------------------===//

#include "moa/Support/HostArray.h"

#include "moa/Support/HalfFloat.h"
#include "moa/Support/HostShape.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace moa;

/// Zeroed, aligned memory, or null where there is none. Through calloc, so that
/// the pages of a large array cost nothing until they are touched.
static std::shared_ptr<void> allocateZeros(int64_t bytes) {
  size_t size = static_cast<size_t>(bytes);
  void *block = std::calloc(size + HostArray::alignment, 1);
  if (!block)
    return nullptr;
  std::shared_ptr<void> owner(block, std::free);
  auto address =
      llvm::alignTo<HostArray::alignment>(reinterpret_cast<uintptr_t>(block));
  return {std::move(owner), reinterpret_cast<void *>(address)};
}

llvm::Expected<HostArray> HostArray::create(ElementType type,
                                            llvm::ArrayRef<int64_t> shape) {
  llvm::Expected<int64_t> bytes = byteCount(type, shape);
  if (!bytes)
    return bytes.takeError();
  HostArray array;
  array.type = type;
  array.extents.assign(shape.begin(), shape.end());
  array.count = *bytes / elementByteSize(type);
  if (*bytes == 0)
    return array;
  array.storage = allocateZeros(*bytes);
  if (!array.storage)
    return llvm::createStringError("no memory for " + llvm::Twine(*bytes) +
                                   " bytes of an array " + array.describe());
  return array;
}

/// `create`, then a check that `count` values fill the array.
static llvm::Expected<HostArray> createFor(size_t count, ElementType type,
                                           llvm::ArrayRef<int64_t> shape) {
  llvm::Expected<HostArray> array = HostArray::create(type, shape);
  if (array && static_cast<size_t>(array->numElements()) != count)
    return llvm::createStringError(
        llvm::Twine(count) + " values for an array of shape " +
        formatShape(shape) + ", which has " +
        llvm::Twine(array->numElements()) + " elements");
  return array;
}

llvm::Expected<HostArray>
HostArray::fromDoubles(ElementType type, llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<double> values) {
  llvm::Expected<HostArray> array = createFor(values.size(), type, shape);
  if (array)
    for (auto [offset, value] : llvm::enumerate(values))
      array->storeDouble(static_cast<int64_t>(offset), value);
  return array;
}

llvm::Expected<HostArray> HostArray::fromInts(ElementType type,
                                              llvm::ArrayRef<int64_t> shape,
                                              llvm::ArrayRef<int64_t> values) {
  llvm::Expected<HostArray> array = createFor(values.size(), type, shape);
  if (array)
    for (auto [offset, value] : llvm::enumerate(values))
      array->storeInt(static_cast<int64_t>(offset), value);
  return array;
}

std::string HostArray::describe() const {
  std::string text;
  for (int64_t extent : extents)
    text += std::to_string(extent) + "x";
  return text + elementTypeName(type).str();
}

bool HostArray::contains(llvm::ArrayRef<int64_t> index) const {
  if (index.size() != extents.size())
    return false;
  for (auto [position, extent] : llvm::zip_equal(index, extents))
    if (position < 0 || position >= extent)
      return false;
  return true;
}

int64_t HostArray::offsetOf(llvm::ArrayRef<int64_t> index) const {
  assert(contains(index) && "index out of bounds");
  int64_t offset = 0;
  for (auto [position, extent] : llvm::zip_equal(index, extents))
    offset = offset * extent + position;
  return offset;
}

/// Truncates towards zero and clamps to [minimum, maximum]; NaN gives 0. `T` is
/// int64_t or uint64_t, and both bounds are of a type of at most 64 bits.
template <typename T>
static T truncateClamped(double value, T minimum, T maximum) {
  if (std::isnan(value))
    return 0;
  double whole = std::trunc(value);
  if (whole <= static_cast<double>(minimum))
    return minimum;
  // A maximum of 64 bits rounds up to a power of two: ">=" keeps the cast below
  // within the range of T.
  if (whole >= static_cast<double>(maximum))
    return maximum;
  return static_cast<T>(whole);
}

/// The integer that `storeDouble` stores, as 64 bits.
static uint64_t integerFromDouble(ElementType type, double value) {
  if (type == ElementType::I1)
    return value != 0.0;
  if (isUnsigned(type))
    return truncateClamped<uint64_t>(value, 0, maxInteger(type));
  return static_cast<uint64_t>(truncateClamped<int64_t>(
      value, minInteger(type), static_cast<int64_t>(maxInteger(type))));
}

double HostArray::loadDouble(int64_t offset) const {
  assert(offset >= 0 && offset < count && "offset out of bounds");
  switch (type) {
  case ElementType::F16:
    return f16ToDouble(values<uint16_t>()[offset]);
  case ElementType::BF16:
    return bf16ToDouble(values<uint16_t>()[offset]);
  case ElementType::F32:
    return values<float>()[offset];
  case ElementType::F64:
    return values<double>()[offset];
  case ElementType::U64:
    return static_cast<double>(values<uint64_t>()[offset]);
  default:
    return static_cast<double>(loadInt(offset));
  }
}

int64_t HostArray::loadInt(int64_t offset) const {
  assert(offset >= 0 && offset < count && "offset out of bounds");
  switch (type) {
  case ElementType::F16:
  case ElementType::BF16:
  case ElementType::F32:
  case ElementType::F64:
    return truncateClamped<int64_t>(loadDouble(offset), INT64_MIN, INT64_MAX);
  case ElementType::I8:
    return values<int8_t>()[offset];
  case ElementType::I16:
    return values<int16_t>()[offset];
  case ElementType::I32:
    return values<int32_t>()[offset];
  case ElementType::I1:
  case ElementType::U8:
    return values<uint8_t>()[offset];
  case ElementType::U16:
    return values<uint16_t>()[offset];
  case ElementType::U32:
    return values<uint32_t>()[offset];
  case ElementType::I64:
  case ElementType::U64:
  case ElementType::Index:
    return values<int64_t>()[offset];
  }
  llvm_unreachable("unknown element type");
}

void HostArray::storeDouble(int64_t offset, double value) {
  assert(offset >= 0 && offset < count && "offset out of bounds");
  switch (type) {
  case ElementType::F16:
    mutableValues<uint16_t>()[offset] = f16FromDouble(value);
    return;
  case ElementType::BF16:
    mutableValues<uint16_t>()[offset] = bf16FromDouble(value);
    return;
  case ElementType::F32:
    mutableValues<float>()[offset] = static_cast<float>(value);
    return;
  case ElementType::F64:
    mutableValues<double>()[offset] = value;
    return;
  default:
    storeInt(offset, static_cast<int64_t>(integerFromDouble(type, value)));
  }
}

void HostArray::storeInt(int64_t offset, int64_t value) {
  assert(offset >= 0 && offset < count && "offset out of bounds");
  switch (type) {
  case ElementType::F16:
    mutableValues<uint16_t>()[offset] = f16FromInt(value);
    return;
  case ElementType::BF16:
    mutableValues<uint16_t>()[offset] = bf16FromInt(value);
    return;
  case ElementType::F32:
    mutableValues<float>()[offset] = static_cast<float>(value);
    return;
  case ElementType::F64:
    mutableValues<double>()[offset] = static_cast<double>(value);
    return;
  case ElementType::I1:
    mutableValues<uint8_t>()[offset] = value & 1;
    return;
  case ElementType::I8:
  case ElementType::U8:
    mutableValues<uint8_t>()[offset] = static_cast<uint8_t>(value);
    return;
  case ElementType::I16:
  case ElementType::U16:
    mutableValues<uint16_t>()[offset] = static_cast<uint16_t>(value);
    return;
  case ElementType::I32:
  case ElementType::U32:
    mutableValues<uint32_t>()[offset] = static_cast<uint32_t>(value);
    return;
  case ElementType::I64:
  case ElementType::U64:
  case ElementType::Index:
    mutableValues<int64_t>()[offset] = value;
    return;
  }
  llvm_unreachable("unknown element type");
}

void HostArray::fillDouble(double value) {
  for (int64_t offset = 0; offset < count; ++offset)
    storeDouble(offset, value);
}

void HostArray::fillInt(int64_t value) {
  for (int64_t offset = 0; offset < count; ++offset)
    storeInt(offset, value);
}

/// What `data` points to where there are no elements.
alignas(HostArray::alignment) static char noElements[HostArray::alignment];

const void *HostArray::data() const {
  return storage ? storage.get() : noElements;
}

void *HostArray::mutableData() {
  if (!storage)
    return noElements;
  if (storage.use_count() > 1) {
    std::shared_ptr<void> own = allocateZeros(byteSize());
    if (!own)
      llvm::report_bad_alloc_error("no memory for the copy of a host array");
    std::memcpy(own.get(), storage.get(), static_cast<size_t>(byteSize()));
    storage = std::move(own);
  }
  return storage.get();
}

bool HostArray::operator==(const HostArray &other) const {
  return type == other.type && shape() == other.shape() &&
         std::memcmp(data(), other.data(), static_cast<size_t>(byteSize())) ==
             0;
}
