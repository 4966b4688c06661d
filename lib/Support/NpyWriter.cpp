//===- NpyWriter.cpp - Write .npy files -------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the bytes that np.save writes.
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"

#include "moa/Support/AtomicFile.h"
#include "moa/Support/Npy.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"

using namespace moa;
using namespace moa::npy;

/// The dtype of `type` as NumPy spells it for this machine: '<f4', '|i1'.
static std::string descrOf(ElementType type) {
  if (type == ElementType::Index)
    type = ElementType::I64;
  const DtypeInfo *info = llvm::find_if(
      dtypes(), [&](const DtypeInfo &row) { return row.type == type; });
  char order = '<';
  if (elementByteSize(type) == 1)
    order = '|';
  else if (llvm::endianness::native != llvm::endianness::little &&
           type != ElementType::BF16)
    order = '>';
  return order + info->code.str();
}

/// A tuple as Python prints it: "()", "(2,)", "(2, 3)".
static std::string tupleOf(llvm::ArrayRef<int64_t> shape) {
  std::string text = "(";
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    if (axis != 0)
      text += ", ";
    text += std::to_string(extent);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

llvm::Expected<std::string> moa::npyHeader(const HostArray &array) {
  if (array.shape().size() > maxRank)
    return llvm::createStringError("rank " + llvm::Twine(array.rank()) +
                                   " is above NumPy's limit of " +
                                   llvm::Twine(maxRank));
  std::string text =
      "{'descr': '" + descrOf(array.elementType()) +
      "', 'fortran_order': False, 'shape': " + tupleOf(array.shape()) + ", }";
  // NumPy leaves room for the first extent to grow to 21 digits in place.
  if (array.rank() > 0)
    text.append(21 - std::to_string(array.shape().front()).size(), ' ');

  constexpr size_t preamble = magic.size() + 2 + 2;
  constexpr size_t alignment = 64;
  // With its newline, the header ends on a multiple of the alignment.
  text.append(alignment - (preamble + text.size() + 1) % alignment, ' ');
  text += '\n';
  char length[2];
  llvm::support::endian::write16le(length, text.size());
  return magic.str() + std::string("\x01\0", 2) + std::string(length, 2) + text;
}

llvm::Error moa::writeNpy(const HostArray &array, llvm::StringRef path) {
  return writeFileAtomically(
      path, [&](llvm::raw_ostream &stream) -> llvm::Error {
        llvm::Expected<std::string> header = npyHeader(array);
        if (!header)
          return header.takeError();
        stream << *header;
        stream.write(static_cast<const char *>(array.data()),
                     static_cast<size_t>(array.byteSize()));
        return llvm::Error::success();
      });
}
