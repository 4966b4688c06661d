// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// CHECK-DAG: #[[$ROWS:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[$TURNED:.*]] = affine_map<(d0, d1) -> (d1, d0)>

// CHECK-LABEL: @one(
// CHECK-SAME: %[[A:.*]]: tensor<?x4xf32>, %[[N:.*]]: index
func.func @one(%a: tensor<?x4xf32>, %n: index) -> tensor<?x4xf32> {
  // CHECK: %[[R:.*]] = moa.array (%i, %j) in (%[[N]], 4) {
  // CHECK-NEXT:   %[[X:.*]] = moa.psi %[[A]][%i, %j] : tensor<?x4xf32>
  // CHECK-NEXT:   moa.yield %[[X]] : f32
  // CHECK-NEXT: } : tensor<?x4xf32>
  %0 = moa.array (%p, %q) in (%n, 4) {
    %x = moa.psi %a[%p, %q] : tensor<?x4xf32>
    moa.yield %x : f32
  } : tensor<?x4xf32>
  // CHECK: return %[[R]]
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @several(
func.func @several(%n: index) {
  // CHECK: moa.array (%i, %j) in (3, %{{.*}}) maps [#[[$TURNED]], #[[$ROWS]]] attributes {test.note} {
  // CHECK: } : tensor<?x3xindex>, tensor<3xindex>
  %0:2 = moa.array (%i, %j) in (3, %n)
      maps [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>]
      attributes {test.note} {
    %x = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%i, %j)
    moa.yield %x, %i : index, index
  } : tensor<?x3xindex>, tensor<3xindex>
  return
}

// CHECK-LABEL: @no_axis(
func.func @no_axis(%x: f64) -> tensor<f64> {
  // CHECK: moa.array () in () {
  // CHECK-NEXT: moa.yield %{{.*}} : f64
  // CHECK-NEXT: } : tensor<f64>
  %0 = moa.array () in () {
    moa.yield %x : f64
  } : tensor<f64>
  return %0 : tensor<f64>
}

// CHECK-LABEL: @nine_axes(
func.func @nine_axes() {
  // CHECK: moa.array (%i, %j, %u, %v, %w, %x, %y, %z, %{{.*}}) in (1, 1, 1, 1, 1, 1, 1, 1, 0) {
  %0 = moa.array (%a, %b, %c, %d, %e, %f, %g, %h, %k)
      in (1, 1, 1, 1, 1, 1, 1, 1, 0) {
    moa.yield %k : index
  } : tensor<1x1x1x1x1x1x1x1x0xindex>
  return
}

// CHECK-LABEL: @destinations(
// CHECK-SAME: %[[O:[^ ]*]]: tensor<?xi1>
func.func @destinations(%o: tensor<?xi1>, %b: memref<?xi1, strided<[?], offset: ?>>,
                        %c: memref<f32>, %m: memref<?xf32>, %n: index) {
  // CHECK: moa.array (%i) in (%{{.*}}) outs(%[[O]] : tensor<?xi1>) {
  // CHECK: } : tensor<?xi1>
  %true = arith.constant true
  %0 = moa.array (%i) in (%n) outs(%o : tensor<?xi1>) {
    moa.yield %true : i1
  } : tensor<?xi1>
  // The form after bufferization: the body reads buffers, there is no result.
  // CHECK: moa.array (%i) in (%{{.*}}) outs(%{{.*}}, %{{.*}} : memref<?xi1, strided<[?], offset: ?>>, memref<f32>)
  // CHECK-SAME: maps [#{{.*}}, #{{.*}}] {
  // CHECK-NEXT: arith.constant
  // CHECK-NEXT: arith.constant
  // CHECK-NEXT: moa.psi %{{.*}}[%{{.*}}] : memref<?xf32>
  // CHECK: moa.fold %k =
  // CHECK-NEXT: moa.psi %{{.*}}[%k] : memref<?xf32>
  moa.array (%i) in (%n)
      outs(%b, %c : memref<?xi1, strided<[?], offset: ?>>, memref<f32>)
      maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>] {
    %c0 = arith.constant 0 : index
    %f = arith.constant false
    %x = moa.psi %m[%c0] : memref<?xf32>
    %y = moa.fold %k = %c0 to %n (%r: add f32) {
      %e = moa.psi %m[%k] : memref<?xf32>
      moa.yield %e : f32
    }
    %z = arith.addf %x, %y : f32
    moa.yield %f, %z : i1, f32
  }
  return
}
