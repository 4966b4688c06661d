//===- AttentionOps.td - Level 0: whole attention variants -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_ATTENTIONOPS_TD
#define MOA_DIALECT_MOA_IR_ATTENTIONOPS_TD

include "moa/Dialect/Moa/IR/AlgebraOpBase.td"

def Moa_AttentionOp : Moa_Op<"attention", [
    NoMemoryEffect, AttrSizedOperandSegments,
    Moa_OneOperandIn<3, "query, key and value">,
    DeclareOpInterfaceMethods<OpAsmOpInterface,
        ["getAsmBlockArgumentNames", "getAsmResultNames"]>,
    DeclareOpInterfaceMethods<RuntimeVerifiableOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>]> {
  let summary = "Scaled dot-product attention";
  let description = [{
    `query` has shape `[.., Hq, N, dk]`, `key` `[.., Hkv, M, dk]`, `value`
    `[.., Hkv, M, dv]`, all of one rank and one float element type. Of rank 4 the
    leading axis is the batch `b`, which all three share; of rank 3 there is no
    batch, of rank 2 no head either. `Hq` is a multiple of `Hkv`, and query head
    `h` reads key and value head `g = h floordiv (Hq / Hkv)` (attention_groups).

        s[i,j] = scale * SUM_d query[i,d] * key[j,d]
        s[i,j] = score(s[i,j], b, h, i, j)                where `score` is given
        j is admissible for i if the mask and the window below say so
        m[i] = MAX_j s[i,j]    l[i] = SUM_j exp(s[i,j] - m[i])
        output[i,v] = SUM_j exp(s[i,j] - m[i]) * value[j,v] / l[i]
        lse[i] = m[i] + log l[i]

    over the admissible `j` (attention_score, attention_softmax, attention_lse).
    A row without any gives zeros and an `lse` of -inf (attention_empty).
    Scores, sums and `lse` are `f32` for 16-bit arrays, else of the element type
    (attention_types).

    - `scale`: of the score type; `1/sqrt(max(dk, 1))` unless given.
    - The diagonal is aligned to the end of the keys: query `i` stands at key
      `c = i + M - N`. `causal` admits `j <= c`; `window_left(w)` admits
      `j >= c - w`, `window_right(w)` `j <= c + w` (`w >= 0`;
      attention_admissible).
    - `score` and `mask` are regions of pure scalar code, which may read captured
      arrays by `moa.psi`. Their arguments are the indices `(b, h, i, j)` (those
      that the rank has), for `score` behind the score itself. `score` yields the
      new score, `mask` an `i1`: true where `j` is admissible.

    Source: Mullin and Hains, arXiv 2606.07713, Dao et al., arXiv 2205.14135.

    Example:

    ```mlir
    func.func @attention(%q: tensor<?x?x?x64xbf16>, %k: tensor<?x?x?x64xbf16>,
                         %v: tensor<?x?x?x64xbf16>, %slopes: tensor<?xf32>,
                         %s: f32, %w: index)
        -> (tensor<?x?x?x64xbf16>, tensor<?x?x?xf32>) {
      %o, %lse = moa.attention %q, %k, %v scale(%s : f32) causal
          window_left(%w) score {
      ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
        %slope = moa.psi %slopes[%h] : tensor<?xf32>
        %y = arith.addf %x, %slope : f32
        moa.yield %y : f32
      } : tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>
       -> tensor<?x?x?x64xbf16>, tensor<?x?x?xf32>
      return %o, %lse : tensor<?x?x?x64xbf16>, tensor<?x?x?xf32>
    }
    ```
  }];
  let arguments = (ins
    Arg<Moa_Array, "shape [.., Hq, N, dk]">:$query,
    Arg<Moa_Array, "shape [.., Hkv, M, dk]">:$key,
    Arg<Moa_Array, "shape [.., Hkv, M, dv]">:$value,
    Arg<Optional<AnyFloat>, "factor of the scores">:$scale,
    UnitAttr:$causal,
    Arg<Optional<Index>, "keys admitted before the diagonal">:$window_left,
    Arg<Optional<Index>, "keys admitted after the diagonal">:$window_right);
  let results = (outs
    Res<Moa_Array, "shape [.., Hq, N, dv], element type of value">:$output,
    Res<Optional<Moa_Array>, "shape [.., Hq, N], score type">:$lse);
  let regions = (region MaxSizedRegion<1>:$score, MaxSizedRegion<1>:$mask);
  let assemblyFormat = [{
    $query `,` $key `,` $value
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`causal` $causal^)?
    (`window_left` `(` $window_left^ `)`)?
    (`window_right` `(` $window_right^ `)`)?
    (`score` $score^)? (`mask` $mask^)? attr-dict
    `:` type($query) `,` type($key) `,` type($value)
    `->` type($output) (`,` type($lse)^)?
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The type of scores, sums and lse: f64 for f64 arrays, else f32.
    ::mlir::FloatType getScoreType();
    /// The number of axes before `[H, N, D]` resp. `[N, D]`: rank - 2.
    int64_t getNumLeadingAxes();
  }];
}

#endif // MOA_DIALECT_MOA_IR_ATTENTIONOPS_TD
