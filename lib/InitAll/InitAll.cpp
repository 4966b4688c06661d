//===- InitAll.cpp - The one list of dialects and passes -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/InitAll/InitAll.h"
#include "moa/Bufferization/BufferizableOpInterfaceImpl.h"
#include "moa/Bufferization/Passes.h"
#include "moa/Conversion/LegalizeCPUMath/Passes.h"
#include "moa/Conversion/LinalgToMoa/Passes.h"
#include "moa/Conversion/MoaToONF/Passes.h"
#include "moa/Conversion/ONFToGPU/Passes.h"
#include "moa/Dialect/Moa/IR/Moa.h"
#include "moa/Pipelines/CpuPipeline.h"
#include "moa/Pipelines/GpuPipeline.h"
#include "moa/Target/PTX/Passes.h"
#include "moa/Transforms/Passes.h"
#include "moa/Transforms/PsiModels.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"

void moa::registerMoa(DialectRegistry &registry) {
  registry.insert<MoaDialect>();
  registerPsiModels(registry);
  registerBufferizableOpInterfaceExternalModels(registry);
}

void moa::registerMoaPasses() {
  registerMoaTransformsPasses();
  registerMoaBufferizationPasses();
  registerMoaLegalizeCPUMathPasses();
  registerLinalgToMoaPasses();
  registerMoaToONFPasses();
  registerMoaONFToGPUPasses();
  registerMoaTargetPTXPasses();
  registerMoaToCpuPipeline();
  registerMoaToGpuPipelines();
}

void moa::registerEverything(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllGPUToLLVMIRTranslations(registry);
  mlir::registerAllPasses();
  registerMoa(registry);
  registerMoaPasses();
}
