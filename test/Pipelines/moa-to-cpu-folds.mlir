// RUN: moa-opt %s --split-input-file --moa-to-cpu --mlir-disable-threading --mlir-print-ir-after=convert-moa-to-onf -o /dev/null 2>&1 | FileCheck %s
// RUN: moa-opt %s --split-input-file '--moa-to-cpu=fuse-folds=false split-segments=false tighten-bounds=false' --mlir-disable-threading --mlir-print-ir-after=convert-moa-to-onf -o /dev/null 2>&1 | FileCheck %s --check-prefix=NAIVE

// Output and log-sum-exp: the keys are walked once, up to the diagonal; the loops
// inside are those over the key dimension and over the columns.

// CHECK-LABEL: func.func @attention(
// CHECK:         scf.forall
// CHECK:           %[[END:.*]] = affine.apply
// CHECK:           scf.for %{{.*}} = %{{.*}} to %c4
// CHECK:           scf.for %{{.*}} = %{{.*}} to %[[END]] {{.*}} iter_args
// CHECK-NOT:         cmpi
// CHECK:             scf.for %{{.*}} = %{{.*}} to %c8
// CHECK:             scf.for %{{.*}} = %{{.*}} to %c4
// CHECK:             scf.yield %{{.*}}, %{{.*}} : f32, f32
// CHECK:           scf.for %{{.*}} = %{{.*}} to %c4
// CHECK-NOT:       scf.for
// CHECK:         return
// NAIVE-LABEL: func.func @attention(
// NAIVE:         %[[M:.*]] = memref.dim %arg1, %c0
// NAIVE-COUNT-3: scf.for %{{.*}} = %c0 to %[[M]]
// NAIVE-LABEL: func.func @attention__contract(
func.func @attention(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x4xf32>)
    -> (tensor<?x4xf32>, tensor<?xf32>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32>
   -> tensor<?x4xf32>, tensor<?xf32>
  return %o, %lse : tensor<?x4xf32>, tensor<?xf32>
}

// -----

// Two segments: one loop each, and no buffer but rows of states.

// CHECK-LABEL: func.func @segments(
// CHECK-NOT:     memref.alloc(
// CHECK:         scf.for %{{.*}} = %{{.*}} to %c6 {{.*}} iter_args
// CHECK:           memref.load %arg1
// CHECK:         scf.for %{{.*}} = %c6{{.*}} to %{{.*}} iter_args
// CHECK:           memref.load %arg2
// CHECK-NOT:     memref.copy
// CHECK-LABEL: func.func @segments__contract(
// NAIVE-LABEL: func.func @segments(
// NAIVE:         scf.if
func.func @segments(%q: tensor<?x8xf32>, %k1: tensor<6x8xf32>, %k2: tensor<?x8xf32>,
                    %v1: tensor<6x4xf32>, %v2: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %k = moa.cat %k1, %k2 axis 0 : tensor<6x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  %v = moa.cat %v1, %v2 axis 0 : tensor<6x4xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  %o = moa.attention %q, %k, %v
    : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  return %o : tensor<?x4xf32>
}
