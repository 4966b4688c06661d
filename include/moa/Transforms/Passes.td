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

    *Materialization.* The operand of a `moa.materialize` becomes a `moa.array`
    of its own, and its result is a leaf. With `materialize=auto` the pass puts
    such operations itself, where an intermediate array has costly elements (a
    fold, a function as `exp`) and the counts of `--moa-print-counts` say that
    storing it is cheaper. With `c` operations for one element, `n` elements and
    `u` evaluations, that is

        c u > 4 (c n + traffic (n + n) + u)

    (it takes memory, so it must pay well), evaluated with `extent` for extents
    that are not known. Evaluations that
    differ only in axes of an array on which the element does not depend are
    shared by blocks of `columns` of them, as loops on the CPU do it; what several
    folds of one result ask for counts once, since they are fused. Remarks
    (category `moa-materialize`) give the numbers, for and against.
  }];
  let options = [
    Option<"materialize", "materialize", "::moa::Materialization",
           /*default=*/"::moa::Materialization::Auto",
           "when to store intermediate arrays that no moa.materialize pins",
           [{::llvm::cl::values(
             clEnumValN(::moa::Materialization::Auto, "auto",
                        "where counts say that it is cheaper"),
             clEnumValN(::moa::Materialization::Never, "never", "never"))}]>,
    Option<"extent", "extent", "int64_t", /*default=*/"1024",
           "what an extent that is not known is taken for, at least 1">,
    Option<"traffic", "traffic", "int64_t", /*default=*/"8",
           "operations that moving one element costs, at least 0">,
    Option<"columns", "columns", "int64_t", /*default=*/"1024",
           "evaluations that one block of columns shares, at least 1">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def MoaEqualityToSMT : Pass<"moa-equality-to-smt", "::mlir::ModuleOp"> {
  let summary = "Ask an SMT solver whether two functions are one";
  let description = [{
    For each function `f` with the attribute `moa.equals = @g` a query that is
    unsatisfiable exactly if, for all extents, numbers and arrays, `f` and `g`
    return arrays of the same extents with the same elements, and `g` reads no
    element out of bounds that `f` does not read so. The module becomes one
    `smt.solver` for each, as upstream's `--export-smtlib` takes it.

    Both are to be in normal form, without folds: elements come from the psi-
    rules of the operations that they had. Extents and indices are integers,
    arrays functions of their indices, and an operation on elements is a function
    of which nothing is known. An attribute `moa.assume = @h` names a function
    of the same arguments that returns an `i1`: what is taken to hold.

    Example: the query for

    ```mlir
    func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @g}
    ```

    is satisfiable where the extents differ, or an element does.
  }];
  let dependentDialects = ["::mlir::smt::SMTDialect"];
}

def MoaSimplify : Pass<"moa-simplify", "::mlir::func::FuncOp"> {
  let summary = "Simplify expressions of the algebra (levels 1 and 2)";
  let description = [{
    Rewrites arrays by laws of the algebra: selections of selections become one,
    permutations are composed, a part that is cut out of a concatenation is cut
    out of one of its parts, neighbours that are joined again are the whole.
    The premises of a rule (a count that is not negative, a cut within the first
    part) must be known. Each rule has a proof: both sides'
    elements and extents are generated by the operations' own psi-rules and
    shape functions, translated to `smt` and checked for all shapes and indices
    by an SMT solver in the tests (`docs/simplification.md`). The rules and what
    they need:

    | rule | from | to |
    |---|---|---|
    | reverse_reverse | reverse of reverse | reverse along the axes of one of them |
    | transpose_transpose | transpose of transpose | transpose by the product |
    | rotate_rotate | rotate of rotate | rotate by the sum |
    | take_take | take c of take d, 0 <= c <= d | take c |
    | take_all | take of as many as there are | the array |
    | drop_drop | drop c of drop d, 0 <= c, d | drop c + d |
    | drop_take | drop c of take d, 0 <= c <= d | take d - c of drop c |
    | take_cat | take within the first part of a cat | take of that part |
    | drop_cat | drop of the first part of a cat, or more | drop of the rest |
    | cat_parts | cat of take c and drop c of one array, 0 <= c <= n | the array |
    | drop_reverse | drop c of reverse, 0 <= c | reverse of take max(n - c, 0) |
    | take_reverse | take c of reverse, 0 <= c <= n | reverse of drop n - c |
    | reshape_reshape | reshape of reshape, as many elements | reshape |
    | gather_iota | gather by iota m, m <= n | take m |

    Example:

    ```mlir
    %0 = moa.reverse %a axes [0] : tensor<8xf32>
    %1 = moa.drop %0[2] : tensor<8xf32> -> tensor<6xf32>
    ```

    becomes

    ```mlir
    %0 = moa.take %a[6] : tensor<8xf32> -> tensor<6xf32>
    %1 = moa.reverse %0 axes [0] : tensor<6xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
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

def MoaPrintCounts : Pass<"moa-print-counts", "::mlir::ModuleOp"> {
  let summary = "Print what each array costs, as closed forms in the extents";
  let description = [{
    For every `moa.array`, for what stands outside of arrays, and for each
    function: scalar operations by kind, elements read of each array, with and
    without repetition, and elements written. The forms hold for all extents, 0
    included; bounds of folds may depend on outer axes. They are equal to what
    the reference interpreter counts (`moa-run --counters`), by whose rules the
    `correct` region of a tower costs nothing and each result of a tower computes
    its own element.

    An extent is named after the argument and axis (`q.2`), `[f > g]` is 1 where
    the bracket holds and else 0. What depends on data in a way that has no form
    (a branch on a float) is a range. Integers that are loaded stand in the form:
    `sum(0 <= i < n: end[i] - start[i])`. Counts are of functions in normal form.

    Example: for the sum of the lower triangle

    ```mlir
    %s = moa.array (%i) in (%n) {
      %end = arith.addi %i, %c1 : index
      %r = moa.fold %k = %c0 to %end (%acc: add f32) {
        %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
        moa.yield %x : f32
      }
      moa.yield %r : f32
    } : tensor<?xf32>
    ```

    is printed

    ```text
      moa.array of line 5:
        float add: arg0.0*(arg0.0 + 1)/2
        integer add: arg0.0
        read arg0: arg0.0*(arg0.0 + 1)/2, distinct: arg0.0*(arg0.0 + 1)/2
        write result0: arg0.0
    ```
  }];
  let options = [
    Option<"json", "json", "bool", /*default=*/"false",
           "as JSON: each form as text and as a tree">,
    Option<"nonempty", "nonempty", "bool", /*default=*/"false",
           "take every extent to be at least 1, which makes forms shorter">
  ];
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

    - the only operations of the dialect are `moa.array`, `moa.fold`, `moa.psi`,
      `moa.yield`, and `moa.materialize` outside of bodies;
    - every `moa.psi` has a full index and reads a leaf: not the result of a
      `moa.array` (that of a `moa.materialize` is one);
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

    The `cf.assert` operations of `F` itself go over to the contract.

    To be run before anything else but `--convert-linalg-to-moa`, while the
    operations are still there that have conditions.

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
