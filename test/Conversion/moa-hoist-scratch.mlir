// RUN: moa-opt %s --moa-hoist-scratch | FileCheck %s

// In loops, in order; an alloca of dynamic size stays.

// CHECK-LABEL: func.func @f(
// CHECK-NEXT:    memref.alloca() : memref<64xf32>
// CHECK-NEXT:    memref.alloca() : memref<i1>
// CHECK:         scf.for
// CHECK-NOT:       memref.alloca() :
// CHECK:           memref.alloca(%{{.*}}) : memref<?xf32>
func.func @f(%n: index, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %row = memref.alloca() : memref<64xf32>
    memref.store %x, %row[%c0] : memref<64xf32>
    scf.for %j = %c0 to %n step %c1 {
      %flag = memref.alloca() : memref<i1>
      %own = memref.alloca(%n) : memref<?xf32>
      memref.store %x, %own[%c0] : memref<?xf32>
      %no = arith.constant false
      memref.store %no, %flag[] : memref<i1>
    }
  }
  return
}

// CHECK: func.func private @external()
func.func private @external()
