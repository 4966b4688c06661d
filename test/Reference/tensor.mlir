// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry cast 2>&1 | FileCheck %s --check-prefix=CAST
// RUN: not moa-run %s --entry extract 2>&1 | FileCheck %s --check-prefix=EXTRACT
// RUN: not moa-run %s --entry axis 2>&1 | FileCheck %s --check-prefix=AXIS
// RUN: not moa-run %s --entry empty 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not moa-run %s --entry unknown 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not moa-run %s --entry vectors 2>&1 | FileCheck %s --check-prefix=VECTORS

func.func @main() -> (index, index, i32, tensor<2x?xf32>, tensor<2x2xi32>) {
  %n = arith.constant 3 : index
  %one = arith.constant 1 : index
  %a = moa.iota(%n) : tensor<2x?xi32>
  // CHECK: result #0: index = 3
  %0 = tensor.dim %a, %one : tensor<2x?xi32>
  // CHECK-NEXT: result #1: index = 2
  %1 = tensor.rank %a : tensor<2x?xi32>
  // CHECK-NEXT: result #2: i32 = 1
  %2 = tensor.extract %a[%one, %one] : tensor<2x?xi32>
  %h = arith.constant 0.5 : f32
  // CHECK-NEXT: result #3: 2x3xf32 = {{\[\[}}0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
  %3 = tensor.splat %h[%n] : tensor<2x?xf32>
  %4 = tensor.cast %a : tensor<2x?xi32> to tensor<2x3xi32>
  // CHECK-NEXT: result #4: 2x2xi32 = {{\[\[}}1, 1], [2, 1]]
  %two = arith.constant 2 : i32
  %5 = tensor.from_elements %2, %2, %two, %2 : tensor<2x2xi32>
  return %0, %1, %2, %3, %5 : index, index, i32, tensor<2x?xf32>, tensor<2x2xi32>
}

// CAST: error: 'tensor.cast' op casts extent 3 along axis 0 to 4
func.func @cast() -> tensor<4xi32> {
  %n = arith.constant 3 : index
  %a = moa.iota(%n) : tensor<?xi32>
  %0 = tensor.cast %a : tensor<?xi32> to tensor<4xi32>
  return %0 : tensor<4xi32>
}

// EXTRACT: error: 'tensor.extract' op index 3 is out of bounds: axis 0 has extent 3
func.func @extract() -> i32 {
  %n = arith.constant 3 : index
  %a = moa.iota(%n) : tensor<?xi32>
  %0 = tensor.extract %a[%n] : tensor<?xi32>
  return %0 : i32
}

// AXIS: error: 'tensor.dim' op asks for axis 3 of an array of rank 1
func.func @axis() -> index {
  %n = arith.constant 3 : index
  %a = moa.iota(%n) : tensor<?xi32>
  %0 = tensor.dim %a, %n : tensor<?xi32>
  return %0 : index
}

// EMPTY: error: result #0 of 'empty' is an array of 'tensor.empty', whose elements have no value
func.func @empty() -> tensor<2xi32> {
  %a = tensor.empty() : tensor<2xi32>
  return %a : tensor<2xi32>
}

// UNKNOWN: error: 'tensor.gather' op is not understood by the reference interpreter
func.func @unknown() -> tensor<1xi32> {
  %a = moa.iota : tensor<2xi32>
  %at = arith.constant dense<1> : tensor<1x1xindex>
  %0 = tensor.gather %a[%at] gather_dims([0]) : (tensor<2xi32>, tensor<1x1xindex>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// VECTORS: error: the reference interpreter has no values of type 'vector<2xi32>', which 'arith.constant' has
func.func @vectors() -> i32 {
  %v = arith.constant dense<[1, 2]> : vector<2xi32>
  %0 = vector.extract %v[0] : i32 from vector<2xi32>
  return %0 : i32
}
