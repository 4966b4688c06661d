//===- NpyTest.cpp - Tests of reading and writing .npy files ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading and writing well-formed .npy files. The bytes that are spelled out
// here are what NumPy 2.4 and ml_dtypes 0.6 write.
//
//===----------------------------------------------------------------------===//

#include "NpyTestFile.h"
#include "TestSupport.h"

#include "moa/Support/Npy.h"

#include <sys/stat.h>

using namespace moa;
using namespace moa::test;

namespace {
using NpyFile = TemporaryDirectory;

HostArray parsed(llvm::StringRef file,
                 std::optional<ElementType> expected = std::nullopt) {
  return valueOf(parseNpy(file, "test.npy", expected));
}

/// An array with a different value in each element, and extremes first.
HostArray sample(ElementType type, llvm::ArrayRef<int64_t> shape) {
  HostArray array = valueOf(HostArray::create(type, shape));
  for (int64_t offset = 0; offset < array.numElements(); ++offset) {
    if (isFloat(type))
      array.storeDouble(offset, offset == 0 ? -1.0 / 3.0 : offset * 0.75);
    else
      array.storeInt(offset, offset == 0 ? -1 : offset * 37);
  }
  return array;
}

/// What a file without an expected type gives back: Index has no dtype.
ElementType typeInFile(ElementType type) {
  return type == ElementType::Index ? ElementType::I64 : type;
}
} // namespace

TEST_F(NpyFile, RoundTripsEveryTypeAndShape) {
  llvm::SmallVector<int64_t> shapes[] = {
      {}, {1}, {7}, {0}, {2, 3}, {3, 0, 2}, {2, 3, 5}, {1, 1, 4, 1}};
  for (ElementType type : allElementTypes())
    for (llvm::ArrayRef<int64_t> shape : shapes) {
      HostArray array = sample(type, shape);
      std::string file = path("a.npy");
      ASSERT_EQ(messageOf(writeNpy(array, file)), "");
      EXPECT_EQ(valueOf(readNpy(file, type)), array) << array.describe();
      HostArray found = valueOf(readNpy(file));
      EXPECT_EQ(found.elementType(), typeInFile(type));
      EXPECT_EQ(found.shape(), array.shape());
      EXPECT_EQ(parsed(contentsOf(file), type), array);
    }
  EXPECT_EQ(entriesOf(directory).size(), 1u);
}

TEST(Npy, HeadersAreThoseOfNumPy) {
  std::pair<ElementType, const char *> cases[] = {
      {ElementType::F16, "<f2"}, {ElementType::BF16, "<V2"},
      {ElementType::F32, "<f4"}, {ElementType::F64, "<f8"},
      {ElementType::I1, "|b1"},  {ElementType::I8, "|i1"},
      {ElementType::I16, "<i2"}, {ElementType::I32, "<i4"},
      {ElementType::I64, "<i8"}, {ElementType::U8, "|u1"},
      {ElementType::U16, "<u2"}, {ElementType::U32, "<u4"},
      {ElementType::U64, "<u8"}, {ElementType::Index, "<i8"}};
  ASSERT_EQ(std::size(cases), allElementTypes().size());
  for (auto [type, descr] : cases) {
    HostArray array = valueOf(HostArray::create(type, {2, 1}));
    std::string text = std::string("{'descr': '") + descr +
                       "', 'fortran_order': False, 'shape': (2, 1), }";
    text.append(117 - text.size(), ' ');
    EXPECT_EQ(valueOf(npyHeader(array)), preamble(1, 118) + text + "\n");
  }
}

TEST(Npy, HeadersOfAllRanksAreAligned) {
  for (size_t rank = 0; rank <= 64; ++rank) {
    llvm::SmallVector<int64_t> shape(rank, 1);
    HostArray array = valueOf(HostArray::create(ElementType::U8, shape));
    std::string header = valueOf(npyHeader(array));
    EXPECT_EQ(header.size() % 64, 0u);
    EXPECT_EQ(parsed(header + std::string(1, '\0')).shape(), array.shape());
  }
  llvm::SmallVector<int64_t> shape(65, 1);
  HostArray array = valueOf(HostArray::create(ElementType::U8, shape));
  EXPECT_EQ(messageOf(npyHeader(array)),
            "rank 65 is above NumPy's limit of 64");
}

TEST(Npy, VersionsTwoAndThree) {
  std::string dictionary = dict("'|u1'", "False", "(3,)");
  for (int version : {1, 2, 3})
    EXPECT_EQ(parsed(npyFile(dictionary, "\x01\x02\x03", version)),
              valueOf(HostArray::fromInts(ElementType::U8, {3}, {1, 2, 3})));
}

TEST(Npy, BigEndian) {
  auto file = [](llvm::StringRef descr, llvm::StringRef data) {
    return npyFile(dict(descr, "False", "()"), data);
  };
  EXPECT_EQ(parsed(file("'>i2'", {"\x01\x02", 2})).loadInt(0), 0x0102);
  EXPECT_EQ(parsed(file("'>u4'", {"\x01\x02\x03\x04", 4})).loadInt(0),
            0x01020304);
  EXPECT_EQ(
      parsed(file("'>i8'", {"\xff\xff\xff\xff\xff\xff\xff\xfe", 8})).loadInt(0),
      -2);
  EXPECT_EQ(parsed(file("'>f2'", {"\x3e\x00", 2})).loadDouble(0), 1.5);
  EXPECT_EQ(parsed(file("'>f4'", {"\x3f\xc0\x00\x00", 4})).loadDouble(0), 1.5);
  EXPECT_EQ(parsed(file("'>f8'", {"\x3f\xf8\0\0\0\0\0\0", 8})).loadDouble(0),
            1.5);
  EXPECT_EQ(parsed(file("'>i1'", {"\x85", 1})).loadInt(0), -123);
  EXPECT_EQ(
      parsed(file("'>u2'", {"\x3f\xc0", 2}), ElementType::BF16).loadDouble(0),
      1.5);
}

TEST(Npy, SpellingsOfByteOrder) {
  for (llvm::StringRef descr : {"'<u2'", "'=u2'", "'u2'"})
    EXPECT_EQ(
        parsed(npyFile(dict(descr, "False", "()"), {"\x01\x00", 2})).loadInt(0),
        1);
  for (llvm::StringRef descr : {"'<u1'", "'>u1'", "'=u1'", "'|u1'", "'u1'"})
    EXPECT_EQ(parsed(npyFile(dict(descr, "False", "()"), "\x07")).loadInt(0),
              7);
}

TEST(Npy, BFloat16) {
  llvm::StringRef data("\xc0\x3f\x00\xc0", 4);
  HostArray expected =
      valueOf(HostArray::fromDoubles(ElementType::BF16, {2}, {1.5, -2.0}));
  for (llvm::StringRef descr : {"'<V2'", "'|V2'", "'V2'", "'bfloat16'"}) {
    std::string file = npyFile(dict(descr, "False", "(2,)"), data);
    EXPECT_EQ(parsed(file), expected) << descr.str();
    EXPECT_EQ(parsed(file, ElementType::BF16), expected) << descr.str();
  }
  std::string patterns = npyFile(dict("'<u2'", "False", "(2,)"), data);
  EXPECT_EQ(parsed(patterns, ElementType::BF16), expected);
  EXPECT_EQ(parsed(patterns).elementType(), ElementType::U16);
}

TEST(Npy, FortranOrder) {
  // np.arange(24).reshape(2, 3, 4) in Fortran order.
  std::string data;
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i)
        data += static_cast<char>(12 * i + 4 * j + k);
  HostArray array = parsed(npyFile(dict("'|u1'", "True", "(2, 3, 4)"), data));
  ASSERT_EQ(array.shape(), llvm::ArrayRef<int64_t>({2, 3, 4}));
  for (int64_t offset = 0; offset < 24; ++offset)
    EXPECT_EQ(array.loadInt(offset), offset);

  HostArray wide =
      parsed(npyFile(dict("'>i2'", "True", "(2, 2)"), {"\0\1\0\3\0\2\0\4", 8}));
  EXPECT_EQ(wide, valueOf(HostArray::fromInts(ElementType::I16, {2, 2},
                                              {1, 2, 3, 4})));
  EXPECT_EQ(parsed(npyFile(dict("'<f8'", "True", "(0, 3)"), "")).numElements(),
            0);
  EXPECT_EQ(parsed(npyFile(dict("'|u1'", "True", "()"), "\x05")).loadInt(0), 5);
}

TEST(Npy, LooseDictionaries) {
  for (llvm::StringRef text :
       {"{\"descr\": \"|u1\", \"fortran_order\": False, \"shape\": (1,)}",
        "{'shape':(1,),'fortran_order':False,'descr':'|u1'}",
        " { 'shape' : ( 1 , ) , 'fortran_order' : False , 'descr' : '|u1' , } ",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1L,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,), }"})
    EXPECT_EQ(parsed(npyFile(text, "\x09")).loadInt(0), 9) << text.str();
}

TEST(Npy, IndexIsReadFromI64) {
  std::string file =
      npyFile(dict("'<i8'", "False", "()"), {"\x05\0\0\0\0\0\0\0", 8});
  EXPECT_EQ(parsed(file, ElementType::Index).elementType(), ElementType::Index);
  EXPECT_EQ(parsed(file).elementType(), ElementType::I64);
}

TEST_F(NpyFile, WritingFailsCleanly) {
  HostArray array = sample(ElementType::F32, {3});
  EXPECT_EQ(messageOf(writeNpy(array, path("no/a.npy"))),
            path("no/a.npy") + ": cannot write: No such file or directory");
  llvm::SmallVector<int64_t> shape(65, 1);
  HostArray deep = valueOf(HostArray::create(ElementType::F32, shape));
  EXPECT_EQ(messageOf(writeNpy(deep, path("a.npy"))),
            path("a.npy") +
                ": cannot write: rank 65 is above NumPy's limit of 64");
  EXPECT_TRUE(entriesOf(directory).empty());
}

TEST_F(NpyFile, OnlyRegularFilesAreRead) {
  EXPECT_EQ(messageOf(readNpy(path("none.npy"))),
            path("none.npy") + ": cannot read: No such file or directory");
  EXPECT_EQ(messageOf(readNpy(directory)),
            directory.str().str() + ": cannot read: is a directory");
  // A pipe without a writer would block for ever.
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(messageOf(readNpy(path("pipe"))),
            path("pipe") + ": cannot read: not a regular file");
}

TEST_F(NpyFile, ErrorsOfFilesNameThePath) {
  writeContents(path("bad.npy"),
                npyFile(dict("'<f4'", "False", "(2,)"), "1234567"));
  EXPECT_EQ(messageOf(readNpy(path("bad.npy"))),
            path("bad.npy") + ": offset 135: truncated data: shape [2] of f32 "
                              "needs 8 bytes, the file has 7");
}
