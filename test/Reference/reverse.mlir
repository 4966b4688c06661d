// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<2x3xi32>, tensor<2x3xi32>, tensor<2x3xi32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: 2x3xi32 = {{\[\[}}4, 5, 6], [1, 2, 3]]
  %0 = moa.reverse %a axes [0] : tensor<2x3xi32>
  // CHECK-NEXT: result #1: 2x3xi32 = {{\[\[}}6, 5, 4], [3, 2, 1]]
  %1 = moa.reverse %a axes [0, 1] : tensor<2x3xi32>
  // CHECK-NEXT: result #2: 2x3xi32 = {{\[\[}}1, 2, 3], [4, 5, 6]]
  %2 = moa.reverse %a axes [] : tensor<2x3xi32>
  return %0, %1, %2 : tensor<2x3xi32>, tensor<2x3xi32>, tensor<2x3xi32>
}
