//===- CheckCudaToolkit.cpp - Has the toolkit what kernels need -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/CudaToolkit.h"
#include "moa/Target/PTX/Passes.h"

namespace moa {
#define GEN_PASS_DEF_CHECKCUDATOOLKIT
#include "moa/Target/PTX/Passes.h.inc"
} // namespace moa

using namespace moa;

/// Emits an error where `call` leaves its module and nothing stands there.
static LogicalResult checkCall(LLVM::CallOp call, const CudaToolkit &toolkit) {
  FlatSymbolRefAttr callee = call.getCalleeAttr();
  if (!callee)
    return call.emitOpError("goes through a pointer; kernels call by name");
  auto function =
      SymbolTable::lookupNearestSymbolFrom<LLVM::LLVMFuncOp>(call, callee);
  // The device's own printf, malloc and the like are not used by moa.
  if (!function || !function.isExternal() ||
      callee.getValue().starts_with("llvm."))
    return success();
  if (!callee.getValue().starts_with("__nv_"))
    return call.emitOpError("calls '")
           << callee.getValue() << "', which no library for kernels has";
  auto libdevice = toolkit.libdevice();
  if (!libdevice)
    return call.emitOpError("needs libdevice for '")
           << callee.getValue() << "': " << toString(libdevice.takeError());
  return success();
}

static LogicalResult checkProgram(ModuleOp module,
                                  llvm::Expected<std::string> path) {
  if (path)
    return success();
  return module.emitError()
         << "cannot make a binary: " << toString(path.takeError());
}

namespace {
struct CheckCudaToolkitPass
    : public moa::impl::CheckCudaToolkitBase<CheckCudaToolkitPass> {
  using CheckCudaToolkitBase::CheckCudaToolkitBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    CudaToolkit toolkit(cudaRoot);
    WalkResult calls = module.walk([&](LLVM::CallOp call) {
      return call->getParentOfType<gpu::GPUModuleOp>() &&
                     failed(checkCall(call, toolkit))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (calls.wasInterrupted() ||
        (format != BinaryFormat::Ptx &&
         failed(checkProgram(module, toolkit.ptxas()))) ||
        (format == BinaryFormat::Fatbin &&
         failed(checkProgram(module, toolkit.fatbinary()))))
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
