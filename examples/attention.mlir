// Attention, in a variant op and in plain algebra. Every extent is dynamic: one
// compiled function serves all shapes. `make demo` compiles and runs this file.

// The variant op on [batch, head, position, dimension].
func.func @attention_f32(%q: tensor<?x?x?x?xf32>, %k: tensor<?x?x?x?xf32>,
                         %v: tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32> {
  %o = moa.attention %q, %k, %v
    : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32> -> tensor<?x?x?x?xf32>
  return %o : tensor<?x?x?x?xf32>
}

func.func @attention_f64(%q: tensor<?x?x?x?xf64>, %k: tensor<?x?x?x?xf64>,
                         %v: tensor<?x?x?x?xf64>) -> tensor<?x?x?x?xf64> {
  %o = moa.attention %q, %k, %v
    : tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64> -> tensor<?x?x?x?xf64>
  return %o : tensor<?x?x?x?xf64>
}

// 16-bit arrays are accumulated in f32.
func.func @attention_bf16(%q: tensor<?x?x?x?xbf16>, %k: tensor<?x?x?x?xbf16>,
                          %v: tensor<?x?x?x?xbf16>) -> tensor<?x?x?x?xbf16> {
  %o = moa.attention %q, %k, %v
    : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16> -> tensor<?x?x?x?xbf16>
  return %o : tensor<?x?x?x?xbf16>
}

func.func @attention_f16(%q: tensor<?x?x?x?xf16>, %k: tensor<?x?x?x?xf16>,
                         %v: tensor<?x?x?x?xf16>) -> tensor<?x?x?x?xf16> {
  %o = moa.attention %q, %k, %v
    : tensor<?x?x?x?xf16>, tensor<?x?x?x?xf16>, tensor<?x?x?x?xf16> -> tensor<?x?x?x?xf16>
  return %o : tensor<?x?x?x?xf16>
}

// Causal, aligned to the end of the keys, with the log-sum-exp of each row.
func.func @causal_f32(%q: tensor<?x?x?x?xf32>, %k: tensor<?x?x?x?xf32>,
                      %v: tensor<?x?x?x?xf32>) -> (tensor<?x?x?x?xf32>, tensor<?x?x?xf32>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32> -> tensor<?x?x?x?xf32>, tensor<?x?x?xf32>
  return %o, %lse : tensor<?x?x?x?xf32>, tensor<?x?x?xf32>
}

func.func @causal_f64(%q: tensor<?x?x?x?xf64>, %k: tensor<?x?x?x?xf64>,
                      %v: tensor<?x?x?x?xf64>) -> (tensor<?x?x?x?xf64>, tensor<?x?x?xf64>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64> -> tensor<?x?x?x?xf64>, tensor<?x?x?xf64>
  return %o, %lse : tensor<?x?x?x?xf64>, tensor<?x?x?xf64>
}

func.func @causal_bf16(%q: tensor<?x?x?x?xbf16>, %k: tensor<?x?x?x?xbf16>,
                       %v: tensor<?x?x?x?xbf16>) -> (tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16> -> tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>
  return %o, %lse : tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>
}

// Grouped queries need no op of their own: fewer key heads than query heads. The
// query keeps `window` keys before its own position.
func.func @gqa_f32(%q: tensor<?x?x?x?xf32>, %k: tensor<?x?x?x?xf32>,
                   %v: tensor<?x?x?x?xf32>, %window: index) -> tensor<?x?x?x?xf32> {
  %o = moa.attention %q, %k, %v causal window_left(%window)
    : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32> -> tensor<?x?x?x?xf32>
  return %o : tensor<?x?x?x?xf32>
}

// Any score code and any mask: ALiBi with a slope for each head, a tanh softcap,
// and document numbers that must agree.
func.func @documents_f32(%q: tensor<?x?x?x?xf32>, %k: tensor<?x?x?x?xf32>,
                         %v: tensor<?x?x?x?xf32>, %slopes: tensor<?xf32>, %cap: f32,
                         %query_doc: tensor<?xi32>, %key_doc: tensor<?xi32>)
    -> tensor<?x?x?x?xf32> {
  %o = moa.attention %q, %k, %v score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %slope = moa.psi %slopes[%h] : tensor<?xf32>
    %behind = arith.subi %j, %i : index
    %distance = arith.index_cast %behind : index to i64
    %steps = arith.sitofp %distance : i64 to f32
    %bias = arith.mulf %slope, %steps : f32
    %biased = arith.addf %s, %bias : f32
    %small = arith.divf %biased, %cap : f32
    %bounded = math.tanh %small : f32
    %capped = arith.mulf %bounded, %cap : f32
    moa.yield %capped : f32
  } mask {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %mine = moa.psi %query_doc[%i] : tensor<?xi32>
    %its = moa.psi %key_doc[%j] : tensor<?xi32>
    %same = arith.cmpi eq, %mine, %its : i32
    moa.yield %same : i1
  } : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32> -> tensor<?x?x?x?xf32>
  return %o : tensor<?x?x?x?xf32>
}

// One head in plain algebra, as one would write it down. The arrays stand with the
// keys as their first axis, so that a statistic of each query broadcasts.
func.func @naive_f32(%q: tensor<?x?xf32>, %k: tensor<?x?xf32>, %v: tensor<?x?xf32>,
                     %scale: f32) -> tensor<?x?xf32> {
  %qt = moa.transpose %q permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %s = moa.inner add %k, %qt {
  ^bb0(%x: f32, %y: f32):
    %xy = arith.mulf %x, %y : f32
    %scaled = arith.mulf %xy, %scale : f32
    moa.yield %scaled : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  %m = moa.reduce max %s axes [0] : tensor<?x?xf32> -> tensor<?xf32>
  %p = moa.map %s, %m {
  ^bb0(%x: f32, %y: f32):
    %d = arith.subf %x, %y : f32
    %e = math.exp %d : f32
    moa.yield %e : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %l = moa.reduce add %p axes [0] : tensor<?x?xf32> -> tensor<?xf32>
  %vt = moa.transpose %v permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %u = moa.inner add %vt, %p {
  ^bb0(%x: f32, %y: f32):
    %xy = arith.mulf %x, %y : f32
    moa.yield %xy : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  %ot = moa.map %u, %l {
  ^bb0(%x: f32, %y: f32):
    %z = arith.divf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %o = moa.transpose %ot permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %o : tensor<?x?xf32>
}
