// RUN: moa-opt %s --split-input-file --verify-diagnostics --convert-moa-to-onf
// RUN: not moa-opt %s --split-input-file --convert-moa-to-onf=column-block=0 2>&1 | FileCheck %s --check-prefix=BLOCK
// RUN: not moa-opt %s --convert-moa-to-onf=column-block=many 2>&1 | FileCheck %s --check-prefix=MANY

// BLOCK: error: column-block must be at least 1, but is 0
// MANY: 'many' value invalid for long argument

func.func @level1(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'moa.reverse' op is not in normal form, so it has no loops; --moa-expand and --moa-psi-reduce bring it there}}
  %0 = moa.reverse %a axes [0] : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @tensors(%x: f32) -> tensor<4xf32> {
  // expected-error @+1 {{'moa.array' op works on tensors; --one-shot-bufferize must come first}}
  %0 = moa.array (%i) in (4) {
    moa.yield %x : f32
  } : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @tensor_element(%a: tensor<4xf32>, %i: index) -> f32 {
  // expected-error @+1 {{'moa.psi' op works on tensors; --one-shot-bufferize must come first}}
  %0 = moa.psi %a[%i] : tensor<4xf32>
  return %0 : f32
}

// -----

func.func @tensor_in_body(%a: tensor<4xf32>, %out: memref<4xf32>) {
  moa.array (%i) in (4) outs(%out : memref<4xf32>) {
    // expected-error @+1 {{'moa.psi' op works on tensors; --one-shot-bufferize must come first}}
    %x = moa.psi %a[%i] : tensor<4xf32>
    moa.yield %x : f32
  }
  return
}

// -----

func.func @loop_in_body(%out: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  moa.array (%i) in (4) outs(%out : memref<4xf32>) {
    %zero = arith.constant 0.0 : f32
    // expected-error @+1 {{'scf.for' op is not allowed in a body in normal form}}
    %x = scf.for %j = %c0 to %n step %c1 iter_args(%acc = %zero) -> (f32) {
      %y = arith.addf %acc, %acc : f32
      scf.yield %y : f32
    }
    moa.yield %x : f32
  }
  return
}
