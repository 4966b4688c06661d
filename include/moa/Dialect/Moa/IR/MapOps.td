//===- MapOps.td - map, select, outer, yield -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_MAPOPS_TD
#define MOA_DIALECT_MOA_IR_MAPOPS_TD

include "moa/Dialect/Moa/IR/AlgebraOpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Moa_YieldOp : Moa_Op<"yield", [Pure, ReturnLike, Terminator,
    ParentOneOf<["MapOp", "OuterOp", "InnerOp", "ReduceOp", "ScanOp",
                 "AttentionOp", "ArrayOp", "FoldOp"]>]> {
  let summary = "Ends a region of scalar code with its values";
  let description = [{
    Terminates every region of the dialect.

    Example:

    ```mlir
    func.func @exp(%a: tensor<4xf32>) -> tensor<4xf32> {
      %0 = moa.map %a {
      ^bb0(%x: f32):
        %y = math.exp %x : f32
        moa.yield %y : f32
      } : tensor<4xf32> -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Variadic<AnyType>, "the values">:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ /* nothing to yield */ }]>];
}

def Moa_MapOp : Moa_AlgebraOp<"map", [Moa_NamesArguments]> {
  let summary = "Applies scalar code to every element, with broadcasting";
  let description = [{
    The shapes of the sources are aligned at their last axes. A source without
    an axis, or with the static extent 1 there, is repeated along it; all other
    extents are equal (broadcast_shape; of dynamic extents that is a precondition,
    which the reference interpreter checks):

        i psi (map_f A B ..) = f(i_A psi A, i_B psi B, ..)          (psi_map)

    where `i_A` is `i` without the axes that `A` lacks, and 0 where `A` has the
    static extent 1 (broadcast_index). The region is pure scalar code
    (element_code); it may use values from outside, and read captured arrays by `moa.psi` with a full index. It ends in
    `moa.yield` of one value of the result's element type. Source: Mullin
    (1988), pointwise extension of scalar functions.

    Example:

    ```mlir
    func.func @add(%a: tensor<?x4xf32>, %b: tensor<4xf32>) -> tensor<?x4xf32> {
      %0 = moa.map %a, %b {
      ^bb0(%x: f32, %y: f32):
        %z = arith.addf %x, %y : f32
        moa.yield %z : f32
      } : tensor<?x4xf32>, tensor<4xf32> -> tensor<?x4xf32>
      return %0 : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Variadic<Moa_Array>, "one or more arrays">:$sources);
  let results = (outs Res<Moa_Array, "the broadcast shape">:$result);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration =
    !strconcat(algebraDeclarations, Moa_EqualExtentsDeclaration,
               Moa_InferredShapeDeclaration);
  let hasRegionVerifier = 1;
  let assemblyFormat = [{
    $sources $body attr-dict `:` type($sources) `->` type($result)
  }];
  let hasFolder = 1;
}

def Moa_SelectOp : Moa_InferredAlgebraOp<"select"> {
  let summary = "Chooses between two arrays by a mask";
  let description = [{
    With the broadcasting of `moa.map`:

        i psi select(M, A, B) = i_M psi M ? i_A psi A : i_B psi B (psi_select)

    Source: Iverson, *A Programming Language* (1962), mask.

    Example:

    ```mlir
    func.func @select(%m: tensor<4xi1>, %a: tensor<?x4xf32>,
                      %b: tensor<1x4xf32>) -> tensor<?x4xf32> {
      %0 = moa.select %m, %a, %b
             : tensor<4xi1>, tensor<?x4xf32>, tensor<1x4xf32> -> tensor<?x4xf32>
      return %0 : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "element type i1">:$mask,
                       Arg<Moa_Array, "taken where the mask holds">:$on_true,
                       Arg<Moa_Array, "taken elsewhere">:$on_false);
  let results = (outs Res<Moa_Array, "the broadcast shape">:$result);
  let extraClassDeclaration =
    !strconcat(compatibleTypes, Moa_EqualExtentsDeclaration);
  let assemblyFormat = [{
    $mask `,` $on_true `,` $on_false attr-dict
    `:` type($mask) `,` type($on_true) `,` type($on_false) `->` type($result)
  }];
  let hasFolder = 1;
}

def Moa_OuterOp : Moa_AlgebraOp<"outer", [Moa_NamesArguments]> {
  let summary = "The outer product under any scalar function";
  let description = [{
    For `A` of shape `m` and `B` of shape `n` the array of shape `m ++ n`:

        (i ++ j) psi (A outer_f B) = f(i psi A, j psi B)          (psi_outer)

    The region is as in `moa.map`. Source: Mullin (1988), outer product.

    Example:

    ```mlir
    func.func @outer(%a: tensor<?xf32>, %b: tensor<4xf32>) -> tensor<?x4xf32> {
      %0 = moa.outer %a, %b {
      ^bb0(%x: f32, %y: f32):
        %z = arith.mulf %x, %y : f32
        moa.yield %z : f32
      } : tensor<?xf32>, tensor<4xf32> -> tensor<?x4xf32>
      return %0 : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "shape m">:$lhs,
                       Arg<Moa_Array, "shape n">:$rhs);
  let results = (outs Res<Moa_Array, "shape m ++ n">:$result);
  let regions = (region SizedRegion<1>:$body);
  let hasRegionVerifier = 1;
  let extraClassDeclaration =
    !strconcat(algebraDeclarations, Moa_InferredShapeDeclaration);
  let assemblyFormat = [{
    $lhs `,` $rhs $body attr-dict
    `:` type($lhs) `,` type($rhs) `->` type($result)
  }];
}

#endif // MOA_DIALECT_MOA_IR_MAPOPS_TD
