// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @unknown(%a: tensor<4xf32>) {
  // expected-error @+1 {{unknown reducer 'sum'}}
  %0 = moa.reduce sum %a axes [0] : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @no_reducer(%a: tensor<4xf32>) {
  // expected-error @+1 {{expected valid keyword}}
  %0 = moa.reduce %a axes [0] : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @reduce_axes(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.reduce' op axis 1 is out of range for rank 1}}
  %0 = moa.reduce add %a axes [1] : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @reduce_result(%a: tensor<4x5xf32>) {
  // expected-error @+1 {{'moa.reduce' op result must be 'tensor<5xf32>' or compatible, but is 'tensor<4xf32>'}}
  %0 = moa.reduce add %a axes [0] : tensor<4x5xf32> -> tensor<4xf32>
  return
}

// -----

func.func @reduce_element(%a: tensor<4xbf16>) {
  // expected-error @+1 {{'moa.reduce' op result must be 'tensor<bf16>' or compatible, but is 'tensor<f32>'}}
  %0 = moa.reduce add %a axes [0] : tensor<4xbf16> -> tensor<f32>
  return
}

// -----

func.func @add_truths(%a: tensor<4xi1>) {
  // expected-error @+1 {{'moa.reduce' op reducer 'add' is not defined on 'i1'}}
  %0 = moa.reduce add %a axes [0] : tensor<4xi1> -> tensor<i1>
  return
}

// -----

func.func @or_floats(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.reduce' op reducer 'or' is not defined on 'f32'}}
  %0 = moa.reduce or %a axes [0] : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @init_type(%a: tensor<4xf32>, %x: f64) {
  // expected-error @+1 {{'moa.reduce' op start value must be 'f32', but is 'f64'}}
  %0 = moa.reduce add %a axes [0] init(%x : f64) : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @init_element(%a: tensor<4xf32>, %x: i16) {
  // expected-error @+1 {{'moa.reduce' op operand #1 must be f16, bf16, f32, f64, i1, i8, i32, i64 or index, but got 'i16'}}
  %0 = moa.reduce add %a axes [0] init(%x : i16) : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @combiner_of_named(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.reduce' op has a combiner region, which only reducer 'custom' takes}}
  %0 = moa.reduce add %a axes [0] combine {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @custom_without_init(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.reduce' op reducer 'custom' needs a start value}}
  %0 = moa.reduce custom %a axes [0] combine {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @custom_without_combiner(%a: tensor<4xf32>, %x: f32) {
  // expected-error @+1 {{'moa.reduce' op reducer 'custom' needs a combiner region}}
  %0 = moa.reduce custom %a axes [0] init(%x : f32) : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @combiner_arguments(%a: tensor<4xf32>, %x: f32) {
  // expected-error @+1 {{'moa.reduce' op region 'combine' must have 2 arguments, but has 1}}
  %0 = moa.reduce custom %a axes [0] init(%x : f32) combine {
  ^bb0(%y: f32):
    moa.yield %y : f32
  } : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @scan_axis(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.scan' op axis 1 is out of range for rank 1}}
  %0 = moa.scan add %a axis 1 : tensor<4xf32>
  return
}

// -----

func.func @scan_scalar(%a: tensor<f32>) {
  // expected-error @+1 {{'moa.scan' op axis 0 is out of range for rank 0}}
  %0 = moa.scan add %a axis 0 : tensor<f32>
  return
}

// -----

func.func @scan_reducer(%a: tensor<4xi1>) {
  // expected-error @+1 {{'moa.scan' op reducer 'max' is not defined on 'i1'}}
  %0 = moa.scan max %a axis 0 : tensor<4xi1>
  return
}

// -----

func.func @scan_combiner(%a: tensor<4xf32>, %x: f32) {
  // expected-error @+1 {{'moa.scan' op region 'combine' must yield 'f32' as value #0, but yields 'i1'}}
  %0 = moa.scan custom %a axis 0 init(%x : f32) combine {
  ^bb0(%p: f32, %q: f32):
    %t = arith.cmpf oeq, %p, %q : f32
    moa.yield %t : i1
  } : tensor<4xf32>
  return
}

// -----

func.func @scan_type(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.scan' op failed to verify that all of {source, result} have same type}}
  %0 = "moa.scan"(%a) <{reducer = #moa.reducer<add>, axis = 0 : i64}> ({}) : (tensor<4xf32>) -> tensor<?xf32>
  return
}

// -----

func.func @inner_scalar(%a: tensor<f32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{'moa.inner' op contracts the last axis of the first with the first of the second, but one has rank 0}}
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<f32>, tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @inner_extents(%a: tensor<2x3xf32>, %b: tensor<4x2xf32>) {
  // expected-error @+1 {{'moa.inner' op contracts extent 3 with extent 4}}
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<2x3xf32>, tensor<4x2xf32> -> tensor<2x2xf32>
  return
}

// -----

func.func @inner_result(%a: tensor<2x3xf32>, %b: tensor<3x5xf32>) {
  // expected-error @+1 {{'moa.inner' op result must be 'tensor<2x5xf32>' or compatible, but is 'tensor<5x2xf32>'}}
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<2x3xf32>, tensor<3x5xf32> -> tensor<5x2xf32>
  return
}

// -----

func.func @inner_body(%a: tensor<3xf32>, %b: tensor<3xi8>) {
  // expected-error @+1 {{'moa.inner' op region 'body' must have argument #1 of type 'i8', but it is 'f32'}}
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<3xf32>, tensor<3xi8> -> tensor<f32>
  return
}

// -----

func.func @inner_reducer(%a: tensor<3xf32>) {
  // expected-error @+1 {{'moa.inner' op reducer 'xor' is not defined on 'f32'}}
  %0 = moa.inner xor %a, %a {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<3xf32>, tensor<3xf32> -> tensor<f32>
  return
}

// -----

func.func @inner_combiner(%a: tensor<3xf32>, %z: f32) {
  // expected-error @+1 {{'moa.inner' op region 'combine' must have argument #1 of type 'f32', but it is 'f64'}}
  %0 = moa.inner custom %a, %a {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } init(%z : f32) combine {
  ^bb0(%x: f32, %y: f64):
    moa.yield %x : f32
  } : tensor<3xf32>, tensor<3xf32> -> tensor<f32>
  return
}
