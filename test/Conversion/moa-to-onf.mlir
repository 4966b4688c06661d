// RUN: moa-opt %s --convert-moa-to-onf --canonicalize --cse --split-input-file | FileCheck %s

// The example of the pass description: the second axis comes after the fold that
// does not depend on it.

// CHECK-LABEL: func.func @example(
// CHECK-SAME:    %[[A:.*]]: memref<?x?xf32>, %[[OUT:.*]]: memref<?x?xf32>, %[[N:.*]]: index, %[[M:.*]]: index)
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         scf.forall (%[[I:.*]]) in (%[[N]]) {
// CHECK-NEXT:      %[[S:.*]] = scf.for %[[J:.*]] = %[[C0]] to %[[M]] step %[[C1]] iter_args(%[[R:.*]] = %[[ZERO]]) -> (f32) {
// CHECK-NEXT:        %[[X:.*]] = memref.load %[[A]][%[[I]], %[[J]]]
// CHECK-NEXT:        %[[T:.*]] = arith.addf %[[R]], %[[X]] : f32
// CHECK-NEXT:        scf.yield %[[T]] : f32
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %[[K:.*]] = %[[C0]] to %[[M]] step %[[C1]] {
// CHECK-NEXT:        %[[Y:.*]] = memref.load %[[A]][%[[I]], %[[K]]]
// CHECK-NEXT:        %[[Z:.*]] = arith.divf %[[Y]], %[[S]] : f32
// CHECK-NEXT:        memref.store %[[Z]], %[[OUT]][%[[I]], %[[K]]]
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NOT:     scf.for
func.func @example(%a: memref<?x?xf32>, %out: memref<?x?xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %k) in (%n, %m) outs(%out : memref<?x?xf32>) {
    %s = moa.fold %j = %c0 to %m (%r: add f32) {
      %x = moa.psi %a[%i, %j] : memref<?x?xf32>
      moa.yield %x : f32
    }
    %y = moa.psi %a[%i, %k] : memref<?x?xf32>
    %z = arith.divf %y, %s : f32
    moa.yield %z : f32
  }
  return
}

// -----

// A product: both axes run in parallel, one loop, no scratch.

// CHECK-LABEL: func.func @matmul(
// CHECK-NOT:     memref.alloc
// CHECK:         scf.forall (%[[I:.*]], %[[J:.*]]) in (%{{.*}}, 8) {
// CHECK-NEXT:      %[[S:.*]] = scf.for
// CHECK-NOT:         scf.for
// CHECK:           memref.store %[[S]], %{{.*}}[%[[J]], %[[I]]]
// CHECK-NOT:     scf.for
func.func @matmul(%a: memref<?x4xf32>, %b: memref<4x8xf32>, %out: memref<8x?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  moa.array (%i, %j) in (%n, 8) outs(%out : memref<8x?xf32>) maps [affine_map<(i, j) -> (j, i)>] {
    %s = moa.fold %k = %c0 to %c4 (%acc: add f32) {
      %x = moa.psi %a[%i, %k] : memref<?x4xf32>
      %y = moa.psi %b[%k, %j] : memref<4x8xf32>
      %xy = arith.mulf %x, %y : f32
      moa.yield %xy : f32
    }
    moa.yield %s : f32
  }
  return
}

// -----

// A tower in one loop. The scores and the results without the column axis are
// computed once for each key; the third result has a row of states in scratch.
// The log-sum-exp is stored outside of the loop over columns.

// CHECK-LABEL: func.func @attention(
// CHECK-SAME:    %[[Q:.*]]: memref<?x?xf32>, %[[K:.*]]: memref<?x?xf32>, %[[V:.*]]: memref<?x64xf32>, %[[O:.*]]: memref<?x64xf32>, %[[LSE:.*]]: memref<?xf32>)
// CHECK-NOT:     memref.alloc()
// CHECK:         scf.forall (%[[I:.*]]) in (%{{.*}}) {
// CHECK-NEXT:      %[[ROW:.*]] = memref.alloca() : memref<64xf32>
// CHECK-NEXT:      scf.for %[[C:.*]] = %{{.*}} to %c64 step
// CHECK-NEXT:        memref.store %{{.*}}, %[[ROW]][%[[C]]]
// CHECK-NEXT:      }
// CHECK-NEXT:      %[[STATE:.*]]:2 = scf.for %[[J:.*]] = {{.*}} iter_args(%[[M:.*]] = %{{.*}}, %[[L:.*]] = %{{.*}}) -> (f32, f32) {
// CHECK-NEXT:        %[[S:.*]] = scf.for
// CHECK:             %[[MAX:.*]] = arith.maximumf %[[M]], %[[S]] : f32
// CHECK:             %[[F:.*]] = math.exp
// CHECK:             arith.mulf %[[L]], %[[F]] : f32
// CHECK:             %[[P:.*]] = math.exp
// CHECK:             %[[SUM:.*]] = arith.addf %{{.*}}, %[[P]] : f32
// CHECK-NOT:         math.exp
// CHECK:             scf.for %[[C:.*]] = %{{.*}} to %c64 step
// CHECK-NEXT:          %[[OLD:.*]] = memref.load %[[ROW]][%[[C]]]
// CHECK-NEXT:          %[[SCALED:.*]] = arith.mulf %[[OLD]], %[[F]] : f32
// CHECK-NEXT:          %[[X:.*]] = memref.load %[[V]][%[[J]], %[[C]]]
// CHECK-NEXT:          %[[PX:.*]] = arith.mulf %[[P]], %[[X]] : f32
// CHECK-NEXT:          %[[NEW:.*]] = arith.addf %[[SCALED]], %[[PX]] : f32
// CHECK-NEXT:          memref.store %[[NEW]], %[[ROW]][%[[C]]]
// CHECK-NEXT:        }
// CHECK-NEXT:        scf.yield %[[MAX]], %[[SUM]] : f32, f32
// CHECK:           memref.store %{{.*}}, %[[LSE]][%[[I]]]
// CHECK-NEXT:      scf.for %[[C:.*]] = %{{.*}} to %c64 step
// CHECK-NEXT:        %[[DONE:.*]] = memref.load %[[ROW]][%[[C]]]
// CHECK-NEXT:        %[[Y:.*]] = arith.divf %[[DONE]], %[[STATE]]#1 : f32
// CHECK-NEXT:        memref.store %[[Y]], %[[O]][%[[I]], %[[C]]]
// CHECK-NOT:     scf.for
func.func @attention(%q: memref<?x?xf32>, %k: memref<?x?xf32>, %v: memref<?x64xf32>, %o: memref<?x64xf32>, %lse: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %q, %c0 : memref<?x?xf32>
  %m = memref.dim %k, %c0 : memref<?x?xf32>
  %d = memref.dim %k, %c1 : memref<?x?xf32>
  moa.array (%i, %c) in (%n, 64) outs(%o, %lse : memref<?x64xf32>, memref<?xf32>) maps [affine_map<(i, c) -> (i, c)>, affine_map<(i, c) -> (i)>] {
    %r:3 = moa.fold %j = %c0 to %m (%rm: max f32, %rl: add f32, %ro: add f32) {
      %s = moa.fold %e = %c0 to %d (%acc: add f32) {
        %x = moa.psi %q[%i, %e] : memref<?x?xf32>
        %y = moa.psi %k[%j, %e] : memref<?x?xf32>
        %xy = arith.mulf %x, %y : f32
        moa.yield %xy : f32
      }
      %t = arith.subf %s, %rm : f32
      %p = math.exp %t : f32
      %w = moa.psi %v[%j, %c] : memref<?x64xf32>
      %pw = arith.mulf %p, %w : f32
      moa.yield %s, %p, %pw : f32, f32, f32
    } correct (%m0, %l0, %o0) to (%m1, %l1, %o1) {
      %t = arith.subf %m0, %m1 : f32
      %f = math.exp %t : f32
      %lc = arith.mulf %l0, %f : f32
      %oc = arith.mulf %o0, %f : f32
      moa.yield %m0, %lc, %oc : f32, f32, f32
    }
    %out = arith.divf %r#2, %r#1 : f32
    %log = math.log %r#1 : f32
    %ls = arith.addf %r#0, %log : f32
    moa.yield %out, %ls : f32, f32
  }
  return
}

// -----

// Without `correct` the second result waits for the first: two loops. The third
// depends on none and runs with the first.

// CHECK-LABEL: func.func @two_passes(
// CHECK:         scf.forall
// CHECK:           %[[FIRST:.*]]:2 = scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) -> (f32, f32)
// CHECK:             arith.maximumf
// CHECK:             arith.mulf
// CHECK:           %[[SECOND:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (f32)
// CHECK:             arith.subf %{{.*}}, %[[FIRST]]#0 : f32
// CHECK:             math.exp
// CHECK-NOT:       scf.for
func.func @two_passes(%a: memref<?x?xf32>, %out: memref<?xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i) in (%n) outs(%out : memref<?xf32>) {
    %r:3 = moa.fold %j = %c0 to %m (%rm: max f32, %rl: add f32, %rp: mul f32) {
      %x = moa.psi %a[%i, %j] : memref<?x?xf32>
      %t = arith.subf %x, %rm : f32
      %p = math.exp %t : f32
      moa.yield %x, %p, %x : f32, f32, f32
    }
    %s = arith.addf %r#0, %r#1 : f32
    %y = arith.addf %s, %r#2 : f32
    moa.yield %y : f32
  }
  return
}

// -----

// Guards are kept. The first branch does not vary with the column: its fold is
// computed once, in the branch, and so is the element in the loop over columns.

// CHECK-LABEL: func.func @guarded(
// CHECK-SAME:    %[[A:.*]]: memref<?x?xf32>, %[[B:.*]]: memref<?x?xf32>, %[[OUT:.*]]: memref<?x?xf32>
// CHECK:         scf.forall (%[[I:.*]]) in
// CHECK:           %[[ABOVE:.*]] = arith.cmpi slt, %[[I]], %{{.*}} : index
// CHECK-NEXT:      %[[S:.*]] = scf.if %[[ABOVE]] -> (f32) {
// CHECK-NEXT:        %[[SUM:.*]] = scf.for
// CHECK-NEXT:          memref.load %[[A]]
// CHECK:             scf.yield %[[SUM]]
// CHECK-NEXT:      } else {
// CHECK-NEXT:        scf.yield
// CHECK:           scf.for
// CHECK-NEXT:        %[[Y:.*]] = scf.if %[[ABOVE]] -> (f32) {
// CHECK-NEXT:          %[[X:.*]] = memref.load %[[B]]
// CHECK-NEXT:          %[[P:.*]] = arith.mulf %[[S]], %[[X]] : f32
// CHECK-NEXT:          scf.yield %[[P]]
// CHECK:             memref.store %[[Y]], %[[OUT]]
func.func @guarded(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %out: memref<?x?xf32>, %n: index, %m: index, %rows: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c) in (%n, %m) outs(%out : memref<?x?xf32>) {
    %zero = arith.constant 7.0 : f32
    %above = arith.cmpi slt, %i, %rows : index
    %y = scf.if %above -> (f32) {
      %s = moa.fold %j = %c0 to %m (%acc: add f32) {
        %x = moa.psi %a[%i, %j] : memref<?x?xf32>
        moa.yield %x : f32
      }
      %x = moa.psi %b[%i, %c] : memref<?x?xf32>
      %p = arith.mulf %s, %x : f32
      scf.yield %p : f32
    } else {
      scf.yield %zero : f32
    }
    moa.yield %y : f32
  }
  return
}

// -----

// The condition varies with the column: the fold is computed if it holds in any.

// CHECK-LABEL: func.func @guarded_column(
// CHECK:         scf.forall
// CHECK:           %[[FLAG:.*]] = memref.alloca() : memref<i1>
// CHECK:           memref.store %false, %[[FLAG]][]
// CHECK-NEXT:      scf.for %[[C:.*]] = %{{.*}} to
// CHECK-NEXT:        %[[LEFT:.*]] = arith.cmpi slt, %[[C]], %{{.*}} : index
// CHECK-NEXT:        scf.if %[[LEFT]] {
// CHECK-NEXT:          memref.store %true, %[[FLAG]][]
// CHECK:           %[[ANY:.*]] = memref.load %[[FLAG]][]
// CHECK-NEXT:      %[[S:.*]] = scf.if %[[ANY]] -> (f32) {
// CHECK-NEXT:        scf.for
// CHECK:           scf.for %[[C:.*]] = %{{.*}} to
// CHECK-NEXT:        %[[LEFT:.*]] = arith.cmpi slt, %[[C]], %{{.*}} : index
// CHECK-NEXT:        %[[Y:.*]] = arith.select %[[LEFT]], %[[S]], %{{.*}} : f32
// CHECK-NEXT:        memref.store %[[Y]]
func.func @guarded_column(%a: memref<?x?xf32>, %out: memref<?x?xf32>, %n: index, %m: index, %columns: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c) in (%n, %m) outs(%out : memref<?x?xf32>) {
    %zero = arith.constant 7.0 : f32
    %left = arith.cmpi slt, %c, %columns : index
    %y = scf.if %left -> (f32) {
      %s = moa.fold %j = %c0 to %m (%acc: add f32) {
        %x = moa.psi %a[%i, %j] : memref<?x?xf32>
        moa.yield %x : f32
      }
      scf.yield %s : f32
    } else {
      scf.yield %zero : f32
    }
    moa.yield %y : f32
  }
  return
}

// -----

// A function in a fold is work, too: `exp` is computed once for all columns.

// CHECK-LABEL: func.func @function(
// CHECK:         memref.alloca() : memref<8xf32>
// CHECK:         scf.for
// CHECK:           math.exp
// CHECK-NEXT:      scf.for
// CHECK-NOT:         math.exp
func.func @function(%s: memref<?x?xf32>, %v: memref<?x8xf32>, %out: memref<?x8xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c) in (%n, 8) outs(%out : memref<?x8xf32>) {
    %r = moa.fold %j = %c0 to %m (%acc: add f32) {
      %x = moa.psi %s[%i, %j] : memref<?x?xf32>
      %p = math.exp %x : f32
      %y = moa.psi %v[%j, %c] : memref<?x8xf32>
      %py = arith.mulf %p, %y : f32
      moa.yield %py : f32
    }
    moa.yield %r : f32
  }
  return
}

// -----

// Start values; a custom reducer; at function level, with an element.

// CHECK-LABEL: func.func @functions_level(
// CHECK-SAME:    %[[A:.*]]: memref<?xf32>, %[[LO:.*]]: index, %[[HI:.*]]: index, %[[START:.*]]: f32)
// CHECK:         %[[R:.*]] = scf.for %[[K:.*]] = %[[LO]] to %[[HI]] step %{{.*}} iter_args(%[[ACC:.*]] = %[[START]]) -> (f32) {
// CHECK-NEXT:      %[[X:.*]] = memref.load %[[A]][%[[K]]]
// CHECK-NEXT:      %[[Y:.*]] = arith.subf %[[X]], %[[ACC]] : f32
// CHECK-NEXT:      scf.yield %[[Y]] : f32
// CHECK:         %[[Z:.*]] = memref.load %[[A]][%[[LO]]]
// CHECK:         return %[[R]], %[[Z]]
func.func @functions_level(%a: memref<?xf32>, %lo: index, %hi: index, %start: f32) -> (f32, f32) {
  %r = moa.fold %k = %lo to %hi (%acc: custom f32 combine (%x, %y) {
    %z = arith.subf %y, %x : f32
    moa.yield %z : f32
  }) init(%start) {
    %x = moa.psi %a[%k] : memref<?xf32>
    moa.yield %x : f32
  }
  %z = moa.psi %a[%lo] : memref<?xf32>
  return %r, %z : f32, f32
}

// -----

// An array without axes, and one of which everything depends on one fold.

// CHECK-LABEL: func.func @scalars(
// CHECK:         memref.store %{{.*}}, %{{.*}}[] : memref<f32>
// CHECK:         %[[SUM:.*]] = scf.for
// CHECK:         scf.for
// CHECK:           arith.divf %{{.*}}, %[[SUM]]
func.func @scalars(%a: memref<?xf32>, %one: memref<f32>, %out: memref<?xf32>, %n: index, %x: f32) {
  %c0 = arith.constant 0 : index
  moa.array () in () outs(%one : memref<f32>) {
    moa.yield %x : f32
  }
  moa.array (%i) in (%n) outs(%out : memref<?xf32>) {
    %s = moa.fold %j = %c0 to %n (%acc: add f32) {
      %y = moa.psi %a[%j] : memref<?xf32>
      moa.yield %y : f32
    }
    %y = moa.psi %a[%i] : memref<?xf32>
    %z = arith.divf %y, %s : f32
    moa.yield %z : f32
  }
  return
}
