//===- Array.cpp - Values of the reference interpreter ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Making arrays, and converting them from and to host arrays.
//
//===----------------------------------------------------------------------===//

#include "Array.h"

using namespace moa;
using namespace moa::reference;

llvm::Expected<Array> Array::create(bool isFloat, ArrayRef<int64_t> shape,
                                    ArrayTraffic *traffic) {
  llvm::Expected<HostArray> storage =
      HostArray::create(isFloat ? ElementType::F64 : ElementType::I64, shape);
  if (!storage)
    return storage.takeError();
  Array array;
  array.storage = std::move(*storage);
  array.cells = static_cast<Cell *>(array.storage.mutableData());
  array.traffic = traffic;
  if (traffic)
    array.seen = std::make_shared<llvm::BitVector>(array.size());
  return array;
}

llvm::Expected<Array> Array::fromHost(const HostArray &source,
                                      ArrayTraffic *traffic) {
  bool isFloat = moa::isFloat(source.elementType());
  llvm::Expected<Array> array = create(isFloat, source.shape(), traffic);
  if (!array)
    return array.takeError();
  for (int64_t offset = 0; offset < source.numElements(); ++offset)
    array->cells[offset] = isFloat ? cellOf(source.loadDouble(offset))
                                   : cellOf(source.loadInt(offset));
  return array;
}

llvm::Expected<HostArray> Array::toHost(ElementType type) const {
  if (type == storage.elementType())
    return storage;
  llvm::Expected<HostArray> host = HostArray::create(type, shape());
  if (!host)
    return host.takeError();
  for (int64_t offset = 0; offset < size(); ++offset) {
    if (moa::isFloat(type))
      host->storeDouble(offset, cells[offset].f);
    else
      host->storeInt(offset, cells[offset].i);
  }
  return host;
}

void Array::noteRead(int64_t offset) const {
  ++traffic->read;
  if (!seen->test(offset)) {
    seen->set(offset);
    ++traffic->distinct;
  }
}
