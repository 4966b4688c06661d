// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<2xi32>, tensor<3xi32>, tensor<i32>, tensor<2xf32>, tensor<2xi32>, tensor<i1>, tensor<3xi32>, tensor<i32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %ten = arith.constant 10 : i32
  // CHECK: result #0: 2xi32 = [6, 15]
  %0 = moa.reduce add %a axes [1] : tensor<2x3xi32> -> tensor<2xi32>
  // CHECK-NEXT: result #1: 3xi32 = [40, 100, 180]
  %1 = moa.reduce mul %a axes [0] init(%ten : i32) : tensor<2x3xi32> -> tensor<3xi32>
  // CHECK-NEXT: result #2: i32 = 6
  %2 = moa.reduce max %a axes [0, 1] : tensor<2x3xi32> -> tensor<i32>
  // The identity where there is no element.
  %e = moa.iota : tensor<2x0xf32>
  // CHECK-NEXT: result #3: 2xf32 = [inf, inf]
  %3 = moa.reduce min %e axes [1] : tensor<2x0xf32> -> tensor<2xf32>
  // CHECK-NEXT: result #4: 2xi32 = [0, 7]
  %4 = moa.reduce xor %a axes [1] : tensor<2x3xi32> -> tensor<2xi32>
  %m = arith.constant dense<[true, false]> : tensor<2xi1>
  // CHECK-NEXT: result #5: i1 = 0
  %5 = moa.reduce and %m axes [0] : tensor<2xi1> -> tensor<i1>
  // In ascending order: x1 - (x0 - 10).
  // CHECK-NEXT: result #6: 3xi32 = [13, 13, 13]
  %6 = moa.reduce custom %a axes [0] init(%ten : i32) combine {
  ^bb0(%acc: i32, %x: i32):
    %r = arith.subi %x, %acc : i32
    moa.yield %r : i32
  } : tensor<2x3xi32> -> tensor<3xi32>
  // Over two axes in row-major order.
  // CHECK-NEXT: result #7: i32 = 123456
  %zero = arith.constant 0 : i32
  %7 = moa.reduce custom %a axes [0, 1] init(%zero : i32) combine {
  ^bb0(%acc: i32, %x: i32):
    %s = arith.muli %acc, %ten : i32
    %r = arith.addi %s, %x : i32
    moa.yield %r : i32
  } : tensor<2x3xi32> -> tensor<i32>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<2xi32>, tensor<3xi32>, tensor<i32>, tensor<2xf32>, tensor<2xi32>, tensor<i1>, tensor<3xi32>, tensor<i32>
}
