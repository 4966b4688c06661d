// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// moa.map, select, outer, and the names of their arguments.

// CHECK-LABEL: @map(
// CHECK-SAME: %[[A:.*]]: tensor<?x4xf32>, %[[B:.*]]: tensor<4xf32>
func.func @map(%a: tensor<?x4xf32>, %b: tensor<4xf32>, %c: tensor<1x?xf64>) {
  // CHECK: moa.map %[[A]], %[[B]] {
  // CHECK-NEXT: ^bb0(%x: f32, %y: f32):
  // CHECK-NEXT:   %[[Z:.*]] = arith.addf %x, %y : f32
  // CHECK-NEXT:   moa.yield %[[Z]] : f32
  // CHECK-NEXT: } : tensor<?x4xf32>, tensor<4xf32> -> tensor<?x4xf32>
  %0 = moa.map %a, %b {
  ^bb0(%p: f32, %q: f32):
    %z = arith.addf %p, %q : f32
    moa.yield %z : f32
  } : tensor<?x4xf32>, tensor<4xf32> -> tensor<?x4xf32>

  // Another element type, a captured array, and a fourth argument without a
  // name of its own.
  // CHECK: moa.map
  // CHECK-NEXT: ^bb0(%x: f32, %y: f64, %z: f32, %{{.*}}: f32):
  // CHECK: moa.psi %[[B]]
  // CHECK: } {test.note} : {{.*}} -> tensor<?x?xi1>
  %1 = moa.map %a, %c, %b, %b {
  ^bb0(%p: f32, %q: f64, %r: f32, %s: f32):
    %c0 = arith.constant 0 : index
    %z = moa.psi %b[%c0] : tensor<4xf32>
    %less = arith.cmpf olt, %p, %z : f32
    moa.yield %less : i1
  } {test.note} : tensor<?x4xf32>, tensor<1x?xf64>, tensor<4xf32>, tensor<4xf32>
      -> tensor<?x?xi1>
  return
}

// CHECK-LABEL: @select(
func.func @select(%m: tensor<4xi1>, %a: tensor<?x4xf32>, %b: tensor<1x4xf32>,
                  %t: tensor<i1>, %s: tensor<f32>) {
  // CHECK: moa.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<4xi1>, tensor<?x4xf32>, tensor<1x4xf32> -> tensor<?x4xf32>
  %0 = moa.select %m, %a, %b
         : tensor<4xi1>, tensor<?x4xf32>, tensor<1x4xf32> -> tensor<?x4xf32>
  // CHECK: moa.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<i1>, tensor<f32>, tensor<f32> -> tensor<f32>
  %1 = moa.select %t, %s, %s : tensor<i1>, tensor<f32>, tensor<f32> -> tensor<f32>
  return
}

// CHECK-LABEL: @outer(
func.func @outer(%a: tensor<?xf32>, %b: tensor<4x0xf32>, %s: tensor<i8>) {
  // CHECK: moa.outer %{{.*}}, %{{.*}} {
  // CHECK-NEXT: ^bb0(%x: f32, %y: f32):
  // CHECK: } : tensor<?xf32>, tensor<4x0xf32> -> tensor<?x4x0xf32>
  %0 = moa.outer %a, %b {
  ^bb0(%p: f32, %q: f32):
    %z = arith.mulf %p, %q : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<4x0xf32> -> tensor<?x4x0xf32>
  // CHECK: moa.outer
  // CHECK: } : tensor<i8>, tensor<i8> -> tensor<i8>
  %1 = moa.outer %s, %s {
  ^bb0(%p: i8, %q: i8):
    moa.yield %q : i8
  } : tensor<i8>, tensor<i8> -> tensor<i8>
  return
}
