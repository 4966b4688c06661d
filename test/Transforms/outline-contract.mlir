// RUN: moa-opt %s --moa-outline-contract | FileCheck %s

// CHECK-LABEL: func.func @cat(
// CHECK-LABEL: func.func @cat__contract(
// CHECK-SAME:    %[[A:.*]]: tensor<?x?xf32>, %[[B:.*]]: tensor<?x?xf32>) -> (i64, index, index)
// CHECK-SAME:    moa.messages = ["'moa.cat' op extent of operand #0 along axis 1 and of operand #1 along axis 1 differ"]
// CHECK-NOT:     = moa.cat
// CHECK-DAG:     %[[A0:.*]] = tensor.dim %[[A]], %c0
// CHECK-DAG:     %[[B0:.*]] = tensor.dim %[[B]], %c0
// CHECK:         %[[EQUAL:.*]] = arith.cmpi eq
// CHECK:         %[[N:.*]] = affine.apply
// CHECK:         %[[STATUS:.*]] = arith.select %[[EQUAL]], %c0_i64, %c1_i64 : i64
// CHECK:         return %[[STATUS]], %[[N]], %{{.*}} : i64, index, index
func.func @cat(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = moa.cat %a, %b axis 0 : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// Scalars have no extents, and private functions no contract.

// CHECK-LABEL: func.func @scalar__contract(
// CHECK-SAME:    -> i64
// CHECK:         %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK:         return %[[ZERO]]
func.func @scalar(%a: f32) -> f32 {
  return %a : f32
}

// CHECK-NOT: @private__contract
func.func private @private(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
