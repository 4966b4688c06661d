//===- Passes.td - Passes over levels 0 to 2 -----------*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TRANSFORMS_PASSES_TD
#define MOA_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def MoaExpand : Pass<"moa-expand", "::mlir::func::FuncOp"> {
  let summary = "Write variants as algebra (level 0 to level 1)";
  let description = [{
    Replaces each variant operation by its definition, as naive algebra: one
    array for each formula, every intermediate array spelled out. Nothing below
    this pass knows the name of a variant. For `moa.attention` these are the
    scores, the row maximum, the row sum, the output and, if asked for, the
    log-sum-exp.

    Example: the row maximum of

    ```mlir
    %o = moa.attention %q, %k, %v
      : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32> -> tensor<?x64xf32>
    ```

    becomes an array of its own, over the array of scores:

    ```mlir
    %m = moa.array (%i) in (%n) {
      %r = moa.fold %j = %c0 to %keys (%acc: max f32) {
        %s = moa.psi %scores[%i, %j] : tensor<?x?xf32>
        moa.yield %s : f32
      }
      moa.yield %r : f32
    } : tensor<?xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"
  ];
}

def MoaPsiReduce : Pass<"moa-psi-reduce", "::mlir::func::FuncOp"> {
  let summary = "Eliminate every intermediate array (level 1 to level 2)";
  let description = [{
    Psi-reduction to the denotational normal form. Every array that something
    outside the algebra uses (a `return`, a call) becomes one `moa.array`; its
    element is reduced by the psi-rules of `PsiOpInterface` until only leaves are
    read: function arguments, constants, and results of operations that are not
    of the algebra. Intermediate arrays are gone then.

    - An element whose index is known to be in bounds is placed in the outermost
      fold that defines it, so that equal elements are computed once.
    - Results whose axes are the first axes of another result's become results
      of one `moa.array`, so that they share what they have in common.

    Example:

    ```mlir
    %0 = moa.transpose %a permutation [1, 0] : tensor<3x5xf32> -> tensor<5x3xf32>
    %1 = moa.reduce add %0 axes [1] : tensor<5x3xf32> -> tensor<5xf32>
    return %1 : tensor<5xf32>
    ```

    becomes

    ```mlir
    %0 = moa.array (%i) in (5) {
      %1 = moa.fold %k = %c0 to %c3 (%acc: add f32) {
        %2 = moa.psi %a[%k, %i] : tensor<3x5xf32>
        moa.yield %2 : f32
      }
      moa.yield %1 : f32
    } : tensor<5xf32>
    return %0 : tensor<5xf32>
    ```

    Rules: psi_iota .. psi_array of docs/spec.md. An operation of the algebra
    that cannot be reduced is an error.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def MoaFuseFolds : Pass<"moa-fuse-folds", "::mlir::func::FuncOp"> {
  let summary = "Make one-pass towers of chains of folds";
  let description = [{
    In each block, folds over the same range of which one uses another's results,
    directly or through scalar code, or which read the same arrays, become one
    tower. Its `correct` region is derived and proved, so that it runs in one
    pass, in tiles, and in parts that are merged:

    - scales: `exp(s - m)` under a running maximum, as `old * exp(m - m')`;
    - shifts: powers of `x - mean`, with companion sums found by differentiation,
      reusing sums that are there already;
    - keep or void: what is selected where an extreme is attained;
    - deferred factors: what depends on results only leaves the fold;
    - monotone functions leave a maximum or minimum;
    - ranks: the largest of what is less than the largest, and so on, and what is
      selected there;
    - counts: where a result meets the extent of the range.

    The pass knows the algebra of `arith` and `math` operations, no programs.
    What cannot be proved, or would lose digits, starts the next pass over the
    range, and a remark names the subexpression and the reason. Sums and products
    are reassociated.

    Before that, folds of folds with one reducer become folds over pairs where
    another such pair uses the result; start values join the result behind the fold
    where others share its range; branches that read nothing become choices. A
    tower that has a `correct` region already takes part if it stays in one pass.
    Folds with `custom` reducers stay as they are.

    Example: the folds of a softmax denominator

    ```mlir
    %m = moa.fold %k = %c0 to %n (%acc: max f32) {
      %x = moa.psi %a[%k] : tensor<?xf32>
      moa.yield %x : f32
    }
    %l = moa.fold %k = %c0 to %n (%acc: add f32) {
      %x = moa.psi %a[%k] : tensor<?xf32>
      %d = arith.subf %x, %m : f32
      %e = math.exp %d : f32
      moa.yield %e : f32
    }
    ```

    become

    ```mlir
    %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
      %x = moa.psi %a[%k] : tensor<?xf32>
      %dead = arith.cmpf oeq, %rm, %ninf : f32
      %ref = arith.select %dead, %zero, %rm : f32
      %d = arith.subf %x, %ref : f32
      %e = math.exp %d : f32
      moa.yield %x, %e : f32, f32
    } correct (%m0, %l0) to (%m1, %l1) {
      %dead = arith.cmpf oeq, %m1, %ninf : f32
      %ref = arith.select %dead, %zero, %m1 : f32
      %d = arith.subf %m0, %ref : f32
      %f = math.exp %d : f32
      %lc = arith.mulf %l0, %f : f32
      moa.yield %m0, %lc : f32, f32
    }
    ```
  }];
  let options = [
    Option<"moments", "moments", "std::string", /*default=*/"\"running\"",
           "'running': companion sums that vanish over the reals are dropped; "
           "'exact': they are kept, so that moments are exact at one state more">,
    ListOption<"approximate", "approximate", "std::string",
               "operations that round, by name without dialect (roundeven, "
               "truncf), which may be taken for the identity where they stand "
               "between the index and earlier results">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def MoaCheckFolds : Pass<"moa-check-folds", "::mlir::func::FuncOp"> {
  let summary = "Prove the transport law of every tower";
  let description = [{
    Proves the law (T) of `docs/spec.md` for each `moa.fold` with a `correct`
    region, whoever wrote it. A tower whose law is not provable is an error that
    names the obligation which fails. An element without a proper value at the
    empty state is a warning. The pass changes nothing.

    Example: rejected is

    ```mlir
    %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
      %x = moa.psi %a[%k] : tensor<?xf32>
      %d = arith.subf %x, %rm : f32
      %e = math.exp %d : f32
      moa.yield %x, %e : f32, f32
    } correct (%m0, %l0) to (%m1, %l1) {
      %d = arith.subf %m1, %m0 : f32
      %f = math.exp %d : f32
      %lc = arith.mulf %l0, %f : f32
      moa.yield %m0, %lc : f32, f32
    }
    ```

    since the factor must be `exp(m0 - m1)`.
  }];
}

def MoaSplitFold : Pass<"moa-split-fold", "::mlir::func::FuncOp"> {
  let summary = "Run folds in parts, and merge the partial states";
  let description = [{
    Splits the range of folds in array bodies and in functions into `parts` parts
    of equal length (the last ones shorter or empty). The partial states become
    an array of their own, with the parts as last axis; where the fold stood, a
    fold over the parts merges them. The merge is a tower again: its elements are
    the `correct` region of the original applied to the stored states, with the
    same reducers and the same `correct` region. So it can be split, too.

    A remark tells which folds cannot run in parts: those with start values, with
    `custom` reducers, or without the `correct` region that they need.

    The array of states is an intermediate array, so the pass stands behind
    `moa-verify-dnf`.

    Example: the sum of `n` numbers with `parts=4`

    ```mlir
    %s = moa.fold %k = %c0 to %n (%acc: add f32) {
      %x = moa.psi %a[%k] : tensor<?xf32>
      moa.yield %x : f32
    }
    ```

    becomes

    ```mlir
    %states = moa.array (%p) in (4) {
      %lo = ...
      %hi = ...
      %s = moa.fold %k = %lo to %hi (%acc: add f32) {
        %x = moa.psi %a[%k] : tensor<?xf32>
        moa.yield %x : f32
      }
      moa.yield %s : f32
    } : tensor<4xf32>
    %s = moa.fold %p = %c0 to %c4 (%acc: add f32) {
      %x = moa.psi %states[%p] : tensor<4xf32>
      moa.yield %x : f32
    }
    ```
  }];
  let options = [
    Option<"axis", "axis", "int64_t", /*default=*/"-1",
           "which fold of each body, counted from 0; all if negative">,
    Option<"parts", "parts", "int64_t", /*default=*/"2",
           "how many parts, at least 1">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect"];
}

def MoaSplitSegments : Pass<"moa-split-segments", "::mlir::func::FuncOp"> {
  let summary = "Make one fold for each segment of a concatenation";
  let description = [{
    The element of a concatenation is piecewise: a branch on `k < n`. A fold over
    such elements becomes two, over the indices on either side; the second starts
    from the state of the first (fold_start of docs/spec.md). Each reads its own
    segment, dense, gathered or truncated, and none is copied. Rule fold_segments.

    - The range is cut where a branch on the fold's index, in the body or in what
      is nested in it, is one comparison that is affine in the index. A branch
      behind which there are no elements is a mask, and is left to
      `moa-tighten-bounds`.
    - It is cut, too, where a mask admits two intervals (`or`), such as the first
      keys and a window: then each part has bounds.
    - A tower needs its `correct` region for this, so `moa-fuse-folds` stands
      before the pass; without it the tower stays whole, with a remark.
    - Segments whose lengths are different values are cut at each, so that arrays
      of keys and of values that are concatenated at other places are right, too:
      what lies between the cuts is a fold of its own, empty if they are equal.

    Example: the sum over the concatenation of two arrays

    ```mlir
    %s = moa.fold %k = %c0 to %both (%acc: add f32) {
      %early = arith.cmpi slt, %k, %n : index
      %x = scf.if %early -> (f32) {
        %y = moa.psi %a[%k] : tensor<?xf32>
        scf.yield %y : f32
      } else {
        %l = affine.apply affine_map<(d0)[s0] -> (d0 - s0)>(%k)[%n]
        %y = moa.psi %b[%l] : tensor<?xf32>
        scf.yield %y : f32
      }
      moa.yield %x : f32
    }
    ```

    becomes

    ```mlir
    %t = moa.fold %k = %c0 to %n (%acc: add f32) {
      %y = moa.psi %a[%k] : tensor<?xf32>
      moa.yield %y : f32
    }
    %s = moa.fold %k = %n to %both (%acc: add f32) init(%t) {
      %l = affine.apply affine_map<(d0)[s0] -> (d0 - s0)>(%k)[%n]
      %y = moa.psi %b[%l] : tensor<?xf32>
      moa.yield %y : f32
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def MoaTightenBounds : Pass<"moa-tighten-bounds", "::mlir::func::FuncOp"> {
  let summary = "Make bounds of the conditions that mask elements of folds";
  let description = [{
    The *domain* of a fold, the indices at which it has elements, is its range:
    bounds that are affine in the axes around it and in values that do not depend
    on its index. The pass finds conditions in the body such that where they do
    not hold every element is the identity of its reducer (domain_absent of
    docs/spec.md), and makes them bounds (domain_bounds): causal masks, windows,
    prefixes, lengths of segments. They are gone from the element then, so that
    the loop over the range asks for nothing.

    - Conditions are comparisons of integers that are affine in the index, also
      through a quotient by a constant (blocks), and `and`, `or`, `not` of such. Of
      an `or` the smallest interval is taken; unless it is exact, the condition
      stays in the element, too.
    - What a bound is compared with may be loaded (offsets of documents, lengths),
      as long as it does not depend on the index. The read is done in front of the
      fold, if the range has an index at all.
    - A condition that is no such bound stays in the element, with a remark
      (`MaskStays`).
    - Conditions that the bounds of a fold decide become constants.

    Example: the sum of a row up to the diagonal

    ```mlir
    %s = moa.fold %k = %c0 to %n (%acc: add f32) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
      %below = arith.cmpi sle, %k, %i : index
      %y = arith.select %below, %x, %zero : f32
      moa.yield %y : f32
    }
    ```

    becomes

    ```mlir
    %next = affine.apply affine_map<(d0) -> (d0 + 1)>(%i)
    %end = arith.minsi %n, %next : index
    %s = moa.fold %k = %c0 to %end (%acc: add f32) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
      moa.yield %x : f32
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def MoaVerifyDNF : Pass<"moa-verify-dnf", "::mlir::func::FuncOp"> {
  let summary = "Check that a function is in denotational normal form";
  let description = [{
    The contract between the two halves of the compiler. After it

    - the only operations of the dialect are `moa.array`, `moa.fold`, `moa.psi`
      and `moa.yield`;
    - every `moa.psi` has a full index and reads a leaf: not the result of a
      `moa.array`;
    - bodies hold `arith` and `math` operations, `affine.apply`, `scf.if`,
      `tensor.dim`, `memref.dim` and these, nothing else.

    Anything else is an error at the operation. The pass changes nothing.

    Example: accepted is

    ```mlir
    %0 = moa.array (%i) in (5) {
      %x = moa.psi %a[%i] : tensor<5xf32>
      moa.yield %x : f32
    } : tensor<5xf32>
    ```
  }];
}

def MoaDestinationPassing
    : Pass<"moa-destination-passing", "::mlir::ModuleOp"> {
  let summary = "Turn tensor results of functions into destination arguments";
  let description = [{
    Every tensor result of a public function gets a trailing argument of its
    type, marked writable, in which the result is built: it becomes the `outs` of
    the `moa.array` that computes it, or is copied there. After bufferization the
    function writes into the caller's buffers and returns no array. The results
    stay; `--moa-drop-destination-results` takes them away. Scalar results stay
    results. A function that is called in the module is an error.

    Example:

    ```mlir
    func.func @f(%a: tensor<?xf32>) -> tensor<?xf32>
    ```

    becomes

    ```mlir
    func.func @f(%a: tensor<?xf32>,
                 %out: tensor<?xf32> {bufferization.writable = true,
                                      moa.destination}) -> tensor<?xf32>
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def MoaOutlineContract : Pass<"moa-outline-contract", "::mlir::ModuleOp"> {
  let summary = "Make a function that checks arguments and says result extents";
  let description = [{
    For each public function `F` a function `F__contract` of the same arguments
    that computes no array: its first result is 0 if the shapes of the arguments
    fit together, else 1 + the number of the first message in its attribute
    `moa.messages` that applies. Then come the extents of every tensor result of
    `F`, in order. A caller uses it to refuse bad arguments and to allocate the
    destinations. The conditions are those of `RuntimeVerifiableOpInterface`.

    To be run before anything else, while the operations are still there that
    have conditions.

    Example: for

    ```mlir
    func.func @f(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32>
    ```

    that adds two vectors

    ```mlir
    func.func @f__contract(%a: tensor<?xf32>, %b: tensor<?xf32>) -> (i64, index)
        attributes {moa.messages = ["..."]}
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect"];
}

#endif // MOA_TRANSFORMS_PASSES_TD
