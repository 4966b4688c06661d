// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<4xi32>, tensor<4xi32>, tensor<2x2xi32>, tensor<0xi32>) {
  %a = moa.iota : tensor<4xi32>
  // CHECK: result #0: 4xi32 = [1, 2, 3, 0]
  %0 = moa.rotate %a[1] : tensor<4xi32>
  %c = arith.constant -9 : index
  // CHECK-NEXT: result #1: 4xi32 = [3, 0, 1, 2]
  %1 = moa.rotate %a[%c] : tensor<4xi32>
  %b = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  // CHECK-NEXT: result #2: 2x2xi32 = {{\[\[}}4, 3], [2, 1]]
  %2 = moa.rotate %b[1, 3] : tensor<2x2xi32>
  %e = moa.iota : tensor<0xi32>
  // CHECK-NEXT: result #3: 0xi32 = []
  %3 = moa.rotate %e[1] : tensor<0xi32>
  return %0, %1, %2, %3 : tensor<4xi32>, tensor<4xi32>, tensor<2x2xi32>, tensor<0xi32>
}
