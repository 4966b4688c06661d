//===- NpyMalformedTest.cpp - Tests of damaged .npy files -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing in a .npy file is trusted: every message, and random damage.
//
//===----------------------------------------------------------------------===//

#include "NpyTestFile.h"
#include "TestSupport.h"

#include "moa/Support/Npy.h"

#include <random>

using namespace moa;
using namespace moa::test;

namespace {
struct Case {
  std::string file;
  /// The message after "bad.npy: ".
  std::string message;
};

void expectRefused(llvm::ArrayRef<Case> cases) {
  for (const Case &refused : cases)
    EXPECT_EQ(messageOf(parseNpy(refused.file, "bad.npy")),
              "bad.npy: " + refused.message);
}

/// A file whose header is the dictionary with these values; no data.
std::string withDict(llvm::StringRef descr, llvm::StringRef fortranOrder,
                     llvm::StringRef shape) {
  return npyFile(dict(descr, fortranOrder, shape), "");
}
std::string withDescr(llvm::StringRef descr) {
  return withDict(descr, "False", "(1,)");
}
std::string withShape(llvm::StringRef shape) {
  return withDict("'<f4'", "False", shape);
}
/// "offset <n>: malformed header: <message>" for a place in `dict`'s text.
std::string inHeader(size_t position, llvm::StringRef message) {
  return ("offset " + llvm::Twine(10 + position) +
          ": malformed header: " + message)
      .str();
}
/// Position of the shape in `dict("'<f4'", "False", ...)`.
constexpr size_t shapeAt = 50;
} // namespace

TEST(NpyMalformed, Preamble) {
  std::string valid = npyFile(dict("'|u1'", "False", "()"), "\x01");
  ASSERT_EQ(messageOf(parseNpy(valid, "good.npy")), "");
  std::string ends10 = "the file ends within the first 10 bytes of a .npy file";
  expectRefused({
      {"", "offset 0: " + ends10},
      {valid.substr(0, 5), "offset 5: " + ends10},
      {valid.substr(0, 7), "offset 7: " + ends10},
      {valid.substr(0, 9), "offset 9: " + ends10},
      {"PK\x03\x04", "offset 0: not a .npy file (bad magic)"},
      {"1,2,3\n4,5,6\n", "offset 0: not a .npy file (bad magic)"},
      {"\x93NUMPX" + valid.substr(6), "offset 0: not a .npy file (bad magic)"},
      {preamble(2, 10).substr(0, 11),
       "offset 11: the file ends within the first 12 bytes of a .npy file"},
  });
}

TEST(NpyMalformed, Versions) {
  std::string supported = "; supported are 1.0, 2.0 and 3.0";
  std::string minor = preamble(1, 10);
  minor[7] = 1;
  expectRefused({
      {preamble(0, 10), "offset 6: unsupported .npy version 0.0" + supported},
      {preamble(4, 10), "offset 6: unsupported .npy version 4.0" + supported},
      {preamble(255, 0),
       "offset 6: unsupported .npy version 255.0" + supported},
      {minor, "offset 6: unsupported .npy version 1.1" + supported},
  });
}

TEST(NpyMalformed, HeaderLength) {
  std::string valid = npyFile(dict("'|u1'", "False", "()"), "\x01");
  std::string notTerminated = "the header is not terminated by a newline";
  std::string shorter = valid;
  shorter[8] = 100;
  expectRefused({
      {preamble(1, 65535) + "{}\n",
       "offset 8: the header of 65535 bytes runs past the end of the file, "
       "which has 3 bytes after offset 10"},
      {preamble(2, 0xffffffff) + "{}\n",
       "offset 8: the header of 4294967295 bytes runs past the end of the "
       "file, which has 3 bytes after offset 12"},
      {preamble(2, 1048577) + std::string(1048577, ' '),
       "offset 8: the header of 1048577 bytes is above the limit of 1048576"},
      {valid.substr(0, 127),
       "offset 8: the header of 118 bytes runs past the end of the file, which "
       "has 117 bytes after offset 10"},
      {preamble(1, 0), "offset 10: " + notTerminated},
      {shorter, "offset 110: " + notTerminated},
  });
}

TEST(NpyMalformed, DictionarySyntax) {
  auto text = [](llvm::StringRef header) { return npyFile(header, ""); };
  std::string filler(116, ' ');
  expectRefused({
      {preamble(1, 1) + "\n",
       inHeader(1, "expected '{' at the start of the dictionary, found the end "
                   "of the header")},
      {text("[1, 2]"), inHeader(0, "expected '{' at the start of the "
                                   "dictionary, found '[1, 2]  '")},
      {preamble(1, 2) + "{\n",
       inHeader(2, "expected a string as a key, found ''")},
      {text("{descr: 1}"),
       inHeader(1, "expected a string as a key, found 'descr: 1'")},
      {text("{'descr"), inHeader(1, "the string is not closed")},
      {text("{'descr' '<f4'}"),
       inHeader(9, "expected ':' after a key, found ''<f4'}  '")},
      {text("{'descr': '<f4' 'shape': ()}"),
       inHeader(16, "expected ',' between two entries, found ''shape':'")},
      {text("{'descr': '<f4', , }"),
       inHeader(17, "expected a string as a key, found ', }     '")},
      {text("{'descr': '<f4\", }"), inHeader(10, "the string is not closed")},
      {text(dict("'<f4'", "False", "()") + "}"),
       inHeader(55, "expected nothing after the dictionary, found '}'")},
      {text(dict("'<f4'", "False", "()") + std::string(1, '\0')),
       inHeader(55, "expected nothing after the dictionary, found '\\00'")},
  });
}

TEST(NpyMalformed, DictionaryKeys) {
  auto text = [](llvm::StringRef header) { return npyFile(header, ""); };
  expectRefused({
      {text("{}"), inHeader(0, "the key 'descr' is missing")},
      {text("{'descr': '<f4'}"),
       inHeader(0, "the key 'fortran_order' is missing")},
      {text("{'descr': '<f4', 'fortran_order': False}"),
       inHeader(0, "the key 'shape' is missing")},
      {text("{'descr': '<f4', 'descr': '<f4'}"),
       inHeader(17, "the key 'descr' appears twice")},
      {text("{'order': 'C'}"), inHeader(1, "unknown key 'order'")},
      {text("{'" + std::string(60, 'k') + "': 1}"),
       inHeader(1, "unknown key '" + std::string(40, 'k') + "...'")},
  });
}

TEST(NpyMalformed, Dtypes) {
  auto unknown = [](llvm::StringRef descr) {
    return ("offset 20: unknown dtype '" + descr +
            "'; supported are f2 f4 f8 b1 i1 i2 i4 i8 u1 u2 u4 u8, and V2 for "
            "bf16")
        .str();
  };
  std::vector<Case> cases = {
      {withDescr("'|O'"),
       "offset 20: arrays of Python objects are not supported"},
      {withDescr("'|O8'"),
       "offset 20: arrays of Python objects are not supported"},
      {withDescr("[('x', '<f4')]"),
       "offset 20: structured dtypes are not supported"},
      {withDescr("('<f4', (2,))"),
       "offset 20: structured dtypes are not supported"},
      {withDescr("4"),
       inHeader(10, "expected a string as the dtype, found '4, 'fort'")},
      {withDescr("'|f4'"),
       inHeader(10, "byte order '|' makes no sense for dtype '|f4'")},
      {withDescr("'>V2'"),
       inHeader(10, "byte order '>' makes no sense for dtype '>V2'")},
  };
  for (llvm::StringRef descr : {"", "<", "<f3", "<f16", "<c8", "<U4", "|S4",
                                "<M8[ns]", "<V4", "<<f4", "f", "float32"})
    cases.push_back({withDescr(("'" + descr + "'").str()), unknown(descr)});
  expectRefused(cases);
}

TEST(NpyMalformed, FortranOrder) {
  size_t at = 34;
  std::string message = "fortran_order must be True or False, found '";
  expectRefused({
      {withDict("'<f4'", "0", "()"), inHeader(at, message + "0, 'shap'")},
      {withDict("'<f4'", "true", "()"), inHeader(at, message + "true, 's'")},
      {withDict("'<f4'", "'C'", "()"), inHeader(at, message + "'C', 'sh'")},
  });
}

TEST(NpyMalformed, ShapeSyntax) {
  std::string found = "expected an extent in the shape, found '";
  expectRefused({
      {withShape("3"), inHeader(shapeAt, "expected '(' at the start of the "
                                         "shape, found '3, }    '")},
      {withShape("[3]"), inHeader(shapeAt, "expected '(' at the start of the "
                                           "shape, found '[3], }  '")},
      {withShape("(3)"),
       inHeader(shapeAt, "the shape must be a tuple: a ',' is missing")},
      {withShape("(,)"), inHeader(shapeAt + 1, found + ",), }   '")},
      {withShape("(3,,)"), inHeader(shapeAt + 3, found + ",), }   '")},
      {withShape("(2.5,)"),
       inHeader(shapeAt + 2, "expected ',' or ')' in the shape, found '.5,), "
                             "} '")},
      {withShape("(2 3)"), inHeader(shapeAt + 3, "expected ',' or ')' in the "
                                                 "shape, found '3), }   '")},
      {withShape("(None,)"), inHeader(shapeAt + 1, found + "None,), '")},
      {withShape("(1e3,)"),
       inHeader(shapeAt + 2,
                "expected ',' or ')' in the shape, found 'e3,), } '")},
  });
}

TEST(NpyMalformed, ShapeValues) {
  std::string deep;
  for (int i = 0; i < 65; ++i)
    deep += "1,";
  std::string digits = "(";
  digits.append(70, '9').append(",)");
  expectRefused({
      {withShape("(2, -3)"),
       inHeader(shapeAt + 4, "extent -3 of axis 1 is negative")},
      {withShape("(0, -1)"),
       inHeader(shapeAt + 4, "extent -1 of axis 1 is negative")},
      {withShape("(9223372036854775808,)"),
       inHeader(shapeAt + 1, "extent '9223372036854775808' of axis 0 is above "
                             "the limit of 2^63 - 1")},
      {withShape(digits),
       inHeader(shapeAt + 1, "extent '" + std::string(40, '9') +
                                 "...' of axis 0 is above the limit of 2^63 - "
                                 "1")},
      {withShape("(" + deep + ")"),
       inHeader(shapeAt, "rank 65 is above the limit of 64")},
      {withShape("(4294967296, 4294967296)"),
       "shape [4294967296, 4294967296] has more than 2^63 - 1 bytes"},
      {withShape("(0, 4294967296, 4294967296)"),
       "shape [0, 4294967296, 4294967296] has more than 2^63 - 1 bytes"},
  });
}

TEST(NpyMalformed, Data) {
  std::string two = dict("'<f4'", "False", "(2,)");
  expectRefused({
      // 2^60 bytes are claimed, and must not be asked for.
      {npyFile(dict("'|u1'", "False", "(1152921504606846976,)"), "abc"),
       "offset 131: truncated data: shape [1152921504606846976] of u8 needs "
       "1152921504606846976 bytes, the file has 3"},
      {npyFile(two, ""), "offset 128: truncated data: shape [2] of f32 needs 8 "
                         "bytes, the file has 0"},
      {npyFile(two, "1234567"), "offset 135: truncated data: shape [2] of f32 "
                                "needs 8 bytes, the file has 7"},
      {npyFile(two, "123456789"),
       "offset 136: 1 trailing bytes after the data: shape [2] of f32 needs 8 "
       "bytes, the file has 9"},
      {npyFile(dict("'<f4'", "False", "(0,)"), "1234"),
       "offset 128: 4 trailing bytes after the data: shape [0] of f32 needs 0 "
       "bytes, the file has 4"},
      {npyFile(dict("'<f4'", "False", "()"), ""),
       "offset 128: truncated data: shape [] of f32 needs 4 bytes, the file "
       "has 0"},
      {npyFile(dict("'|b1'", "False", "(3,)"), {"\0\1\2", 3}),
       "offset 130: boolean 2 is the byte 2, not 0 or 1"},
  });
}

TEST(NpyMalformed, UnexpectedTypes) {
  auto refusal = [](llvm::StringRef descr, unsigned size,
                    ElementType expected) {
    std::string data(size, '\0');
    return messageOf(parseNpy(npyFile(dict(descr, "False", "()"), data),
                              "bad.npy", expected));
  };
  EXPECT_EQ(refusal("'<f8'", 8, ElementType::F32),
            "bad.npy: the elements are f64 ('<f8'), expected f32");
  EXPECT_EQ(refusal("'<V2'", 2, ElementType::F16),
            "bad.npy: the elements are bf16 ('<V2'), expected f16");
  EXPECT_EQ(refusal("'<V2'", 2, ElementType::U16),
            "bad.npy: the elements are bf16 ('<V2'), expected u16");
  EXPECT_EQ(refusal("'<f2'", 2, ElementType::BF16),
            "bad.npy: the elements are f16 ('<f2'), expected bf16");
  EXPECT_EQ(refusal("'<i2'", 2, ElementType::BF16),
            "bad.npy: the elements are i16 ('<i2'), expected bf16");
  EXPECT_EQ(refusal("'<i4'", 4, ElementType::Index),
            "bad.npy: the elements are i32 ('<i4'), expected index");
  EXPECT_EQ(refusal("'|u1'", 1, ElementType::I1),
            "bad.npy: the elements are u8 ('|u1'), expected i1");
}

// A damaged file gives an error that names it, or an array that fits the file.
TEST(NpyMalformed, RandomDamage) {
  std::string base =
      npyFile(dict("'<f4'", "True", "(3, 2)"), "abcdefghijklmnopqrstuvwx");
  llvm::StringRef alphabet("{}()[]',: -0123456789<>|=fiubOVTrueFalsL\n\0\xff",
                           43);
  std::mt19937 random(4);
  int accepted = 0, refused = 0;
  for (int round = 0; round < 50000; ++round) {
    std::string file = base;
    for (unsigned damage = 0, count = 1 + random() % 3; damage < count;
         ++damage) {
      size_t at = random() % file.size();
      char byte = alphabet[random() % alphabet.size()];
      switch (random() % 4) {
      case 0:
        file.resize(at + 1);
        break;
      case 1:
        file.insert(at, 1, byte);
        break;
      case 2:
        file.erase(at, 1);
        break;
      default:
        file[at] = byte;
      }
      if (file.empty())
        break;
    }
    llvm::Expected<HostArray> array = parseNpy(file, "bad.npy");
    if (array) {
      ++accepted;
      ASSERT_LE(static_cast<size_t>(array->byteSize()), file.size() - 10);
      continue;
    }
    ++refused;
    std::string message = llvm::toString(array.takeError());
    ASSERT_EQ(message.find("bad.npy: "), 0u) << message;
  }
  // The damage is neither harmless nor always fatal.
  EXPECT_GT(accepted, 500);
  EXPECT_GT(refused, 1000);
}
