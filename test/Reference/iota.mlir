// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry negative 2>&1 | FileCheck %s --check-prefix=NEGATIVE

func.func @main() -> (tensor<5xindex>, tensor<2x3xf32>, tensor<2x3xi8>, tensor<0xi32>, tensor<?xi8>) {
  %n = arith.constant 258 : index
  // CHECK: result #0: 5xindex = [0, 1, 2, 3, 4]
  %0 = moa.iota : tensor<5xindex>
  // CHECK-NEXT: result #1: 2x3xf32 = {{\[\[}}0, 1, 2], [0, 1, 2]]
  %1 = moa.iota axis 1 : tensor<2x3xf32>
  // CHECK-NEXT: result #2: 2x3xi8 = {{\[\[}}0, 0, 0], [1, 1, 1]]
  %2 = moa.iota : tensor<2x3xi8>
  // CHECK-NEXT: result #3: 0xi32 = []
  %3 = moa.iota : tensor<0xi32>
  // Of an index, an i8 holds the low bits.
  // CHECK-NEXT: result #4: 2xi8 = [0, 1]
  %4 = moa.iota(%n) : tensor<?xi8>
  %5 = moa.take %4[-2] : tensor<?xi8> -> tensor<2xi8>
  %6 = tensor.cast %5 : tensor<2xi8> to tensor<?xi8>
  return %0, %1, %2, %3, %6 : tensor<5xindex>, tensor<2x3xf32>, tensor<2x3xi8>, tensor<0xi32>, tensor<?xi8>
}

// NEGATIVE: error: 'moa.iota' op has the negative extent -1 along axis 1 of result #0
func.func @negative() -> tensor<2x?xi32> {
  %n = arith.constant -1 : index
  %0 = moa.iota(%n) : tensor<2x?xi32>
  return %0 : tensor<2x?xi32>
}
