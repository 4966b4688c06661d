//===- GpuKernel.cpp - Functions that run on a device -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/GpuKernel.h"

#include "HostFunction.h"
#include "HostModule.h"

#include "moa-runtime/wrappers.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"

using namespace moa;
using namespace mlir;

struct GpuKernel::Implementation {
  const moa_provider *provider;
  moa_device *device;
  HostFunction host;
};

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

static llvm::Expected<OwningOpRef<ModuleOp>>
lowerHostCode(ModuleOp module, StringRef entry,
              const GpuModuleOptions &options) {
  OwningOpRef<ModuleOp> clone(module.clone());
  keepOnly(*clone, entry);
  PassManager manager(module.getContext());
  manager.addPass(createSymbolDCEPass());
  if (failed(manager.run(*clone)))
    return llvm::createStringError("the compilation for the GPU failed");
  auto compiled = GpuModule::compile(*clone, options);
  if (!compiled)
    return compiled.takeError();
  auto host = compiled->hostModule();
  if (host)
    dropMarks(**host);
  return host;
}

/// Launches and binaries in the LLVM dialect become LLVM's language.
static void registerTranslations(MLIRContext &context) {
  DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  mlir::registerGPUDialectTranslation(registry);
  gpu::registerOffloadingLLVMTranslationInterfaceExternalModels(registry);
  context.appendDialectRegistry(registry);
}

/// All mgpu functions, for the compiled code to call.
static SmallVector<HostFunction::Symbol> runtimeSymbols() {
  SmallVector<HostFunction::Symbol> symbols;
  for (const char *const *name = moa_wrapper_names(); *name; ++name)
    symbols.push_back({*name, moa_wrapper(*name)});
  return symbols;
}

llvm::Expected<std::unique_ptr<GpuKernel>>
GpuKernel::compile(ModuleOp module, StringRef entry, GpuModuleOptions options,
                   const moa_provider *provider, moa_device *device) {
  auto function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  auto signature = KernelSignature::get(*function);
  if (!signature)
    return signature.takeError();
  if (options.chip.empty())
    options.chip = provider->chip(device);
  registerTranslations(*module.getContext());
  auto lowered = lowerHostCode(module, entry, options);
  if (!lowered)
    return lowered.takeError();

  // The host code loads its kernels when it is initialized.
  moa_use_device(provider, device);
  auto host = HostFunction::create(**lowered, std::move(*signature),
                                   /*optLevel=*/2, runtimeSymbols());
  if (!host)
    return host.takeError();
  std::unique_ptr<GpuKernel> kernel(new GpuKernel(
      std::make_unique<Implementation>(
          Implementation{provider, device, std::move(*host)})));
  if (const char *error = moa_take_error())
    return llvm::createStringError(error);
  return kernel;
}

GpuKernel::GpuKernel(std::unique_ptr<Implementation> implementation)
    : implementation(std::move(implementation)) {}

GpuKernel::~GpuKernel() {
  // The host code unloads its kernels when it goes.
  moa_use_device(implementation->provider, implementation->device);
  implementation.reset();
  moa_use_device(nullptr, nullptr);
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

namespace {
/// Copies of host arrays in device memory, which go with it.
class DeviceArrays {
public:
  DeviceArrays(const moa_provider *provider, moa_device *device)
      : provider(provider), device(device) {}
  ~DeviceArrays() {
    for (moa_address address : addresses)
      provider->free(device, address);
  }

  llvm::Expected<void *> add(const HostArray &array) {
    moa_address address = 0;
    if (provider->alloc(device, array.byteSize(), &address) != MOA_OK)
      return error();
    addresses.push_back(address);
    return reinterpret_cast<void *>(address);
  }
  llvm::Error write(void *to, const HostArray &from) {
    if (provider->to_device(device, nullptr, reinterpret_cast<moa_address>(to),
                            from.data(), from.byteSize()) != MOA_OK)
      return error();
    return llvm::Error::success();
  }
  llvm::Error read(HostArray &to, void *from) {
    if (provider->to_host(device, nullptr, to.mutableData(),
                          reinterpret_cast<moa_address>(from),
                          to.byteSize()) != MOA_OK)
      return error();
    return llvm::Error::success();
  }

private:
  llvm::Error error() {
    return llvm::createStringError(provider->last_error());
  }

  const moa_provider *provider;
  moa_device *device;
  SmallVector<moa_address> addresses;
};
} // namespace

llvm::Expected<SmallVector<HostArray>>
GpuKernel::run(ArrayRef<HostArray> arguments) const {
  const HostFunction &host = implementation->host;
  auto results = host.allocateResults(arguments);
  if (!results)
    return results.takeError();

  DeviceArrays arrays(implementation->provider, implementation->device);
  PackedCall call;
  for (auto [type, array] :
       llvm::zip_equal(host.signature.arguments, arguments)) {
    if (type.isScalar) {
      call.addScalar(array.data());
      continue;
    }
    auto copy = arrays.add(array);
    if (!copy)
      return copy.takeError();
    if (llvm::Error error = arrays.write(*copy, array))
      return error;
    call.addArray(array, *copy);
  }
  // Scalar results too are destinations, of rank 0, behind the others.
  SmallVector<void *> destinations;
  for (HostArray &result : *results) {
    auto place = arrays.add(result);
    if (!place)
      return place.takeError();
    destinations.push_back(*place);
  }
  for (bool isScalar : {false, true})
    for (auto [type, result, place] :
         llvm::zip_equal(host.signature.results, *results, destinations))
      if (type.isScalar == isScalar)
        call.addArray(result, place);
  moa_use_device(implementation->provider, implementation->device);
  call.run(host.function);
  if (const char *error = moa_take_error())
    return llvm::createStringError(error);
  for (auto [result, place] : llvm::zip_equal(*results, destinations))
    if (llvm::Error error = arrays.read(result, place))
      return error;
  return results;
}
