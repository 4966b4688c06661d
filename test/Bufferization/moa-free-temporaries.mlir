// What a function allocates and does not return is freed before it returns.

// RUN: moa-opt %s --moa-free-temporaries | FileCheck %s

// CHECK-LABEL: func.func @temporary(
// CHECK:         %[[A:.*]] = memref.alloc
// CHECK:         memref.store
// CHECK-NEXT:    memref.dealloc %[[A]] : memref<4xf32>
// CHECK-NEXT:    return
func.func @temporary(%x: f32, %i: index) {
  %0 = memref.alloc() : memref<4xf32>
  memref.store %x, %0[%i] : memref<4xf32>
  return
}

// Returned through a view, or freed already.
// CHECK-LABEL: func.func @kept(
// CHECK-COUNT-1: memref.dealloc
// CHECK-NOT:     memref.dealloc
// CHECK:         return
func.func @kept() -> memref<?xf32> {
  %0 = memref.alloc() : memref<4xf32>
  %1 = memref.cast %0 : memref<4xf32> to memref<?xf32>
  %2 = memref.alloc() : memref<4xf32>
  memref.dealloc %2 : memref<4xf32>
  return %1 : memref<?xf32>
}
