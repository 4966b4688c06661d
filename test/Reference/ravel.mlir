// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<6xi32>, tensor<1xf64>, tensor<0xi32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: 6xi32 = [1, 2, 3, 4, 5, 6]
  %0 = moa.ravel %a : tensor<2x3xi32> -> tensor<6xi32>
  %b = arith.constant dense<0.5> : tensor<f64>
  // CHECK-NEXT: result #1: 1xf64 = [0.5]
  %1 = moa.ravel %b : tensor<f64> -> tensor<1xf64>
  %c = moa.iota : tensor<3x0xi32>
  // CHECK-NEXT: result #2: 0xi32 = []
  %2 = moa.ravel %c : tensor<3x0xi32> -> tensor<0xi32>
  return %0, %1, %2 : tensor<6xi32>, tensor<1xf64>, tensor<0xi32>
}
