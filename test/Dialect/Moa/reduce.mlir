// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// moa.reduce, scan, inner.

// CHECK-LABEL: @reduce(
func.func @reduce(%a: tensor<?x4xf32>, %b: tensor<3xi1>, %x: f32) {
  // CHECK: moa.reduce add %{{.*}} axes [1] : tensor<?x4xf32> -> tensor<?xf32>
  %0 = moa.reduce add %a axes [1] : tensor<?x4xf32> -> tensor<?xf32>
  // CHECK: moa.reduce mul %{{.*}} axes [0, 1] init(%{{.*}} : f32) : tensor<?x4xf32> -> tensor<f32>
  %1 = moa.reduce mul %a axes [0, 1] init(%x : f32) : tensor<?x4xf32> -> tensor<f32>
  // CHECK: moa.reduce max %{{.*}} axes [] : tensor<?x4xf32> -> tensor<?x4xf32>
  %2 = moa.reduce max %a axes [] : tensor<?x4xf32> -> tensor<?x4xf32>
  // CHECK: moa.reduce min %{{.*}} axes [0] : tensor<?x4xf32> -> tensor<4xf32>
  %3 = moa.reduce min %a axes [0] : tensor<?x4xf32> -> tensor<4xf32>
  // CHECK: moa.reduce and %{{.*}} axes [0] : tensor<3xi1> -> tensor<i1>
  %4 = moa.reduce and %b axes [0] : tensor<3xi1> -> tensor<i1>
  // CHECK: moa.reduce or
  %5 = moa.reduce or %b axes [0] : tensor<3xi1> -> tensor<i1>
  // CHECK: moa.reduce xor
  %6 = moa.reduce xor %b axes [0] : tensor<3xi1> -> tensor<i1>
  // CHECK: moa.reduce custom %{{.*}} axes [0] init(%{{.*}} : f32) combine {
  // CHECK-NEXT: ^bb0(%acc: f32, %next: f32):
  // CHECK-NEXT:   %[[R:.*]] = arith.subf %next, %acc : f32
  // CHECK-NEXT:   moa.yield %[[R]] : f32
  // CHECK-NEXT: } : tensor<?x4xf32> -> tensor<4xf32>
  %7 = moa.reduce custom %a axes [0] init(%x : f32) combine {
  ^bb0(%p: f32, %q: f32):
    %r = arith.subf %q, %p : f32
    moa.yield %r : f32
  } : tensor<?x4xf32> -> tensor<4xf32>
  return
}

// CHECK-LABEL: @scan(
func.func @scan(%a: tensor<?x4xi32>, %x: i32) {
  // CHECK: moa.scan add %{{.*}} axis 1 : tensor<?x4xi32>
  %0 = moa.scan add %a axis 1 : tensor<?x4xi32>
  // CHECK: moa.scan mul %{{.*}} axis 0 exclusive reverse init(%{{.*}} : i32) : tensor<?x4xi32>
  %1 = moa.scan mul %a axis 0 exclusive reverse init(%x : i32) : tensor<?x4xi32>
  // CHECK: moa.scan custom %{{.*}} axis 0 reverse init(%{{.*}} : i32) combine {
  // CHECK-NEXT: ^bb0(%acc: i32, %next: i32):
  // CHECK: } {test.note} : tensor<?x4xi32>
  %2 = moa.scan custom %a axis 0 reverse init(%x : i32) combine {
  ^bb0(%p: i32, %q: i32):
    moa.yield %q : i32
  } {test.note} : tensor<?x4xi32>
  return
}

// CHECK-LABEL: @inner(
func.func @inner(%a: tensor<?x4xbf16>, %b: tensor<?x?xbf16>, %v: tensor<4xi8>,
                 %x: i8) {
  // CHECK: moa.inner add %{{.*}}, %{{.*}} {
  // CHECK-NEXT: ^bb0(%x: bf16, %y: bf16):
  // CHECK: } : tensor<?x4xbf16>, tensor<?x?xbf16> -> tensor<?x?xf32>
  %0 = moa.inner add %a, %b {
  ^bb0(%p: bf16, %q: bf16):
    %pw = arith.extf %p : bf16 to f32
    %qw = arith.extf %q : bf16 to f32
    %z = arith.mulf %pw, %qw : f32
    moa.yield %z : f32
  } : tensor<?x4xbf16>, tensor<?x?xbf16> -> tensor<?x?xf32>
  // CHECK: moa.inner custom %{{.*}}, %{{.*}} {
  // CHECK-NEXT: ^bb0(%x: i8, %y: i8):
  // CHECK: } init(%{{.*}} : i8) combine {
  // CHECK-NEXT: ^bb0(%acc: i8, %next: i8):
  // CHECK: } : tensor<4xi8>, tensor<4xi8> -> tensor<i8>
  %1 = moa.inner custom %v, %v {
  ^bb0(%p: i8, %q: i8):
    moa.yield %p : i8
  } init(%x : i8) combine {
  ^bb0(%p: i8, %q: i8):
    moa.yield %q : i8
  } : tensor<4xi8>, tensor<4xi8> -> tensor<i8>
  return
}
