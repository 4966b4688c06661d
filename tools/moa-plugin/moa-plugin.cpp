//===- moa-plugin.cpp - moa as a plugin of mlir-opt ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two entry points that a stock mlir-opt looks for after
// --load-dialect-plugin and --load-pass-plugin. A pass plugin does not bring
// the dialects that a parser needs: to read moa programs, give both options.
//
//===----------------------------------------------------------------------===//

#include "moa/InitAll/InitAll.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"

/// The dialect and what is attached to it: interfaces, external models.
extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Moa", LLVM_VERSION_STRING,
          [](mlir::DialectRegistry *registry) { moa::registerMoa(*registry); }};
}

/// The passes and pipelines.
extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "MoaPasses", LLVM_VERSION_STRING,
          [] { moa::registerMoaPasses(); }};
}
