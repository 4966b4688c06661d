// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<1x3xi32>, tensor<2x1xi32>, tensor<0x3xi32>, tensor<?x3xi32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: 1x3xi32 = {{\[\[}}4, 5, 6]]
  %0 = moa.drop %a[1] : tensor<2x3xi32> -> tensor<1x3xi32>
  // CHECK-NEXT: result #1: 2x1xi32 = {{\[\[}}1], [4]]
  %1 = moa.drop %a[0, -2] : tensor<2x3xi32> -> tensor<2x1xi32>
  // CHECK-NEXT: result #2: 0x3xi32 = []
  %2 = moa.drop %a[5] : tensor<2x3xi32> -> tensor<0x3xi32>
  %m = arith.constant -1 : index
  // CHECK-NEXT: result #3: 1x3xi32 = {{\[\[}}1, 2, 3]]
  %3 = moa.drop %a[%m] : tensor<2x3xi32> -> tensor<?x3xi32>
  return %0, %1, %2, %3 : tensor<1x3xi32>, tensor<2x1xi32>, tensor<0x3xi32>, tensor<?x3xi32>
}
