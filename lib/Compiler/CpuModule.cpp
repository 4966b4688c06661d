//===- CpuModule.cpp - Functions compiled to an object file -----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/CpuModule.h"

#include "HostModule.h"

#include "moa/Pipelines/LoopsPipeline.h"
#include "moa/Target/C/CHeader.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace moa;

/// The diagnostics have the details.
static llvm::Error compilationFailed() {
  return llvm::createStringError("the compilation for the CPU failed");
}

llvm::Expected<CpuModule> CpuModule::compile(mlir::ModuleOp module,
                                             const CpuModuleOptions &options) {
  // What is wrong with the target is said before the work begins.
  if (auto machine = createTargetMachine(options.triple, options.processor,
                                         options.optLevel);
      !machine)
    return machine.takeError();
  mlir::OwningOpRef<mlir::ModuleOp> loops(module.clone());
  mlir::PassManager manager(module.getContext());
  MoaToLoopsOptions loopOptions{options.columnBlock};
  loopOptions.materialize = true;
  buildMoaToLoopsPipeline(manager, loopOptions);
  manager.addPass(mlir::createLowerAffinePass());
  if (mlir::failed(manager.run(*loops)))
    return compilationFailed();
  auto lowered = lowerForHost(module, /*entry=*/"", options.columnBlock);
  if (!lowered)
    return lowered.takeError();
  return CpuModule(std::move(*lowered), std::move(loops), options);
}

/// Translates `module` and optimizes it for `machine`.
static llvm::Expected<std::unique_ptr<llvm::Module>>
translate(mlir::ModuleOp module, llvm::LLVMContext &context,
          llvm::TargetMachine &machine, unsigned optLevel) {
  auto translated = mlir::translateModuleToLLVMIR(module, context);
  if (!translated)
    return compilationFailed();
  translated->setTargetTriple(machine.getTargetTriple());
  translated->setDataLayout(machine.createDataLayout());
  auto optimize = mlir::makeOptimizingTransformer(optLevel, 0, &machine);
  if (llvm::Error error = optimize(translated.get()))
    return error;
  return translated;
}

llvm::Expected<std::string> CpuModule::llvmIr() const {
  auto machine =
      createTargetMachine(options.triple, options.processor, options.optLevel);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  auto translated = translate(*module, context, **machine, options.optLevel);
  if (!translated)
    return translated.takeError();
  std::string text;
  llvm::raw_string_ostream os(text);
  (*translated)->print(os, nullptr);
  return text;
}

llvm::Expected<std::string> CpuModule::object() const {
  auto machine =
      createTargetMachine(options.triple, options.processor, options.optLevel);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  auto translated = translate(*module, context, **machine, options.optLevel);
  if (!translated)
    return translated.takeError();
  llvm::SmallString<0> buffer;
  llvm::raw_svector_ostream os(buffer);
  llvm::legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, os, nullptr,
                                      llvm::CodeGenFileType::ObjectFile))
    return llvm::createStringError("target '" +
                                   (*machine)->getTargetTriple().str() +
                                   "' has no object files");
  passes.run(**translated);
  return buffer.str().str();
}

llvm::Expected<std::string> CpuModule::header(llvm::StringRef title,
                                              llvm::StringRef guard) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (mlir::failed(writeCHeader(*loops, title, guard, os)))
    return compilationFailed();
  return text;
}
