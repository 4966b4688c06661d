//===- GpuModule.cpp - Functions compiled for a GPU -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/GpuModule.h"

#include "moa/Pipelines/LoopsPipeline.h"
#include "moa/Pipelines/GpuPipeline.h"
#include "moa/Target/C/CHeader.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Target/LLVMIR/ModuleTranslation.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace moa;

/// The diagnostics have the details.
static llvm::Error compilationFailed() {
  return llvm::createStringError("the compilation for the GPU failed");
}

static void setOptions(MoaToGpuOptions &to, const GpuModuleOptions &from) {
  to.chip = from.chip;
  to.format = BinaryFormat::Ptx;
  to.blockSize = from.blockSize;
  to.columnBlock = from.columnBlock;
  to.cudaRoot = from.cudaRoot;
}

llvm::Expected<GpuModule> GpuModule::compile(mlir::ModuleOp module,
                                             const GpuModuleOptions &options) {
  mlir::OwningOpRef<mlir::ModuleOp> clone(module.clone());
  mlir::PassManager manager(module.getContext());
  MoaToGpuOptions pipeline;
  setOptions(pipeline, options);
  buildMoaToLoopsPipeline(manager, {options.columnBlock});
  buildOnfToNvvmPipeline(manager, pipeline);
  if (mlir::failed(manager.run(*clone)))
    return compilationFailed();
  return GpuModule(std::move(clone), options);
}

llvm::Expected<std::string> GpuModule::llvmIr() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto kernels : (*module).getOps<mlir::gpu::GPUModuleOp>()) {
    llvm::LLVMContext context;
    auto translated = mlir::translateModuleToLLVMIR(kernels, context);
    if (!translated)
      return compilationFailed();
    translated->setTargetTriple(llvm::Triple("nvptx64-nvidia-cuda"));
    translated->print(os, nullptr);
  }
  return text;
}

llvm::Expected<std::string> GpuModule::ptx() {
  if (!ptxText.empty())
    return ptxText;
  mlir::OwningOpRef<mlir::ModuleOp> clone((*module).clone());
  mlir::PassManager manager(clone->getContext());
  MoaToGpuOptions pipeline;
  setOptions(pipeline, options);
  buildNvvmToBinaryPipeline(manager, pipeline);
  if (mlir::failed(manager.run(*clone)))
    return compilationFailed();
  for (auto binary : clone->getOps<mlir::gpu::BinaryOp>())
    for (auto object : binary.getObjects().getAsRange<mlir::gpu::ObjectAttr>())
      ptxText += object.getObject().getValue().rtrim('\0');
  if (ptxText.empty())
    return llvm::createStringError("there are no kernels to write");
  return ptxText;
}

llvm::Expected<std::string>
GpuModule::cubin(llvm::SmallVectorImpl<KernelUsage> *usage) {
  llvm::Expected<std::string> text = ptx();
  if (!text)
    return text;
  return assemblePtx(*text, options.chip, CudaToolkit(options.cudaRoot), usage);
}

llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> GpuModule::hostModule() {
  mlir::OwningOpRef<mlir::ModuleOp> clone((*module).clone());
  mlir::PassManager manager(clone->getContext());
  MoaToGpuOptions pipeline;
  setOptions(pipeline, options);
  buildNvvmToBinaryPipeline(manager, pipeline);
  buildGpuHostPipeline(manager);
  if (mlir::failed(manager.run(*clone)))
    return compilationFailed();
  return clone;
}

llvm::Expected<std::string> GpuModule::fatbin() {
  llvm::Expected<std::string> code = cubin();
  if (!code)
    return code;
  return makeFatbin(ptxText, *code, options.chip,
                    CudaToolkit(options.cudaRoot));
}

llvm::Expected<std::string> GpuModule::header(llvm::StringRef title,
                                              llvm::StringRef guard) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (mlir::failed(writeCHeader(*module, title, guard, os)))
    return compilationFailed();
  return text;
}
