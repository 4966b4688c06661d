// RUN: moa-opt %s --moa-to-cpu | FileCheck %s
// RUN: moa-opt %S/../../examples/attention.mlir --moa-to-cpu | FileCheck %s --check-prefix=MEMORY
// RUN: moa-opt %s --moa-to-cpu=column-block=16 | FileCheck %s --check-prefix=BLOCK
// RUN: not moa-opt %s --moa-to-cpu=column-block=0 2>&1 | FileCheck %s --check-prefix=ZERO

// No intermediate array: nothing is allocated but scratch rows on the stack.
// MEMORY-NOT: malloc
// MEMORY-NOT: llvm.intr.memcpy
// MEMORY-NOT: moa.array

// The function, which writes to its last array argument, the function that checks
// the arguments, and a wrapper for C for each of them.

// CHECK-NOT:     builtin.unrealized_conversion_cast
// CHECK-LABEL: llvm.func @softmax_rows(
// CHECK-NOT:     malloc
// CHECK-LABEL: llvm.func @_mlir_ciface_softmax_rows(
// CHECK-SAME:    %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr
// CHECK-LABEL: llvm.func @softmax_rows__contract(
// CHECK-SAME:    -> !llvm.struct<(i64, i64, i64)>
// CHECK-LABEL: llvm.func @_mlir_ciface_softmax_rows__contract(

// BLOCK: llvm.alloca {{.*}} x f32
// BLOCK-SAME: (i64) -> !llvm.ptr
// ZERO: error: column-block must be at least 1, but is 0
func.func @softmax_rows(%s: tensor<?x?xf32>, %v: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %m = moa.reduce max %s axes [0] : tensor<?x?xf32> -> tensor<?xf32>
  %p = moa.map %s, %m {
  ^bb0(%x: f32, %y: f32):
    %d = arith.subf %x, %y : f32
    %e = math.exp %d : f32
    moa.yield %e : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %pt = moa.transpose %p permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %o = moa.inner add %pt, %v {
  ^bb0(%x: f32, %y: f32):
    %xy = arith.mulf %x, %y : f32
    moa.yield %xy : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %o : tensor<?x?xf32>
}
