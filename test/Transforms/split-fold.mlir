// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce --moa-fuse-folds --moa-split-fold=parts=4 --moa-check-folds 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=WHY < %t.err
// RUN: moa-opt %s --split-input-file --moa-split-fold=parts=4 2>&1 >%t.out | FileCheck %s --check-prefix=NAIVE
// RUN: FileCheck %s --check-prefix=KEPT < %t.out
// RUN: not moa-opt %s --split-input-file --moa-split-fold=parts=0 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: error: moa-split-fold: the option 'parts' is 0; it must be at least 1

// Partial states over the rows and parts (the sums over the columns, too), and
// their merge: the same reducers, the same correction.

// CHECK-DAG:   #[[$O:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG:   #[[$M:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-LABEL: func.func @attention(
// CHECK:         %[[S:.*]]:3 = moa.array (%{{.*}}, %{{.*}}, %{{.*}}) in (%{{.*}}, 64, 4) maps [#[[$M]], #[[$O]], #[[$M]]] {
// CHECK:           moa.fold {{.*}}: max f32, {{.*}}: add f32, {{.*}}: add f32) {
// CHECK:           } correct
// CHECK:         } : tensor<?x4xf32>, tensor<?x64x4xf32>, tensor<?x4xf32>
// CHECK:         moa.array
// CHECK:           moa.fold {{.*}} to %c4 ({{.*}}: max f32, {{.*}}: add f32, {{.*}}: add f32) {
// CHECK-COUNT-3:     moa.psi %[[S]]#
// CHECK:           } correct
// CHECK-NOT:       moa.fold
func.func @attention(%q: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>)
    -> tensor<?x64xf32> {
  %o = moa.attention %q, %k, %v
    : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32> -> tensor<?x64xf32>
  return %o : tensor<?x64xf32>
}

// -----

// At function level; a start value stays whole.

// WHY: remark: is not split: it has start values
// CHECK-LABEL: func.func @sums(
// CHECK:         moa.array (%{{.*}}) in (4) {
// CHECK:         moa.fold
// CHECK:         moa.fold {{.*}} init(
func.func @sums(%a: tensor<?xf32>) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %s = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %c1 = arith.constant 1 : index
  %t = moa.fold %k = %c1 to %n (%acc: add f32) init(%one) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  return %s, %t : f32, f32
}

// -----

// Without a correction there is nothing to merge with.

// NAIVE: remark: is not split: its elements use results, and it has no `correct` region
// KEPT-LABEL: func.func @kept(
// KEPT-NOT:     moa.array
// KEPT:         return
func.func @kept(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %s, %m = moa.fold %k = %c0 to %n (%r: add f32, %q: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %d = arith.subf %x, %r : f32
    %e = arith.mulf %d, %x : f32
    moa.yield %x, %e : f32, f32
  }
  return %m : f32
}
