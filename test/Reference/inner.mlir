// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry differs 2>&1 | FileCheck %s --check-prefix=DIFFERS

func.func @main() -> (tensor<2x2xf32>, tensor<2xi32>, tensor<2x2xf32>) {
  %a = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %b = arith.constant dense<[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]> : tensor<3x2xf32>
  // CHECK: result #0: 2x2xf32 = {{\[\[}}2.5, 3.5], [7, 8]]
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2x2xf32>
  // Any pair of functions, and another element type: how many are equal.
  %c = arith.constant dense<[1.0, 5.0, 3.0]> : tensor<3xf32>
  // CHECK-NEXT: result #1: 2xi32 = [2, 1]
  %1 = moa.inner add %a, %c {
  ^bb0(%x: f32, %y: f32):
    %same = arith.cmpf oeq, %x, %y : f32
    %one = arith.extui %same : i1 to i32
    moa.yield %one : i32
  } : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xi32>
  // Nothing to contract: the identity.
  %e = moa.iota : tensor<2x0xf32>
  %f = moa.iota : tensor<0x2xf32>
  // CHECK-NEXT: result #2: 2x2xf32 = {{\[\[}}-inf, -inf], [-inf, -inf]]
  %2 = moa.inner max %e, %f {
  ^bb0(%x: f32, %y: f32):
    %z = arith.addf %x, %y : f32
    moa.yield %z : f32
  } : tensor<2x0xf32>, tensor<0x2xf32> -> tensor<2x2xf32>
  return %0, %1, %2 : tensor<2x2xf32>, tensor<2xi32>, tensor<2x2xf32>
}

// DIFFERS: error: 'moa.inner' op contracts the last axis of the first, of extent 2, with the first of the second, of extent 3
func.func @differs() -> tensor<i32> {
  %n = arith.constant 2 : index
  %a = moa.iota(%n) : tensor<?xi32>
  %b = moa.iota : tensor<3xi32>
  %0 = moa.inner add %a, %b {
  ^bb0(%x: i32, %y: i32):
    moa.yield %x : i32
  } : tensor<?xi32>, tensor<3xi32> -> tensor<i32>
  return %0 : tensor<i32>
}
