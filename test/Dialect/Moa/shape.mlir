// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// moa.iota, shape, reverse, transpose, reshape, ravel, cat.

// CHECK-LABEL: @iota(
// CHECK-SAME: %[[N:.*]]: index
func.func @iota(%n: index) {
  // CHECK: moa.iota : tensor<5xindex>
  %0 = moa.iota : tensor<5xindex>
  // CHECK: moa.iota(%[[N]]) axis 1 : tensor<3x?xf32>
  %1 = moa.iota(%n) axis 1 : tensor<3x?xf32>
  // CHECK: moa.iota(%[[N]], %[[N]]) : tensor<?x?xi8>
  %2 = moa.iota(%n, %n) axis 0 : tensor<?x?xi8>
  // CHECK: moa.iota {test.note} : tensor<0xbf16>
  %3 = moa.iota {test.note} : tensor<0xbf16>
  return
}

// CHECK-LABEL: @shape(
func.func @shape(%a: tensor<?x4xf32>, %scalar: tensor<f64>) {
  // CHECK: moa.shape %{{.*}} : tensor<?x4xf32> -> tensor<2xindex>
  %0 = moa.shape %a : tensor<?x4xf32> -> tensor<2xindex>
  // CHECK: moa.shape %{{.*}} : tensor<f64> -> tensor<0xindex>
  %1 = moa.shape %scalar : tensor<f64> -> tensor<0xindex>
  // CHECK: moa.shape %{{.*}} : tensor<?x4xf32> -> tensor<?xindex>
  %2 = moa.shape %a : tensor<?x4xf32> -> tensor<?xindex>
  return
}

// CHECK-LABEL: @reverse(
func.func @reverse(%a: tensor<?x4xi32>) {
  // CHECK: moa.reverse %{{.*}} axes [0] : tensor<?x4xi32>
  %0 = moa.reverse %a axes [0] : tensor<?x4xi32>
  // CHECK: moa.reverse %{{.*}} axes [0, 1] : tensor<?x4xi32>
  %1 = moa.reverse %a axes [0, 1] : tensor<?x4xi32>
  // CHECK: moa.reverse %{{.*}} axes [] : tensor<?x4xi32>
  %2 = moa.reverse %a axes [] : tensor<?x4xi32>
  return
}

// CHECK-LABEL: @transpose(
func.func @transpose(%a: tensor<?x4x0xi1>, %scalar: tensor<index>) {
  // CHECK: moa.transpose %{{.*}} permutation [2, 0, 1] : tensor<?x4x0xi1> -> tensor<0x?x4xi1>
  %0 = moa.transpose %a permutation [2, 0, 1]
         : tensor<?x4x0xi1> -> tensor<0x?x4xi1>
  // CHECK: moa.transpose %{{.*}} permutation [0, 1, 2] : tensor<?x4x0xi1> -> tensor<7x?x?xi1>
  %1 = moa.transpose %a permutation [0, 1, 2]
         : tensor<?x4x0xi1> -> tensor<7x?x?xi1>
  // CHECK: moa.transpose %{{.*}} permutation [] : tensor<index> -> tensor<index>
  %2 = moa.transpose %scalar permutation [] : tensor<index> -> tensor<index>
  return
}

// CHECK-LABEL: @reshape(
// CHECK-SAME: %[[A:.*]]: tensor<?xf32>, %[[N:.*]]: index
func.func @reshape(%a: tensor<?xf32>, %n: index) {
  // CHECK: moa.reshape %[[A]][2, %[[N]]] : tensor<?xf32> -> tensor<2x?xf32>
  %0 = moa.reshape %a[2, %n] : tensor<?xf32> -> tensor<2x?xf32>
  // CHECK: moa.reshape %[[A]][] : tensor<?xf32> -> tensor<f32>
  %1 = moa.reshape %a[] : tensor<?xf32> -> tensor<f32>
  // CHECK: moa.reshape %[[A]][0] : tensor<?xf32> -> tensor<0xf32>
  %2 = moa.reshape %a[0] : tensor<?xf32> -> tensor<0xf32>
  // CHECK: moa.reshape %[[A]][3, %[[N]]] : tensor<?xf32> -> tensor<?x5xf32>
  %3 = moa.reshape %a[3, %n] : tensor<?xf32> -> tensor<?x5xf32>
  return
}

// CHECK-LABEL: @ravel(
func.func @ravel(%a: tensor<?x4xf16>, %b: tensor<3x5xf16>, %c: tensor<f16>) {
  // CHECK: moa.ravel %{{.*}} : tensor<?x4xf16> -> tensor<?xf16>
  %0 = moa.ravel %a : tensor<?x4xf16> -> tensor<?xf16>
  // CHECK: moa.ravel %{{.*}} : tensor<3x5xf16> -> tensor<15xf16>
  %1 = moa.ravel %b : tensor<3x5xf16> -> tensor<15xf16>
  // CHECK: moa.ravel %{{.*}} : tensor<f16> -> tensor<1xf16>
  %2 = moa.ravel %c : tensor<f16> -> tensor<1xf16>
  return
}

// CHECK-LABEL: @cat(
func.func @cat(%a: tensor<?x4xi64>, %b: tensor<2x?xi64>, %c: tensor<3x4xi64>) {
  // CHECK: moa.cat %{{.*}}, %{{.*}} : tensor<?x4xi64>, tensor<2x?xi64> -> tensor<?x4xi64>
  %0 = moa.cat %a, %b axis 0 : tensor<?x4xi64>, tensor<2x?xi64> -> tensor<?x4xi64>
  // CHECK: moa.cat %{{.*}}, %{{.*}} axis 1 : tensor<?x4xi64>, tensor<2x?xi64> -> tensor<2x?xi64>
  %1 = moa.cat %a, %b axis 1 : tensor<?x4xi64>, tensor<2x?xi64> -> tensor<2x?xi64>
  // CHECK: moa.cat %{{.*}} : tensor<3x4xi64> -> tensor<3x4xi64>
  %2 = moa.cat %c : tensor<3x4xi64> -> tensor<3x4xi64>
  // CHECK: moa.cat %{{.*}}, %{{.*}}, %{{.*}} : {{.*}} -> tensor<8x4xi64>
  %3 = moa.cat %c, %b, %c : tensor<3x4xi64>, tensor<2x?xi64>, tensor<3x4xi64>
         -> tensor<8x4xi64>
  return
}
