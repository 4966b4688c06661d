// Intermediate arrays that are stored: pinned, or because counts say so.

// RUN: moa-opt %s --moa-psi-reduce --moa-verify-dnf --canonicalize --cse | FileCheck %s
// RUN: moa-opt %s --moa-psi-reduce=materialize=never --moa-verify-dnf --canonicalize --cse | FileCheck %s --check-prefix=NEVER
// RUN: moa-opt %s --moa-psi-reduce --remark-format=emitRemark --remarks-filter=moa-materialize -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: not moa-opt %s --moa-psi-reduce=extent=0 2>&1 | FileCheck %s --check-prefix=EXTENT
// EXTENT: error: moa-psi-reduce: extent = 0, must be at least 1

// A projection of the keys, which every query row reads: without storing it,
// each row computes all of them again.
// CHECK-LABEL: func.func @projection(
// CHECK:         %[[P:.*]] = moa.array
// CHECK:           moa.fold
// CHECK:         %[[S:.*]] = moa.materialize %[[P]]
// CHECK:         moa.array
// CHECK:           moa.psi %[[S]]
// NEVER-LABEL: func.func @projection(
// NEVER-COUNT-1: moa.array
// NEVER-NOT:     moa.materialize
// REMARK:      the array is stored: 1.05e+06 elements of arg1.0*arg0.2, 1.07e+09 evaluations, of 4.10e+03 operations each: 4.40e+12 to compute them again, 5.39e+09 to store them
func.func @projection(%q: tensor<?x?x?xf32>, %x: tensor<?x?xf32>, %w: tensor<?x?xf32>)
    -> tensor<?x?x?xf32> {
  %k = moa.inner add %x, %w {
  ^bb0(%a: f32, %b: f32):
    %c = arith.mulf %a, %b : f32
    moa.yield %c : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  %kt = moa.transpose %k permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %s = moa.inner add %q, %kt {
  ^bb0(%a: f32, %b: f32):
    %c = arith.mulf %a, %b : f32
    moa.yield %c : f32
  } : tensor<?x?x?xf32>, tensor<?x?xf32> -> tensor<?x?x?xf32>
  return %s : tensor<?x?x?xf32>
}

// An element that is read once is not stored.
// CHECK-LABEL: func.func @once(
// CHECK-NOT:     moa.materialize
// CHECK:         return
func.func @once(%a: tensor<?x?xf32>) -> tensor<?xf32> {
  %0 = moa.map %a {
  ^bb0(%x: f32):
    %y = math.exp %x : f32
    moa.yield %y : f32
  } : tensor<?x?xf32> -> tensor<?x?xf32>
  %1 = moa.reduce add %0 axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// Pinned by the program.
// CHECK-LABEL: func.func @pinned(
// CHECK:         %[[P:.*]] = moa.array
// CHECK:         %[[S:.*]] = moa.materialize %[[P]] : tensor<?xf32>
// CHECK:         moa.array
// CHECK:           moa.psi %[[S]]
// NEVER-LABEL: func.func @pinned(
// NEVER:         moa.materialize
func.func @pinned(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  %1 = moa.materialize %0 : tensor<?xf32>
  %2 = moa.rotate %1[1] : tensor<?xf32>
  return %2 : tensor<?xf32>
}

// An argument is stored already.
// CHECK-LABEL: func.func @argument(
// CHECK-NOT:     moa.materialize
func.func @argument(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.materialize %a : tensor<?xf32>
  %1 = moa.materialize %0 : tensor<?xf32>
  %2 = moa.reverse %1 axes [0] : tensor<?xf32>
  return %2 : tensor<?xf32>
}
