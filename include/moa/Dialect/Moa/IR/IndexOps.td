//===- IndexOps.td - psi, take, drop, rotate, gather -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_INDEXOPS_TD
#define MOA_DIALECT_MOA_IR_INDEXOPS_TD

include "moa/Dialect/Moa/IR/AlgebraOpBase.td"

def Moa_PsiOp : Moa_Op<"psi", [
    DeclareOpInterfaceMethods<PsiOpInterface>,
    DeclareOpInterfaceMethods<RuntimeVerifiableOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "The sub-array, or the element, at an index";
  let description = [{
    `i psi A` selects along the first axes of `A`: with an index as long as the
    rank of `A` it is one element, a scalar; with a shorter one the sub-array of
    the remaining axes:

        j psi (i psi A) = (i ++ j) psi A                            (psi_psi)

    Every component satisfies `0 <= i[k] < n[k]`; another index is undefined
    (shape_index). The reference interpreter reports it. Source: Mullin (1988), psi.

    With a full index this is the leaf access of the normal form, on a tensor or,
    after bufferization, on a memref. The indices may be any index values: affine
    in the axes (a plain access) or loaded (a gather).

    Example:

    ```mlir
    func.func @psi(%a: tensor<?x4xf32>, %i: index, %j: index)
        -> (tensor<4xf32>, f32) {
      %0 = moa.psi %a[%i] : tensor<?x4xf32>
      %1 = moa.psi %a[%i, %j] : tensor<?x4xf32>
      return %0, %1 : tensor<4xf32>, f32
    }
    ```
  }];
  let arguments = (ins
    Arg<Moa_ArrayOrBuffer, "an array of shape n and rank r">:$source,
    Arg<Variadic<Index>, "at most r indices">:$indices);
  let results = (outs
    Res<AnyType, "an element, or an array of the remaining axes">:$result);
  let assemblyFormat = "$source `[` $indices `]` attr-dict `:` type($source)";
  let hasFolder = 1;
  let extraClassDeclaration = [{
    /// True if the index is as long as the rank: the result is a scalar.
    bool isFull();
  }];
  let hasCanonicalizer = 1;
}

class Moa_CountsOp<string mnemonic, list<Trait> traits = []>
    : Moa_InferredAlgebraOp<mnemonic, traits> {
  let results = (outs Res<Moa_Array, "as the formula says">:$result);
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Moa_TakeOp : Moa_CountsOp<"take",
    [AttrSizedOperandSegments, Moa_OneOperandIn<1, "source">]> {
  let summary = "The first or last elements along the leading axes";
  let description = [{
    A count `c[k]` for each of the leading axes (further axes are taken whole).
    A count `c >= 0` takes the first `c`, a count `c < 0` the last `-c`. Where
    that is more than there is (*overtake*), the missing elements are `fill`,
    0 unless given (element_fill); they stand behind the array for `c >= 0`, before it for
    `c < 0`. The result has extent `|c[k]|`.

        i psi (c take A) = j psi A if 0 <= j < n, else fill
        j[k] = i[k] for c[k] >= 0,  i[k] + n[k] + c[k] for c[k] < 0 (psi_take)

    Source: Mullin (1988), take.

    Example:

    ```mlir
    func.func @take(%a: tensor<5x?xf32>, %n: index, %one: f32)
        -> (tensor<3x2xf32>, tensor<?x?xf32>) {
      %0 = moa.take %a[3, -2] : tensor<5x?xf32> -> tensor<3x2xf32>
      %1 = moa.take %a[%n] fill(%one : f32) : tensor<5x?xf32> -> tensor<?x?xf32>
      return %0, %1 : tensor<3x2xf32>, tensor<?x?xf32>
    }
    ```
  }];
  let arguments = (ins
    Arg<Moa_Array, "shape n of rank r">:$source,
    Arg<Variadic<Index>, "dynamic counts">:$counts,
    DenseI64ArrayAttr:$static_counts,
    Arg<Optional<Moa_Element>, "what stands outside">:$fill);
  let assemblyFormat = [{
    $source `` custom<DynamicIndexList>($counts, $static_counts)
    (`fill` `(` $fill^ `:` type($fill) `)`)? attr-dict
    `:` type($source) `->` type($result)
  }];
}

def Moa_DropOp : Moa_CountsOp<"drop"> {
  let summary = "All but the first or last elements along the leading axes";
  let description = [{
    A count `c[k]` for each of the leading axes. A count `c >= 0` leaves out the
    first `c`, a count `c < 0` the last `-c`. The result has extent
    `max(0, n[k] - |c[k]|)`.

        i psi (c drop A) = j psi A,  j[k] = i[k] + max(c[k], 0)    (psi_drop)

    Source: Mullin (1988), drop.

    Example:

    ```mlir
    func.func @drop(%a: tensor<5x?xf32>) -> tensor<4x?xf32> {
      %0 = moa.drop %a[1, -2] : tensor<5x?xf32> -> tensor<4x?xf32>
      return %0 : tensor<4x?xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "shape n of rank r">:$source,
                       Arg<Variadic<Index>, "dynamic counts">:$counts,
                       DenseI64ArrayAttr:$static_counts);
  let assemblyFormat = [{
    $source `` custom<DynamicIndexList>($counts, $static_counts) attr-dict
    `:` type($source) `->` type($result)
  }];
}

def Moa_RotateOp : Moa_AlgebraOp<"rotate",
    [AllTypesMatch<["source", "result"]>]> {
  let summary = "Rotates the leading axes";
  let description = [{
    A count `c[k]`, of either sign and any size, for each of the leading axes:

        i psi (c rotate A) = j psi A,  j[k] = (i[k] + c[k]) mod n[k]
                                                                 (psi_rotate)

    so a positive count moves elements towards index 0. Source: Mullin (1988),
    rotate.

    Example:

    ```mlir
    func.func @rotate(%a: tensor<5x?xf32>, %c: index) -> tensor<5x?xf32> {
      %0 = moa.rotate %a[1, %c] : tensor<5x?xf32>
      return %0 : tensor<5x?xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "shape n of rank r">:$source,
                       Arg<Variadic<Index>, "dynamic counts">:$counts,
                       DenseI64ArrayAttr:$static_counts);
  let results = (outs Res<Moa_Array, "the shape of the source">:$result);
  let assemblyFormat = [{
    $source `` custom<DynamicIndexList>($counts, $static_counts) attr-dict
    `:` type($source)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Moa_GatherOp : Moa_InferredAlgebraOp<"gather"> {
  let summary = "Selects along an axis by an array of indices";
  let description = [{
    For `A` of shape `n`, an array of indices `I` of shape `s` and an axis `a` (0
    unless given), the result has shape `n[:a] ++ s ++ n[a+1:]`:

        (x ++ i ++ y) psi (A gather_a I) = (x ++ <i psi I> ++ y) psi A
                                                                 (psi_gather)

    Every index satisfies `0 <= I < n[a]`; another one is undefined (the
    reference interpreter reports it). Top-k lists, block tables and offsets are
    gathers. Source: indexing by arrays, as Iverson, *A Programming Language*
    (1962), has it.

    Example:

    ```mlir
    func.func @gather(%a: tensor<?x4xf32>, %rows: tensor<7xi32>)
        -> tensor<7x4xf32> {
      %0 = moa.gather %a[%rows] axis 0
             : tensor<?x4xf32>, tensor<7xi32> -> tensor<7x4xf32>
      return %0 : tensor<7x4xf32>
    }
    ```
  }];
  let arguments = (ins
    Arg<Moa_Array, "shape n of rank r">:$source,
    Arg<Moa_Array, "shape s, element type i8, i32, i64 or index">:$positions,
    DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>, "0">:$axis);
  let results = (outs Res<Moa_Array, "shape n[:a] ++ s ++ n[a+1:]">:$result);
  let assemblyFormat = [{
    $source `[` $positions `]` (`axis` $axis^)? attr-dict
    `:` type($source) `,` type($positions) `->` type($result)
  }];
}

#endif // MOA_DIALECT_MOA_IR_INDEXOPS_TD
