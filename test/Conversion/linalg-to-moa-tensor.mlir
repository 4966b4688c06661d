// RUN: moa-opt %s --convert-linalg-to-moa --canonicalize --cse | FileCheck %s
// RUN: moa-opt %s --convert-linalg-to-moa --moa-psi-reduce --moa-verify-dnf | FileCheck %s --check-prefix=DNF

// Operations of the tensor dialect as arrays; run by test/Execution/test_linalg.py.

// DNF-NOT: {{ tensor\.(expand|collapse|pad|insert|extract|concat|reshape|generate)}}

// CHECK-LABEL: func.func @slice
// CHECK-SAME: %[[A:.*]]: tensor<?x8xf64>
// CHECK: cf.assert %{{.*}}, "'tensor.extract_slice' op slice must lie inside the array along axis 0"
// CHECK: moa.array (%[[I:.*]]) in (3) {
// CHECK:   %[[J:.*]] = affine.apply #{{.*}}(%[[I]])
// CHECK:   moa.psi %[[A]][%{{.*}}, %[[J]]]
func.func @slice(%a: tensor<?x8xf64>) -> tensor<3xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x8xf64>
  %last = arith.subi %n, %c1 : index
  %0 = tensor.extract_slice %a[%last, 1] [1, 3] [1, 2] : tensor<?x8xf64> to tensor<3xf64>
  return %0 : tensor<3xf64>
}

// CHECK-LABEL: func.func @insert_slice
// CHECK: moa.array (%[[I:.*]], %[[J:.*]]) in (4, 8) {
// CHECK: scf.if %{{.*}} -> (f64) {
// CHECK:   moa.psi %{{.*}} : tensor<3xf64>
// CHECK: } else {
// CHECK:   moa.psi %{{.*}}[%[[I]], %[[J]]] : tensor<4x8xf64>
func.func @insert_slice(%a: tensor<3xf64>, %into: tensor<4x8xf64>) -> tensor<4x8xf64> {
  %0 = tensor.insert_slice %a into %into[2, 1] [1, 3] [1, 2] : tensor<3xf64> into tensor<4x8xf64>
  return %0 : tensor<4x8xf64>
}

// CHECK-LABEL: func.func @insert
// CHECK: arith.select
func.func @insert(%x: f64, %into: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = tensor.insert %x into %into[%c1, %c2] : tensor<4x3xf64>
  return %0 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func @concat
// CHECK: moa.cat %{{.*}}, %{{.*}} axis 1 : tensor<2x?xf64>, tensor<2x3xf64> -> tensor<2x?xf64>
func.func @concat(%a: tensor<2x?xf64>, %b: tensor<2x3xf64>) -> tensor<2x?xf64> {
  %0 = tensor.concat dim(1) %a, %b : (tensor<2x?xf64>, tensor<2x3xf64>) -> tensor<2x?xf64>
  return %0 : tensor<2x?xf64>
}

// CHECK-LABEL: func.func @pad
// CHECK: moa.array
// CHECK: scf.if
// CHECK:   moa.psi
// CHECK: } else {
// CHECK:   arith.sitofp
func.func @pad(%a: tensor<2x?xf64>) -> tensor<4x?xf64> {
  %0 = tensor.pad %a low[1, 0] high[1, 2] {
  ^bb0(%i: index, %j: index):
    %k = arith.index_cast %j : index to i64
    %x = arith.sitofp %k : i64 to f64
    tensor.yield %x : f64
  } : tensor<2x?xf64> to tensor<4x?xf64>
  return %0 : tensor<4x?xf64>
}

// CHECK-LABEL: func.func @generate
// CHECK: moa.array (%[[I:.*]], %[[J:.*]]) in (%{{.*}}, 3) {
// CHECK:   arith.addi %[[I]], %[[J]]
func.func @generate(%n: index) -> tensor<?x3xf64> {
  %0 = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %s = arith.addi %i, %j : index
    %k = arith.index_cast %s : index to i64
    %x = arith.sitofp %k : i64 to f64
    tensor.yield %x : f64
  } : tensor<?x3xf64>
  return %0 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func @expand
// CHECK: moa.array (%[[I:.*]], %[[J:.*]], %[[K:.*]]) in
// CHECK:   %[[AT:.*]] = affine.apply #{{.*}}(%{{.*}}, %{{.*}})
// CHECK:   moa.psi %{{.*}}[%[[AT]], %[[K]]]
func.func @expand(%a: tensor<12x?xf64>) -> tensor<3x4x?xf64> {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c1 : tensor<12x?xf64>
  %0 = tensor.expand_shape %a [[0, 1], [2]] output_shape [3, 4, %n] : tensor<12x?xf64> into tensor<3x4x?xf64>
  return %0 : tensor<3x4x?xf64>
}

// CHECK-LABEL: func.func @collapse
// CHECK: moa.array (%[[I:.*]], %[[K:.*]]) in
// CHECK-DAG: affine.apply #{{.*}}(%[[I]])
func.func @collapse(%a: tensor<?x4x2xf64>) -> tensor<?x2xf64> {
  %0 = tensor.collapse_shape %a [[0, 1], [2]] : tensor<?x4x2xf64> into tensor<?x2xf64>
  return %0 : tensor<?x2xf64>
}

// What a reshape splits another one joins: no index arithmetic is left.
// CHECK-LABEL: func.func @there_and_back
// DNF-LABEL: func.func @there_and_back
// DNF: moa.array (%[[I:.*]], %[[J:.*]], %[[K:.*]]) in
// DNF-NOT: affine.apply
// DNF: moa.psi %{{.*}}[%[[I]], %[[J]], %[[K]]]
// DNF-NOT: affine.apply
// DNF: return
func.func @there_and_back(%a: tensor<?x4x2xf64>, %n: index) -> tensor<?x4x2xf64> {
  %0 = tensor.collapse_shape %a [[0, 1, 2]] : tensor<?x4x2xf64> into tensor<?xf64>
  %1 = math.sqrt %0 : tensor<?xf64>
  %2 = tensor.expand_shape %1 [[0, 1, 2]] output_shape [%n, 4, 2] : tensor<?xf64> into tensor<?x4x2xf64>
  return %2 : tensor<?x4x2xf64>
}

// The list of extents is known: only the axes that change are counted through.
// CHECK-LABEL: func.func @reshape
// CHECK: moa.array (%[[I:.*]], %[[J:.*]], %[[K:.*]]) in
// CHECK:   %[[AT:.*]] = affine.apply #{{.*}}(%{{.*}}, %{{.*}})
// CHECK:   moa.psi %{{.*}}[%[[AT]], %[[K]]]
func.func @reshape(%a: tensor<6x?xf64>) -> tensor<3x2x?xf64> {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : i64
  %c3 = arith.constant 3 : i64
  %n = tensor.dim %a, %c1 : tensor<6x?xf64>
  %i = arith.index_cast %n : index to i64
  %shape = tensor.from_elements %c3, %c2, %i : tensor<3xi64>
  %0 = tensor.reshape %a(%shape) : (tensor<6x?xf64>, tensor<3xi64>) -> tensor<3x2x?xf64>
  return %0 : tensor<3x2x?xf64>
}

// CHECK-LABEL: func.func @reshape_dynamic
// CHECK: moa.reshape %{{.*}}[%{{.*}}, 2] : tensor<?x?xf64> -> tensor<?x2xf64>
func.func @reshape_dynamic(%a: tensor<?x?xf64>, %n: index) -> tensor<?x2xf64> {
  %c2 = arith.constant 2 : index
  %shape = tensor.from_elements %n, %c2 : tensor<2xindex>
  %0 = tensor.reshape %a(%shape) : (tensor<?x?xf64>, tensor<2xindex>) -> tensor<?x2xf64>
  return %0 : tensor<?x2xf64>
}
