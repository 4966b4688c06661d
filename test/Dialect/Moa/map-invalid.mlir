// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @map_nothing() {
  // expected-error @+1 {{'moa.map' op needs at least one source}}
  %0 = "moa.map"() ({
    %c = arith.constant 0.0 : f32
    moa.yield %c : f32
  }) : () -> tensor<4xf32>
  return
}

// -----

func.func @map_broadcast(%a: tensor<3x4xf32>, %b: tensor<5x1xf32>) {
  // expected-error @+1 {{'moa.map' op sources have different static extents along axis 1 from the last}}
  %0 = moa.map %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<3x4xf32>, tensor<5x1xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @map_result(%a: tensor<3x4xf32>) {
  // expected-error @+1 {{'moa.map' op result must be 'tensor<3x4xf32>' or compatible, but is 'tensor<4xf32>'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    moa.yield %x : f32
  } : tensor<3x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_yields_other_type(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must yield 'f64' as value #0, but yields 'f32'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<4xf64>
  return
}

// -----

func.func @map_yields_too_many(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must yield 1 values, but yields 2}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    moa.yield %x, %x : f32, f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_argument_count(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must have 1 arguments, but has 2}}
  %0 = moa.map %a {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_argument_type(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must have argument #0 of type 'f32', but it is 'f64'}}
  %0 = moa.map %a {
  ^bb0(%x: f64):
    moa.yield %x : f64
  } : tensor<4xf32> -> tensor<4xf64>
  return
}

// -----

func.func @map_terminator(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must end in 'moa.yield'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    llvm.unreachable
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_side_effect(%a: tensor<4xf32>, %m: memref<f32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must be pure, but holds 'memref.store'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    memref.store %x, %m[] : memref<f32>
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

// Also in a nested region.
func.func @map_nested_side_effect(%a: tensor<4xf32>, %t: i1, %m: memref<f32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must be pure, but holds 'memref.store'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    scf.if %t {
      memref.store %x, %m[] : memref<f32>
    }
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func private @unknown(f32) -> f32
func.func @map_call(%a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.map' op region 'body' must be pure, but holds 'func.call'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    %y = func.call @unknown(%x) : (f32) -> f32
    moa.yield %y : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @map_array_code(%a: tensor<4xf32>, %b: tensor<4x4xf32>, %i: index) {
  // expected-error @+1 {{'moa.map' op region 'body' must be scalar code, but 'moa.psi' in it yields 'tensor<4xf32>'}}
  %0 = moa.map %a {
  ^bb0(%x: f32):
    %row = moa.psi %b[%i] : tensor<4x4xf32>
    moa.yield %x : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @select_mask(%m: tensor<4xi8>, %a: tensor<4xf32>) {
  // expected-error @+1 {{'moa.select' op mask must have elements of type i1, but is 'tensor<4xi8>'}}
  %0 = moa.select %m, %a, %a : tensor<4xi8>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @select_elements(%m: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<4xf64>) {
  // expected-error @+1 {{'moa.select' op chooses between different element types: 'tensor<4xf32>' and 'tensor<4xf64>'}}
  %0 = moa.select %m, %a, %b : tensor<4xi1>, tensor<4xf32>, tensor<4xf64> -> tensor<4xf32>
  return
}

// -----

func.func @select_broadcast(%m: tensor<3xi1>, %a: tensor<4xf32>) {
  // expected-error @+2 {{'moa.select' op sources have different static extents along axis 0 from the last}}
  // expected-error @+1 {{'moa.select' op failed to infer returned types}}
  %0 = moa.select %m, %a, %a : tensor<3xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @select_result(%m: tensor<4xi1>, %a: tensor<4xf32>) {
  // expected-error @+2 {{'moa.select' op inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<4xf64>'}}
  // expected-error @+1 {{'moa.select' op failed to infer returned types}}
  %0 = moa.select %m, %a, %a : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf64>
  return
}

// -----

func.func @outer_result(%a: tensor<3xf32>, %b: tensor<5xf32>) {
  // expected-error @+1 {{'moa.outer' op result must be 'tensor<3x5xf32>' or compatible, but is 'tensor<5x3xf32>'}}
  %0 = moa.outer %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<3xf32>, tensor<5xf32> -> tensor<5x3xf32>
  return
}

// -----

func.func @outer_arguments(%a: tensor<3xf32>, %b: tensor<5xf64>) {
  // expected-error @+1 {{'moa.outer' op region 'body' must have argument #1 of type 'f64', but it is 'f32'}}
  %0 = moa.outer %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<3xf32>, tensor<5xf64> -> tensor<3x5xf32>
  return
}

// -----

func.func @yield_alone(%x: f32) -> f32 {
  // expected-error @+1 {{'moa.yield' op expects parent op to be one of 'moa.map, moa.outer, moa.inner, moa.reduce, moa.scan, moa.attention, moa.array, moa.fold'}}
  moa.yield %x : f32
}
