// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @iota_axis() {
  // expected-error @+1 {{'moa.iota' op axis 1 is out of range for rank 1}}
  %0 = moa.iota axis 1 : tensor<5xindex>
  return
}

// -----

func.func @iota_rank_0() {
  // expected-error @+1 {{'moa.iota' op axis 0 is out of range for rank 0}}
  %0 = moa.iota : tensor<index>
  return
}

// -----

func.func @iota_negative_axis() {
  // expected-error @+1 {{'moa.iota' op attribute 'axis' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %0 = moa.iota axis -1 : tensor<5xindex>
  return
}

// -----

func.func @iota_truth() {
  // expected-error @+1 {{'moa.iota' op cannot hold indices in elements of type i1}}
  %0 = moa.iota : tensor<5xi1>
  return
}

// -----

func.func @iota_extents(%n: index) {
  // expected-error @+1 {{'moa.iota' op needs 1 operands, one for each dynamic extent of 'tensor<5x?xindex>', but has 2}}
  %0 = moa.iota(%n, %n) : tensor<5x?xindex>
  return
}

// -----

func.func @element_type(%a: tensor<4xi16>) {
  // expected-error @+1 {{'moa.ravel' op operand #0 must be ranked tensor of 16-bit float or bfloat16 type or 32-bit float or 64-bit float or 1-bit signless integer or 8-bit signless integer or 32-bit signless integer or 64-bit signless integer or index values, but got 'tensor<4xi16>'}}
  %0 = moa.ravel %a : tensor<4xi16> -> tensor<4xi16>
  return
}

// -----

func.func @unranked(%a: tensor<*xf32>) {
  // expected-error @+1 {{invalid kind of type specified: expected builtin.tensor, but found 'tensor<*xf32>'}}
  %0 = moa.shape %a : tensor<*xf32> -> tensor<?xindex>
  return
}

// -----

func.func @shape_result(%a: tensor<?x4xf32>) {
  // expected-error @+2 {{'moa.shape' op inferred type(s) 'tensor<2xindex>' are incompatible with return type(s) of operation 'tensor<3xindex>'}}
  // expected-error @+1 {{'moa.shape' op failed to infer returned types}}
  %0 = moa.shape %a : tensor<?x4xf32> -> tensor<3xindex>
  return
}

// -----

func.func @shape_element(%a: tensor<?x4xf32>) {
  // expected-error @+2 {{'moa.shape' op inferred type(s) 'tensor<2xindex>' are incompatible with return type(s) of operation 'tensor<2xi64>'}}
  // expected-error @+1 {{'moa.shape' op failed to infer returned types}}
  %0 = moa.shape %a : tensor<?x4xf32> -> tensor<2xi64>
  return
}

// -----

func.func @reverse_range(%a: tensor<?x4xf32>) {
  // expected-error @+1 {{'moa.reverse' op axis 2 is out of range for rank 2}}
  %0 = moa.reverse %a axes [2] : tensor<?x4xf32>
  return
}

// -----

func.func @reverse_negative(%a: tensor<?x4xf32>) {
  // expected-error @+1 {{'moa.reverse' op axis -1 is out of range for rank 2}}
  %0 = moa.reverse %a axes [-1] : tensor<?x4xf32>
  return
}

// -----

func.func @reverse_order(%a: tensor<?x4xf32>) {
  // expected-error @+1 {{'moa.reverse' op axes must be strictly increasing, but 0 follows 1}}
  %0 = moa.reverse %a axes [1, 0] : tensor<?x4xf32>
  return
}

// -----

func.func @reverse_twice(%a: tensor<?x4xf32>) {
  // expected-error @+1 {{'moa.reverse' op axes must be strictly increasing, but 1 follows 1}}
  %0 = moa.reverse %a axes [1, 1] : tensor<?x4xf32>
  return
}

// -----

func.func @reverse_type(%a: tensor<?x4xf32>) {
  // expected-error @+1 {{'moa.reverse' op failed to verify that all of {source, result} have same type}}
  %0 = "moa.reverse"(%a) <{axes = array<i64: 0>}> : (tensor<?x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @transpose_length(%a: tensor<?x4xf32>) {
  // expected-error @+2 {{'moa.transpose' op permutation has 1 entries for a source of rank 2}}
  // expected-error @+1 {{'moa.transpose' op failed to infer returned types}}
  %0 = moa.transpose %a permutation [0] : tensor<?x4xf32> -> tensor<4x?xf32>
  return
}

// -----

func.func @transpose_twice(%a: tensor<?x4xf32>) {
  // expected-error @+2 {{'moa.transpose' op permutation [1, 1] does not name each axis once}}
  // expected-error @+1 {{'moa.transpose' op failed to infer returned types}}
  %0 = moa.transpose %a permutation [1, 1] : tensor<?x4xf32> -> tensor<4x?xf32>
  return
}

// -----

func.func @transpose_range(%a: tensor<?x4xf32>) {
  // expected-error @+2 {{'moa.transpose' op permutation [0, 9223372036854775807] does not name each axis once}}
  // expected-error @+1 {{'moa.transpose' op failed to infer returned types}}
  %0 = moa.transpose %a permutation [0, 9223372036854775807] : tensor<?x4xf32> -> tensor<4x?xf32>
  return
}

// -----

func.func @transpose_result(%a: tensor<?x4xf32>) {
  // expected-error @+2 {{'moa.transpose' op inferred type(s) 'tensor<4x?xf32>' are incompatible with return type(s) of operation 'tensor<5x?xf32>'}}
  // expected-error @+1 {{'moa.transpose' op failed to infer returned types}}
  %0 = moa.transpose %a permutation [1, 0] : tensor<?x4xf32> -> tensor<5x?xf32>
  return
}

// -----

func.func @reshape_operands(%a: tensor<?xf32>, %n: index) {
  // expected-error @+1 {{'moa.reshape' op has 1 operands for 0 dynamic extents}}
  %0 = "moa.reshape"(%a, %n) <{static_extents = array<i64: 2>}> : (tensor<?xf32>, index) -> tensor<2xf32>
  return
}

// -----

func.func @reshape_negative(%a: tensor<?xf32>) {
  // expected-error @+2 {{'moa.reshape' op extent -2 is negative}}
  // expected-error @+1 {{'moa.reshape' op failed to infer returned types}}
  %0 = moa.reshape %a[-2] : tensor<?xf32> -> tensor<2xf32>
  return
}

// -----

func.func @reshape_result(%a: tensor<?xf32>) {
  // expected-error @+2 {{'moa.reshape' op inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<6xf32>'}}
  // expected-error @+1 {{'moa.reshape' op failed to infer returned types}}
  %0 = moa.reshape %a[2, 3] : tensor<?xf32> -> tensor<6xf32>
  return
}

// -----

func.func @reshape_too_large(%a: tensor<4294967296x4294967296xf32>) {
  // expected-error @+1 {{'moa.reshape' op cannot number the elements of 'tensor<4294967296x4294967296xf32>' by 64-bit offsets}}
  %0 = moa.reshape %a[2] : tensor<4294967296x4294967296xf32> -> tensor<2xf32>
  return
}

// -----

func.func @ravel_too_large(%a: tensor<4294967296x?x4294967296xf32>) {
  // expected-error @+2 {{'moa.ravel' op cannot number the elements of 'tensor<4294967296x?x4294967296xf32>' by 64-bit offsets}}
  // expected-error @+1 {{'moa.ravel' op failed to infer returned types}}
  %0 = moa.ravel %a : tensor<4294967296x?x4294967296xf32> -> tensor<?xf32>
  return
}

// -----

func.func @ravel_result(%a: tensor<3x5xf32>) {
  // expected-error @+2 {{'moa.ravel' op inferred type(s) 'tensor<15xf32>' are incompatible with return type(s) of operation 'tensor<14xf32>'}}
  // expected-error @+1 {{'moa.ravel' op failed to infer returned types}}
  %0 = moa.ravel %a : tensor<3x5xf32> -> tensor<14xf32>
  return
}

// -----

func.func @cat_nothing() {
  // expected-error @+2 {{'moa.cat' op needs at least one source}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = "moa.cat"() : () -> tensor<4xf32>
  return
}

// -----

func.func @cat_axis(%a: tensor<4xf32>) {
  // expected-error @+2 {{'moa.cat' op axis 1 is out of range for rank 1}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = moa.cat %a, %a axis 1 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @cat_rank(%a: tensor<4xf32>, %b: tensor<4x4xf32>) {
  // expected-error @+2 {{'moa.cat' op source #1 of type 'tensor<4x4xf32>' must have rank and element type of 'tensor<4xf32>'}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = moa.cat %a, %b : tensor<4xf32>, tensor<4x4xf32> -> tensor<8xf32>
  return
}

// -----

func.func @cat_element(%a: tensor<4xf32>, %b: tensor<4xf64>) {
  // expected-error @+2 {{'moa.cat' op source #1 of type 'tensor<4xf64>' must have rank and element type of 'tensor<4xf32>'}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = moa.cat %a, %b : tensor<4xf32>, tensor<4xf64> -> tensor<8xf32>
  return
}

// -----

func.func @cat_extent(%a: tensor<4x?xf32>, %b: tensor<4x3xf32>, %c: tensor<4x5xf32>) {
  // expected-error @+2 {{'moa.cat' op source #2 has extent 5 along axis 1, but an earlier one has 3}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = moa.cat %a, %b, %c : tensor<4x?xf32>, tensor<4x3xf32>, tensor<4x5xf32> -> tensor<12x3xf32>
  return
}

// -----

func.func @cat_overflow(%a: tensor<9223372036854775807xf32>, %b: tensor<1xf32>) {
  // expected-error @+2 {{'moa.cat' op extents along axis 0 add up to more than 64 bits hold}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = moa.cat %a, %b : tensor<9223372036854775807xf32>, tensor<1xf32> -> tensor<?xf32>
  return
}

// -----

func.func @cat_result(%a: tensor<4xf32>) {
  // expected-error @+2 {{'moa.cat' op inferred type(s) 'tensor<8xf32>' are incompatible with return type(s) of operation 'tensor<9xf32>'}}
  // expected-error @+1 {{'moa.cat' op failed to infer returned types}}
  %0 = moa.cat %a, %a : tensor<4xf32>, tensor<4xf32> -> tensor<9xf32>
  return
}
