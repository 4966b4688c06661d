//===- AlgebraOpBase.td - What the operations of level 1 share -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_ALGEBRAOPBASE_TD
#define MOA_DIALECT_MOA_IR_ALGEBRAOPBASE_TD

include "moa/Dialect/Moa/IR/MoaDialect.td"
include "moa/Dialect/Moa/IR/PsiOpInterface.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/RuntimeVerifiableOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// Names for the block arguments of an operation with regions.
defvar Moa_NamesArguments =
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>;

/// An operation of the algebra: pure, with a shape function, a psi-rule and
/// preconditions on its extents that can be checked at run time. Each one
/// defines `computeExtents`. (Not speculatable as a rule: reading an element has
/// the precondition that the index is in bounds.)
class Moa_AlgebraOp<string mnemonic, list<Trait> traits = []>
    : Moa_Op<mnemonic, !listconcat(traits, [
        NoMemoryEffect,
        DeclareOpInterfaceMethods<PsiOpInterface>,
        DeclareOpInterfaceMethods<RuntimeVerifiableOpInterface>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>])> {
  code algebraDeclarations = [{
    /// The extents of the result, as they follow from the operands. (Its type
    /// may know more; that the two agree is a precondition.)
    ::llvm::SmallVector<::mlir::OpFoldResult>
    computeExtents(::mlir::OpBuilder &builder, ::mlir::Location loc);
  }];
  let extraClassDeclaration = algebraDeclarations;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder,
        ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      shapes.push_back(::moa::matchStaticExtents(
          builder, getLoc(), computeExtents(builder, getLoc()), getType()));
      return ::mlir::success();
    }
    void $cppClass::generateRuntimeVerification(
        ::mlir::OpBuilder &builder, ::mlir::Location loc,
        ::llvm::function_ref<std::string(::mlir::Operation *,
                                         ::llvm::StringRef)> message) {
      ::moa::generateAlgebraChecks(
          getOperation(), builder, loc, message,
          [&]() { return computeExtents(builder, loc); });
    }
  }];
  let hasVerifier = 1;
}

/// The same, where the result type follows from operands and attributes. A
/// written result type may be more or less static than the inferred one.
class Moa_InferredAlgebraOp<string mnemonic, list<Trait> traits = []>
    : Moa_AlgebraOp<mnemonic, !listconcat(traits, [
        DeclareOpInterfaceMethods<InferTypeOpInterface>])> {
  code compatibleTypes = algebraDeclarations # [{
    static bool isCompatibleReturnTypes(::mlir::TypeRange inferred,
                                        ::mlir::TypeRange written) {
      return ::moa::areCompatibleArrayTypes(inferred, written);
    }
  }];
  let extraClassDeclaration = compatibleTypes;
}

/// The declaration of an operation whose element type, but not its shape, is its
/// own: the shape of the result as it follows from the types of the operands.
defvar Moa_InferredShapeDeclaration = [{
    ::llvm::SmallVector<int64_t> inferShape();
}];

/// The declaration of an operation that requires extents to be equal.
defvar Moa_EqualExtentsDeclaration = [{
    ::llvm::SmallVector<::moa::EqualExtents> getEqualExtents();
}];

#endif // MOA_DIALECT_MOA_IR_ALGEBRAOPBASE_TD
