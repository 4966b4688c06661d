// From algebra to PTX: one kernel for each array of the normal form.

// RUN: moa-opt %s --moa-to-gpu="chip=sm_90a format=ptx" | tr '\134' '\n' | FileCheck %s
// RUN: moa-compile %moa_src/examples/attention.mlir --entry attention_f32 --emit=ptx -o - | FileCheck %s --check-prefix=SCRATCH
// RUN: moa-compile %moa_src/examples/attention.mlir --entry attention_f64 --column-block=16 --emit=ptx -o - | FileCheck %s --check-prefix=BLOCK

// CHECK:      func.func @softmax_product(
// CHECK-NOT:    memref.alloc
// CHECK:        gpu.launch_func @moa_kernels::@softmax_product_kernel0
// CHECK-NOT:    gpu.launch_func
// CHECK:      gpu.binary @moa_kernels
// CHECK:      0A.version 8.0
// CHECK-NEXT: 0A.target sm_90a
// CHECK:      0A.visible .entry softmax_product_kernel0(
// CHECK-NOT:  .extern
// CHECK:      func.func @softmax_product__contract(
// CHECK-NOT:    gpu.launch_func

// Attention keeps a row of scratch for each thread: 64 columns by default.
// SCRATCH:    .local .align 4 .b8 {{.*}}[256]
// BLOCK:      .local .align 8 .b8 {{.*}}[128]
func.func @softmax_product(%a: tensor<?x?xf32>, %v: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %m = moa.reduce max %a axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %at = moa.transpose %a permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %p = moa.map %at, %m {
  ^bb0(%x: f32, %y: f32):
    %d = arith.subf %x, %y : f32
    %e = math.exp %d : f32
    moa.yield %e : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %pt = moa.transpose %p permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %o = moa.inner add %pt, %v {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %o : tensor<?x?xf32>
}
