// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry wrong 2>&1 | FileCheck %s --check-prefix=WRONG

func.func @main() -> (tensor<3x2xi32>, tensor<2x4xi32>, tensor<2xi32>, tensor<2xi32>, tensor<i32>) {
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: 3x2xi32 = {{\[\[}}1, 2], [3, 4], [5, 6]]
  %0 = moa.reshape %a[3, 2] : tensor<2x3xi32> -> tensor<3x2xi32>
  // The elements are taken again from the start.
  // CHECK-NEXT: result #1: 2x4xi32 = {{\[\[}}1, 2, 3, 4], [5, 6, 1, 2]]
  %1 = moa.reshape %a[2, 4] : tensor<2x3xi32> -> tensor<2x4xi32>
  // The rest is left out.
  // CHECK-NEXT: result #2: 2xi32 = [1, 2]
  %2 = moa.reshape %a[2] : tensor<2x3xi32> -> tensor<2xi32>
  // An empty array gives zeros.
  // CHECK-NEXT: result #3: 2xi32 = [0, 0]
  %e = moa.iota : tensor<0xi32>
  %3 = moa.reshape %e[2] : tensor<0xi32> -> tensor<2xi32>
  // CHECK-NEXT: result #4: i32 = 1
  %4 = moa.reshape %a[] : tensor<2x3xi32> -> tensor<i32>
  return %0, %1, %2, %3, %4 : tensor<3x2xi32>, tensor<2x4xi32>, tensor<2xi32>, tensor<2xi32>, tensor<i32>
}

// WRONG: error: 'moa.reshape' op has extent 2 along axis 0 of result #0, but its type is 'tensor<3xi32>'
func.func @wrong() -> tensor<3xi32> {
  %n = arith.constant 2 : index
  %a = moa.iota : tensor<4xi32>
  %0 = moa.reshape %a[%n] : tensor<4xi32> -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
