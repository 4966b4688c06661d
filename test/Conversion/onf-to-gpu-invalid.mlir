// RUN: moa-opt %s --convert-onf-to-gpu --split-input-file --verify-diagnostics
// RUN: not moa-opt %s --convert-onf-to-gpu="block-size=100" 2>&1 | FileCheck %s
// RUN: not moa-opt %s --convert-onf-to-gpu="block-size=2048" 2>&1 | FileCheck %s --check-prefix=LARGE

// CHECK: block-size is 100; it must be a multiple of 32 from 32 to 1024
// LARGE: block-size is 2048; it must be a multiple of 32 from 32 to 1024

func.func @left_over(%a: memref<4xf32>, %o: memref<4xf32>) {
  scf.forall (%i) in (4) {
    // expected-error @+1 {{'moa.psi' op is not of the operational normal form that becomes kernels}}
    %x = moa.psi %a[%i] : memref<4xf32>
    memref.store %x, %o[%i] : memref<4xf32>
  }
  return
}

// -----

func.func private @g(f32) -> f32
func.func @call(%x: f32, %o: memref<f32>) {
  // expected-error @+1 {{'func.call' op is not of the operational normal form}}
  %y = func.call @g(%x) : (f32) -> f32
  memref.store %y, %o[] : memref<f32>
  return
}

// -----

func.func @temporary(%o: memref<4xf32>) {
  // expected-error @+1 {{stands for a temporary array, which kernels have none of}}
  %t = memref.alloc() : memref<4xf32>
  memref.copy %t, %o : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @dynamic_scratch(%n: index, %o: memref<?xf32>) {
  scf.forall (%i) in (%n) {
    // expected-error @+1 {{has a size that is not static; the memory of a thread must be}}
    %t = memref.alloca(%n) : memref<?xf32>
    %x = memref.load %t[%i] : memref<?xf32>
    memref.store %x, %o[%i] : memref<?xf32>
  }
  return
}

// -----

func.func @tensors(%t: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has tensor results; bufferize the function first}}
  %r = scf.forall (%i) in (4) shared_outs(%o = %t) -> tensor<4xf32> {
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %t into %o[0] [4] [1] : tensor<4xf32> into tensor<4xf32>
    }
  }
  return %r : tensor<4xf32>
}

// -----

func.func @returns_array(%a: memref<4xf32>) -> memref<4xf32> {
  // expected-error @+1 {{returns a value of type 'memref<4xf32>'; kernels return scalars only}}
  return %a : memref<4xf32>
}

// -----

func.func @extent_from_array(%a: memref<index>, %o: memref<?xf32>) {
  %x = arith.constant 1.0 : f32
  // expected-note @+1 {{such an element is read here}}
  %n = memref.load %a[] : memref<index>
  // expected-error @+1 {{has bounds that depend on elements of arrays; the host cannot compute them}}
  scf.forall (%i) in (%n) {
    memref.store %x, %o[%i] : memref<?xf32>
  }
  return
}

// -----

func.func @overwritten(%a: memref<4xf32>, %o: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  // expected-error @+1 {{reads an array that is overwritten before a kernel uses the value}}
  %x = memref.load %a[%c0] : memref<4xf32>
  // expected-note @+1 {{it is overwritten here}}
  scf.forall (%i) in (4) {
    memref.store %zero, %a[%i] : memref<4xf32>
  }
  scf.forall (%i) in (4) {
    memref.store %x, %o[%i] : memref<4xf32>
  }
  return
}

// -----

func.func @shared_scratch(%o: memref<f32>) {
  %c0 = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  // expected-error @+1 {{is written by a parallel loop and used outside of it; scratch memory belongs to one thread}}
  %t = memref.alloca() : memref<4xf32>
  scf.forall (%i) in (4) {
    memref.store %x, %t[%i] : memref<4xf32>
  }
  %y = memref.load %t[%c0] : memref<4xf32>
  memref.store %y, %o[] : memref<f32>
  return
}

// -----

func.func @writes_and_yields(%a: memref<4xf32>, %o: memref<4xf32>, %p: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  // expected-error @+1 {{writes an array and has a result that a kernel uses; it would run in every thread}}
  %s = scf.for %i = %c0 to %c4 step %c1 iter_args(%acc = %zero) -> f32 {
    memref.store %acc, %o[%i] : memref<4xf32>
    scf.yield %acc : f32
  }
  scf.forall (%i) in (4) {
    memref.store %s, %p[%i] : memref<4xf32>
  }
  return
}

// -----

// expected-error @+1 {{has several blocks; kernels are made of one}}
func.func @blocks(%p: i1, %o: memref<f32>) {
  cf.cond_br %p, ^bb1, ^bb1
^bb1:
  return
}

// -----

func.func @remark(%a: memref<4xf32>, %o: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  // expected-remark @+1 {{this fold is computed again in each thread of a parallel loop that uses it}}
  %s = scf.for %i = %c0 to %c4 step %c1 iter_args(%acc = %zero) -> f32 {
    %x = memref.load %a[%i] : memref<4xf32>
    %y = arith.addf %acc, %x : f32
    scf.yield %y : f32
  }
  scf.forall (%i) in (4) {
    memref.store %s, %o[%i] : memref<4xf32>
  }
  return
}
