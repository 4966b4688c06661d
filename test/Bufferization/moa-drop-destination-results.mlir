// RUN: moa-opt %s --split-input-file --moa-drop-destination-results | FileCheck %s

// Buffers go, also those that were cast; scalars stay.

// CHECK-LABEL: func.func @f(
// CHECK-SAME:    %[[A:.*]]: memref<?xf32>, %[[X:.*]]: f32, %{{.*}}: memref<?xf32> {moa.destination}, %{{.*}}: memref<4xf32> {moa.destination}) -> f32 {
// CHECK:         return %[[X]] : f32
func.func @f(%a: memref<?xf32>, %x: f32, %o: memref<?xf32> {moa.destination}, %p: memref<4xf32> {moa.destination})
    -> (memref<?xf32>, f32, memref<?xf32>) {
  %cast = memref.cast %p : memref<4xf32> to memref<?xf32>
  return %o, %x, %cast : memref<?xf32>, f32, memref<?xf32>
}

// -----

// A function without destinations is left alone.

// CHECK-LABEL: func.func private @g(
// CHECK-SAME:    -> memref<?xf32>
// CHECK:         return %{{.*}} : memref<?xf32>
func.func private @g(%a: memref<?xf32>) -> memref<?xf32> {
  return %a : memref<?xf32>
}
