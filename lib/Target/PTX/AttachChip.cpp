//===- AttachChip.cpp - For which chip the GPU modules are ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/Chips.h"
#include "moa/Target/PTX/Passes.h"

namespace moa {
#define GEN_PASS_DEF_ATTACHCHIP
#include "moa/Target/PTX/Passes.h.inc"
} // namespace moa

using namespace moa;

/// LLVM's data layout of 64-bit PTX. Without it loads of 64-bit integers would
/// be taken to be aligned to 4 bytes, and be split in two.
static constexpr StringLiteral ptxDataLayout =
    "e-p6:32:32-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64";

namespace {
struct AttachChipPass : public moa::impl::AttachChipBase<AttachChipPass> {
  using AttachChipBase::AttachChipBase;

  LogicalResult initialize(MLIRContext *context) override {
    auto known = findChip(chip);
    if (!known)
      return emitError(UnknownLoc::get(context))
             << llvm::toString(known.takeError());
    features = known->feature();
    return success();
  }

  void runOnOperation() override {
    Builder builder(&getContext());
    Attribute target = NVVM::NVVMTargetAttr::get(
        &getContext(), /*optLevel=*/3, "nvptx64-nvidia-cuda", chip, features);
    for (auto module : getOperation().getOps<gpu::GPUModuleOp>()) {
      module.setTargetsAttr(builder.getArrayAttr(target));
      module->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(),
                      builder.getStringAttr(ptxDataLayout));
    }
  }

  std::string features;
};
} // namespace
