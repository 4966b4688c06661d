//===- PrintArray.cpp - Arrays as text -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are printed with as many digits as tell them apart.
//
//===----------------------------------------------------------------------===//

#include "Outputs.h"

#include <charconv>
#include <cmath>

using namespace moa;

/// Arrays with more elements than this are summarized.
static constexpr int64_t maxPrinted = 64;
static constexpr int64_t numFirst = 8;

template <typename T>
static void printShortest(llvm::raw_ostream &os, T value) {
  char buffer[64];
  auto end = std::to_chars(std::begin(buffer), std::end(buffer), value);
  os << StringRef(buffer, end.ptr - buffer);
}

static void printElement(llvm::raw_ostream &os, const HostArray &array,
                         int64_t offset) {
  ElementType type = array.elementType();
  if (!isFloat(type))
    os << array.loadInt(offset);
  else if (type == ElementType::F64)
    printShortest(os, array.loadDouble(offset));
  else
    printShortest(os, static_cast<float>(array.loadDouble(offset)));
}

/// The sub-array that starts at `offset` and has the axes from `axis` on.
static void printNested(llvm::raw_ostream &os, const HostArray &array,
                        int64_t axis, int64_t &offset) {
  if (axis == array.rank()) {
    printElement(os, array, offset++);
    return;
  }
  os << '[';
  for (int64_t i = 0; i < array.shape()[axis]; ++i) {
    os << (i == 0 ? "" : ", ");
    printNested(os, array, axis + 1, offset);
  }
  os << ']';
}

static void printSummary(llvm::raw_ostream &os, const HostArray &array) {
  os << "first ";
  for (int64_t offset = 0; offset < numFirst; ++offset) {
    os << (offset == 0 ? "" : ", ");
    printElement(os, array, offset);
  }
  double smallest = INFINITY, largest = -INFINITY, sum = 0;
  for (int64_t offset = 0; offset < array.numElements(); ++offset) {
    double value = array.loadDouble(offset);
    // A NaN shows.
    smallest = std::isnan(smallest) || value >= smallest ? smallest : value;
    largest = std::isnan(largest) || value <= largest ? largest : value;
    sum += value;
  }
  os << ", min ";
  printShortest(os, smallest);
  os << ", max ";
  printShortest(os, largest);
  os << ", mean ";
  printShortest(os, sum / static_cast<double>(array.numElements()));
}

void moa::printArray(llvm::raw_ostream &os, StringRef name,
                     const HostArray &array) {
  os << name << ": " << array.describe() << " = ";
  if (array.numElements() > maxPrinted) {
    printSummary(os, array);
  } else {
    int64_t offset = 0;
    printNested(os, array, 0, offset);
  }
  os << '\n';
}
