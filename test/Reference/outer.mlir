// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<2x3xi32>, tensor<3xi32>) {
  %a = arith.constant dense<[2, 3]> : tensor<2xi32>
  %b = arith.constant dense<[5, 7, 11]> : tensor<3xi32>
  // CHECK: result #0: 2x3xi32 = {{\[\[}}10, 14, 22], [15, 21, 33]]
  %0 = moa.outer %a, %b {
  ^bb0(%x: i32, %y: i32):
    %z = arith.muli %x, %y : i32
    moa.yield %z : i32
  } : tensor<2xi32>, tensor<3xi32> -> tensor<2x3xi32>
  %c = arith.constant dense<100> : tensor<i32>
  // CHECK-NEXT: result #1: 3xi32 = [95, 93, 89]
  %1 = moa.outer %c, %b {
  ^bb0(%x: i32, %y: i32):
    %z = arith.subi %x, %y : i32
    moa.yield %z : i32
  } : tensor<i32>, tensor<3xi32> -> tensor<3xi32>
  return %0, %1 : tensor<2x3xi32>, tensor<3xi32>
}
