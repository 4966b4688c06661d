//===- NormalFormOps.td - Level 2: array, fold -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_NORMALFORMOPS_TD
#define MOA_DIALECT_MOA_IR_NORMALFORMOPS_TD

include "moa/Dialect/Moa/IR/AlgebraOpBase.td"

def Moa_ReducerArrayAttr
    : TypedArrayAttrBase<Moa_ReducerAttr, "reducers, one for each result">;

def Moa_ArrayOp : Moa_Op<"array", [
    AttrSizedOperandSegments, SingleBlock, RecursiveMemoryEffects,
    Moa_NamesArguments, DeclareOpInterfaceMethods<RuntimeVerifiableOpInterface>,
    DeclareOpInterfaceMethods<PsiOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "The array whose elements the body computes";
  let description = [{
    An array comprehension over named axes. Axis `a` runs over `0 <= a <
    extent`; the extents are constants or index values. Result `r` is the array
    whose element at the axes of its map is what the body yields as value `r`:

        (map_r(a)) psi result_r = body_r(a)                      (psi_array)

    Each result names the axes that it depends on by a projected permutation,
    the identity unless `maps` is given; along other axes its value must not
    vary (a log-sum-exp has no value axis). The body is pure scalar code in
    `arith`, `math`, `affine.apply`, `scf.if`, `moa.fold` and `moa.psi`. It may
    use values from outside.

    `outs` gives destinations: tensors, one for each result and of its type, or
    after bufferization memrefs, in which case there are no results. No element
    of a destination is read.

    In the normal form this is the only operation with arrays as results.
    Source: Mullin (1988), the denotational normal form.

    Example:

    ```mlir
    func.func @array(%a: tensor<?x4xf32>, %b: tensor<?xf32>, %n: index)
        -> (tensor<?x4xf32>, tensor<?xf32>) {
      %c, %row = moa.array (%i, %j) in (%n, 4)
          maps [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>] {
        %x = moa.psi %a[%i, %j] : tensor<?x4xf32>
        %y = moa.psi %b[%i] : tensor<?xf32>
        moa.yield %x, %y : f32, f32
      } : tensor<?x4xf32>, tensor<?xf32>
      return %c, %row : tensor<?x4xf32>, tensor<?xf32>
    }
    ```

    and after bufferization:

    ```mlir
    func.func @buffers(%a: memref<?xf32>, %out: memref<?xf32>, %n: index) {
      moa.array (%i) in (%n) outs(%out : memref<?xf32>) {
        %x = moa.psi %a[%i] : memref<?xf32>
        moa.yield %x : f32
      }
      return
    }
    ```
  }];
  let arguments = (ins
    Arg<Variadic<Index>, "dynamic extents of the axes">:$extents,
    DenseI64ArrayAttr:$static_extents,
    Arg<Variadic<Moa_ArrayOrBuffer>, "destinations, none or one a result">:$outs,
    AffineMapArrayAttr:$maps);
  let results = (outs Res<Variadic<Moa_Array>, "one for each yielded value">:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    /// Axes of the given extents and an empty body with one argument for each.
    /// `maps` defaults to identities, `outs` to none.
    OpBuilder<(ins "::mlir::TypeRange":$resultTypes,
                   "::llvm::ArrayRef<::mlir::OpFoldResult>":$extents,
                   CArg<"::llvm::ArrayRef<::mlir::AffineMap>", "{}">:$maps,
                   CArg<"::mlir::ValueRange", "{}">:$outs)>
  ];
  let extraClassDeclaration = [{
    unsigned getNumAxes() { return getStaticExtents().size(); }
    ::mlir::Block::BlockArgListType getAxes() { return getBody().getArguments(); }
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedExtents();
    ::mlir::AffineMap getMap(unsigned result);
    /// True after bufferization: the destinations are memrefs.
    bool hasBufferSemantics();
    /// The terminator's operands: the element of each result.
    ::mlir::ValueRange getYieldedValues();
  }];
  let hasCanonicalizer = 1;
}

def Moa_FoldOp : Moa_Op<"fold", [
    RecursivelySpeculatable, RecursiveMemoryEffects, Moa_NamesArguments]> {
  let summary = "A tower of folds over one axis";
  let description = [{
    Folds the indices `lower <= k < upper` (none if `upper <= lower`: fold_range).
    Result `i`
    of the tower has a reducer `+i` with identity `0i`, and an element `e_i`,
    which may use the results before it. The meaning is the naive chain:

        r_i = start_i +i SUM_i over k of e_i(k, r_1 .. r_{i-1})    (fold_chain)

    with the *final* `r_1 .. r_{i-1}`. `start_i` is `0i` where there is no `init`,
    else `init_i`, and in a tower with `correct` `C_i(init, r_1 .. r_{i-1})`: then
    `init` is a state, that of other indices (fold_start).

    - `body`: `(k, r_1, .., r_n)`, yields `e_1 .. e_n`. Element `i` depends on
      the running value `r_j` only for `j < i` (fold_order).
    - `correct`: `(old_1 .. old_n) to (new_1 .. new_n)`, yields `C_1 .. C_n`:
      what was summed against the old earlier results, re-expressed against the
      new ones. `C_i` depends on `old_j` for `j <= i` and on `new_j` for
      `j < i`. It obeys the transport law (T) of `docs/spec.md` (fold_transport);
      where it is present the tower runs in one pass, `new_i = C_i(old, new) +i
      e_i(k, new)` (fold_pass), and states of parts merge (fold_merge). It does
      not change the meaning, but for what it says of start values.

    Reducers by name: `add`, `mul`, `max`, `min`, `and`, `or`, `xor`, as for
    `moa.reduce`. `custom` is followed by a region `(accumulated, next)` and
    needs `init`; it is applied in ascending order and never reassociated.
    Source: `docs/spec.md`, section on folds; the one-pass form of softmax is due
    to Milakov and Gimelshein, arXiv 1805.02867.

    Example:

    ```mlir
    func.func @softmax_state(%a: tensor<?xf32>, %lower: index, %upper: index)
        -> (f32, f32) {
      %m, %l = moa.fold %k = %lower to %upper (%rm: max f32, %rl: add f32) {
        %s = moa.psi %a[%k] : tensor<?xf32>
        %t = arith.subf %s, %rm : f32
        %p = math.exp %t : f32
        moa.yield %s, %p : f32, f32
      } correct (%m0, %l0) to (%m1, %l1) {
        %t = arith.subf %m0, %m1 : f32
        %f = math.exp %t : f32
        %lc = arith.mulf %l0, %f : f32
        moa.yield %m0, %lc : f32, f32
      }
      return %m, %l : f32, f32
    }

    func.func @alternating(%a: tensor<?xf32>, %lower: index, %upper: index,
                           %start: f32) -> f32 {
      %d = moa.fold %k = %lower to %upper (%acc: custom f32 combine (%x, %y) {
        %z = arith.subf %y, %x : f32
        moa.yield %z : f32
      }) init(%start) {
        %e = moa.psi %a[%k] : tensor<?xf32>
        moa.yield %e : f32
      }
      return %d : f32
    }
    ```
  }];
  let arguments = (ins Arg<Index, "first index">:$lower,
                       Arg<Index, "end of the indices, exclusive">:$upper,
                       Arg<Variadic<Moa_Element>, "none, or one a result">:$inits,
                       Moa_ReducerArrayAttr:$reducers);
  let results = (outs Res<Variadic<Moa_Element>, "the final state">:$results);
  let regions = (region SizedRegion<1>:$body, MaxSizedRegion<1>:$correct,
                        VariadicRegion<SizedRegion<1>>:$combiners);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    /// A tower with an empty body and no `correct` region. One combiner region
    /// with an empty block is made for each `custom` reducer.
    OpBuilder<(ins "::mlir::Value":$lower, "::mlir::Value":$upper,
                   "::mlir::TypeRange":$types,
                   "::llvm::ArrayRef<::moa::ReducerKind>":$reducers,
                   CArg<"::mlir::ValueRange", "{}">:$inits)>
  ];
  let extraClassDeclaration = [{
    ::mlir::Value getIndex() { return getBody().getArgument(0); }
    /// The running values r_1 .. r_n in the body.
    ::mlir::Block::BlockArgListType getRunning() {
      return getBody().getArguments().drop_front();
    }
    ::moa::ReducerKind getReducer(unsigned result);
    /// The combiner region of a result with reducer `custom`, else null.
    ::mlir::Region *getCombiner(unsigned result);
    bool hasCorrect() { return !getCorrect().empty(); }
    /// The body's terminator operands: the element of each result.
    ::mlir::ValueRange getElements();
    /// The `correct` region's terminator operands (it must be present).
    ::mlir::ValueRange getCorrected();
    /// old_1 .. old_n and new_1 .. new_n in the `correct` region.
    ::mlir::Block::BlockArgListType getOldState();
    ::mlir::Block::BlockArgListType getNewState();
  }];
  let hasCanonicalizer = 1;
}

def Moa_MaterializeOp : Moa_Op<"materialize", [
    Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>]> {
  let summary = "Store an array before it is used";
  let description = [{
    The array itself:

        i psi (materialize A) = i psi A                        (psi_materialize)

    but it is stored, and its elements are read where they are used: it has no
    psi-rule, so that psi-reduction makes its operand a `moa.array` of its own
    and takes its result for a leaf. `--moa-psi-reduce` puts one where counts
    say that an element costs more to compute at each use than to store; a
    program may have them where it knows better.

    In buffers nothing is left of it: one allocation, which one loop nest writes
    and later ones read. Source: `docs/counts.md`, on materialization.

    Example:

    ```mlir
    func.func @stored(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %0 = moa.reverse %a axes [0] : tensor<?x4xf32>
      %1 = moa.materialize %0 : tensor<?x4xf32>
      return %1 : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins Arg<Moa_Array, "any shape">:$source);
  let results = (outs Res<Moa_Array, "the shape of the source">:$result);
  let assemblyFormat = "$source attr-dict `:` type($result)";
  let hasFolder = 1;
}

#endif // MOA_DIALECT_MOA_IR_NORMALFORMOPS_TD
