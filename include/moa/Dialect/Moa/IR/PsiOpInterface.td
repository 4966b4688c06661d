//===- PsiOpInterface.td - What one element of a result is -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_PSIOPINTERFACE_TD
#define MOA_DIALECT_MOA_IR_PSIOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def PsiOpInterface : OpInterface<"PsiOpInterface"> {
  let cppNamespace = "::moa";
  let description = [{
    An operation of the algebra: a pure function from arrays to arrays that can
    say what one element of a result is. Together with its shape function
    (`ReifyRankedShapedTypeOpInterface`), that is all the compiler needs to know
    of it: psi-reduction, fusion, both targets and the cost model follow.
  }];
  let methods = [
    InterfaceMethod<[{
        The psi-rule. Builds, at the builder's insertion point, the element of
        result `resultNumber` at `indices`, and returns it: a value of the
        result's element type. `indices` are `index` values, one for each
        dimension of the result, and in bounds. The element is built out of
        scalar operations and of `moa.psi` with a full index on the operands
        (or on captured arrays). An operand must not be read out of its bounds:
        a piecewise rule guards its parts with `scf.if`.
      }],
      "::mlir::Value", "buildElement",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "unsigned":$resultNumber, "::mlir::ValueRange":$indices)>,
    InterfaceMethod<[{
        The extents of operands that the operation requires to be equal, as
        pairs. Where they are dynamic that is a precondition: psi-reduction
        takes either for the other, and a contract checks them.
      }],
      "::llvm::SmallVector<::moa::EqualExtents>", "getEqualExtents", (ins),
      /*methodBody=*/"", /*defaultImplementation=*/[{ return {}; }]>
  ];
}

#endif // MOA_DIALECT_MOA_IR_PSIOPINTERFACE_TD
