// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce --moa-fuse-folds --moa-tighten-bounds --canonicalize --cse | FileCheck %s
// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce --moa-fuse-folds --moa-tighten-bounds --moa-tighten-bounds --canonicalize --cse | FileCheck %s

// Causal: the tower ends at the diagonal, and nothing asks for it. Since a query
// is one of the queries, the diagonal does not pass the keys.

// CHECK: #[[$END:.*]] = affine_map<(d0)[s0, s1] -> (d0 + s0 - s1 + 1)>
// CHECK-LABEL: func.func @causal(
// CHECK-DAG:     %[[M:.*]] = tensor.dim %arg1, %c0
// CHECK-DAG:     %[[N:.*]] = tensor.dim %arg0, %c0
// CHECK:         moa.array (%[[I:.*]], %{{.*}}) in (
// CHECK:           %[[E:.*]] = affine.apply #[[$END]](%[[I]])[%[[M]], %[[N]]]
// CHECK:           moa.fold %{{.*}} = %c0 to %[[E]] ({{.*}}: max f32, {{.*}}: add f32, {{.*}}: add f32) {
// CHECK-NOT:         cmpi
// CHECK:           } correct
// CHECK-NOT:       moa.fold
func.func @causal(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x4xf32>)
    -> (tensor<?x4xf32>, tensor<?xf32>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32>
   -> tensor<?x4xf32>, tensor<?xf32>
  return %o, %lse : tensor<?x4xf32>, tensor<?xf32>
}

// -----

// A window of a length that is an argument, on both sides.

// CHECK-DAG: #[[$LEFT:.*]] = affine_map<(d0)[s0, s1, s2] -> (d0 + s0 - s1 - s2)>
// CHECK-DAG: #[[$RIGHT:.*]] = affine_map<(d0)[s0, s1] -> (d0 + s0 - s1 + 4)>
// CHECK-LABEL: func.func @window(
// CHECK:         %[[L:.*]] = affine.apply #[[$LEFT]]
// CHECK:         %[[LO:.*]] = arith.maxsi %[[L]], %c0
// CHECK:         %[[R:.*]] = affine.apply #[[$RIGHT]]
// CHECK:         %[[HI:.*]] = arith.minsi
// CHECK:         moa.fold %{{.*}} = %[[LO]] to %[[HI]] ({{.*}}: max f32,
// CHECK-NOT:       cmpi
// CHECK:         } correct
func.func @window(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x4xf32>,
                  %left: index) -> tensor<?x4xf32> {
  %c3 = arith.constant 3 : index
  %o = moa.attention %q, %k, %v window_left(%left) window_right(%c3)
    : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  return %o : tensor<?x4xf32>
}

// -----

// Everybody sees a prefix, the rest is causal: of two ends the larger.

// CHECK-LABEL: func.func @prefix(
// CHECK:         %[[HI:.*]] = arith.maxsi
// CHECK:         %[[END:.*]] = arith.minsi
// CHECK:         moa.fold %{{.*}} = %c0 to %[[END]] (
// CHECK-NOT:       cmpi
// CHECK:         } correct
func.func @prefix(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x4xf32>,
                  %prefix: index) -> tensor<?x4xf32> {
  %o = moa.attention %q, %k, %v mask {
  ^bb0(%i: index, %j: index):
    %below = arith.cmpi sle, %j, %i : index
    %early = arith.cmpi slt, %j, %prefix : index
    %seen = arith.ori %below, %early : i1
    moa.yield %seen : i1
  } : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  return %o : tensor<?x4xf32>
}

// -----

// Documents, by offsets: they are loaded in front of the fold, if there are keys.

// CHECK-LABEL: func.func @documents(
// CHECK:         %[[B:.*]]:2 = scf.if %{{.*}} -> (index, index) {
// CHECK:           moa.psi %arg3[
// CHECK:           moa.psi %arg4[
// CHECK:           moa.psi %arg4[
// CHECK:         %[[LO:.*]] = arith.maxsi %[[B]]#0, %c0
// CHECK:         %[[HI:.*]] = arith.minsi %{{.*}}, %[[B]]#1
// CHECK:         moa.fold %{{.*}} = %[[LO]] to %[[HI]] (
// CHECK-NOT:       cmpi
// CHECK:         } correct
func.func @documents(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x4xf32>,
                     %document: tensor<?xi32>, %offsets: tensor<?xi32>)
    -> tensor<?x4xf32> {
  %o = moa.attention %q, %k, %v mask {
  ^bb0(%i: index, %j: index):
    %one = arith.constant 1 : index
    %d = moa.psi %document[%i] : tensor<?xi32>
    %x = arith.index_cast %d : i32 to index
    %y = arith.addi %x, %one : index
    %a = moa.psi %offsets[%x] : tensor<?xi32>
    %b = moa.psi %offsets[%y] : tensor<?xi32>
    %begin = arith.index_cast %a : i32 to index
    %end = arith.index_cast %b : i32 to index
    %behind = arith.cmpi sge, %j, %begin : index
    %before = arith.cmpi slt, %j, %end : index
    %same = arith.andi %behind, %before : i1
    moa.yield %same : i1
  } : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  return %o : tensor<?x4xf32>
}

// -----

// Blocks of 64 keys, up to that of the query; masked keys are those behind.

// CHECK: #[[$BLOCK:.*]] = affine_map<(d0) -> ((d0 floordiv 64) * 64 + 64)>
// CHECK-LABEL: func.func @blocks(
// CHECK:         %[[B:.*]] = affine.apply #[[$BLOCK]]
// CHECK:         %[[HI:.*]] = arith.minsi %{{.*}}, %[[B]]
// CHECK:         moa.fold %{{.*}} = %c0 to %[[HI]] (
// CHECK-NOT:       cmpi
// CHECK-NOT:       arith.select
// CHECK:         moa.yield
func.func @blocks(%a: tensor<?x?xf64>) -> tensor<?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %s = moa.array (%i) in (%n) {
    %c64 = arith.constant 64 : index
    %zero = arith.constant 0.0 : f64
    %sum = moa.fold %k = %c0 to %m (%r: add f64) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
      %row = affine.apply affine_map<(d0) -> (d0 floordiv 64)>(%i)
      %column = affine.apply affine_map<(d0) -> (d0 floordiv 64)>(%k)
      %behind = arith.cmpi sgt, %column, %row : index
      %y = arith.select %behind, %zero, %x : f64
      moa.yield %y : f64
    }
    moa.yield %sum : f64
  } : tensor<?xf64>
  return %s : tensor<?xf64>
}

// -----

// What is no interval stays: the first keys and a window (the hull of both ends
// at the diagonal), and a mask that is loaded.

// CHECK: #[[$END:.*]] = affine_map<(d0) -> (d0 + 1)>
// CHECK-LABEL: func.func @sink_and_window(
// CHECK:         %[[E:.*]] = affine.apply #[[$END]]
// CHECK:         %[[HI:.*]] = arith.minsi %{{.*}}, %[[E]]
// CHECK:         moa.fold %{{.*}} = %c0 to %[[HI]] (
// CHECK:           arith.cmpi slt
// CHECK:           arith.cmpi sge
// CHECK:           arith.ori
// CHECK:           moa.psi %arg3
// CHECK:           arith.andi
// CHECK:         } correct
func.func @sink_and_window(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>,
                           %v: tensor<?x4xf32>, %valid: tensor<?xi1>)
    -> tensor<?x4xf32> {
  %o = moa.attention %q, %k, %v mask {
  ^bb0(%i: index, %j: index):
    %c4 = arith.constant 4 : index
    %c100 = arith.constant 100 : index
    %sink = arith.cmpi slt, %j, %c4 : index
    %first = arith.subi %i, %c100 : index
    %near = arith.cmpi sge, %j, %first : index
    %either = arith.ori %sink, %near : i1
    %loaded = moa.psi %valid[%j] : tensor<?xi1>
    %below = arith.cmpi sle, %j, %i : index
    %both = arith.andi %either, %loaded : i1
    %all = arith.andi %both, %below : i1
    moa.yield %all : i1
  } : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  return %o : tensor<?x4xf32>
}

// -----

// One result that counts all indices keeps the range of all, and so does a product
// that masks with 0, not 1; a `custom` reducer has no identity.

// CHECK-LABEL: func.func @no_domain(
// CHECK:         moa.fold %{{.*}} = %c0 to %arg1 ({{.*}}: add f64, {{.*}}: add i64, {{.*}}: mul f64) {
// CHECK:           arith.cmpi
// CHECK:         moa.fold %{{.*}} = %c0 to %arg1 ({{.*}}: custom f64
// CHECK:           arith.cmpi
func.func @no_domain(%a: tensor<?xf64>, %n: index, %i: index)
    -> (f64, f64, f64, f64) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %s, %count = moa.fold %k = %c0 to %n (%r: add f64, %rc: add f64) {
    %x = moa.psi %a[%k] : tensor<?xf64>
    %below = arith.cmpi sle, %k, %i : index
    %y = arith.select %below, %x, %zero : f64
    moa.yield %y, %one : f64, f64
  }
  %p = moa.fold %k = %c0 to %n (%r: mul f64) {
    %x = moa.psi %a[%k] : tensor<?xf64>
    %below = arith.cmpi sle, %k, %i : index
    %y = arith.select %below, %x, %zero : f64
    moa.yield %y : f64
  }
  %last = moa.fold %k = %c0 to %n (%r: custom f64 combine (%before, %next) {
    moa.yield %next : f64
  }) init(%one) {
    %x = moa.psi %a[%k] : tensor<?xf64>
    %below = arith.cmpi sle, %k, %i : index
    %y = arith.select %below, %x, %zero : f64
    moa.yield %y : f64
  }
  return %s, %count, %p, %last : f64, f64, f64, f64
}

// -----

// Integers, and reducers of bits; both polarities; i64 as index; an equation.

// CHECK-LABEL: func.func @integers(
// CHECK:         %[[NEXT:.*]] = affine.apply
// CHECK:         %[[HI:.*]] = arith.minsi %arg1, %[[NEXT]]
// CHECK:         moa.fold %{{.*}} = %c0 to %[[HI]] ({{.*}}: max i64, {{.*}}: and i64) {
// CHECK-NOT:       arith.select
// CHECK:         %[[LO:.*]] = arith.maxsi %arg2, %c0
// CHECK:         moa.fold %{{.*}} = %[[LO]] to %[[HI]] ({{.*}}: or i1) {
// CHECK-NOT:       andi
// CHECK:         moa.yield
func.func @integers(%a: tensor<?xi64>, %n: index, %i: index, %bits: tensor<?xi1>)
    -> (i64, i64, i1) {
  %c0 = arith.constant 0 : index
  %least = arith.constant -9223372036854775808 : i64
  %ones = arith.constant -1 : i64
  %m, %and = moa.fold %k = %c0 to %n (%r: max i64, %rb: and i64) {
    %x = moa.psi %a[%k] : tensor<?xi64>
    %wide = arith.index_cast %k : index to i64
    %end = arith.index_cast %i : index to i64
    %behind = arith.cmpi sgt, %wide, %end : i64
    %y = arith.select %behind, %least, %x : i64
    %z = arith.select %behind, %ones, %x : i64
    moa.yield %y, %z : i64, i64
  }
  %any = moa.fold %k = %c0 to %n (%r: or i1) {
    %b = moa.psi %bits[%k] : tensor<?xi1>
    %here = arith.cmpi eq, %k, %i : index
    %y = arith.andi %b, %here : i1
    moa.yield %y : i1
  }
  return %m, %and, %any : i64, i64, i1
}

// -----

// Two axes: the inner range follows the outer index. A truncated row: the rest
// of the dimension is filled with zeros.

// CHECK-LABEL: func.func @triangle(
// CHECK:         moa.fold %[[K:.*]] = %c0 to %{{.*}} (
// CHECK:           %[[NEXT:.*]] = affine.apply #{{.*}}(%[[K]])
// CHECK:           %[[HI:.*]] = arith.minsi %{{.*}}, %[[NEXT]]
// CHECK:           moa.fold %{{.*}} = %c0 to %[[HI]] (
// CHECK-NOT:         cmpi
// CHECK-LABEL: func.func @truncated(
// CHECK:         moa.fold %{{.*}} = %c0 to %c3 (
// CHECK-NOT:       scf.if
// CHECK:         moa.yield
func.func @triangle(%a: tensor<?x?xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %s = moa.fold %k = %c0 to %n (%r: add f64) {
    %t = moa.fold %l = %c0 to %m (%q: add f64) {
      %x = moa.psi %a[%k, %l] : tensor<?x?xf64>
      %below = arith.cmpi sle, %l, %k : index
      %y = arith.select %below, %x, %zero : f64
      moa.yield %y : f64
    }
    moa.yield %t : f64
  }
  return %s : f64
}

func.func @truncated(%q: tensor<?x8xf64>, %k: tensor<6x3xf64>) -> tensor<?x6xf64> {
  %wide = moa.take %k[6, 8] : tensor<6x3xf64> -> tensor<6x8xf64>
  %t = moa.transpose %wide permutation [1, 0] : tensor<6x8xf64> -> tensor<8x6xf64>
  %s = moa.inner add %q, %t {
  ^bb0(%x: f64, %y: f64):
    %p = arith.mulf %x, %y : f64
    moa.yield %p : f64
  } : tensor<?x8xf64>, tensor<8x6xf64> -> tensor<?x6xf64>
  return %s : tensor<?x6xf64>
}
