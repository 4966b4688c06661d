// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce --moa-fuse-folds --moa-split-segments --moa-tighten-bounds --moa-check-folds --canonicalize --cse | FileCheck %s
// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce --moa-split-segments 2>&1 >%t.out | FileCheck %s --check-prefix=WHY

// Attention sinks before a cache: one fold for each segment, the second from the
// state of the first. Both read their own arrays.

// CHECK-LABEL: func.func @two_segments(
// CHECK:         moa.array
// CHECK-NOT:       scf.if
// CHECK:           %[[S:.*]]:3 = moa.fold %{{.*}} = %c0 to %c4 ({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:             moa.psi %arg1[
// CHECK:             moa.psi %arg3[
// CHECK:           } correct
// CHECK:           moa.fold %{{.*}} = %c4 to %{{.*}} ({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) init(%[[S]]#0, %[[S]]#1, %[[S]]#2) {
// CHECK:             moa.psi %arg2[
// CHECK:             moa.psi %arg4[
// CHECK:           } correct
// CHECK-NOT:       moa.fold
func.func @two_segments(%q: tensor<?x8xf64>, %k1: tensor<4x8xf64>, %k2: tensor<?x8xf64>,
                        %v1: tensor<4x5xf64>, %v2: tensor<?x5xf64>) -> tensor<?x5xf64> {
  %k = moa.cat %k1, %k2 axis 0 : tensor<4x8xf64>, tensor<?x8xf64> -> tensor<?x8xf64>
  %v = moa.cat %v1, %v2 axis 0 : tensor<4x5xf64>, tensor<?x5xf64> -> tensor<?x5xf64>
  %o = moa.attention %q, %k, %v
    : tensor<?x8xf64>, tensor<?x8xf64>, tensor<?x5xf64> -> tensor<?x5xf64>
  return %o : tensor<?x5xf64>
}

// -----

// A dense segment, a gathered one, and one that keeps 3 of 8 coordinates, under a
// causal mask: the last one's contraction is over 3.

// CHECK-LABEL: func.func @tiers(
// CHECK:         %[[A:.*]]:3 = moa.fold %{{.*}} = %c0 to
// CHECK:           moa.fold %{{.*}} = %c0 to %c8
// CHECK:             moa.psi %arg1[
// CHECK:         %[[B:.*]]:3 = moa.fold %{{.*}} = %c6 to {{.*}} init(%[[A]]#0, %[[A]]#1, %[[A]]#2) {
// CHECK:             moa.psi %arg6[
// CHECK:             moa.psi %arg2[
// CHECK:         moa.fold %{{.*}} = %c10 to {{.*}} init(%[[B]]#0, %[[B]]#1, %[[B]]#2) {
// CHECK:           moa.fold %{{.*}} = %c0 to %c3
// CHECK:             moa.psi %arg3[
// CHECK-NOT:     moa.fold {{.*}} max
func.func @tiers(%q: tensor<?x8xf64>, %dense: tensor<6x8xf64>, %all: tensor<?x8xf64>,
                 %short: tensor<7x3xf64>, %v1: tensor<10x5xf64>, %v2: tensor<7x5xf64>,
                 %chosen: tensor<4xi32>) -> tensor<?x5xf64> {
  %some = moa.gather %all[%chosen] axis 0 : tensor<?x8xf64>, tensor<4xi32> -> tensor<4x8xf64>
  %long = moa.take %short[7, 8] : tensor<7x3xf64> -> tensor<7x8xf64>
  %k = moa.cat %dense, %some, %long axis 0
    : tensor<6x8xf64>, tensor<4x8xf64>, tensor<7x8xf64> -> tensor<17x8xf64>
  %v = moa.cat %v1, %v2 axis 0 : tensor<10x5xf64>, tensor<7x5xf64> -> tensor<17x5xf64>
  %o = moa.attention %q, %k, %v causal
    : tensor<?x8xf64>, tensor<17x8xf64>, tensor<17x5xf64> -> tensor<?x5xf64>
  return %o : tensor<?x5xf64>
}

// -----

// Lengths that may differ, of keys and of values: between the cuts is a segment
// of its own. The log-sum-exp comes of the same folds.

// CHECK-LABEL: func.func @ragged(
// CHECK:         moa.array
// CHECK-COUNT-4:   moa.fold {{.*}}: max f64
// CHECK-NOT:       moa.fold {{.*}}: max f64
func.func @ragged(%q: tensor<?x8xf64>, %k1: tensor<?x8xf64>, %k2: tensor<?x8xf64>,
                  %v1: tensor<?x5xf64>, %v2: tensor<?x5xf64>)
    -> (tensor<?x5xf64>, tensor<?xf64>) {
  %k = moa.cat %k1, %k2 axis 0 : tensor<?x8xf64>, tensor<?x8xf64> -> tensor<?x8xf64>
  %v = moa.cat %v1, %v2 axis 0 : tensor<?x5xf64>, tensor<?x5xf64> -> tensor<?x5xf64>
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x8xf64>, tensor<?x8xf64>, tensor<?x5xf64>
   -> tensor<?x5xf64>, tensor<?xf64>
  return %o, %lse : tensor<?x5xf64>, tensor<?xf64>
}

// -----

// A tower with shifts (mean and variance) over two arrays; a sum that begins
// somewhere; a reducer without an identity keeps its order.

// CHECK-LABEL: func.func @others(
// CHECK:         %[[S:.*]]:3 = moa.fold
// CHECK:         moa.fold {{.*}} init(%[[S]]#0, %[[S]]#1, %[[S]]#2) {
// CHECK:         } correct
// CHECK:         %[[D:.*]] = moa.fold {{.*}}: custom f64 combine
// CHECK:         }) init(%arg2) {
// CHECK:         moa.fold {{.*}}: custom f64 combine
// CHECK:         }) init(%[[D]]) {
func.func @others(%a: tensor<?xf64>, %b: tensor<?xf64>, %start: f64) -> (f64, f64) {
  %c0 = arith.constant 0 : index
  %x = moa.cat %a, %b axis 0 : tensor<?xf64>, tensor<?xf64> -> tensor<?xf64>
  %n = tensor.dim %x, %c0 : tensor<?xf64>
  %wide = arith.index_cast %n : index to i64
  %count = arith.sitofp %wide : i64 to f64
  %sum = moa.fold %k = %c0 to %n (%r: add f64) {
    %e = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %e : f64
  }
  %mean = arith.divf %sum, %count : f64
  %square = moa.fold %k = %c0 to %n (%r: add f64) {
    %e = moa.psi %x[%k] : tensor<?xf64>
    %d = arith.subf %e, %mean : f64
    %dd = arith.mulf %d, %d : f64
    moa.yield %dd : f64
  }
  %difference = moa.fold %k = %c0 to %n (%acc: custom f64 combine (%p, %q) {
    %z = arith.subf %q, %p : f64
    moa.yield %z : f64
  }) init(%start) {
    %e = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %e : f64
  }
  %variance = arith.divf %square, %count : f64
  return %variance, %difference : f64, f64
}

// -----

// Inside: the sum over a concatenated dimension is cut in the fold that holds it.

// CHECK-LABEL: func.func @nested(
// CHECK:         moa.fold
// CHECK:           %[[P:.*]] = moa.fold %{{.*}} = %c0 to %c3
// CHECK:             moa.psi %arg1[
// CHECK:           moa.fold %{{.*}} = %c3 to %c8 {{.*}} init(%[[P]])
// CHECK:             moa.psi %arg2[
func.func @nested(%q: tensor<8xf64>, %a: tensor<?x3xf64>, %b: tensor<?x5xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %k = moa.cat %a, %b axis 1 : tensor<?x3xf64>, tensor<?x5xf64> -> tensor<?x8xf64>
  %n = tensor.dim %a, %c0 : tensor<?x3xf64>
  %m = moa.fold %j = %c0 to %n (%r: max f64) {
    %s = moa.fold %d = %c0 to %c8 (%t: add f64) {
      %x = moa.psi %q[%d] : tensor<8xf64>
      %y = moa.psi %k[%j, %d] : tensor<?x8xf64>
      %z = arith.mulf %x, %y : f64
      moa.yield %z : f64
    }
    moa.yield %s : f64
  }
  return %m : f64
}

// -----

// Without a `correct` region the tower has no state to go on from.

// WHY: remark: is not split into segments: result #1 uses earlier results, and there is no `correct` region
// CHECK-LABEL: func.func @naive_tower(
func.func @naive_tower(%a: tensor<?xf64>, %b: tensor<3xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %x = moa.cat %b, %a axis 0 : tensor<3xf64>, tensor<?xf64> -> tensor<?xf64>
  %n = tensor.dim %x, %c0 : tensor<?xf64>
  %m, %l = moa.fold %k = %c0 to %n (%rm: max f64, %rl: add f64) {
    %e = moa.psi %x[%k] : tensor<?xf64>
    %d = arith.subf %e, %rm : f64
    %p = math.exp %d : f64
    moa.yield %e, %p : f64, f64
  }
  %log = math.log %l : f64
  %lse = arith.addf %m, %log : f64
  return %lse : f64
}

// -----

// The first 4 keys and a window of 100: two folds with bounds, none of which asks
// for anything.

// CHECK: #[[$NEAR:.*]] = affine_map<(d0) -> (d0 - 100)>
// CHECK-LABEL: func.func @sink_and_window(
// CHECK:         %[[S:.*]]:3 = moa.fold %{{.*}} = %c0 to %{{.*}} ({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK-NOT:       cmpi
// CHECK:         %[[L:.*]] = affine.apply #[[$NEAR]]
// CHECK:         %[[LO:.*]] = arith.maxsi %[[L]], %c4
// CHECK:         moa.fold %{{.*}} = %[[LO]] to %{{.*}} ({{.*}}) init(%[[S]]#0, %[[S]]#1, %[[S]]#2) {
// CHECK-NOT:       cmpi
// CHECK:         return
func.func @sink_and_window(%q: tensor<?x8xf64>, %k: tensor<?x8xf64>,
                           %v: tensor<?x5xf64>) -> tensor<?x5xf64> {
  %o = moa.attention %q, %k, %v mask {
  ^bb0(%i: index, %j: index):
    %c4 = arith.constant 4 : index
    %c100 = arith.constant 100 : index
    %sink = arith.cmpi slt, %j, %c4 : index
    %first = arith.subi %i, %c100 : index
    %near = arith.cmpi sge, %j, %first : index
    %either = arith.ori %sink, %near : i1
    %below = arith.cmpi sle, %j, %i : index
    %all = arith.andi %either, %below : i1
    moa.yield %all : i1
  } : tensor<?x8xf64>, tensor<?x8xf64>, tensor<?x5xf64> -> tensor<?x5xf64>
  return %o : tensor<?x5xf64>
}
