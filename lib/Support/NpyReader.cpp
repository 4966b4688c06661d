//===- NpyReader.cpp - Read .npy files --------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files and memory are read by the same code, through a function that fetches
// bytes; only the bytes of the elements themselves are ever copied, straight
// into the array.
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"

#include "moa/Support/HostShape.h"
#include "moa/Support/Npy.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SwapByteOrder.h"

#include <cstring>

using namespace moa;
using namespace moa::npy;
namespace fs = llvm::sys::fs;

namespace {
/// The bytes of one .npy file, wherever they are.
struct Source {
  llvm::StringRef name;
  uint64_t size;
  /// Fills the buffer from the offset; the range lies within `size`.
  llvm::function_ref<llvm::Error(uint64_t, llvm::MutableArrayRef<char>)> read;
};

/// Where the header dictionary lies; the elements follow it.
struct HeaderRange {
  uint64_t offset = 0;
  uint64_t length = 0;
};
} // namespace

/// Reads magic, version and length of the header.
static llvm::Expected<HeaderRange> readPreamble(const Source &source) {
  char bytes[12] = {};
  size_t available = std::min<uint64_t>(source.size, sizeof(bytes));
  if (llvm::Error failed = source.read(0, {bytes, available}))
    return failed;
  llvm::StringRef found(bytes, std::min(available, magic.size()));
  if (found != magic.take_front(found.size()))
    return errorAt(source.name, 0, "not a .npy file (bad magic)");
  auto truncated = [&](uint64_t needed) {
    return errorAt(source.name, source.size,
                   "the file ends within the first " + llvm::Twine(needed) +
                       " bytes of a .npy file");
  };
  if (available < 8)
    return truncated(10);
  unsigned major = static_cast<uint8_t>(bytes[6]);
  unsigned minor = static_cast<uint8_t>(bytes[7]);
  if (major < 1 || major > 3 || minor != 0)
    return errorAt(source.name, 6,
                   "unsupported .npy version " + llvm::Twine(major) + "." +
                       llvm::Twine(minor) + "; supported are 1.0, 2.0 and 3.0");
  HeaderRange range;
  range.offset = major == 1 ? 10 : 12;
  if (available < range.offset)
    return truncated(range.offset);
  range.length = major == 1 ? llvm::support::endian::read16le(bytes + 8)
                            : llvm::support::endian::read32le(bytes + 8);
  if (range.length > source.size - range.offset)
    return errorAt(source.name, 8,
                   "the header of " + llvm::Twine(range.length) +
                       " bytes runs past the end of the file, which has " +
                       llvm::Twine(source.size - range.offset) +
                       " bytes after offset " + llvm::Twine(range.offset));
  return range;
}

static llvm::Expected<Header> readHeader(const Source &source,
                                         HeaderRange range) {
  // A header of rank 64 fits many times; more is not a header.
  constexpr uint64_t limit = 1 << 20;
  if (range.length > limit)
    return errorAt(source.name, 8,
                   "the header of " + llvm::Twine(range.length) +
                       " bytes is above the limit of " + llvm::Twine(limit));
  std::string text(range.length, '\0');
  if (llvm::Error failed =
          source.read(range.offset, {text.data(), text.size()}))
    return failed;
  if (text.empty() || text.back() != '\n')
    return errorAt(source.name, range.offset + range.length,
                   "the header is not terminated by a newline");
  return parseHeader(text, range.offset, source.name);
}

/// The element type of the array to return, where the caller's wish allows it.
static llvm::Expected<ElementType>
chooseType(const Header &header, std::optional<ElementType> expected,
           llvm::StringRef name) {
  if (!expected || *expected == header.type ||
      (*expected == ElementType::BF16 && header.type == ElementType::U16) ||
      (*expected == ElementType::Index && header.type == ElementType::I64))
    return expected.value_or(header.type);
  return llvm::createStringError(
      name + ": the elements are " + elementTypeName(header.type) + " ('" +
      header.descr + "'), expected " + elementTypeName(*expected));
}

/// An array of zeros for the header, once the number of bytes that it implies
/// is known to be there. `dataOffset` is where the elements start.
static llvm::Expected<HostArray> allocateFor(const Header &header,
                                             ElementType type,
                                             uint64_t dataOffset,
                                             const Source &source) {
  llvm::Expected<int64_t> needed = byteCount(type, header.shape);
  if (!needed)
    return llvm::createStringError(source.name + ": " +
                                   llvm::toString(needed.takeError()));
  uint64_t bytes = static_cast<uint64_t>(*needed);
  uint64_t actual = source.size - dataOffset;
  if (actual < bytes)
    return errorAt(source.name, source.size,
                   "truncated data: shape " + formatShape(header.shape) +
                       " of " + elementTypeName(type) + " needs " +
                       llvm::Twine(bytes) + " bytes, the file has " +
                       llvm::Twine(actual));
  if (actual > bytes)
    return errorAt(source.name, dataOffset + bytes,
                   llvm::Twine(actual - bytes) +
                       " trailing bytes after the data: shape " +
                       formatShape(header.shape) + " of " +
                       elementTypeName(type) + " needs " + llvm::Twine(bytes) +
                       " bytes, the file has " + llvm::Twine(actual));
  llvm::Expected<HostArray> array = HostArray::create(type, header.shape);
  if (!array)
    return llvm::createStringError(source.name + ": " +
                                   llvm::toString(array.takeError()));
  return array;
}

/// Calls `body` with a zero of the unsigned integer that is as large as an
/// element.
template <typename Body>
static void withElementBits(ElementType type, Body body) {
  switch (elementByteSize(type)) {
  case 1:
    return body(uint8_t());
  case 2:
    return body(uint16_t());
  case 4:
    return body(uint32_t());
  default:
    return body(uint64_t());
  }
}

static void swapBytes(HostArray &array) {
  withElementBits(array.elementType(), [&](auto zero) {
    for (auto &element : array.mutableValues<decltype(zero)>())
      element = llvm::byteswap(element);
  });
}

/// Copies `source`, whose elements are in Fortran order, to row-major `result`
/// of the same shape. There must be elements.
static void copyFromFortranOrder(const HostArray &source, HostArray &result) {
  llvm::ArrayRef<int64_t> shape = result.shape();
  llvm::SmallVector<int64_t> reversed(llvm::reverse(shape));
  llvm::SmallVector<int64_t> strides(llvm::reverse(rowMajorStrides(reversed)));
  llvm::SmallVector<int64_t> index(shape.size(), 0);
  withElementBits(result.elementType(), [&](auto zero) {
    llvm::ArrayRef<decltype(zero)> from = source.values<decltype(zero)>();
    for (auto &element : result.mutableValues<decltype(zero)>()) {
      int64_t offset = 0;
      for (auto [position, stride] : llvm::zip_equal(index, strides))
        offset += position * stride;
      element = from[offset];
      nextIndex(shape, index);
    }
  });
}

/// NumPy's booleans are bytes that are 0 or 1; anything else is not one.
static llvm::Error checkBooleans(const HostArray &array, uint64_t dataOffset,
                                 llvm::StringRef name) {
  for (auto [offset, byte] : llvm::enumerate(array.values<uint8_t>()))
    if (byte > 1)
      return errorAt(name, dataOffset + offset,
                     "boolean " + llvm::Twine(offset) + " is the byte " +
                         llvm::Twine(unsigned(byte)) + ", not 0 or 1");
  return llvm::Error::success();
}

static llvm::Expected<HostArray> readFrom(const Source &source,
                                          std::optional<ElementType> expected) {
  llvm::Expected<HeaderRange> range = readPreamble(source);
  if (!range)
    return range.takeError();
  llvm::Expected<Header> header = readHeader(source, *range);
  if (!header)
    return header.takeError();
  llvm::Expected<ElementType> type = chooseType(*header, expected, source.name);
  if (!type)
    return type.takeError();
  uint64_t dataOffset = range->offset + range->length;
  llvm::Expected<HostArray> array =
      allocateFor(*header, *type, dataOffset, source);
  if (!array || array->numElements() == 0)
    return array;

  llvm::MutableArrayRef<char> bytes(static_cast<char *>(array->mutableData()),
                                    static_cast<size_t>(array->byteSize()));
  if (llvm::Error failed = source.read(dataOffset, bytes))
    return failed;
  if (*type == ElementType::I1)
    if (llvm::Error failed = checkBooleans(*array, dataOffset, source.name))
      return failed;
  if (header->byteSwapped)
    swapBytes(*array);
  // Up to rank 1 the two orders are the same.
  if (!header->fortranOrder || array->rank() < 2)
    return array;
  llvm::Expected<HostArray> result = HostArray::create(*type, header->shape);
  if (!result)
    return llvm::createStringError(source.name + ": " +
                                   llvm::toString(result.takeError()));
  copyFromFortranOrder(*array, *result);
  return result;
}

llvm::Expected<HostArray> moa::parseNpy(llvm::StringRef contents,
                                        llvm::StringRef name,
                                        std::optional<ElementType> expected) {
  auto read = [&](uint64_t offset, llvm::MutableArrayRef<char> buffer) {
    std::memcpy(buffer.data(), contents.data() + offset, buffer.size());
    return llvm::Error::success();
  };
  return readFrom({name, contents.size(), read}, expected);
}

static llvm::Error cannotRead(llvm::StringRef path,
                              const llvm::Twine &message) {
  return llvm::createStringError(path + ": cannot read: " + message);
}

/// Opens a regular file; anything else might block or have no size.
static llvm::Expected<fs::file_t> openFile(llvm::StringRef path,
                                           uint64_t &size) {
  fs::file_status status;
  if (std::error_code error = fs::status(path, status))
    return cannotRead(path, error.message());
  if (fs::is_directory(status))
    return cannotRead(path, "is a directory");
  if (!fs::is_regular_file(status))
    return cannotRead(path, "not a regular file");
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(path);
  if (!file)
    return cannotRead(path, llvm::toString(file.takeError()));
  size = status.getSize();
  return file;
}

llvm::Expected<HostArray> moa::readNpy(llvm::StringRef path,
                                       std::optional<ElementType> expected) {
  uint64_t size = 0;
  llvm::Expected<fs::file_t> file = openFile(path, size);
  if (!file)
    return file.takeError();
  llvm::scope_exit close([&] { fs::closeFile(*file); });
  auto read = [&](uint64_t offset,
                  llvm::MutableArrayRef<char> buffer) -> llvm::Error {
    while (!buffer.empty()) {
      // Some systems refuse to read more than 2^31 bytes at once.
      size_t chunk = std::min<size_t>(buffer.size(), 1 << 30);
      llvm::Expected<size_t> got =
          fs::readNativeFileSlice(*file, buffer.take_front(chunk), offset);
      if (!got)
        return cannotRead(path, llvm::toString(got.takeError()));
      if (*got == 0)
        return errorAt(path, offset, "the file became shorter while read");
      offset += *got;
      buffer = buffer.drop_front(*got);
    }
    return llvm::Error::success();
  };
  return readFrom({path, size, read}, expected);
}
