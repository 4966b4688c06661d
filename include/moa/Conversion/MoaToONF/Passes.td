//===- Passes.td - From the normal form to loops -------*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_MOATOONF_PASSES_TD
#define MOA_CONVERSION_MOATOONF_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMoaToONF : Pass<"convert-moa-to-onf", "::mlir::func::FuncOp"> {
  let summary = "Turn the normal form on buffers into loops (level 2 to level 4)";
  let description = [{
    Lowers `moa.array` with buffers as destinations, and `moa.fold` and
    `moa.psi` at function level, to `scf`, `memref`, `arith` and `math`. No
    operation of moa is left. The input is in normal form
    (`--moa-verify-dnf`) and bufferized.

    *Loops.* An array becomes one `scf.forall` over its *parallel* axes. A fold
    becomes an `scf.for` with its state as loop-carried values. A value is
    computed where all axes that it depends on are bound, not further inside. So
    axes on which some fold does not depend are *column* axes: they are looped
    over inside, after that fold. The groups of axes are ordered by inclusion of
    the axis sets of folds, and of functions in them: for the mean of row `i` in an array over `(i, k)` first
    `i`, then `k`.

    *Scratch rows.* A fold that depends on a column axis, and holds a nested fold,
    a function as `math.exp` or an earlier result of the same tower that does
    not, keeps one state for each column in a `memref.alloca`, and updates it in
    a loop over the columns inside its own loop. In attention `v` is the column axis: scores, maximum and
    sum are computed once for each key. Several column axes are flattened.
    Columns are processed in blocks of at most `column-block`; the blocks are one
    more axis of the `scf.forall`.

    *Towers* with a `correct` region run in one loop. Without, results whose
    elements use no unfinished result run together, then the next. `custom`
    reducers are applied in ascending order.

    Guards are kept: nothing is read that the input does not read. Where a
    condition depends on a column, work behind it that does not is done if any
    column of the block asks for it.

    Remarks (category `moa-to-onf`): a fold that is computed again for each value
    of an axis that it does not depend on, because no order of the axes avoids
    it; columns of a known number beyond `column-block`; a `correct` region that
    depends on axes that its result does not have, and is not used.

    Example:

    ```mlir
    moa.array (%i, %k) in (%n, %m) outs(%out : memref<?x?xf32>) {
      %s = moa.fold %j = %c0 to %m (%r: add f32) {
        %x = moa.psi %a[%i, %j] : memref<?x?xf32>
        moa.yield %x : f32
      }
      %y = moa.psi %a[%i, %k] : memref<?x?xf32>
      %z = arith.divf %y, %s : f32
      moa.yield %z : f32
    }
    ```

    becomes

    ```mlir
    scf.forall (%i) in (%n) {
      %s = scf.for %j = %c0 to %m step %c1 iter_args(%r = %zero) -> (f32) {
        %x = memref.load %a[%i, %j] : memref<?x?xf32>
        %t = arith.addf %r, %x : f32
        scf.yield %t : f32
      }
      scf.for %k = %c0 to %m step %c1 {
        %y = memref.load %a[%i, %k] : memref<?x?xf32>
        %z = arith.divf %y, %s : f32
        memref.store %z, %out[%i, %k] : memref<?x?xf32>
      }
    }
    ```
  }];
  let options = [
    Option<"columnBlock", "column-block", "int64_t", /*default=*/"1024",
           "Columns whose state is kept in scratch at a time, at least 1">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def MoaHoistScratch : Pass<"moa-hoist-scratch", "::mlir::func::FuncOp"> {
  let summary = "Move scratch memory to the entry of the function";
  let description = [{
    Moves every `memref.alloca` of static size to the start of the function. In
    loops that have become branches an alloca takes more of the stack at each
    iteration. For code in which each iteration uses scratch that it has filled
    itself, and iterations run one after another: the CPU loops of moa.

    Example:

    ```mlir
    scf.for %i = %c0 to %n step %c1 {
      %row = memref.alloca() : memref<64xf32>
      ...
    }
    ```

    becomes

    ```mlir
    %row = memref.alloca() : memref<64xf32>
    scf.for %i = %c0 to %n step %c1 {
      ...
    }
    ```
  }];
}

#endif // MOA_CONVERSION_MOATOONF_PASSES_TD
