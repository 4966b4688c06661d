// RUN: moa-run %s | FileCheck %s

func.func @main() -> tensor<2x3xi32> {
  %mask = arith.constant dense<[true, false, true]> : tensor<3xi1>
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %b = arith.constant dense<[[-1, -2, -3]]> : tensor<1x3xi32>
  // CHECK: result #0: 2x3xi32 = {{\[\[}}1, -2, 3], [4, -2, 6]]
  %0 = moa.select %mask, %a, %b
      : tensor<3xi1>, tensor<2x3xi32>, tensor<1x3xi32> -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}
