// RUN: moa-opt %s --split-input-file --verify-diagnostics

// Operations in generic form that no pretty form can spell: an error, never a
// crash.

func.func @map_without_region(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op requires one region}}
  %0 = "moa.map"(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @map_without_block(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region #0 ('body') failed to verify constraint: region with 1 blocks}}
  %0 = "moa.map"(%a) ({}) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @map_with_two_blocks(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region #0 ('body') failed to verify constraint: region with 1 blocks}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    cf.br ^bb1
  ^bb1:
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_with_empty_block(%a: tensor<4xf32>) {
  // expected-error @+1 {{empty block: expect at least a terminator}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_without_terminator(%a: tensor<4xf32>) {
  // expected-error @+3 {{block with no terminator, has %1 = "arith.negf"(%arg1)}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    %y = arith.negf %x : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_without_result(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op requires one result}}
  "moa.map"(%a) ({
  ^bb0(%x: f32):
    moa.yield %x : f32
  }) : (tensor<4xf32>) -> ()
  return
}

// -----

func.func @map_of_scalar(%x: f32) {
  // expected-error @+1 {{'moa.map' op operand #0 must be variadic of ranked tensor of}}
  %0 = "moa.map"(%x) ({
  ^bb0(%y: f32):
    moa.yield %y : f32
  }) : (f32) -> tensor<4xf32>
  return
}

// -----

func.func @psi_of_nothing() {
  // expected-error @+1 {{'moa.psi' op expected 1 or more operands, but found 0}}
  %0 = "moa.psi"() : () -> f32
  return
}

// -----

func.func @psi_index(%a: tensor<4xf32>, %i: i32) {
  // expected-error @+1 {{'moa.psi' op operand #1 must be variadic of index, but got 'i32'}}
  %0 = "moa.psi"(%a, %i) : (tensor<4xf32>, i32) -> f32
  return
}

// -----

func.func @select_of_two(%m: tensor<4xi1>, %a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.select' op expected 3 operands, but found 2}}
  %0 = "moa.select"(%m, %a) : (tensor<4xi1>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @transpose_without_permutation(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.transpose' op requires attribute 'permutation'}}
  %0 = "moa.transpose"(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @transpose_with_odd_permutation(%a: tensor<4xf32>) {
  // expected-error @+1 {{Invalid attribute `permutation` in property conversion: "turn"}}
  %0 = "moa.transpose"(%a) <{permutation = "turn"}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @take_without_counts(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.take' op requires attribute 'static_counts'}}
  %0 = "moa.take"(%a) <{operandSegmentSizes = array<i32: 1, 0, 0>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @take_without_segments(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.take' op operand count (1) does not match with the total size (0) specified in attribute 'operandSegmentSizes'}}
  %0 = "moa.take"(%a) <{static_counts = array<i64: 4>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @take_with_wrong_segments(%a: tensor<4xf32>, %n: index) {
  // expected-error @+1 {{'moa.take' op operand count (2) does not match with the total size (4) specified in attribute 'operandSegmentSizes'}}
  %0 = "moa.take"(%a, %n) <{static_counts = array<i64: 4>, operandSegmentSizes = array<i32: 1, 2, 1>}> : (tensor<4xf32>, index) -> tensor<4xf32>
  return
}

// -----

func.func @attention_with_negative_segments(%q: tensor<4x4xf32>) {
  // expected-error @+1 {{'moa.attention' op 'operandSegmentSizes' attribute cannot have negative elements}}
  %0 = "moa.attention"(%q, %q, %q) <{operandSegmentSizes = array<i32: 1, 1, 1, 1, -1, 0>}> ({}, {}) : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @attention_with_few_segments(%q: tensor<4x4xf32>) {
  // expected-error @+1 {{size mismatch in attribute conversion: 3 vs 6}}
  %0 = "moa.attention"(%q, %q, %q) <{operandSegmentSizes = array<i32: 1, 1, 1>}> ({}, {}) : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @attention_with_one_region(%q: tensor<4x4xf32>) {
  // expected-error @+1 {{'moa.attention' op expected 2 regions}}
  %0 = "moa.attention"(%q, %q, %q) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>}> ({}) : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @array_without_anything() {
  // expected-error @+1 {{'moa.array' op requires one region}}
  %0 = "moa.array"() : () -> tensor<4xf32>
  return
}

// -----

func.func @array_without_attributes() {
  // expected-error @+1 {{'moa.array' op requires attribute 'maps'}}
  %0 = "moa.array"() ({
    %c = arith.constant 0.0 : f32
    moa.yield %c : f32
  }) : () -> tensor<f32>
  return
}

// -----

func.func @array_without_block() {
  // expected-error @+1 {{'moa.array' op region #0 ('body') failed to verify constraint: region with 1 blocks}}
  %0 = "moa.array"() <{static_extents = array<i64: 4>, maps = [affine_map<(d0) -> (d0)>], operandSegmentSizes = array<i32: 0, 0>}> ({}) : () -> tensor<4xf32>
  return
}

// -----

func.func @array_with_too_few_axes() {
  // expected-error @+1 {{'moa.array' op region 'body' must have 2 arguments, but has 1}}
  %0 = "moa.array"() <{static_extents = array<i64: 4, 4>, maps = [affine_map<(d0, d1) -> (d0)>], operandSegmentSizes = array<i32: 0, 0>}> ({
  ^bb0(%i: index):
    moa.yield %i : index
  }) : () -> tensor<4xindex>
  return
}

// -----

func.func @array_with_other_axes() {
  // expected-error @+1 {{'moa.array' op region 'body' must have argument #0 of type 'index', but it is 'i32'}}
  %0 = "moa.array"() <{static_extents = array<i64: 4>, maps = [affine_map<(d0) -> (d0)>], operandSegmentSizes = array<i32: 0, 0>}> ({
  ^bb0(%i: i32):
    moa.yield %i : i32
  }) : () -> tensor<4xi32>
  return
}

// -----

func.func @array_operands(%n: index) {
  // expected-error @+1 {{'moa.array' op has 1 operands for 0 dynamic extents}}
  %0 = "moa.array"(%n) <{static_extents = array<i64: 4>, maps = [affine_map<(d0) -> (d0)>], operandSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index):
    moa.yield %i : index
  }) : (index) -> tensor<4xindex>
  return
}

// -----

func.func @fold_without_bounds(%x: f32) {
  // expected-error @+1 {{'moa.fold' op expected 2 or more operands, but found 0}}
  %0 = "moa.fold"() <{reducers = [#moa.reducer<add>]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : () -> f32
  return
}

// -----

func.func @fold_without_reducers(%n: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op requires attribute 'reducers'}}
  %0 = "moa.fold"(%n, %n) ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : (index, index) -> f32
  return
}

// -----

func.func @fold_with_other_reducers(%n: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op attribute 'reducers' failed to satisfy constraint: reducers, one for each result}}
  %0 = "moa.fold"(%n, %n) <{reducers = ["add"]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : (index, index) -> f32
  return
}

// -----

func.func @fold_with_two_reducers(%n: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op has 2 reducers for 1 results}}
  %0 = "moa.fold"(%n, %n) <{reducers = [#moa.reducer<add>, #moa.reducer<mul>]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : (index, index) -> f32
  return
}

// -----

func.func @fold_with_two_start_values(%n: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op has 2 start values for 1 results}}
  %0 = "moa.fold"(%n, %n, %x, %x) <{reducers = [#moa.reducer<add>]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : (index, index, f32, f32) -> f32
  return
}

// -----

func.func @fold_with_other_start_value(%n: index, %x: f32, %y: f64) {
  // expected-error @+1 {{'moa.fold' op start value must be 'f32', but is 'f64'}}
  %0 = "moa.fold"(%n, %n, %y) <{reducers = [#moa.reducer<add>]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : (index, index, f64) -> f32
  return
}

// -----

func.func @fold_without_combiner(%n: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op has 0 combiner regions for 1 results with reducer 'custom'}}
  %0 = "moa.fold"(%n, %n, %x) <{reducers = [#moa.reducer<custom>]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}) : (index, index, f32) -> f32
  return
}

// -----

func.func @fold_with_empty_combiner(%n: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op region #2 ('combiners') failed to verify constraint: region with 1 blocks}}
  %0 = "moa.fold"(%n, %n, %x) <{reducers = [#moa.reducer<custom>]}> ({
  ^bb0(%k: index, %r: f32):
    moa.yield %x : f32
  }, {}, {}) : (index, index, f32) -> f32
  return
}

// -----

func.func @fold_without_regions(%n: index) {
  // expected-error @+1 {{'moa.fold' op expected 2 or more regions}}
  %0 = "moa.fold"(%n, %n) <{reducers = [#moa.reducer<add>]}> : (index, index) -> f32
  return
}

// -----

// A bad fold within a good array, whose axes are being traced through it.
func.func @bad_fold_in_array(%n: index, %x: f32) {
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> ()>] {
    // expected-error @+1 {{'moa.fold' op has 0 reducers for 1 results}}
    %s = "moa.fold"(%n, %n) <{reducers = []}> ({
    ^bb0(%k: index, %r: f32):
      moa.yield %r : f32
    }, {}) : (index, index) -> f32
    moa.yield %s : f32
  } : tensor<f32>
  return
}

// -----

// A fold whose element goes round in a circle.
func.func @circle_in_array(%n: index, %x: f32) {
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> ()>] {
    // expected-error @+1 {{'moa.fold' op element #0 depends on running value #0; it may use only those before it}}
    %s = moa.fold %k = %n to %n (%r: add f32) {
      moa.yield %r : f32
    }
    moa.yield %s : f32
  } : tensor<f32>
  return
}

// -----

// A branch without an else in an array body.
func.func @bad_branch_in_array(%n: index, %c: i1, %x: f32) {
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> ()>] {
    // expected-error @+1 {{'scf.if' op must have an else block if defining values}}
    %s = "scf.if"(%c) ({
      scf.yield %x : f32
    }, {}) : (i1) -> f32
    moa.yield %s : f32
  } : tensor<f32>
  return
}

// -----

func.func @reducer_in_inner(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.inner' op requires attribute 'reducer'}}
  %0 = "moa.inner"(%a, %a) ({
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  }, {}) : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  return
}

// -----

func.func @iota_too_many_results() {
  // expected-error @+1 {{'moa.iota' op requires one result}}
  %0:2 = "moa.iota"() : () -> (tensor<4xindex>, tensor<4xindex>)
  return
}
