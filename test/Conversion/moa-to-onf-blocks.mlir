// RUN: moa-opt %s --convert-moa-to-onf=column-block=16 --canonicalize --cse --split-input-file | FileCheck %s
// RUN: moa-opt %s --convert-moa-to-onf=column-block=16 --split-input-file -o /dev/null --remarks-filter=moa-to-onf 2>&1 | FileCheck %s --check-prefix=REMARK

// More columns than a block: blocks are one more parallel axis, of which there is
// one even without columns, for the result that has none.

// CHECK-DAG:   #[[$BLOCKS:.*]] = affine_map<()[s0] -> ((s0 + 15) floordiv 16)>
// CHECK-DAG:   #[[$LEFT:.*]] = affine_map<(d0)[s0] -> (d0 * -16 + s0)>
// CHECK-DAG:   #[[$COLUMN:.*]] = affine_map<(d0, d1) -> (d0 + d1 * 16)>
// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    %[[A:.*]]: memref<?x?xf32>, %[[B:.*]]: memref<?x?xf32>, %[[OUT:.*]]: memref<?x?xf32>, %[[LAST:.*]]: memref<?xf32>, %[[N:.*]]: index, %[[M:.*]]: index, %[[U:.*]]: index)
// CHECK:         %[[SOME:.*]] = affine.apply #[[$BLOCKS]]()[%[[U]]]
// CHECK:         %[[BLOCKS:.*]] = arith.maxsi %[[SOME]], %c1 : index
// CHECK:         scf.forall (%[[I:.*]], %[[BLOCK:.*]]) in (%[[N]], %[[BLOCKS]]) {
// CHECK-NEXT:      %[[ROW:.*]] = memref.alloca() : memref<16xf32>
// CHECK-NEXT:      %[[LEFT:.*]] = affine.apply #[[$LEFT]](%[[BLOCK]])[%[[U]]]
// CHECK-NEXT:      %[[COUNT:.*]] = arith.minsi %[[LEFT]], %c16 : index
// CHECK-NEXT:      scf.for %{{.*}} = %c0 to %[[COUNT]]
// CHECK:           %[[MAX:.*]] = scf.for %[[J:[^ ]*]] =
// CHECK:             scf.for %[[C:.*]] = %c0 to %[[COUNT]]
// CHECK-NEXT:          %[[COLUMN:.*]] = affine.apply #[[$COLUMN]](%[[C]], %[[BLOCK]])
// CHECK:               memref.load %[[ROW]][%[[C]]]
// CHECK:               memref.load %[[B]][%[[J]], %[[COLUMN]]]
// CHECK:           %[[FIRST:.*]] = arith.cmpi eq, %[[BLOCK]], %c0 : index
// CHECK-NEXT:      scf.if %[[FIRST]] {
// CHECK-NEXT:        memref.store %[[MAX]], %[[LAST]][%[[I]]]
// CHECK:           scf.for %[[C:.*]] = %c0 to %[[COUNT]]
// CHECK-NEXT:        %[[COLUMN:.*]] = affine.apply #[[$COLUMN]](%[[C]], %[[BLOCK]])
// CHECK:             memref.store %{{.*}}, %[[OUT]][%[[I]], %[[COLUMN]]]
func.func @dynamic(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %out: memref<?x?xf32>, %last: memref<?xf32>, %n: index, %m: index, %u: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c) in (%n, %u) outs(%out, %last : memref<?x?xf32>, memref<?xf32>) maps [affine_map<(i, c) -> (i, c)>, affine_map<(i, c) -> (i)>] {
    %r:2 = moa.fold %j = %c0 to %m (%rm: max f32, %ro: add f32) {
      %x = moa.psi %a[%i, %j] : memref<?x?xf32>
      %y = moa.psi %b[%j, %c] : memref<?x?xf32>
      %xy = arith.mulf %x, %y : f32
      moa.yield %x, %xy : f32, f32
    }
    moa.yield %r#1, %r#0 : f32, f32
  }
  return
}

// -----

// Two column axes as one; states for exactly as many as there are.

// CHECK-LABEL: func.func @flattened(
// CHECK:         scf.forall (%{{.*}}) in (%{{.*}}) {
// CHECK-NEXT:      memref.alloca() : memref<15xf32>
// CHECK:           scf.for %[[C:.*]] = %c0 to %c15
// CHECK:             affine.apply #{{.*}}(%[[C]])
// CHECK:             affine.apply #{{.*}}(%[[C]])
// CHECK:             memref.store %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] : memref<?x3x5xf32>
func.func @flattened(%a: memref<?x?xf32>, %b: memref<?x3x5xf32>, %out: memref<?x3x5xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c, %d) in (%n, 3, 5) outs(%out : memref<?x3x5xf32>) {
    %r = moa.fold %j = %c0 to %m (%ro: add f32) {
      %x = moa.psi %a[%i, %j] : memref<?x?xf32>
      %p = math.exp %x : f32
      %y = moa.psi %b[%j, %c, %d] : memref<?x3x5xf32>
      %xy = arith.mulf %p, %y : f32
      moa.yield %xy : f32
    }
    moa.yield %r : f32
  }
  return
}

// -----

// A number of columns that is known to be more than a block.

// REMARK: remark: [Missed] ColumnBlocks | Category:moa-to-onf
// REMARK-SAME: 40 columns are processed in blocks of 16; what they share is computed once for each block

// CHECK-LABEL: func.func @many(
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (%{{.*}}, 3) {
func.func @many(%a: memref<?x?xf32>, %b: memref<?x40xf32>, %out: memref<?x40xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c) in (%n, 40) outs(%out : memref<?x40xf32>) {
    %r = moa.fold %j = %c0 to %m (%ro: add f32) {
      %x = moa.psi %a[%i, %j] : memref<?x?xf32>
      %p = math.exp %x : f32
      %y = moa.psi %b[%j, %c] : memref<?x40xf32>
      %xy = arith.mulf %p, %y : f32
      moa.yield %xy : f32
    }
    moa.yield %r : f32
  }
  return
}

// -----

// Three groups of axes: what depends on the key only is computed once for the two
// rows for which there is room, with 8 columns each.

// CHECK-LABEL: func.func @groups(
// CHECK:         scf.forall (%[[BLOCK:.*]]) in (%{{.*}}) {
// CHECK-DAG:       memref.alloca() : memref<2xf32>
// CHECK-DAG:       memref.alloca() : memref<2x8xf32>
// CHECK:           scf.for
// CHECK:             math.sqrt
// CHECK-NEXT:        scf.for
// CHECK:               math.exp
// CHECK:               scf.for
// CHECK-NOT:             math
func.func @groups(%q: memref<?xf32>, %k: memref<?xf32>, %v: memref<?x8xf32>, %out: memref<?x8xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %c) in (%n, 8) outs(%out : memref<?x8xf32>) {
    %r:2 = moa.fold %j = %c0 to %m (%rl: add f32, %ro: add f32) {
      %y = moa.psi %k[%j] : memref<?xf32>
      %norm = math.sqrt %y : f32
      %x = moa.psi %q[%i] : memref<?xf32>
      %s = arith.divf %x, %norm : f32
      %p = math.exp %s : f32
      %w = moa.psi %v[%j, %c] : memref<?x8xf32>
      %pw = arith.mulf %p, %w : f32
      moa.yield %p, %pw : f32, f32
    }
    %y = arith.divf %r#1, %r#0 : f32
    moa.yield %y : f32
  }
  return
}
