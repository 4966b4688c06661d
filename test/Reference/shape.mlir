// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<3xindex>, tensor<0xindex>) {
  %n = arith.constant 7 : index
  %a = moa.iota(%n) : tensor<2x?x0xf32>
  // CHECK: result #0: 3xindex = [2, 7, 0]
  %0 = moa.shape %a : tensor<2x?x0xf32> -> tensor<3xindex>
  %b = arith.constant dense<1.0> : tensor<f32>
  // CHECK-NEXT: result #1: 0xindex = []
  %1 = moa.shape %b : tensor<f32> -> tensor<0xindex>
  return %0, %1 : tensor<3xindex>, tensor<0xindex>
}
