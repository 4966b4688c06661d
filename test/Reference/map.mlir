// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry differs 2>&1 | FileCheck %s --check-prefix=DIFFERS

func.func @main() -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi1>) {
  %a = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %b = arith.constant dense<[10.0, 20.0, 30.0]> : tensor<3xf32>
  %c = arith.constant dense<[[100.0], [200.0]]> : tensor<2x1xf32>
  // A missing axis and a static extent of 1 are repeated.
  // CHECK: result #0: 2x3xf32 = {{\[\[}}111, 122, 133], [214, 225, 236]]
  %0 = moa.map %a, %b, %c {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %x, %y : f32
    %t = arith.addf %s, %z : f32
    moa.yield %t : f32
  } : tensor<2x3xf32>, tensor<3xf32>, tensor<2x1xf32> -> tensor<2x3xf32>
  // The region reads captured values and arrays.
  %two = arith.constant 2.0 : f32
  %last = arith.constant 2 : index
  // CHECK-NEXT: result #1: 2x3xf32 = {{\[\[}}32, 34, 36], [38, 40, 42]]
  %1 = moa.map %a {
  ^bb0(%x: f32):
    %s = arith.mulf %x, %two : f32
    %w = moa.psi %b[%last] : tensor<3xf32>
    %t = arith.addf %s, %w : f32
    moa.yield %t : f32
  } : tensor<2x3xf32> -> tensor<2x3xf32>
  // CHECK-NEXT: result #2: 3xi1 = [0, 0, 1]
  %2 = moa.map %b {
  ^bb0(%x: f32):
    %limit = arith.constant 2.5e+01 : f32
    %s = arith.cmpf ogt, %x, %limit : f32
    moa.yield %s : i1
  } : tensor<3xf32> -> tensor<3xi1>
  return %0, %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi1>
}

// A dynamic extent of 1 is not repeated.
// DIFFERS: error: 'moa.map' op source #1 has extent 1 along axis 0 of the result, but source #0 has 3
func.func @differs() -> tensor<3xi32> {
  %n = arith.constant 1 : index
  %a = moa.iota : tensor<3xi32>
  %b = moa.iota(%n) : tensor<?xi32>
  %0 = moa.map %a, %b {
  ^bb0(%x: i32, %y: i32):
    moa.yield %x : i32
  } : tensor<3xi32>, tensor<?xi32> -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
