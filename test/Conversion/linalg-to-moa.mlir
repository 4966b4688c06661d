// RUN: moa-opt %s --convert-linalg-to-moa --canonicalize --cse | FileCheck %s
// RUN: moa-opt %s --convert-linalg-to-moa --moa-psi-reduce --moa-verify-dnf | FileCheck %s --check-prefix=DNF

// Structured operations as arrays. Each function also runs in
// test/Execution/test_linalg.py: as arrays of moa, and as upstream's loops.

// DNF-NOT: {{ linalg\.}}

#id1 = affine_map<(i) -> (i)>
#id2 = affine_map<(i, j) -> (i, j)>
#transposed = affine_map<(i, j) -> (j, i)>
#rows = affine_map<(i, j) -> (i)>
#columns = affine_map<(i, j) -> (j)>
#none = affine_map<(i, j) -> ()>

// A map is a permutation of the axes, another one a projection.
// CHECK-LABEL: func.func @pointwise
// CHECK: moa.array (%[[I:.*]], %[[J:.*]]) in (%{{.*}}, 3) {
// CHECK-NEXT:   %[[X:.*]] = moa.psi %{{.*}}[%[[J]], %[[I]]] : tensor<3x?xf64>
// CHECK-NEXT:   %[[Y:.*]] = moa.psi %{{.*}}[%[[I]]] : tensor<?xf64>
// CHECK-NEXT:   arith.addf %[[X]], %[[Y]]
func.func @pointwise(%a: tensor<3x?xf64>, %b: tensor<?xf64>, %out: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %0 = linalg.generic {indexing_maps = [#transposed, #rows, #id2],
                       iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<3x?xf64>, tensor<?xf64>) outs(%out : tensor<?x3xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %s = arith.addf %x, %y : f64
    linalg.yield %s : f64
  } -> tensor<?x3xf64>
  return %0 : tensor<?x3xf64>
}

// Extents that must agree are asserted once.
// CHECK-LABEL: func.func @agree
// CHECK-COUNT-1: cf.assert %{{.*}}, "'linalg.generic' op axis 0 of operand #1 must be as long as axis 0 of operand #0"
// CHECK-NOT: cf.assert
// CHECK: moa.array
func.func @agree(%a: tensor<?xf64>, %b: tensor<?xf64>) -> tensor<?xf64> {
  %0 = arith.mulf %a, %b : tensor<?xf64>
  %1 = arith.addf %0, %b : tensor<?xf64>
  %2 = math.exp %1 : tensor<?xf64>
  return %2 : tensor<?xf64>
}

// The start value is the identity: nothing is added.
// CHECK-LABEL: func.func @matmul
// CHECK: moa.array (%[[I:.*]], %[[J:.*]]) in (%{{.*}}, 4) {
// CHECK:        %[[S:.*]] = moa.fold %[[K:.*]] = %{{.*}} to %{{.*}} (%{{.*}}: add f64) {
// CHECK-NEXT:     %[[X:.*]] = moa.psi %{{.*}}[%[[I]], %[[K]]]
// CHECK-NEXT:     %[[Y:.*]] = moa.psi %{{.*}}[%[[K]], %[[J]]]
// CHECK-NEXT:     %[[P:.*]] = arith.mulf %[[X]], %[[Y]]
// CHECK-NEXT:     moa.yield %[[P]]
// CHECK-NEXT:   }
// CHECK-NEXT:   moa.yield %[[S]]
func.func @matmul(%a: tensor<?x5xf64>, %b: tensor<5x4xf64>) -> tensor<?x4xf64> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %n = tensor.dim %a, %c0 : tensor<?x5xf64>
  %empty = tensor.empty(%n) : tensor<?x4xf64>
  %init = linalg.fill ins(%zero : f64) outs(%empty : tensor<?x4xf64>) -> tensor<?x4xf64>
  %0 = linalg.matmul ins(%a, %b : tensor<?x5xf64>, tensor<5x4xf64>)
                     outs(%init : tensor<?x4xf64>) -> tensor<?x4xf64>
  return %0 : tensor<?x4xf64>
}

// Any other start value is added to the fold, which can so be fused.
// CHECK-LABEL: func.func @accumulate
// CHECK: %[[S:.*]] = moa.fold
// CHECK-NOT: init
// CHECK: arith.addf %{{.*}}, %[[S]]
func.func @accumulate(%a: tensor<3x5xf64>, %b: tensor<5x4xf64>, %c: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %0 = linalg.matmul ins(%a, %b : tensor<3x5xf64>, tensor<5x4xf64>)
                     outs(%c : tensor<3x4xf64>) -> tensor<3x4xf64>
  return %0 : tensor<3x4xf64>
}

// Two reduction loops: two folds. A constant in the map: an axis of extent 1.
// CHECK-LABEL: func.func @maximum
// CHECK: moa.array (%{{.*}}) in (1) {
// CHECK:   moa.fold %{{.*}} = {{.*}}: max f64) {
// CHECK:     moa.fold %{{.*}} = {{.*}}: max f64) {
// CHECK:   arith.maximumf
func.func @maximum(%a: tensor<?x?xf64>, %init: tensor<1xf64>) -> tensor<1xf64> {
  %0 = linalg.generic {indexing_maps = [#id2, affine_map<(i, j) -> (0)>],
                       iterator_types = ["reduction", "reduction"]}
      ins(%a : tensor<?x?xf64>) outs(%init : tensor<1xf64>) {
  ^bb0(%x: f64, %o: f64):
    %s = arith.maximumf %x, %o : f64
    linalg.yield %s : f64
  } -> tensor<1xf64>
  return %0 : tensor<1xf64>
}

// A constant index in a longer axis: the other elements are kept.
// CHECK-LABEL: func.func @one_row
// CHECK: moa.array (%[[I:.*]], %[[J:.*]]) in (3, 4)
// CHECK:   %[[HERE:.*]] = arith.cmpi eq, %[[I]], %{{.*}} : index
// CHECK:   scf.if %[[HERE]]
func.func @one_row(%a: tensor<4xf64>, %out: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %0 = linalg.generic {indexing_maps = [#id1, affine_map<(i) -> (1, i)>],
                       iterator_types = ["parallel"]}
      ins(%a : tensor<4xf64>) outs(%out : tensor<3x4xf64>) {
  ^bb0(%x: f64, %o: f64):
    %s = arith.subf %o, %x : f64
    linalg.yield %s : f64
  } -> tensor<3x4xf64>
  return %0 : tensor<3x4xf64>
}

// Several results, each with the folds that it needs.
// CHECK-LABEL: func.func @several
// CHECK: moa.array
// CHECK:   moa.fold %{{.*}}: add f64)
// CHECK: moa.array
// CHECK:   moa.fold %{{.*}}: min f64)
// CHECK: moa.array (%{{.*}}, %{{.*}}) in
func.func @several(%a: tensor<3x4xf64>, %s: tensor<3xf64>, %m: tensor<3xf64>, %c: tensor<3x4xf64>)
    -> (tensor<3xf64>, tensor<3xf64>, tensor<3x4xf64>) {
  %0:3 = linalg.generic {indexing_maps = [#id2, #rows, #rows, #id2],
                         iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<3x4xf64>) outs(%s, %m, %c : tensor<3xf64>, tensor<3xf64>, tensor<3x4xf64>) {
  ^bb0(%x: f64, %sum: f64, %min: f64, %old: f64):
    %0 = arith.addf %sum, %x : f64
    %1 = arith.minimumf %x, %min : f64
    %2 = arith.mulf %x, %old : f64
    linalg.yield %0, %1, %2 : f64, f64, f64
  } -> (tensor<3xf64>, tensor<3xf64>, tensor<3x4xf64>)
  return %0#0, %0#1, %0#2 : tensor<3xf64>, tensor<3xf64>, tensor<3x4xf64>
}

// Indices of loops, and a convolution: loops meet in one index.
// CHECK-LABEL: func.func @convolution
// CHECK: moa.array (%[[I:.*]]) in (6) {
// CHECK:   moa.fold %[[K:.*]] =
// CHECK:     %[[AT:.*]] = affine.apply #{{.*}}({{.*}}%[[K]]{{.*}})
// CHECK:     moa.psi %{{.*}}[%[[AT]]] : tensor<13xf64>
// CHECK:     arith.index_cast %[[K]]
func.func @convolution(%a: tensor<13xf64>, %w: tensor<3xf64>, %init: tensor<6xf64>) -> tensor<6xf64> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, k) -> (2 * i + k)>,
                                        affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%a, %w : tensor<13xf64>, tensor<3xf64>) outs(%init : tensor<6xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %k = linalg.index 1 : index
    %i = arith.index_cast %k : index to i64
    %f = arith.sitofp %i : i64 to f64
    %yk = arith.mulf %y, %f : f64
    %p = arith.mulf %x, %yk : f64
    %s = arith.addf %o, %p : f64
    linalg.yield %s : f64
  } -> tensor<6xf64>
  return %0 : tensor<6xf64>
}

// Accumulation in a chain, by subtraction, and under a condition.
// CHECK-LABEL: func.func @chain
// CHECK: moa.fold {{.*}}: add f64)
// CHECK-DAG: arith.negf
// CHECK-DAG: arith.select
func.func @chain(%a: tensor<?x3xf64>, %mask: tensor<?x3xi1>, %init: tensor<?xf64>) -> tensor<?xf64> {
  %0 = linalg.generic {indexing_maps = [#id2, #id2, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%a, %mask : tensor<?x3xf64>, tensor<?x3xi1>) outs(%init : tensor<?xf64>) {
  ^bb0(%x: f64, %m: i1, %o: f64):
    %s = arith.addf %o, %x : f64
    %xx = arith.mulf %x, %x : f64
    %t = arith.subf %s, %xx : f64
    %u = math.fma %x, %xx, %t : f64
    %r = arith.select %m, %u, %o : f64
    linalg.yield %r : f64
  } -> tensor<?xf64>
  return %0 : tensor<?xf64>
}

// NaN counts as absent.
// CHECK-LABEL: func.func @maxnum
// CHECK: moa.fold {{.*}}: max f64)
// CHECK:   %[[NAN:.*]] = arith.cmpf uno
// CHECK:   arith.select %[[NAN]]
func.func @maxnum(%a: tensor<3x?xf64>) -> tensor<3xf64> {
  %low = arith.constant 0xFFF0000000000000 : f64
  %empty = tensor.empty() : tensor<3xf64>
  %init = linalg.fill ins(%low : f64) outs(%empty : tensor<3xf64>) -> tensor<3xf64>
  %0 = linalg.reduce ins(%a : tensor<3x?xf64>) outs(%init : tensor<3xf64>) dimensions = [1]
    (%x: f64, %o: f64) {
      %m = arith.maxnumf %x, %o : f64
      linalg.yield %m : f64
    }
  return %0 : tensor<3xf64>
}

// No reducer of moa, but a function of two values, in order.
// CHECK-LABEL: func.func @horner
// CHECK: moa.fold {{.*}}: custom f64 combine (%[[ACC:.*]], %[[X:.*]]) {
// CHECK:   %[[P:.*]] = arith.mulf %[[ACC]], %{{.*}}
// CHECK:   arith.addf %[[P]], %[[X]]
// CHECK: }) init(
func.func @horner(%a: tensor<3x4xf64>, %init: tensor<3xf64>) -> tensor<3xf64> {
  %half = arith.constant 0.5 : f64
  %0 = linalg.generic {indexing_maps = [#id2, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<3x4xf64>) outs(%init : tensor<3xf64>) {
  ^bb0(%x: f64, %o: f64):
    %p = arith.mulf %o, %half : f64
    %s = arith.addf %p, %x : f64
    linalg.yield %s : f64
  } -> tensor<3xf64>
  return %0 : tensor<3xf64>
}

// Integers; a condition in the body; an array that the body reads on its own.
// CHECK-LABEL: func.func @integers
// CHECK: moa.fold {{.*}}: and i64)
// CHECK: scf.if
// CHECK: moa.psi %{{.*}}[%{{.*}}] : tensor<4xi64>
func.func @integers(%a: tensor<3x4xi64>, %t: tensor<4xi64>, %init: tensor<3xi64>) -> tensor<3xi64> {
  %0 = linalg.generic {indexing_maps = [#id2, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<3x4xi64>) outs(%init : tensor<3xi64>) {
  ^bb0(%x: i64, %o: i64):
    %c0 = arith.constant 0 : i64
    %positive = arith.cmpi sgt, %x, %c0 : i64
    %j = linalg.index 1 : index
    %y = scf.if %positive -> i64 {
      %e = tensor.extract %t[%j] : tensor<4xi64>
      scf.yield %e : i64
    } else {
      scf.yield %x : i64
    }
    %s = arith.andi %y, %o : i64
    linalg.yield %s : i64
  } -> tensor<3xi64>
  return %0 : tensor<3xi64>
}

// Rank 0, and scalars among the inputs.
// CHECK-LABEL: func.func @scaled_sum
// CHECK: moa.array () in () {
func.func @scaled_sum(%a: tensor<?xf64>, %c: f64, %init: tensor<f64>) -> tensor<f64> {
  %0 = linalg.generic {indexing_maps = [#id1, affine_map<(i) -> ()>, affine_map<(i) -> ()>],
                       iterator_types = ["reduction"]}
      ins(%a, %c : tensor<?xf64>, f64) outs(%init : tensor<f64>) {
  ^bb0(%x: f64, %f: f64, %o: f64):
    %p = arith.mulf %x, %f : f64
    %s = arith.addf %o, %p : f64
    linalg.yield %s : f64
  } -> tensor<f64>
  return %0 : tensor<f64>
}

// Named operations that move elements.
// CHECK-LABEL: func.func @named
// CHECK-NOT: linalg.
func.func @named(%a: tensor<?x4xf64>, %b: tensor<4xf64>) -> tensor<4x?x2xf64> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x4xf64>
  %e0 = tensor.empty(%n) : tensor<4x?xf64>
  %t = linalg.transpose ins(%a : tensor<?x4xf64>) outs(%e0 : tensor<4x?xf64>) permutation = [1, 0]
  %e1 = tensor.empty(%n) : tensor<4x?xf64>
  %r = linalg.broadcast ins(%b : tensor<4xf64>) outs(%e1 : tensor<4x?xf64>) dimensions = [1]
  %e2 = tensor.empty(%n) : tensor<4x?xf64>
  %d = linalg.div ins(%t, %r : tensor<4x?xf64>, tensor<4x?xf64>) outs(%e2 : tensor<4x?xf64>) -> tensor<4x?xf64>
  %e3 = tensor.empty(%n) : tensor<4x?x2xf64>
  %w = linalg.broadcast ins(%d : tensor<4x?xf64>) outs(%e3 : tensor<4x?x2xf64>) dimensions = [2]
  return %w : tensor<4x?x2xf64>
}

// Through upstream's decomposition.
// CHECK-LABEL: func.func @softmax
// CHECK: moa.fold {{.*}}: max f64)
// CHECK: math.exp
// CHECK: moa.fold {{.*}}: add f64)
func.func @softmax(%a: tensor<3x?xf64>) -> tensor<3x?xf64> {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c1 : tensor<3x?xf64>
  %empty = tensor.empty(%n) : tensor<3x?xf64>
  %0 = linalg.softmax dimension(1) ins(%a : tensor<3x?xf64>) outs(%empty : tensor<3x?xf64>) -> tensor<3x?xf64>
  return %0 : tensor<3x?xf64>
}
