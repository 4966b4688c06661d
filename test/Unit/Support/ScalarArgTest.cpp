//===- ScalarArgTest.cpp - Tests of scalar arguments ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalars as the command line gives them: values, rounding, ranges, refusals.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include "moa/Support/HalfFloat.h"
#include "moa/Support/ScalarArg.h"

#include <cmath>
#include <limits>

using namespace moa;
using namespace moa::test;

namespace {
double parsed(llvm::StringRef text, ElementType type) {
  HostArray scalar = valueOf(parseScalarArg(text));
  EXPECT_EQ(scalar.elementType(), type) << text.str();
  EXPECT_EQ(scalar.rank(), 0) << text.str();
  return scalar.numElements() == 1 ? scalar.loadDouble(0) : -12345.0;
}

std::string refusal(llvm::StringRef text) {
  return messageOf(parseScalarArg(text));
}
} // namespace

TEST(ScalarArg, Values) {
  EXPECT_EQ(parsed("f32:0.5", ElementType::F32), 0.5);
  EXPECT_EQ(parsed("f32:-1e-3", ElementType::F32), double(-1e-3f));
  EXPECT_EQ(parsed("f64:0.1", ElementType::F64), 0.1);
  EXPECT_EQ(parsed("f64:0x1.8p-3", ElementType::F64), 0x1.8p-3);
  EXPECT_EQ(parsed("f64:.5", ElementType::F64), 0.5);
  EXPECT_EQ(parsed("f64:+2", ElementType::F64), 2.0);
  EXPECT_EQ(parsed("bf16:1.5", ElementType::BF16), 1.5);
  EXPECT_EQ(parsed("f16:65504", ElementType::F16), 65504.0);
  EXPECT_EQ(parsed("i64:-3", ElementType::I64), -3.0);
  EXPECT_EQ(parsed("index:7", ElementType::Index), 7.0);
  EXPECT_EQ(parsed("i1:true", ElementType::I1), 1.0);
  EXPECT_EQ(parsed("i1:false", ElementType::I1), 0.0);
  EXPECT_EQ(parsed("i1:1", ElementType::I1), 1.0);
  EXPECT_EQ(parsed("i8:-128", ElementType::I8), -128.0);
  EXPECT_EQ(parsed("u8:255", ElementType::U8), 255.0);
  EXPECT_EQ(parsed("i32:007", ElementType::I32), 7.0);
}

TEST(ScalarArg, Extremes) {
  EXPECT_EQ(valueOf(parseScalarArg("i64:-9223372036854775808")).loadInt(0),
            INT64_MIN);
  EXPECT_EQ(valueOf(parseScalarArg("i64:9223372036854775807")).loadInt(0),
            INT64_MAX);
  EXPECT_EQ(valueOf(parseScalarArg("u64:18446744073709551615")).loadInt(0), -1);
  EXPECT_EQ(parsed("f32:inf", ElementType::F32),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(parsed("bf16:-inf", ElementType::BF16),
            -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(parsed("f16:nan", ElementType::F16)));
  EXPECT_TRUE(std::signbit(parsed("f64:-0.0", ElementType::F64)));
}

// The value lies just above a tie of bf16, by less than a double can tell.
TEST(ScalarArg, RoundsOnce) {
  HostArray scalar = valueOf(parseScalarArg("bf16:1.003906250000000000001"));
  EXPECT_EQ(scalar.values<uint16_t>().front(), 0x3f81);
  EXPECT_EQ(bf16FromDouble(1.003906250000000000001), 0x3f80);
}

TEST(ScalarArg, Malformed) {
  EXPECT_EQ(refusal("0.5"), "scalar argument '0.5': expected <type>:<value>, "
                            "for example f32:0.5");
  EXPECT_EQ(refusal("f8:0.5"),
            "scalar argument 'f8:0.5': unknown type 'f8'; the types are f16, "
            "bf16, f32, f64, i1, i8, i16, i32, i64, u8, u16, u32, u64, index");
  EXPECT_EQ(refusal("i32:1.5"), "scalar argument 'i32:1.5': '1.5' as i32 is "
                                "not a decimal integer");
  EXPECT_EQ(refusal("i1:yes"), "scalar argument 'i1:yes': 'yes' as i1 is "
                               "neither true, false, 0 nor 1");
  for (llvm::StringRef text :
       {"f32:",     "f32: 1",       "f32:1 ",   "f32:abc",
        "f32:1e",   "f32:1.2.3",    "f32:.",    "f32:--1",
        "f32:+-1",  "f32:-",        "f32:0x",   "f32:0x10",
        "f32:1f",   "f32:infinity", "f32:snan", "f32:nan(1)",
        "f32:1:2",  "f32:1,5",      "i32:",     "i32:-",
        "i32:0x10", "i32: 1",       "i32:1 ",   "i32:--1",
        "i32:true", "i1:TRUE",      ":1",       "",
        ":",        "F32:1",        "f32"})
    EXPECT_NE(refusal(text), "") << text.str();
}

TEST(ScalarArg, OutOfRange) {
  EXPECT_EQ(refusal("i8:128"), "scalar argument 'i8:128': '128' as i8 is out "
                               "of range: the limits are -128 and 127");
  EXPECT_EQ(refusal("u64:18446744073709551616"),
            "scalar argument 'u64:18446744073709551616': "
            "'18446744073709551616' as u64 is out of range: the limits are 0 "
            "and 18446744073709551615");
  EXPECT_EQ(refusal("f16:65520"),
            "scalar argument 'f16:65520': '65520' as f16 is out of range: the "
            "largest finite value is 65504");
  EXPECT_EQ(refusal("bf16:1e-50"),
            "scalar argument 'bf16:1e-50': '1e-50' as bf16 is out of range: it "
            "rounds to zero, the smallest positive value is 9.18355E-41");
  for (llvm::StringRef text :
       {"i8:-129", "u8:-1", "u8:256", "i1:2", "i1:-1",
        "i64:9223372036854775808", "i64:-9223372036854775809",
        "index:99999999999999999999999999", "f32:1e39", "f32:-1e39",
        "f64:1e309", "f64:1e-400", "f64:1e99999999999999999999",
        "f64:1e-99999999999999999999", "f32:0x1p128"})
    EXPECT_NE(refusal(text).find("out of range"), std::string::npos)
        << text.str() << ": " << refusal(text);
}

TEST(ScalarArg, LooksLike) {
  for (llvm::StringRef text : {"f32:0.5", "f8:1", "i64:", "index:7"})
    EXPECT_TRUE(looksLikeScalarArg(text)) << text.str();
  for (llvm::StringRef text : {"q.npy", "./i:1.npy", "a/b:c", ":1", "", "f32"})
    EXPECT_FALSE(looksLikeScalarArg(text)) << text.str();
}
