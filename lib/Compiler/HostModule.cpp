//===- HostModule.cpp - The compilation that all CPU outputs share -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostModule.h"

#include "moa/Pipelines/CpuPipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace moa;
using namespace mlir;

void moa::keepOnly(ModuleOp module, StringRef entry) {
  for (auto function : module.getOps<func::FuncOp>())
    if (function.getName() != entry && !function.isExternal())
      function.setPrivate();
}

void moa::dropMarks(ModuleOp module) {
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      function.removeArgAttr(i, "moa.destination");
}

/// Reports operations that no pass knew.
static LogicalResult verifyLowered(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    if (op == module || isa<LLVM::LLVMDialect>(op->getDialect()))
      return WalkResult::advance();
    emitError(op->getLoc())
        << "'" << op->getName() << "' has no code for the CPU";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

llvm::Expected<OwningOpRef<ModuleOp>>
moa::lowerForHost(ModuleOp module, StringRef entry, int64_t columnBlock) {
  MLIRContext *context = module.getContext();
  mlir::registerBuiltinDialectTranslation(*context);
  mlir::registerLLVMDialectTranslation(*context);
  OwningOpRef<ModuleOp> clone(module.clone());
  PassManager manager(context);
  if (!entry.empty()) {
    keepOnly(*clone, entry);
    manager.addPass(createSymbolDCEPass());
  }
  MoaToCpuOptions options;
  options.columnBlock = columnBlock;
  buildMoaToCpuPipeline(manager, options);
  if (failed(manager.run(*clone)) || failed(verifyLowered(*clone)))
    return llvm::createStringError(
        entry.empty() ? "compilation for the CPU failed"
                      : "compilation of '" + entry.str() +
                            "' for the CPU failed");
  dropMarks(*clone);
  return clone;
}

static llvm::Expected<llvm::CodeGenOptLevel> getLevel(unsigned optLevel) {
  if (std::optional<llvm::CodeGenOptLevel> level =
          llvm::CodeGenOpt::getLevel(optLevel))
    return *level;
  return llvm::createStringError("optimization level must be 0 to 3, but is " +
                                 llvm::Twine(optLevel));
}

/// The host's processor and features, where `cpu` is "native".
static std::string getFeatures(std::string &cpu) {
  llvm::SubtargetFeatures features;
  if (cpu == "native") {
    cpu = llvm::sys::getHostCPUName().str();
    for (auto &feature : llvm::sys::getHostCPUFeatures())
      features.AddFeature(feature.first(), feature.second);
  }
  return features.getString();
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
moa::createTargetMachine(StringRef triple, StringRef cpu, unsigned optLevel) {
  // Native targets only are linked into memory until another one is asked for.
  if (triple.empty()) {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  } else {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
  }
  auto level = getLevel(optLevel);
  if (!level)
    return level.takeError();
  llvm::Triple parsed(triple.empty() ? llvm::sys::getProcessTriple()
                                     : llvm::Triple::normalize(triple));
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(parsed, message);
  if (!target)
    return llvm::createStringError("unknown target '" + parsed.str() +
                                   "': " + message);
  std::string name = cpu.str();
  std::string features = getFeatures(name);
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      parsed, name, features, llvm::TargetOptions(), llvm::Reloc::PIC_,
      std::nullopt, *level));
  if (!machine)
    return llvm::createStringError("target '" + parsed.str() +
                                   "' has no code generator");
  if (!name.empty() && name != "generic" &&
      !machine->getMCSubtargetInfo()->isCPUStringValid(name))
    return llvm::createStringError("target '" + parsed.str() +
                                   "' has no processor '" + name + "'");
  return machine;
}
