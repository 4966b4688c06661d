//===- BufferizableOpInterfaceImpl.cpp - moa in bufferization --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one-shot bufferization asks of the normal form: which arrays an operation
// reads, which it writes, and what it looks like on buffers.
//
//===----------------------------------------------------------------------===//

#include "moa/Bufferization/BufferizableOpInterfaceImpl.h"
#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace moa;
using namespace mlir::bufferization;

namespace {

/// `moa.array`: result `i` takes the place of destination `i`; without
/// destinations every result is a new allocation.
struct ArrayModel
    : BufferizableOpInterface::ExternalModel<ArrayModel, ArrayOp> {
  bool bufferizesToAllocation(Operation *op, Value) const {
    return cast<ArrayOp>(op).getOuts().empty();
  }

  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return false;
  }

  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return true;
  }

  AliasingValueList getAliasingValues(Operation *op, OpOperand &operand,
                                      const AnalysisState &) const {
    auto array = cast<ArrayOp>(op);
    unsigned number =
        operand.getOperandNumber() - array.getOuts().getBeginOperandIndex();
    return {{array->getResult(number), BufferRelation::Equivalent}};
  }

  /// The type of the destination, or of a new allocation.
  FailureOr<BufferLikeType>
  getBufferType(Operation *op, Value value, const BufferizationOptions &options,
                const BufferizationState &state,
                SmallVector<Value> &invocationStack) const {
    auto array = cast<ArrayOp>(op);
    if (!array.getOuts().empty())
      return bufferization::getBufferType(
          array.getOuts()[cast<OpResult>(value).getResultNumber()], options,
          state, invocationStack);
    auto tensor = cast<RankedTensorType>(value.getType());
    return cast<BufferLikeType>(
        MemRefType::get(tensor.getShape(), tensor.getElementType()));
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto array = cast<ArrayOp>(op);
    if (array.getNumResults() == 0)
      return success();
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(array);
    SmallVector<Value> buffers;
    for (OpResult result : array->getResults()) {
      FailureOr<Value> buffer =
          array.getOuts().empty()
              ? allocate(array, result, rewriter, options, state)
              : getBuffer(rewriter, array.getOuts()[result.getResultNumber()],
                          options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    auto maps =
        llvm::to_vector(array.getMaps().getAsValueRange<AffineMapAttr>());
    auto inBuffers =
        ArrayOp::create(rewriter, array.getLoc(), TypeRange(),
                        array.getMixedExtents(), maps, buffers);
    inBuffers->setDiscardableAttrs(array->getDiscardableAttrDictionary());
    inBuffers.getBody().takeBody(array.getBody());
    replaceOpWithBufferizedValues(rewriter, op, buffers);
    return success();
  }

private:
  /// A new buffer for `result`.
  static FailureOr<Value> allocate(ArrayOp array, OpResult result,
                                   RewriterBase &rewriter,
                                   const BufferizationOptions &options,
                                   BufferizationState &state) {
    FailureOr<BufferLikeType> type =
        bufferization::getBufferType(result, options, state);
    if (failed(type))
      return failure();
    auto memref = cast<MemRefType>(*type);
    SmallVector<Value> dynamicExtents;
    SmallVector<OpFoldResult> extents = array.getMixedExtents();
    AffineMap map = array.getMap(result.getResultNumber());
    for (auto [dim, expr] : llvm::enumerate(map.getResults()))
      if (memref.isDynamicDim(dim))
        dynamicExtents.push_back(getValueOrCreateConstantIndexOp(
            rewriter, array.getLoc(),
            extents[cast<AffineDimExpr>(expr).getPosition()]));
    return options.createAlloc(rewriter, array.getLoc(), memref,
                               dynamicExtents);
  }
};

/// `moa.psi` with a full index.
struct PsiModel : BufferizableOpInterface::ExternalModel<PsiModel, PsiOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }

  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }

  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto psi = cast<PsiOp>(op);
    if (isa<MemRefType>(psi.getSource().getType()))
      return success();
    if (!psi.isFull())
      return psi.emitOpError()
             << "with a partial index has no buffer form; --moa-psi-reduce "
                "removes it";
    FailureOr<Value> buffer =
        getBuffer(rewriter, psi.getSource(), options, state);
    if (failed(buffer))
      return failure();
    replaceOpWithNewBufferizedOp<PsiOp>(rewriter, op, *buffer,
                                        psi.getIndices());
    return success();
  }
};

/// `moa.materialize`: the buffer of its source, which only `moa.array` writes,
/// before.
struct MaterializeModel
    : BufferizableOpInterface::ExternalModel<MaterializeModel, MaterializeOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return false;
  }

  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }

  AliasingValueList getAliasingValues(Operation *op, OpOperand &,
                                      const AnalysisState &) const {
    return {{op->getResult(0), BufferRelation::Equivalent}};
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    FailureOr<Value> buffer = getBuffer(
        rewriter, cast<MaterializeOp>(op).getSource(), options, state);
    if (failed(buffer))
      return failure();
    replaceOpWithBufferizedValues(rewriter, op, *buffer);
    return success();
  }
};

} // namespace

void moa::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MoaDialect *) {
    ArrayOp::attachInterface<ArrayModel>(*context);
    PsiOp::attachInterface<PsiModel>(*context);
    MaterializeOp::attachInterface<MaterializeModel>(*context);
    // Bufferization builds operations of these.
    context->loadDialect<BufferizationDialect, mlir::memref::MemRefDialect>();
  });
}
