// RUN: moa-opt %s --moa-psi-reduce --moa-verify-dnf --canonicalize --cse --split-input-file | FileCheck %s

// The example of the pass description: psi_transpose, psi_reduce.

// CHECK-LABEL: func.func @example(
// CHECK-SAME:    %[[A:.*]]: tensor<3x5xf32>)
// CHECK:         %[[R:.*]] = moa.array (%[[I:.*]]) in ({{.*}}) {
// CHECK:           %[[F:.*]] = moa.fold %[[K:.*]] = %{{.*}} to %{{.*}} (%{{.*}}: add f32) {
// CHECK:             %[[X:.*]] = moa.psi %[[A]][%[[K]], %[[I]]]
// CHECK:             moa.yield %[[X]]
// CHECK:           moa.yield %[[F]]
// CHECK:         } : tensor<5xf32>
// CHECK:         return %[[R]]
func.func @example(%a: tensor<3x5xf32>) -> tensor<5xf32> {
  %0 = moa.transpose %a permutation [1, 0] : tensor<3x5xf32> -> tensor<5x3xf32>
  %1 = moa.reduce add %0 axes [1] : tensor<5x3xf32> -> tensor<5xf32>
  return %1 : tensor<5xf32>
}

// -----

// Index operations compose into one affine index: no array, no copy.

// CHECK-DAG:   #[[$MAP:.*]] = affine_map<(d0)[s0] -> (-d0 + s0 + 1)>
// CHECK-LABEL: func.func @indices(
// CHECK:         moa.array (%[[I:.*]]) in
// CHECK-NEXT:      %[[AT:.*]] = affine.apply #[[$MAP]](%[[I]])
// CHECK-NEXT:      %[[X:.*]] = moa.psi %{{.*}}[%[[AT]]]
// CHECK-NEXT:      moa.yield %[[X]]
func.func @indices(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.drop %a[2] : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.reverse %0 axes [0] : tensor<?xf32>
  return %1 : tensor<?xf32>
}

// -----

// A concatenation reads each source in bounds only.

// CHECK-LABEL: func.func @cat(
// CHECK-SAME:    %[[A:.*]]: tensor<?xf32>, %[[B:.*]]: tensor<?xf32>)
// CHECK:         moa.array (%[[I:.*]]) in
// CHECK:           %[[FIRST:.*]] = arith.cmpi slt, %[[I]]
// CHECK:           scf.if %[[FIRST]]
// CHECK:             moa.psi %[[A]][%[[I]]]
// CHECK:           else
// CHECK:             moa.psi %[[B]]
func.func @cat(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.cat %a, %b : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// Equal elements are computed once, however often a step doubles their number.

// CHECK-LABEL: func.func @shared(
// CHECK:         moa.array
// CHECK-COUNT-1: moa.psi
// CHECK-COUNT-6: arith.mulf
// CHECK-NOT:     arith.mulf
func.func @shared(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.map %a, %a {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %1 = moa.map %0, %0 {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %2 = moa.map %1, %1 {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %3 = moa.map %2, %2 {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %4 = moa.map %3, %3 {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %5 = moa.map %4, %4 {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return %5 : tensor<?xf32>
}

// -----

// A row statistic is placed outside the fold that uses it: one max fold beside
// one add fold, not one inside the other.

// CHECK-LABEL: func.func @row_statistic(
// CHECK:         moa.array
// CHECK:           %[[M:.*]] = moa.fold {{.*}}: max f32
// CHECK:           moa.fold {{.*}}: add f32
// CHECK-NOT:         moa.fold
// CHECK:             arith.subf %{{.*}}, %[[M]]
// CHECK:             moa.yield
func.func @row_statistic(%a: tensor<?x?xf32>) -> tensor<?xf32> {
  %m = moa.reduce max %a axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  %t = moa.transpose %a permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %d = moa.map %t, %m {
  ^bb0(%x: f32, %y: f32):
    %z = arith.subf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %s = moa.reduce add %d axes [0] : tensor<?x?xf32> -> tensor<?xf32>
  return %s : tensor<?xf32>
}

// -----

// Results over the same first axes share one array; each has its own map.

// CHECK-DAG:   #[[$ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG:   #[[$ROWS:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @joined(
// CHECK:         %[[R:.*]]:2 = moa.array (%{{.*}}, %{{.*}}) in {{.*}} maps [#[[$ROWS]], #[[$ALL]]]
// CHECK-COUNT-1: moa.fold
// CHECK-NOT:     moa.fold
// CHECK:         return %[[R]]#0, %[[R]]#1
func.func @joined(%a: tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %s = moa.reduce add %a axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  %t = moa.transpose %a permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %d = moa.map %t, %s {
  ^bb0(%x: f32, %y: f32):
    %z = arith.divf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %u = moa.transpose %d permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %s, %u : tensor<?xf32>, tensor<?x?xf32>
}

// -----

// Scalars at function level, constants, casts and extracts.

// CHECK-LABEL: func.func @scalars(
// CHECK-SAME:    %[[A:.*]]: tensor<?xf32>
// CHECK:         %[[C:.*]] = arith.constant 2.000000e+00 : f32
// CHECK:         %[[S:.*]] = moa.fold %[[K:.*]] =
// CHECK:           %[[X:.*]] = moa.psi %[[A]][%[[K]]]
// CHECK:           arith.mulf %[[X]], %[[C]]
// CHECK-NOT:     moa.array
// CHECK:         return %[[S]]
func.func @scalars(%a: tensor<?xf32>) -> f32 {
  %two = arith.constant dense<2.0> : tensor<1xf32>
  %p = moa.map %a, %two {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<1xf32> -> tensor<?xf32>
  %c = tensor.cast %p : tensor<?xf32> to tensor<4xf32>
  %s = moa.reduce add %c axes [0] : tensor<4xf32> -> tensor<f32>
  %r = tensor.extract %s[] : tensor<f32>
  return %r : f32
}

// -----

// What the outside uses is computed; the outside's own arrays are leaves.

// CHECK-LABEL: func.func @outside(
// CHECK:         %[[R:.*]] = moa.array
// CHECK:         %[[C:.*]] = call @opaque(%[[R]])
// CHECK:         moa.array
// CHECK:           moa.psi %[[C]]
func.func private @opaque(tensor<4xf32>) -> tensor<4xf32>
func.func @outside(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = moa.reverse %a axes [0] : tensor<4xf32>
  %1 = call @opaque(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = moa.reverse %1 axes [0] : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// -----

// Extents that an operation requires to be equal are one value: both folds run
// over the same range, and can become one.

// CHECK-LABEL: func.func @equal_extents(
// CHECK:         moa.array
// CHECK:           moa.fold %{{.*}} = %{{.*}} to %[[N:.*]] (%{{.*}}: max f32)
// CHECK:           moa.fold %{{.*}} = %{{.*}} to %[[N]] (%{{.*}}: add f32)
func.func @equal_extents(%a: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %m = moa.reduce max %a axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  %p = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?xf32>
  %q = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %y : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?xf32>
  %r = moa.map %m, %p, %q {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %x, %y : f32
    %t = arith.addf %s, %z : f32
    moa.yield %t : f32
  } : tensor<?xf32>, tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return %r : tensor<?xf32>
}
