// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<3x2xi32>, tensor<3x1x2xi32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: 3x2xi32 = {{\[\[}}1, 4], [2, 5], [3, 6]]
  %0 = moa.transpose %a permutation [1, 0] : tensor<2x3xi32> -> tensor<3x2xi32>
  %b = moa.reshape %a[1, 2, 3] : tensor<2x3xi32> -> tensor<1x2x3xi32>
  // Axis k of the result is axis permutation[k] of the source.
  // CHECK-NEXT: result #1: 3x1x2xi32 = {{\[\[\[}}1, 4]], {{\[\[}}2, 5]], {{\[\[}}3, 6]]]
  %1 = moa.transpose %b permutation [2, 0, 1] : tensor<1x2x3xi32> -> tensor<3x1x2xi32>
  return %0, %1 : tensor<3x2xi32>, tensor<3x1x2xi32>
}
