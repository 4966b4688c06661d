//===- PsiModels.cpp - Psi-rules of upstream operations --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Transforms/PsiModels.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace moa;

namespace {
/// `i psi (cast A) = i psi A`.
struct CastModel
    : public PsiOpInterface::ExternalModel<CastModel, tensor::CastOp> {
  Value buildElement(Operation *op, OpBuilder &builder, Location loc, unsigned,
                     ValueRange indices) const {
    return PsiOp::create(builder, loc, cast<tensor::CastOp>(op).getSource(),
                         indices);
  }
};

/// `i psi (splat x) = x`.
struct SplatModel
    : public PsiOpInterface::ExternalModel<SplatModel, tensor::SplatOp> {
  Value buildElement(Operation *op, OpBuilder &, Location, unsigned,
                     ValueRange) const {
    return cast<tensor::SplatOp>(op).getInput();
  }
};
} // namespace

void moa::registerPsiModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    tensor::CastOp::attachInterface<CastModel>(*context);
    tensor::SplatOp::attachInterface<SplatModel>(*context);
  });
}
