// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<2x3xi32>, tensor<2x3xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: 2x3xi32 = {{\[\[}}1, 3, 6], [4, 9, 15]]
  %0 = moa.scan add %a axis 1 : tensor<2x3xi32>
  // CHECK-NEXT: result #1: 2x3xi32 = {{\[\[}}1, 1, 1], [1, 2, 3]]
  %1 = moa.scan mul %a axis 0 exclusive : tensor<2x3xi32>
  %b = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  // CHECK-NEXT: result #2: 4xi32 = [10, 9, 7, 4]
  %2 = moa.scan add %b axis 0 reverse : tensor<4xi32>
  %seven = arith.constant 7 : i32
  // CHECK-NEXT: result #3: 4xi32 = [16, 14, 11, 7]
  %3 = moa.scan add %b axis 0 exclusive reverse init(%seven : i32) : tensor<4xi32>
  // A reverse scan visits each suffix in ascending order, too.
  %zero = arith.constant 0 : i32
  %ten = arith.constant 10 : i32
  // CHECK-NEXT: result #4: 4xi32 = [1234, 234, 34, 4]
  %4 = moa.scan custom %b axis 0 reverse init(%zero : i32) combine {
  ^bb0(%acc: i32, %x: i32):
    %s = arith.muli %acc, %ten : i32
    %r = arith.addi %s, %x : i32
    moa.yield %r : i32
  } : tensor<4xi32>
  return %0, %1, %2, %3, %4 : tensor<2x3xi32>, tensor<2x3xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>
}
