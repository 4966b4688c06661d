// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<1x3xi32>, tensor<2x2xi32>, tensor<3x4xi32>, tensor<3x3xi32>, tensor<?x3xi32>, tensor<0x3xi32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %nine = arith.constant 9 : i32
  // CHECK: result #0: 1x3xi32 = {{\[\[}}1, 2, 3]]
  %0 = moa.take %a[1] : tensor<2x3xi32> -> tensor<1x3xi32>
  // CHECK-NEXT: result #1: 2x2xi32 = {{\[\[}}2, 3], [5, 6]]
  %1 = moa.take %a[2, -2] : tensor<2x3xi32> -> tensor<2x2xi32>
  // Overtake: behind the array for a positive count, before it for a negative.
  // CHECK-NEXT: result #2: 3x4xi32 = {{\[\[}}9, 1, 2, 3], [9, 4, 5, 6], [9, 9, 9, 9]]
  %2 = moa.take %a[3, -4] fill(%nine : i32) : tensor<2x3xi32> -> tensor<3x4xi32>
  // CHECK-NEXT: result #3: 3x3xi32 = {{\[\[}}0, 0, 0], [1, 2, 3], [4, 5, 6]]
  %3 = moa.take %a[-3] : tensor<2x3xi32> -> tensor<3x3xi32>
  // CHECK-NEXT: result #4: 1x3xi32 = {{\[\[}}4, 5, 6]]
  %m = arith.constant -1 : index
  %4 = moa.take %a[%m] : tensor<2x3xi32> -> tensor<?x3xi32>
  // CHECK-NEXT: result #5: 0x3xi32 = []
  %5 = moa.take %a[0] : tensor<2x3xi32> -> tensor<0x3xi32>
  return %0, %1, %2, %3, %4, %5 : tensor<1x3xi32>, tensor<2x2xi32>, tensor<3x4xi32>, tensor<3x3xi32>, tensor<?x3xi32>, tensor<0x3xi32>
}
