//===- HostFunction.cpp - Compiled code of the host -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostFunction.h"

#include "HostModule.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"

using namespace moa;
using namespace mlir;

llvm::Expected<func::FuncOp> moa::findEntry(ModuleOp module, StringRef entry) {
  auto function = module.lookupSymbol<func::FuncOp>(entry);
  if (!function)
    return llvm::createStringError("there is no function '" + entry + "'");
  if (function.isExternal())
    return llvm::createStringError("function '" + entry + "' has no body");
  if (!function.isPublic())
    return llvm::createStringError("function '" + entry + "' is private");
  return function;
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

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

static void registerSymbols(ExecutionEngine &engine,
                            ArrayRef<HostFunction::Symbol> symbols) {
  engine.registerSymbols([&](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap map;
    for (auto [name, address] : symbols)
      map[intern(name)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                           llvm::JITSymbolFlags::Exported};
    return map;
  });
}

llvm::Expected<HostFunction>
HostFunction::create(ModuleOp lowered, KernelSignature signature,
                     unsigned optLevel, ArrayRef<Symbol> symbols) {
  HostFunction host;
  std::string entry = signature.name;
  host.signature = std::move(signature);
  host.messages = getMessages(lowered, entry);
  auto engine = createEngine(lowered, optLevel);
  if (!engine)
    return engine.takeError();
  host.engine = std::move(*engine);
  if (!symbols.empty())
    registerSymbols(*host.engine, symbols);
  host.engine->initialize();
  auto lookup = [&](const std::string &name,
                    void (*&address)(void **)) -> llvm::Error {
    auto found = host.engine->lookupPacked("_mlir_ciface_" + name);
    if (!found)
      return found.takeError();
    address = *found;
    return llvm::Error::success();
  };
  if (llvm::Error error = lookup(entry, host.function))
    return error;
  if (llvm::Error error = lookup(entry + "__contract", host.contract))
    return error;
  return host;
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

void PackedCall::addArray(const HostArray &array, void *data) {
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

void PackedCall::addArguments(const KernelSignature &signature,
                              ArrayRef<HostArray> arrays) {
  for (auto [type, array] : llvm::zip_equal(signature.arguments, arrays)) {
    if (type.isScalar)
      addScalar(array.data());
    else
      addArray(array, const_cast<void *>(array.data()));
  }
}

llvm::Expected<SmallVector<HostArray>>
HostFunction::allocateResults(ArrayRef<HostArray> arguments) const {
  if (llvm::Error error = signature.check(arguments))
    return error;
  unsigned numExtents = 0;
  for (const KernelValueType &type : signature.results)
    numExtents += type.rank();
  SmallVector<int64_t> outcome(1 + numExtents);
  PackedCall call;
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
