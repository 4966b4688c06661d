//===- ReduceOps.td - reduce, scan, inner -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_REDUCEOPS_TD
#define MOA_DIALECT_MOA_IR_REDUCEOPS_TD

include "moa/Dialect/Moa/IR/AlgebraOpBase.td"

def Moa_ReduceOp : Moa_AlgebraOp<"reduce", [Moa_NamesArguments]> {
  let summary = "Folds axes away";
  let description = [{
    Folds the axes in `axes` (strictly increasing) by a reducer; the other axes
    stay, in order:

        i psi (reduce_+ A) = init + SUM_k  (i merged with k) psi A
                                                                 (psi_reduce)

    Reducers by name (reducer_types): `add`, `mul`, `max`, `min` (floats: IEEE
    maximum and minimum, which pass NaN on; integers: signed), `and`, `or`, `xor`
    (integers and i1; `i1` has only these). A named reducer starts from `init`,
    or from its identity (reducer_identity). `custom` takes a region
    `(accumulated, next)` and needs `init`; it is applied in ascending row-major
    order and never reassociated (reducer_order).
    Source: Mullin (1988), reduction.

    Example:

    ```mlir
    func.func @reduce(%a: tensor<?x4xf32>, %z: f32)
        -> (tensor<?xf32>, tensor<4xf32>) {
      %0 = moa.reduce add %a axes [1] : tensor<?x4xf32> -> tensor<?xf32>
      %1 = moa.reduce custom %a axes [0] init(%z : f32) combine {
      ^bb0(%acc: f32, %x: f32):
        %r = arith.subf %x, %acc : f32
        moa.yield %r : f32
      } : tensor<?x4xf32> -> tensor<4xf32>
      return %0, %1 : tensor<?xf32>, tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Moa_ReducerAttr:$reducer,
                       Arg<Moa_Array, "any shape">:$source,
                       DenseI64ArrayAttr:$axes,
                       Arg<Optional<Moa_Element>, "the start value">:$init);
  let results = (outs Res<Moa_Array, "the axes that stay">:$result);
  let regions = (region MaxSizedRegion<1>:$combiner);
  let hasRegionVerifier = 1;
  let extraClassDeclaration =
    !strconcat(algebraDeclarations, Moa_InferredShapeDeclaration);
  let assemblyFormat = [{
    custom<Reducer>($reducer) $source `axes` $axes
    (`init` `(` $init^ `:` type($init) `)`)? (`combine` $combiner^)? attr-dict
    `:` type($source) `->` type($result)
  }];
}

def Moa_ScanOp : Moa_AlgebraOp<"scan",
    [Moa_NamesArguments, AllTypesMatch<["source", "result"]>]> {
  let summary = "All prefix folds along an axis";
  let description = [{
    The fold of every prefix along `axis`, the element itself included, or left
    out if `exclusive`:

        i psi (scan_+ A) = init + SUM_{k <= i[axis]} i[axis := k] psi A
                                                                   (psi_scan)

    With `reverse` the suffixes: `k >= i[axis]`. Reducers, `init` and `custom`
    as for `moa.reduce` (a reverse scan visits them in ascending order, too).
    Source: Mullin (1988), scan.

    Example:

    ```mlir
    func.func @scan(%a: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
      %0 = moa.scan add %a axis 1 : tensor<?x4xf32>
      %1 = moa.scan mul %a axis 0 exclusive : tensor<?x4xf32>
      return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins Moa_ReducerAttr:$reducer,
                       Arg<Moa_Array, "any shape of rank 1 or more">:$source,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$axis,
                       Arg<Optional<Moa_Element>, "the start value">:$init,
                       UnitAttr:$exclusive, UnitAttr:$reverse);
  let results = (outs Res<Moa_Array, "the shape of the source">:$result);
  let regions = (region MaxSizedRegion<1>:$combiner);
  let hasRegionVerifier = 1;
  let assemblyFormat = [{
    custom<Reducer>($reducer) $source `axis` $axis (`exclusive` $exclusive^)?
    (`reverse` $reverse^)? (`init` `(` $init^ `:` type($init) `)`)?
    (`combine` $combiner^)? attr-dict `:` type($source)
  }];
}

def Moa_InnerOp : Moa_AlgebraOp<"inner", [Moa_NamesArguments]> {
  let summary = "The inner product under any pair of scalar functions";
  let description = [{
    Folds the last axis of `A` (shape `m ++ <k>`) with the first of `B` (shape
    `<k> ++ n`) into an array of shape `m ++ n`:

        (i ++ j) psi (A inner B) = init + SUM_k f((i ++ <k>) psi A,
                                                  (<k> ++ j) psi B)
                                                                  (psi_inner)

    `f` is the first region; it may yield another element type, which is that of
    the reducer and of the result. Reducers, `init` and `custom` as for
    `moa.reduce`. Source: Mullin (1988), inner product.

    Example:

    ```mlir
    func.func @matmul(%a: tensor<?x4xbf16>, %b: tensor<4x?xbf16>)
        -> tensor<?x?xf32> {
      %0 = moa.inner add %a, %b {
      ^bb0(%x: bf16, %y: bf16):
        %xw = arith.extf %x : bf16 to f32
        %yw = arith.extf %y : bf16 to f32
        %z = arith.mulf %xw, %yw : f32
        moa.yield %z : f32
      } : tensor<?x4xbf16>, tensor<4x?xbf16> -> tensor<?x?xf32>
      return %0 : tensor<?x?xf32>
    }
    ```
  }];
  let arguments = (ins Moa_ReducerAttr:$reducer,
                       Arg<Moa_Array, "shape m ++ <k>">:$lhs,
                       Arg<Moa_Array, "shape <k> ++ n">:$rhs,
                       Arg<Optional<Moa_Element>, "the start value">:$init);
  let results = (outs Res<Moa_Array, "shape m ++ n">:$result);
  let regions = (region SizedRegion<1>:$body, MaxSizedRegion<1>:$combiner);
  let extraClassDeclaration =
    !strconcat(algebraDeclarations, Moa_EqualExtentsDeclaration,
               Moa_InferredShapeDeclaration);
  let hasRegionVerifier = 1;
  let assemblyFormat = [{
    custom<Reducer>($reducer) $lhs `,` $rhs $body
    (`init` `(` $init^ `:` type($init) `)`)? (`combine` $combiner^)? attr-dict
    `:` type($lhs) `,` type($rhs) `->` type($result)
  }];
}

#endif // MOA_DIALECT_MOA_IR_REDUCEOPS_TD
