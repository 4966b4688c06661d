//===- CpuKernel.cpp - Functions compiled for this machine -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/CpuKernel.h"

#include "HostModule.h"

#include "moa/Compiler/KernelSignature.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include <deque>

using namespace moa;
using namespace mlir;

struct CpuKernel::Implementation {
  KernelSignature signature;
  std::vector<std::string> messages;
  std::unique_ptr<ExecutionEngine> engine;
  void (*function)(void **) = nullptr;
  void (*contract)(void **) = nullptr;

  llvm::Expected<SmallVector<HostArray>>
  allocateResults(ArrayRef<HostArray> arguments) const;
};

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

static llvm::Expected<func::FuncOp> findEntry(ModuleOp module,
                                              StringRef entry) {
  auto function = module.lookupSymbol<func::FuncOp>(entry);
  if (!function)
    return llvm::createStringError("there is no function '" + entry + "'");
  if (function.isExternal())
    return llvm::createStringError("function '" + entry + "' has no body");
  if (!function.isPublic())
    return llvm::createStringError("function '" + entry + "' is private");
  return function;
}

/// The texts of the shape preconditions of `entry` in the lowered module.
static std::vector<std::string> getMessages(ModuleOp module, StringRef entry) {
  std::vector<std::string> messages;
  auto contract = module.lookupSymbol((entry + "__contract").str());
  if (auto list = contract ? contract->getAttrOfType<ArrayAttr>("moa.messages")
                           : ArrayAttr())
    for (Attribute message : list)
      messages.push_back(cast<StringAttr>(message).str());
  return messages;
}

static llvm::Expected<std::unique_ptr<ExecutionEngine>>
createEngine(ModuleOp module, unsigned optLevel) {
  auto machine = createTargetMachine("", "native", optLevel);
  if (!machine)
    return machine.takeError();
  ExecutionEngineOptions options;
  auto optimize = makeOptimizingTransformer(optLevel, 0, machine->get());
  options.transformer = optimize;
  options.jitCodeGenOptLevel = (*machine)->getOptLevel();
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  return ExecutionEngine::create(module, options, std::move(*machine));
}

llvm::Expected<std::unique_ptr<CpuKernel>>
CpuKernel::compile(ModuleOp module, StringRef entry,
                   const CpuKernelOptions &options) {
  auto function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  auto signature = KernelSignature::get(*function);
  if (!signature)
    return signature.takeError();
  auto lowered = lowerForHost(module, entry, options.columnBlock,
                              options.convertLinalg);
  if (!lowered)
    return lowered.takeError();

  auto kernel = std::make_unique<Implementation>();
  kernel->signature = std::move(*signature);
  kernel->messages = getMessages(**lowered, entry);
  auto engine = createEngine(**lowered, options.optLevel);
  if (!engine)
    return engine.takeError();
  kernel->engine = std::move(*engine);
  auto lookup = [&](const llvm::Twine &name, void (*&address)(void **)) -> llvm::Error {
    auto found = kernel->engine->lookupPacked(("_mlir_ciface_" + name).str());
    if (!found)
      return found.takeError();
    address = *found;
    return llvm::Error::success();
  };
  if (llvm::Error error = lookup(entry, kernel->function))
    return error;
  if (llvm::Error error = lookup(entry + "__contract", kernel->contract))
    return error;
  return std::unique_ptr<CpuKernel>(new CpuKernel(std::move(kernel)));
}

CpuKernel::CpuKernel(std::unique_ptr<Implementation> implementation)
    : implementation(std::move(implementation)) {}

CpuKernel::~CpuKernel() = default;

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

namespace {

/// The arguments of one call as compiled code takes them: each by address; an
/// array by the address of a pointer to its descriptor (allocated and aligned
/// pointer, offset, extents, strides).
class Call {
public:
  void addScalar(const void *value) { addresses.push_back(value); }

  void addArray(const HostArray &array, void *data) {
    SmallVector<int64_t> &words = descriptors.emplace_back();
    words = {reinterpret_cast<intptr_t>(data), reinterpret_cast<intptr_t>(data),
             0};
    llvm::append_range(words, array.shape());
    SmallVector<int64_t> strides(array.rank());
    int64_t stride = 1;
    for (int64_t axis = array.rank(); axis-- > 0;) {
      strides[axis] = stride;
      stride *= std::max<int64_t>(array.shape()[axis], 1);
    }
    llvm::append_range(words, strides);
    pointers.push_back(words.data());
    addresses.push_back(&pointers.back());
  }

  void addArguments(const KernelSignature &signature,
                    ArrayRef<HostArray> arrays) {
    for (auto [type, array] : llvm::zip_equal(signature.arguments, arrays)) {
      if (type.isScalar)
        addScalar(array.data());
      else
        addArray(array, const_cast<void *>(array.data()));
    }
  }

  void run(void (*function)(void **)) {
    function(const_cast<void **>(addresses.data()));
  }

private:
  std::deque<SmallVector<int64_t>> descriptors;
  std::deque<void *> pointers;
  SmallVector<const void *> addresses;
};

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

/// Checks the preconditions; allocates an array for each result.
llvm::Expected<SmallVector<HostArray>>
CpuKernel::Implementation::allocateResults(
    ArrayRef<HostArray> arguments) const {
  unsigned numExtents = 0;
  for (const KernelValueType &type : signature.results)
    numExtents += type.rank();
  SmallVector<int64_t> outcome(1 + numExtents);
  Call call;
  // Several results are written through a pointer, which comes first.
  void *storage = outcome.data();
  if (numExtents != 0)
    call.addScalar(&storage);
  call.addArguments(signature, arguments);
  if (numExtents == 0)
    call.addScalar(storage);
  call.run(contract);

  int64_t status = outcome.front();
  if (status != 0) {
    std::string message = "a shape precondition does not hold";
    if (status >= 1 && status <= static_cast<int64_t>(messages.size()))
      message = messages[status - 1];
    return llvm::createStringError("'" + signature.name + "': " + message);
  }
  SmallVector<HostArray> results;
  ArrayRef<int64_t> extents = ArrayRef(outcome).drop_front();
  for (auto [number, type] : llvm::enumerate(signature.results)) {
    auto array =
        HostArray::create(type.element, extents.take_front(type.rank()));
    if (!array)
      return llvm::joinErrors(
          llvm::createStringError("result #" + llvm::Twine(number) + " of '" +
                                  signature.name + "' cannot be allocated"),
          array.takeError());
    extents = extents.drop_front(type.rank());
    results.push_back(std::move(*array));
  }
  return results;
}

llvm::Expected<SmallVector<HostArray>>
CpuKernel::run(ArrayRef<HostArray> arguments) const {
  const KernelSignature &signature = implementation->signature;
  if (llvm::Error error = signature.check(arguments))
    return error;
  auto results = implementation->allocateResults(arguments);
  if (!results)
    return results.takeError();

  ScalarLayout scalars(signature);
  SmallVector<char> storage(scalars.size);
  void *returned = storage.data();
  bool severalScalars = scalars.offsets.size() > 1;
  Call call;
  if (severalScalars)
    call.addScalar(&returned);
  call.addArguments(signature, arguments);
  for (auto [type, array] : llvm::zip_equal(signature.results, *results))
    if (!type.isScalar)
      call.addArray(array, array.mutableData());
  if (!severalScalars)
    call.addScalar(returned);
  call.run(implementation->function);

  const size_t *offset = scalars.offsets.begin();
  for (auto [type, array] : llvm::zip_equal(signature.results, *results))
    if (type.isScalar)
      std::memcpy(array.mutableData(), storage.data() + *offset++,
                  elementByteSize(type.element));
  return results;
}
