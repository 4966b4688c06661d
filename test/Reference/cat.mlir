// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry differs 2>&1 | FileCheck %s --check-prefix=DIFFERS

func.func @main() -> (tensor<3x2xi32>, tensor<2x5xi32>) {
  %a = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %b = arith.constant dense<[[5, 6]]> : tensor<1x2xi32>
  // CHECK: result #0: 3x2xi32 = {{\[\[}}1, 2], [3, 4], [5, 6]]
  %0 = moa.cat %a, %b : tensor<2x2xi32>, tensor<1x2xi32> -> tensor<3x2xi32>
  %e = moa.iota : tensor<2x0xi32>
  %c = arith.constant dense<[[7], [8]]> : tensor<2x1xi32>
  // An empty source adds nothing.
  // CHECK-NEXT: result #1: 2x5xi32 = {{\[\[}}7, 1, 2, 1, 2], [8, 3, 4, 3, 4]]
  %1 = moa.cat %c, %e, %a, %a axis 1
      : tensor<2x1xi32>, tensor<2x0xi32>, tensor<2x2xi32>, tensor<2x2xi32> -> tensor<2x5xi32>
  return %0, %1 : tensor<3x2xi32>, tensor<2x5xi32>
}

// DIFFERS: error: 'moa.cat' op source #1 has extent 3 along axis 1, but source #0 has 2
func.func @differs() -> tensor<2x?xi32> {
  %n = arith.constant 2 : index
  %m = arith.constant 3 : index
  %a = moa.iota(%n) : tensor<1x?xi32>
  %b = moa.iota(%m) : tensor<1x?xi32>
  %0 = moa.cat %a, %b : tensor<1x?xi32>, tensor<1x?xi32> -> tensor<2x?xi32>
  return %0 : tensor<2x?xi32>
}
