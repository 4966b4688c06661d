//===- CpuKernel.cpp - Functions compiled for this machine ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/CpuKernel.h"

#include "HostFunction.h"
#include "HostModule.h"

using namespace moa;
using namespace mlir;

struct CpuKernel::Implementation {
  HostFunction host;
};

llvm::Expected<std::unique_ptr<CpuKernel>>
CpuKernel::compile(ModuleOp module, StringRef entry,
                   const CpuKernelOptions &options) {
  auto function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  auto signature = KernelSignature::get(*function);
  if (!signature)
    return signature.takeError();
  auto lowered = lowerForHost(module, entry, options.columnBlock);
  if (!lowered)
    return lowered.takeError();
  auto host = HostFunction::create(**lowered, std::move(*signature),
                                   options.optLevel);
  if (!host)
    return host.takeError();
  auto kernel = std::make_unique<Implementation>();
  kernel->host = std::move(*host);
  return std::unique_ptr<CpuKernel>(new CpuKernel(std::move(kernel)));
}

CpuKernel::CpuKernel(std::unique_ptr<Implementation> implementation)
    : implementation(std::move(implementation)) {}

CpuKernel::~CpuKernel() = default;

namespace {
/// Where the scalar results of a function lie in what it returns: one value, or
/// a structure of several.
struct ScalarLayout {
  SmallVector<size_t> offsets;
  size_t size = 0;

  explicit ScalarLayout(const KernelSignature &signature) {
    for (const KernelValueType &type : signature.results) {
      if (!type.isScalar)
        continue;
      size_t bytes = elementByteSize(type.element);
      offsets.push_back(llvm::alignTo(size, bytes));
      size = offsets.back() + bytes;
    }
  }
};
} // namespace

llvm::Expected<SmallVector<HostArray>>
CpuKernel::run(ArrayRef<HostArray> arguments) const {
  const HostFunction &host = implementation->host;
  const KernelSignature &signature = host.signature;
  auto results = host.allocateResults(arguments);
  if (!results)
    return results.takeError();

  ScalarLayout scalars(signature);
  SmallVector<char> storage(scalars.size);
  void *returned = storage.data();
  bool severalScalars = scalars.offsets.size() > 1;
  PackedCall call;
  if (severalScalars)
    call.addScalar(&returned);
  call.addArguments(signature, arguments);
  for (auto [type, array] : llvm::zip_equal(signature.results, *results))
    if (!type.isScalar)
      call.addArray(array, array.mutableData());
  if (!severalScalars)
    call.addScalar(returned);
  call.run(host.function);

  const size_t *offset = scalars.offsets.begin();
  for (auto [type, array] : llvm::zip_equal(signature.results, *results))
    if (type.isScalar)
      std::memcpy(array.mutableData(), storage.data() + *offset++,
                  elementByteSize(type.element));
  return results;
}
