//===- Passes.td - From linalg and tensor to moa -------*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_LINALGTOMOA_PASSES_TD
#define MOA_CONVERSION_LINALGTOMOA_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertLinalgToMoa : Pass<"convert-linalg-to-moa", "::mlir::func::FuncOp"> {
  let summary = "Take linalg and tensor programs as arrays of moa";
  let description = [{
    An operation of `linalg` on tensors is a scalar program over named axes
    already. Each of its results becomes one `moa.array`, in which the iterators
    that the result's indexing map names are axes and the others are folds.

    - *linalg*: all structured operations, `generic` and named ones, with any
      affine maps for inputs, projected permutations (and constants) for results,
      `linalg.index`, several results. `linalg.softmax` goes through upstream's
      decomposition.
    - *Reductions*: an accumulation with `+`, `-`, `*`, `max`, `min`, `and`, `or`,
      `xor` or `fma`, in a chain, under conditions, becomes a fold with that
      reducer. A start value other than the identity is combined with the fold,
      so that the fold itself can be fused. Any other code with one value beside
      the accumulator becomes a fold with a `custom` reducer.
    - *tensor*: `extract_slice`, `insert_slice`, `insert`, `concat`, `pad`,
      `generate`, `expand_shape`, `collapse_shape`, `reshape`; `cast`, `splat`,
      `dim` and `empty` stay, psi-reduction knows them.
    - *arith* and *math* on tensors, by upstream's conversion to `linalg`.

    There is no pattern for a softmax or for attention: what they become, psi-
    reduction and `--moa-fuse-folds` make one array with one tower of.

    Extents that an operation requires to be equal become one value; where they
    are dynamic, a `cf.assert` says that they are equal (the contract of the
    function takes it up). An assertion on elements, inside a body, is dropped:
    that an index read from an array is in bounds is a precondition, as it is for
    `moa.gather`.

    What does not convert stays, with a remark (category `linalg-to-moa`) that
    says why; the arrays around it are then stored. A function without such
    operations is not changed.

    Example:

    ```mlir
    func.func @f(%a: tensor<?x4xf32>, %zero: tensor<?xf32>) -> tensor<?xf32> {
      %0 = linalg.reduce ins(%a : tensor<?x4xf32>) outs(%zero : tensor<?xf32>)
             dimensions = [1] (%x: f32, %acc: f32) {
        %s = arith.maximumf %x, %acc : f32
        linalg.yield %s : f32
      }
      return %0 : tensor<?xf32>
    }
    ```

    becomes

    ```mlir
    %0 = moa.array (%i) in (%n) {
      %m = moa.fold %k = %c0 to %c4 (%acc: max f32) {
        %x = moa.psi %a[%i, %k] : tensor<?x4xf32>
        moa.yield %x : f32
      }
      %z = moa.psi %zero[%i] : tensor<?xf32>
      %r = arith.maximumf %z, %m : f32
      moa.yield %r : f32
    } : tensor<?xf32>
    ```

    Rules: linalg_array .. linalg_shape of docs/spec.md.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::moa::MoaDialect"
  ];
}

#endif // MOA_CONVERSION_LINALGTOMOA_PASSES_TD
