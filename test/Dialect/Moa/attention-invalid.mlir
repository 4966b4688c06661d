// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @rank_1(%q: tensor<4xf32>) {
  // expected-error @+1 {{'moa.attention' op query must have rank 2, 3 or 4, but is 'tensor<4xf32>'}}
  %o = moa.attention %q, %q, %q : tensor<4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @rank_5(%q: tensor<1x1x1x4x4xf32>) {
  // expected-error @+1 {{'moa.attention' op query must have rank 2, 3 or 4, but is 'tensor<1x1x1x4x4xf32>'}}
  %o = moa.attention %q, %q, %q
    : tensor<1x1x1x4x4xf32>, tensor<1x1x1x4x4xf32>, tensor<1x1x1x4x4xf32> -> tensor<1x1x1x4x4xf32>
  return
}

// -----

func.func @integers(%q: tensor<4x4xi32>) {
  // expected-error @+1 {{'moa.attention' op needs float elements, but query is 'tensor<4x4xi32>'}}
  %o = moa.attention %q, %q, %q : tensor<4x4xi32>, tensor<4x4xi32>, tensor<4x4xi32> -> tensor<4x4xi32>
  return
}

// -----

func.func @key_element(%q: tensor<4x4xf32>, %k: tensor<4x4xf16>) {
  // expected-error @+1 {{'moa.attention' op key must have rank and element type of 'tensor<4x4xf32>', but is 'tensor<4x4xf16>'}}
  %o = moa.attention %q, %k, %q : tensor<4x4xf32>, tensor<4x4xf16>, tensor<4x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @value_rank(%q: tensor<4x4xf32>, %v: tensor<1x4x4xf32>) {
  // expected-error @+1 {{'moa.attention' op value must have rank and element type of 'tensor<4x4xf32>', but is 'tensor<1x4x4xf32>'}}
  %o = moa.attention %q, %q, %v : tensor<4x4xf32>, tensor<4x4xf32>, tensor<1x4x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @key_dimension(%q: tensor<4x8xf32>, %k: tensor<4x16xf32>) {
  // expected-error @+1 {{'moa.attention' op key dimension of query and key differs: 8 and 16}}
  %o = moa.attention %q, %k, %q : tensor<4x8xf32>, tensor<4x16xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @number_of_keys(%q: tensor<4x8xf32>, %v: tensor<5x8xf32>) {
  // expected-error @+1 {{'moa.attention' op number of keys and values differs: 4 and 5}}
  %o = moa.attention %q, %q, %v : tensor<4x8xf32>, tensor<4x8xf32>, tensor<5x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @batch_of_key(%q: tensor<2x1x4x8xf32>, %k: tensor<3x1x4x8xf32>) {
  // expected-error @+1 {{'moa.attention' op batch of query and key differs: 2 and 3}}
  %o = moa.attention %q, %k, %q
    : tensor<2x1x4x8xf32>, tensor<3x1x4x8xf32>, tensor<2x1x4x8xf32> -> tensor<2x1x4x8xf32>
  return
}

// -----

func.func @batch_of_value(%q: tensor<2x1x4x8xf32>, %v: tensor<3x1x4x8xf32>) {
  // expected-error @+1 {{'moa.attention' op batch of key and value differs: 2 and 3}}
  %o = moa.attention %q, %q, %v
    : tensor<2x1x4x8xf32>, tensor<2x1x4x8xf32>, tensor<3x1x4x8xf32> -> tensor<2x1x4x8xf32>
  return
}

// -----

func.func @heads_of_value(%q: tensor<2x4x8xf32>, %v: tensor<1x4x8xf32>) {
  // expected-error @+1 {{'moa.attention' op number of key and value heads differs: 2 and 1}}
  %o = moa.attention %q, %q, %v
    : tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<1x4x8xf32> -> tensor<2x4x8xf32>
  return
}

// -----

func.func @groups(%q: tensor<6x4x8xf32>, %k: tensor<4x4x8xf32>) {
  // expected-error @+1 {{'moa.attention' op number of query heads (6) must be a multiple of the key heads (4)}}
  %o = moa.attention %q, %k, %k
    : tensor<6x4x8xf32>, tensor<4x4x8xf32>, tensor<4x4x8xf32> -> tensor<6x4x8xf32>
  return
}

// -----

func.func @groups_of_nothing(%q: tensor<6x4x8xf32>, %k: tensor<0x4x8xf32>) {
  // expected-error @+1 {{'moa.attention' op number of query heads (6) must be a multiple of the key heads (0)}}
  %o = moa.attention %q, %k, %k
    : tensor<6x4x8xf32>, tensor<0x4x8xf32>, tensor<0x4x8xf32> -> tensor<6x4x8xf32>
  return
}

// -----

func.func @output(%q: tensor<4x8xf32>, %v: tensor<4x16xf32>) {
  // expected-error @+1 {{'moa.attention' op output must be 'tensor<4x16xf32>' or compatible, but is 'tensor<4x8xf32>'}}
  %o = moa.attention %q, %q, %v : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x16xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @lse(%q: tensor<4x8xbf16>) {
  // expected-error @+1 {{'moa.attention' op lse must be 'tensor<4xf32>' or compatible, but is 'tensor<4xbf16>'}}
  %o, %l = moa.attention %q, %q, %q
    : tensor<4x8xbf16>, tensor<4x8xbf16>, tensor<4x8xbf16> -> tensor<4x8xbf16>, tensor<4xbf16>
  return
}

// -----

func.func @scale(%q: tensor<4x8xbf16>, %s: bf16) {
  // expected-error @+1 {{'moa.attention' op scale must have the score type 'f32', but is 'bf16'}}
  %o = moa.attention %q, %q, %q scale(%s : bf16)
    : tensor<4x8xbf16>, tensor<4x8xbf16>, tensor<4x8xbf16> -> tensor<4x8xbf16>
  return
}

// -----

func.func @score_arguments(%q: tensor<4x8xf32>) {
  // expected-error @+1 {{'moa.attention' op region 'score' must have 3 arguments, but has 5}}
  %o = moa.attention %q, %q, %q score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    moa.yield %x : f32
  } : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @score_type(%q: tensor<4x8xf16>) {
  // expected-error @+1 {{'moa.attention' op region 'score' must have argument #0 of type 'f32', but it is 'f16'}}
  %o = moa.attention %q, %q, %q score {
  ^bb0(%x: f16, %i: index, %j: index):
    moa.yield %x : f16
  } : tensor<4x8xf16>, tensor<4x8xf16>, tensor<4x8xf16> -> tensor<4x8xf16>
  return
}

// -----

func.func @mask_yields_float(%q: tensor<4x8xf32>, %x: f32) {
  // expected-error @+1 {{'moa.attention' op region 'mask' must yield 'i1' as value #0, but yields 'f32'}}
  %o = moa.attention %q, %q, %q mask {
  ^bb0(%i: index, %j: index):
    moa.yield %x : f32
  } : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  return
}
