// RUN: moa-opt %s --split-input-file \
// RUN:   --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=fully-dynamic-layout-map" \
// RUN:   --canonicalize | FileCheck %s

// A destination is written in place: no allocation, no copy.

// CHECK-LABEL: func.func @destination(
// CHECK-SAME:    %[[A:.*]]: memref<?x4xf32, strided<[?, ?], offset: ?>>,
// CHECK-SAME:    %[[OUT:.*]]: memref<4x?xf32, strided<[?, ?], offset: ?>>
// CHECK-NOT:     memref.alloc
// CHECK-NOT:     memref.copy
// CHECK:         moa.array (%[[I:.*]], %[[J:.*]]) in (4, %{{.*}}) outs(%[[OUT]] : memref<4x?xf32, strided<[?, ?], offset: ?>>) {
// CHECK:           %[[X:.*]] = moa.psi %[[A]][%[[J]], %[[I]]] : memref<?x4xf32, strided<[?, ?], offset: ?>>
// CHECK:           moa.yield %[[X]] : f32
// CHECK:         }
// CHECK-NOT:     memref.copy
// CHECK:         return %[[OUT]]
func.func @destination(%a: tensor<?x4xf32>, %out: tensor<4x?xf32> {bufferization.writable = true}) -> tensor<4x?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x4xf32>
  %0 = moa.array (%i, %j) in (4, %n) outs(%out : tensor<4x?xf32>) {
    %x = moa.psi %a[%j, %i] : tensor<?x4xf32>
    moa.yield %x : f32
  } : tensor<4x?xf32>
  return %0 : tensor<4x?xf32>
}

// -----

// Without one there is an allocation for each result, of the extents of its map.

// CHECK-LABEL: func.func @allocation(
// CHECK-SAME:    %{{.*}}, %[[N:.*]]: index
// CHECK-DAG:     %[[FIRST:.*]] = memref.alloc(%[[N]]) {{.*}} : memref<3x?xf32>
// CHECK-DAG:     %[[SECOND:.*]] = memref.alloc(%[[N]]) {{.*}} : memref<?xf64>
// CHECK:         moa.array (%{{.*}}, %{{.*}}) in (%[[N]], 3) outs(%[[FIRST]], %[[SECOND]] : memref<3x?xf32>, memref<?xf64>) maps [#{{.*}}, #{{.*}}] {
// CHECK-NOT:     memref.copy
func.func @allocation(%a: tensor<?xf32>, %n: index) -> (tensor<3x?xf32>, tensor<?xf64>) {
  %0:2 = moa.array (%i, %j) in (%n, 3) maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>] {
    %x = moa.psi %a[%i] : tensor<?xf32>
    %y = arith.extf %x : f32 to f64
    moa.yield %x, %y : f32, f64
  } : tensor<3x?xf32>, tensor<?xf64>
  return %0#0, %0#1 : tensor<3x?xf32>, tensor<?xf64>
}

// -----

// An array that is read while it is written must not be the destination: another
// element may be gone. Its elements are not copied, for none of them is kept.

// CHECK-LABEL: func.func @read_and_written(
// CHECK-SAME:    %[[A:.*]]: memref<4xf32
// CHECK:         %[[NEW:.*]] = memref.alloc() {{.*}} : memref<4xf32>
// CHECK-NOT:     memref.copy
// CHECK:         moa.array (%{{.*}}) in (4) outs(%[[NEW]] : memref<4xf32>) {
// CHECK:           moa.psi %[[A]]
func.func @read_and_written(%a: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> {
  %0 = moa.array (%i) in (4) outs(%a : tensor<4xf32>) {
    %at = affine.apply affine_map<(i) -> (3 - i)>(%i)
    %x = moa.psi %a[%at] : tensor<4xf32>
    moa.yield %x : f32
  } : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A destination whose old elements are read later is not overwritten.

// CHECK-LABEL: func.func @old_elements(
// CHECK-SAME:    %[[A:.*]]: memref<4xf32
// CHECK:         %[[NEW:.*]] = memref.alloc() {{.*}} : memref<4xf32>
// CHECK:         moa.array {{.*}} outs(%[[NEW]] : memref<4xf32>)
// CHECK:         moa.psi %[[A]]
func.func @old_elements(%a: tensor<4xf32> {bufferization.writable = true}, %x: f32) -> (tensor<4xf32>, f32) {
  %c0 = arith.constant 0 : index
  %0 = moa.array (%i) in (4) outs(%a : tensor<4xf32>) {
    moa.yield %x : f32
  } : tensor<4xf32>
  %old = moa.psi %a[%c0] : tensor<4xf32>
  return %0, %old : tensor<4xf32>, f32
}

// -----

// Constants, extents inside of a body, folds and branches.

// CHECK-LABEL: func.func @inside(
// CHECK:         %[[TABLE:.*]] = memref.get_global
// CHECK:         moa.array
// CHECK:           moa.fold
// CHECK:             memref.dim
// CHECK:             scf.if
// CHECK:               moa.psi %[[TABLE]]
func.func @inside(%a: tensor<?xf32>, %out: tensor<?xf32> {bufferization.writable = true}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %table = arith.constant dense<[1.0, 2.0, 4.0]> : tensor<3xf32>
  %c3 = arith.constant 3 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %0 = moa.array (%i) in (%n) outs(%out : tensor<?xf32>) {
    %s = moa.fold %k = %c0 to %c3 (%acc: add f32) {
      %m = tensor.dim %a, %c0 : tensor<?xf32>
      %below = arith.cmpi slt, %k, %m : index
      %x = scf.if %below -> (f32) {
        %y = moa.psi %table[%k] : tensor<3xf32>
        scf.yield %y : f32
      } else {
        scf.yield %zero : f32
      }
      moa.yield %x : f32
    }
    moa.yield %s : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}
