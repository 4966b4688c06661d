// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @psi_source(%x: f32, %i: index) {
  // expected-error @+1 {{'moa.psi' op selects from a ranked tensor or a memref, not from 'f32'}}
  %0 = moa.psi %x[%i] : f32
  return
}

// -----

func.func @psi_unranked(%a: tensor<*xf32>, %i: index) {
  // expected-error @+1 {{'moa.psi' op selects from a ranked tensor or a memref, not from 'tensor<*xf32>'}}
  %0 = moa.psi %a[%i] : tensor<*xf32>
  return
}

// -----

func.func @psi_vector(%a: vector<4xf32>, %i: index) {
  // expected-error @+1 {{'moa.psi' op selects from a ranked tensor or a memref, not from 'vector<4xf32>'}}
  %0 = moa.psi %a[%i] : vector<4xf32>
  return
}

// -----

func.func @psi_long(%a: tensor<4xf32>, %i: index) {
  // expected-error @+1 {{'moa.psi' op index of length 2 is longer than the rank of 'tensor<4xf32>'}}
  %0 = moa.psi %a[%i, %i] : tensor<4xf32>
  return
}

// -----

func.func @psi_partial_buffer(%a: memref<4x4xf32>, %i: index) {
  // expected-error @+1 {{'moa.psi' op a buffer needs a full index: 1 indices for 'memref<4x4xf32>'}}
  %0 = moa.psi %a[%i] : memref<4x4xf32>
  return
}

// -----

func.func @psi_element(%a: tensor<4xcomplex<f32>>, %i: index) {
  // expected-error @+1 {{'moa.psi' op operand #0 must be an array (ranked tensor) or a buffer (memref), but got 'tensor<4xcomplex<f32>>'}}
  %0 = moa.psi %a[%i] : tensor<4xcomplex<f32>>
  return
}

// -----

// The result type is not printed: it must be the inferred one.
func.func @psi_result(%a: tensor<4x?xf32>, %i: index) {
  // expected-error @+2 {{'moa.psi' op inferred type(s) 'tensor<?xf32>' are incompatible with return type(s) of operation 'tensor<3xf32>'}}
  // expected-error @+1 {{'moa.psi' op failed to infer returned types}}
  %0 = "moa.psi"(%a, %i) : (tensor<4x?xf32>, index) -> tensor<3xf32>
  return
}

// -----

func.func @take_counts(%a: tensor<5xf32>) {
  // expected-error @+1 {{'moa.take' op has 2 counts for a source of rank 1}}
  %0 = moa.take %a[1, 2] : tensor<5xf32> -> tensor<1xf32>
  return
}

// -----

func.func @take_operands(%a: tensor<5xf32>) {
  // expected-error @+1 {{'moa.take' op has 0 operands for 1 dynamic counts}}
  %0 = "moa.take"(%a) <{static_counts = array<i64: -9223372036854775808>, operandSegmentSizes = array<i32: 1, 0, 0>}> : (tensor<5xf32>) -> tensor<?xf32>
  return
}

// -----

func.func @take_fill(%a: tensor<5xf32>, %x: f64) {
  // expected-error @+1 {{'moa.take' op fill must be 'f32', but is 'f64'}}
  %0 = moa.take %a[7] fill(%x : f64) : tensor<5xf32> -> tensor<7xf32>
  return
}

// -----

func.func @take_result(%a: tensor<5xf32>) {
  // expected-error @+2 {{'moa.take' op inferred type(s) 'tensor<7xf32>' are incompatible with return type(s) of operation 'tensor<5xf32>'}}
  // expected-error @+1 {{'moa.take' op failed to infer returned types}}
  %0 = moa.take %a[-7] : tensor<5xf32> -> tensor<5xf32>
  return
}

// -----

func.func @drop_counts(%a: tensor<f32>) {
  // expected-error @+1 {{'moa.drop' op has 1 counts for a source of rank 0}}
  %0 = moa.drop %a[0] : tensor<f32> -> tensor<f32>
  return
}

// -----

func.func @drop_result(%a: tensor<5xf32>) {
  // expected-error @+2 {{'moa.drop' op inferred type(s) 'tensor<0xf32>' are incompatible with return type(s) of operation 'tensor<1xf32>'}}
  // expected-error @+1 {{'moa.drop' op failed to infer returned types}}
  %0 = moa.drop %a[9] : tensor<5xf32> -> tensor<1xf32>
  return
}

// -----

func.func @drop_operands(%a: tensor<5xf32>, %n: index) {
  // expected-error @+1 {{'moa.drop' op has 2 operands for 0 dynamic counts}}
  %0 = "moa.drop"(%a, %n, %n) <{static_counts = array<i64: 1>}> : (tensor<5xf32>, index, index) -> tensor<4xf32>
  return
}

// -----

func.func @rotate_counts(%a: tensor<5xf32>, %n: index) {
  // expected-error @+1 {{'moa.rotate' op has 2 counts for a source of rank 1}}
  %0 = moa.rotate %a[%n, %n] : tensor<5xf32>
  return
}

// -----

func.func @rotate_type(%a: tensor<5xf32>) {
  // expected-error @+1 {{'moa.rotate' op failed to verify that all of {source, result} have same type}}
  %0 = "moa.rotate"(%a) <{static_counts = array<i64: 1>}> : (tensor<5xf32>) -> tensor<?xf32>
  return
}

// -----

func.func @rotate_operands(%a: tensor<5xf32>, %n: index) {
  // expected-error @+1 {{'moa.rotate' op has 1 operands for 0 dynamic counts}}
  %0 = "moa.rotate"(%a, %n) <{static_counts = array<i64>}> : (tensor<5xf32>, index) -> tensor<5xf32>
  return
}

// -----

func.func @gather_axis(%a: tensor<5xf32>, %p: tensor<3xi32>) {
  // expected-error @+2 {{'moa.gather' op axis 1 is out of range for rank 1}}
  // expected-error @+1 {{'moa.gather' op failed to infer returned types}}
  %0 = moa.gather %a[%p] axis 1 : tensor<5xf32>, tensor<3xi32> -> tensor<3xf32>
  return
}

// -----

func.func @gather_scalar(%a: tensor<f32>, %p: tensor<3xi32>) {
  // expected-error @+2 {{'moa.gather' op axis 0 is out of range for rank 0}}
  // expected-error @+1 {{'moa.gather' op failed to infer returned types}}
  %0 = moa.gather %a[%p] : tensor<f32>, tensor<3xi32> -> tensor<3xf32>
  return
}

// -----

func.func @gather_floats(%a: tensor<5xf32>, %p: tensor<3xf32>) {
  // expected-error @+1 {{'moa.gather' op positions must be i8, i32, i64 or index, but are 'f32'}}
  %0 = moa.gather %a[%p] : tensor<5xf32>, tensor<3xf32> -> tensor<3xf32>
  return
}

// -----

func.func @gather_truths(%a: tensor<5xf32>, %p: tensor<3xi1>) {
  // expected-error @+1 {{'moa.gather' op positions must be i8, i32, i64 or index, but are 'i1'}}
  %0 = moa.gather %a[%p] : tensor<5xf32>, tensor<3xi1> -> tensor<3xf32>
  return
}

// -----

func.func @gather_result(%a: tensor<5x?xf32>, %p: tensor<3x2xi32>) {
  // expected-error @+2 {{'moa.gather' op inferred type(s) 'tensor<3x2x?xf32>' are incompatible with return type(s) of operation 'tensor<6x?xf32>'}}
  // expected-error @+1 {{'moa.gather' op failed to infer returned types}}
  %0 = moa.gather %a[%p] : tensor<5x?xf32>, tensor<3x2xi32> -> tensor<6x?xf32>
  return
}
