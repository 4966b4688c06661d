// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry above 2>&1 | FileCheck %s --check-prefix=ABOVE
// RUN: not moa-run %s --entry below 2>&1 | FileCheck %s --check-prefix=BELOW
// RUN: not moa-run %s --entry empty 2>&1 | FileCheck %s --check-prefix=EMPTY

func.func @main() -> (i32, tensor<3xi32>, tensor<2x3xi32>) {
  %i = arith.constant 1 : index
  %j = arith.constant 2 : index
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  // CHECK: result #0: i32 = 6
  %0 = moa.psi %a[%i, %j] : tensor<2x3xi32>
  // CHECK-NEXT: result #1: 3xi32 = [4, 5, 6]
  %1 = moa.psi %a[%i] : tensor<2x3xi32>
  // CHECK-NEXT: result #2: 2x3xi32 = {{\[\[}}1, 2, 3], [4, 5, 6]]
  %2 = moa.psi %a[] : tensor<2x3xi32>
  return %0, %1, %2 : i32, tensor<3xi32>, tensor<2x3xi32>
}

// ABOVE: psi.mlir:[[@LINE+6]]:{{[0-9]+}}: error: 'moa.psi' op index 5 is out of bounds: axis 0 has extent 5
func.func @above() -> i32 {
  %zero = arith.constant 0 : index
  %n = arith.constant 5 : index
  %a = moa.iota(%n) : tensor<?xi32>
  %i = tensor.dim %a, %zero : tensor<?xi32>
  %0 = moa.psi %a[%i] : tensor<?xi32>
  return %0 : i32
}

// BELOW: error: 'moa.psi' op index -1 is out of bounds: axis 1 has extent 3
func.func @below() -> i32 {
  %a = moa.iota : tensor<2x3xi32>
  %i = arith.constant 1 : index
  %two = arith.addi %i, %i : index
  %j = arith.subi %i, %two : index
  %0 = moa.psi %a[%i, %j] : tensor<2x3xi32>
  return %0 : i32
}

// EMPTY: error: 'moa.psi' op reads an array of 'tensor.empty', whose elements have no value
func.func @empty() -> i32 {
  %i = arith.constant 1 : index
  %a = tensor.empty() : tensor<2xi32>
  %0 = moa.psi %a[%i] : tensor<2xi32>
  return %0 : i32
}
