//===- ShapeOps.td - iota, shape, reverse, transpose, reshape, ravel, cat -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_SHAPEOPS_TD
#define MOA_DIALECT_MOA_IR_SHAPEOPS_TD

include "moa/Dialect/Moa/IR/AlgebraOpBase.td"

def Moa_IotaOp : Moa_AlgebraOp<"iota"> {
  let summary = "The array of its own indices along one axis";
  let description = [{
    `iota(s)` of shape `s` holds, at index `i`, the component of `i` along
    `axis` (0 unless given), converted to the element type:

        i psi iota(s) = i[axis]                                    (psi_iota)

    An integer type that is too narrow keeps the low bits; a float type rounds
    (element_index).
    There is one operand for each dynamic extent of the result. Source: Mullin,
    *A Mathematics of Arrays* (1988), iota of a vector.

    Example:

    ```mlir
    func.func @iota(%n: index) -> (tensor<5xindex>, tensor<3x?xf32>) {
      %0 = moa.iota : tensor<5xindex>
      %1 = moa.iota(%n) axis 1 : tensor<3x?xf32>
      return %0, %1 : tensor<5xindex>, tensor<3x?xf32>
    }
    ```
  }];
  let arguments = (ins
    Arg<Variadic<Index>, "the dynamic extents, in order">:$extents,
    DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>, "0">:$axis);
  let results = (outs Res<Moa_Array, "shape `s`">:$result);
  let assemblyFormat = [{
    (`(` $extents^ `)`)? (`axis` $axis^)? attr-dict `:` type($result)
  }];
  let hasCanonicalizer = 1;
}

def Moa_ShapeOp : Moa_InferredAlgebraOp<"shape"> {
  let summary = "The shape vector of an array";
  let description = [{
    `shape A` (rho A) is the vector of the extents of `A`: for `A` of rank `r` a
    vector of `r` indices.

        <i> psi (shape A) = extent of A along axis i              (psi_shape)

    Source: Mullin (1988), rho.

    Example:

    ```mlir
    func.func @shape(%a: tensor<?x4xf32>) -> tensor<2xindex> {
      %0 = moa.shape %a : tensor<?x4xf32> -> tensor<2xindex>
      return %0 : tensor<2xindex>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "any shape of rank r">:$source);
  let results = (outs Res<Moa_Array, "shape <r>, element type index">:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasFolder = 1;
}

def Moa_ReverseOp : Moa_AlgebraOp<"reverse",
    [AllTypesMatch<["source", "result"]>]> {
  let summary = "Reverses axes";
  let description = [{
    Reverses `A` along each axis in `axes` (strictly increasing):

        i psi (reverse A) = i' psi A,  i'[a] = n[a] - 1 - i[a] for a in axes,
                                       i'[a] = i[a] elsewhere    (psi_reverse)

    Source: Mullin (1988), reverse.

    Example:

    ```mlir
    func.func @reverse(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %0 = moa.reverse %a axes [0] : tensor<?x4xf32>
      return %0 : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "any shape">:$source,
                       DenseI64ArrayAttr:$axes);
  let results = (outs Res<Moa_Array, "the shape of the source">:$result);
  let assemblyFormat = "$source `axes` $axes attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Moa_TransposeOp : Moa_InferredAlgebraOp<"transpose"> {
  let summary = "Permutes axes";
  let description = [{
    Axis `k` of the result is axis `permutation[k]` of the source:

        i psi (transpose_p A) = j psi A,  j[p[k]] = i[k]       (psi_transpose)

    so the extent of axis `k` is `n[permutation[k]]`. Source: Mullin (1988),
    transpose; the order of the permutation is that of `linalg.transpose`.

    Example:

    ```mlir
    func.func @transpose(%a: tensor<?x4xf32>) -> tensor<4x?xf32> {
      %0 = moa.transpose %a permutation [1, 0]
             : tensor<?x4xf32> -> tensor<4x?xf32>
      return %0 : tensor<4x?xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "shape n of rank r">:$source,
                       DenseI64ArrayAttr:$permutation);
  let results = (outs Res<Moa_Array, "shape n permuted">:$result);
  let assemblyFormat = [{
    $source `permutation` $permutation attr-dict
    `:` type($source) `->` type($result)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Moa_ReshapeOp : Moa_InferredAlgebraOp<"reshape"> {
  let summary = "Reads the elements in row-major order into a new shape";
  let description = [{
    `s reshape A` has shape `s` and the elements of `A` in row-major order.
    Where `s` holds more elements than `A` they are taken again from the start,
    where it holds fewer the rest is left out:

        i psi (s reshape A) = (gamma(i, s) mod |A|) psi (ravel A)
                                                                (psi_reshape)

    with `gamma` the row-major offset and `|A|` the number of elements. If `A`
    is empty and the result is not, every element is 0 (element_fill). An extent of `s` is a
    constant or an index value, not negative. Source: Mullin (1988), reshape.

    Example:

    ```mlir
    func.func @reshape(%a: tensor<?xf32>, %n: index) -> tensor<2x?xf32> {
      %0 = moa.reshape %a[2, %n] : tensor<?xf32> -> tensor<2x?xf32>
      return %0 : tensor<2x?xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "any shape">:$source,
                       Arg<Variadic<Index>, "dynamic extents">:$extents,
                       DenseI64ArrayAttr:$static_extents);
  let results = (outs Res<Moa_Array, "shape s">:$result);
  let assemblyFormat = [{
    $source `` custom<DynamicIndexList>($extents, $static_extents) attr-dict
    `:` type($source) `->` type($result)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Moa_RavelOp : Moa_InferredAlgebraOp<"ravel"> {
  let summary = "The vector of all elements in row-major order";
  let description = [{
        <o> psi (ravel A) = gamma'(o, shape A) psi A              (psi_ravel)

    with `gamma'` the index at a row-major offset. Source: Mullin (1988), ravel.

    Example:

    ```mlir
    func.func @ravel(%a: tensor<?x4xf32>) -> tensor<?xf32> {
      %0 = moa.ravel %a : tensor<?x4xf32> -> tensor<?xf32>
      return %0 : tensor<?xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "any shape">:$source);
  let results = (outs Res<Moa_Array, "shape <|A|>">:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Moa_CatOp : Moa_InferredAlgebraOp<"cat"> {
  let summary = "Concatenates arrays along an axis";
  let description = [{
    One or more arrays that agree in every extent but the one of `axis` (0
    unless given), joined along it. For two:

        i psi (A cat B) = i[axis] < n_A ? i psi A
                                        : i' psi B,
                          i'[axis] = i[axis] - n_A                  (psi_cat)

    Source: Mullin (1988), catenate.

    Example:

    ```mlir
    func.func @cat(%a: tensor<?x4xf32>, %b: tensor<2x4xf32>) -> tensor<?x4xf32> {
      %0 = moa.cat %a, %b axis 0
             : tensor<?x4xf32>, tensor<2x4xf32> -> tensor<?x4xf32>
      return %0 : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins
    Arg<Variadic<Moa_Array>, "one or more arrays">:$sources,
    DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>, "0">:$axis);
  let results = (outs Res<Moa_Array, "extents of `axis` added up">:$result);
  let extraClassDeclaration =
    !strconcat(compatibleTypes, Moa_EqualExtentsDeclaration);
  let assemblyFormat = [{
    $sources (`axis` $axis^)? attr-dict `:` type($sources) `->` type($result)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

#endif // MOA_DIALECT_MOA_IR_SHAPEOPS_TD
