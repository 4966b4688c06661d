// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry outside 2>&1 | FileCheck %s --check-prefix=OUTSIDE

func.func @main() -> (tensor<3x2xi32>, tensor<2x2x1xi32>, tensor<2xi32>) {
  %a = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %rows = arith.constant dense<[1, 0, 1]> : tensor<3xi8>
  // CHECK: result #0: 3x2xi32 = {{\[\[}}3, 4], [1, 2], [3, 4]]
  %0 = moa.gather %a[%rows] : tensor<2x2xi32>, tensor<3xi8> -> tensor<3x2xi32>
  %columns = arith.constant dense<[[1], [0]]> : tensor<2x1xi64>
  // CHECK-NEXT: result #1: 2x2x1xi32 = {{\[\[\[}}2], [1]], {{\[\[}}4], [3]]]
  %1 = moa.gather %a[%columns] axis 1 : tensor<2x2xi32>, tensor<2x1xi64> -> tensor<2x2x1xi32>
  // Positions of rank 0 take the axis away.
  %one = arith.constant dense<1> : tensor<index>
  // CHECK-NEXT: result #2: 2xi32 = [3, 4]
  %2 = moa.gather %a[%one] : tensor<2x2xi32>, tensor<index> -> tensor<2xi32>
  return %0, %1, %2 : tensor<3x2xi32>, tensor<2x2x1xi32>, tensor<2xi32>
}

// OUTSIDE: error: 'moa.gather' op position 2 at [1] is out of bounds: axis 0 has extent 2
func.func @outside() -> tensor<3xi32> {
  %a = moa.iota : tensor<2xi32>
  %i = moa.iota : tensor<3xi32>
  %rows = moa.rotate %i[1] : tensor<3xi32>
  %0 = moa.gather %a[%rows] : tensor<2xi32>, tensor<3xi32> -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
