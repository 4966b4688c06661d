//===- HostArrayTest.cpp - Tests of host arrays -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Element types, shapes, and arrays: sizes, conversions of elements, sharing.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include "moa/Support/HostShape.h"

#include <cmath>
#include <limits>

using namespace moa;
using namespace moa::test;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// The scalar that `value` becomes in an element of `type`.
double throughDouble(ElementType type, double value) {
  return valueOf(HostArray::fromDoubles(type, {}, {value})).loadDouble(0);
}
int64_t throughInt(ElementType type, int64_t value) {
  return valueOf(HostArray::fromInts(type, {}, {value})).loadInt(0);
}
} // namespace

TEST(ElementType, NamesRoundTripAndSizesFollow) {
  EXPECT_EQ(allElementTypes().size(), 14u);
  for (ElementType type : allElementTypes()) {
    llvm::StringRef name = elementTypeName(type);
    EXPECT_EQ(parseElementType(name), type) << name.str();
    unsigned bits = 0;
    if (name.ltrim("bfiu").getAsInteger(10, bits))
      bits = 64; // index
    EXPECT_EQ(elementByteSize(type), std::max(8u, bits) / 8) << name.str();
  }
  for (llvm::StringRef name : {"", "f8", "F32", "i128", "f32 ", "ui8"})
    EXPECT_EQ(parseElementType(name), std::nullopt) << name.str();
}

TEST(ElementType, KindsAndRanges) {
  EXPECT_TRUE(isFloat(ElementType::BF16));
  EXPECT_FALSE(isFloat(ElementType::Index));
  EXPECT_TRUE(isUnsigned(ElementType::I1));
  EXPECT_FALSE(isUnsigned(ElementType::Index));
  EXPECT_EQ(minInteger(ElementType::I8), -128);
  EXPECT_EQ(maxInteger(ElementType::I8), 127u);
  EXPECT_EQ(minInteger(ElementType::Index), INT64_MIN);
  EXPECT_EQ(maxInteger(ElementType::I64), uint64_t(INT64_MAX));
  EXPECT_EQ(minInteger(ElementType::U64), 0);
  EXPECT_EQ(maxInteger(ElementType::U64), UINT64_MAX);
  EXPECT_EQ(maxInteger(ElementType::I1), 1u);
}

TEST(HostShape, Counts) {
  EXPECT_EQ(valueOf(elementCount({})), 1);
  EXPECT_EQ(valueOf(elementCount({2, 3, 5})), 30);
  EXPECT_EQ(valueOf(elementCount({2, 0, 5})), 0);
  EXPECT_EQ(valueOf(byteCount(ElementType::F64, {2, 3})), 48);
  EXPECT_EQ(valueOf(byteCount(ElementType::I8, {INT64_MAX})), INT64_MAX);
}

TEST(HostShape, CountsRefuseWhatDoesNotFit) {
  EXPECT_EQ(messageOf(elementCount({2, -3})),
            "extent -3 of axis 1 is negative");
  EXPECT_EQ(messageOf(elementCount({0, -3})),
            "extent -3 of axis 1 is negative");
  EXPECT_EQ(messageOf(elementCount({int64_t(1) << 32, int64_t(1) << 31})),
            "shape [4294967296, 2147483648] has more than 2^63 - 1 elements");
  EXPECT_EQ(messageOf(byteCount(ElementType::F64, {int64_t(1) << 60})),
            "shape [1152921504606846976] has more than 2^63 - 1 bytes");
  // Strides must be safe to compute even where there are no elements.
  EXPECT_NE(messageOf(elementCount({0, int64_t(1) << 62, 4})), "");
}

TEST(HostShape, StridesAndSteps) {
  EXPECT_EQ(rowMajorStrides({2, 3, 5}), (llvm::SmallVector<int64_t>{15, 5, 1}));
  EXPECT_TRUE(rowMajorStrides({}).empty());
  llvm::SmallVector<int64_t> shape = {2, 1, 3}, index = {0, 0, 0};
  HostArray array = valueOf(HostArray::create(ElementType::I8, shape));
  int64_t steps = 0;
  do {
    EXPECT_EQ(array.offsetOf(index), steps++);
  } while (nextIndex(shape, index));
  EXPECT_EQ(steps, 6);
  EXPECT_EQ(index, (llvm::SmallVector<int64_t>{0, 0, 0}));
  EXPECT_FALSE(nextIndex({}, {}));
}

TEST(HostArray, StartsAsAlignedZeros) {
  for (ElementType type : allElementTypes()) {
    HostArray array = valueOf(HostArray::create(type, {3, 7}));
    EXPECT_EQ(array.elementType(), type);
    EXPECT_EQ(array.rank(), 2);
    EXPECT_EQ(array.numElements(), 21);
    EXPECT_EQ(array.byteSize(), 21 * int64_t(elementByteSize(type)));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data()) % HostArray::alignment,
              0u);
    for (int64_t offset = 0; offset < 21; ++offset)
      EXPECT_EQ(array.loadDouble(offset), 0.0);
  }
}

TEST(HostArray, RankZeroAndZeroExtents) {
  HostArray scalar = valueOf(HostArray::create(ElementType::F32, {}));
  EXPECT_EQ(scalar.numElements(), 1);
  EXPECT_EQ(scalar.describe(), "f32");
  scalar.storeDouble(scalar.offsetOf({}), 2.5);
  EXPECT_EQ(scalar.loadDouble(0), 2.5);

  HostArray empty = valueOf(HostArray::create(ElementType::I64, {4, 0, 3}));
  EXPECT_EQ(empty.numElements(), 0);
  EXPECT_EQ(empty.byteSize(), 0);
  EXPECT_EQ(empty.describe(), "4x0x3xi64");
  EXPECT_NE(empty.data(), nullptr);
  EXPECT_NE(empty.mutableData(), nullptr);
  empty.fillInt(1);
  EXPECT_FALSE(empty.contains({0, 0, 0}));
  EXPECT_EQ(HostArray().numElements(), 0);
}

TEST(HostArray, RefusesBadShapes) {
  EXPECT_EQ(messageOf(HostArray::create(ElementType::F32, {-1})),
            "extent -1 of axis 0 is negative");
  EXPECT_NE(messageOf(HostArray::create(ElementType::F32, {INT64_MAX, 2})), "");
  EXPECT_EQ(messageOf(HostArray::create(ElementType::I8, {INT64_MAX - 1})),
            "no memory for 9223372036854775806 bytes of an array "
            "9223372036854775806xi8");
  EXPECT_EQ(messageOf(HostArray::fromInts(ElementType::I8, {2, 2}, {1, 2})),
            "2 values for an array of shape [2, 2], which has 4 elements");
}

TEST(HostArray, Indices) {
  HostArray array = valueOf(
      HostArray::fromInts(ElementType::I32, {2, 3}, {0, 1, 2, 10, 11, 12}));
  EXPECT_EQ(array.offsetOf({1, 2}), 5);
  EXPECT_EQ(array.loadInt({1, 2}), 12);
  array.storeInt({0, 1}, -7);
  EXPECT_EQ(array.loadDouble(1), -7.0);
  EXPECT_TRUE(array.contains({1, 2}));
  for (auto index : std::vector<std::vector<int64_t>>{
           {2, 0}, {0, 3}, {-1, 0}, {0}, {0, 0, 0}, {}})
    EXPECT_FALSE(array.contains(index));
}

TEST(HostArray, DoublesRoundIntoFloats) {
  EXPECT_EQ(throughDouble(ElementType::F64, 0.1), 0.1);
  EXPECT_EQ(throughDouble(ElementType::F32, 0.1), double(0.1f));
  EXPECT_EQ(throughDouble(ElementType::F16, 1e6), infinity);
  EXPECT_EQ(throughDouble(ElementType::BF16, 1.0 + 0x1p-8 + 0x1p-40),
            1.0 + 0x1p-7);
  for (ElementType type : allElementTypes())
    if (isFloat(type)) {
      EXPECT_TRUE(std::isnan(throughDouble(type, notANumber)));
      EXPECT_EQ(throughDouble(type, -infinity), -infinity);
      EXPECT_TRUE(std::signbit(throughDouble(type, -0.0)));
    }
}

TEST(HostArray, DoublesAreTruncatedAndClampedIntoIntegers) {
  EXPECT_EQ(throughDouble(ElementType::I8, -3.99), -3.0);
  EXPECT_EQ(throughDouble(ElementType::U8, 255.9), 255.0);
  EXPECT_EQ(throughDouble(ElementType::I1, 0.25), 1.0);
  EXPECT_EQ(throughDouble(ElementType::I1, -0.0), 0.0);
  for (ElementType type : allElementTypes()) {
    if (isFloat(type) || type == ElementType::I1)
      continue;
    EXPECT_EQ(throughDouble(type, notANumber), 0.0);
    EXPECT_EQ(throughDouble(type, -infinity), double(minInteger(type)));
    EXPECT_EQ(throughDouble(type, 1e300), double(maxInteger(type)));
  }
}

TEST(HostArray, IntegersKeepTheirLowBits) {
  EXPECT_EQ(throughInt(ElementType::I8, 200), -56);
  EXPECT_EQ(throughInt(ElementType::U8, -1), 255);
  EXPECT_EQ(throughInt(ElementType::I16, 0x18000), -32768);
  EXPECT_EQ(throughInt(ElementType::U16, 0x18000), 32768);
  EXPECT_EQ(throughInt(ElementType::I32, int64_t(1) << 31), INT32_MIN);
  EXPECT_EQ(throughInt(ElementType::U32, -1), int64_t(UINT32_MAX));
  EXPECT_EQ(throughInt(ElementType::I1, 2), 0);
  EXPECT_EQ(throughInt(ElementType::I1, -1), 1);
  EXPECT_EQ(throughInt(ElementType::U64, -1), -1);
  EXPECT_EQ(throughInt(ElementType::Index, INT64_MIN), INT64_MIN);
  HostArray big = valueOf(HostArray::fromInts(ElementType::U64, {}, {-1}));
  EXPECT_EQ(big.loadDouble(0), 0x1p64);
}

TEST(HostArray, IntegersFromAndToFloats) {
  EXPECT_EQ(throughInt(ElementType::F32, 16777217), 16777216);
  EXPECT_EQ(throughInt(ElementType::F16, -3), -3);
  EXPECT_EQ(throughInt(ElementType::F64, INT64_MAX), INT64_MAX);
  HostArray array = valueOf(HostArray::fromDoubles(
      ElementType::F64, {5}, {-2.75, notANumber, infinity, -infinity, 0.5}));
  EXPECT_EQ(array.loadInt(0), -2);
  EXPECT_EQ(array.loadInt(1), 0);
  EXPECT_EQ(array.loadInt(2), INT64_MAX);
  EXPECT_EQ(array.loadInt(3), INT64_MIN);
  EXPECT_EQ(array.loadInt(4), 0);
}

TEST(HostArray, Fill) {
  HostArray array = valueOf(HostArray::create(ElementType::F16, {5, 5}));
  array.fillDouble(-1.5);
  for (uint16_t bits : array.values<uint16_t>())
    EXPECT_EQ(bits, 0xbe00);
  array.fillInt(3);
  for (int64_t offset = 0; offset < array.numElements(); ++offset)
    EXPECT_EQ(array.loadDouble(offset), 3.0);
}

TEST(HostArray, CopiesShareUntilWritten) {
  HostArray first =
      valueOf(HostArray::fromInts(ElementType::I32, {3}, {1, 2, 3}));
  HostArray second = first;
  EXPECT_EQ(first.data(), second.data());
  second.storeInt(0, 9);
  EXPECT_NE(first.data(), second.data());
  EXPECT_EQ(first.loadInt(0), 1);
  EXPECT_EQ(second.loadInt(0), 9);
  EXPECT_EQ(second.loadInt(2), 3);
  // Storage that is no longer shared is written in place.
  const void *own = second.data();
  second.storeInt(1, 8);
  EXPECT_EQ(second.data(), own);
}

TEST(HostArray, EqualityIsOfTypeShapeAndBits) {
  auto array = [](ElementType type, llvm::ArrayRef<int64_t> shape,
                  llvm::ArrayRef<double> values) {
    return valueOf(HostArray::fromDoubles(type, shape, values));
  };
  HostArray base = array(ElementType::F32, {2}, {0.0, notANumber});
  EXPECT_EQ(base, array(ElementType::F32, {2}, {0.0, notANumber}));
  EXPECT_NE(base, array(ElementType::F32, {2}, {-0.0, notANumber}));
  EXPECT_NE(base, array(ElementType::F32, {1, 2}, {0.0, notANumber}));
  EXPECT_NE(base, array(ElementType::F64, {2}, {0.0, notANumber}));
  EXPECT_EQ(array(ElementType::F32, {0}, {}), HostArray());
  EXPECT_NE(array(ElementType::F32, {0, 2}, {}), HostArray());
}
