// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// moa.psi, take, drop, rotate, gather.

// CHECK-LABEL: @psi(
func.func @psi(%a: tensor<?x4xf32>, %s: tensor<i8>, %m: memref<3x?xbf16>,
               %v: memref<?xf64, strided<[?], offset: ?>>, %i: index, %j: index)
    -> (tensor<?x4xf32>, tensor<4xf32>, f32, i8, bf16, f64) {
  // CHECK: %[[W:.*]] = moa.psi %{{.*}}[] : tensor<?x4xf32>
  %0 = moa.psi %a[] : tensor<?x4xf32>
  // CHECK: %[[R:.*]] = moa.psi %{{.*}}[%{{.*}}] : tensor<?x4xf32>
  %1 = moa.psi %a[%i] : tensor<?x4xf32>
  // CHECK: %[[E:.*]] = moa.psi %{{.*}}[%{{.*}}, %{{.*}}] : tensor<?x4xf32>
  %2 = moa.psi %a[%i, %j] : tensor<?x4xf32>
  // CHECK: %[[S:.*]] = moa.psi %{{.*}}[] : tensor<i8>
  %3 = moa.psi %s[] : tensor<i8>
  // CHECK: %[[M:.*]] = moa.psi %{{.*}}[%{{.*}}, %{{.*}}] : memref<3x?xbf16>
  %4 = moa.psi %m[%i, %j] : memref<3x?xbf16>
  // CHECK: %[[V:.*]] = moa.psi %{{.*}}[%{{.*}}] : memref<?xf64, strided<[?], offset: ?>>
  %5 = moa.psi %v[%i] : memref<?xf64, strided<[?], offset: ?>>
  // CHECK: return %[[W]], %[[R]], %[[E]], %[[S]], %[[M]], %[[V]] : tensor<?x4xf32>, tensor<4xf32>, f32, i8, bf16, f64
  return %0, %1, %2, %3, %4, %5
    : tensor<?x4xf32>, tensor<4xf32>, f32, i8, bf16, f64
}

// CHECK-LABEL: @take(
// CHECK-SAME: %[[A:.*]]: tensor<5x?xf32>, %[[N:.*]]: index, %[[X:.*]]: f32
func.func @take(%a: tensor<5x?xf32>, %n: index, %x: f32) {
  // CHECK: moa.take %[[A]][3, -2] : tensor<5x?xf32> -> tensor<3x2xf32>
  %0 = moa.take %a[3, -2] : tensor<5x?xf32> -> tensor<3x2xf32>
  // CHECK: moa.take %[[A]][%[[N]]] fill(%[[X]] : f32) : tensor<5x?xf32> -> tensor<?x?xf32>
  %1 = moa.take %a[%n] fill(%x : f32) : tensor<5x?xf32> -> tensor<?x?xf32>
  // CHECK: moa.take %[[A]][] : tensor<5x?xf32> -> tensor<5x?xf32>
  %2 = moa.take %a[] : tensor<5x?xf32> -> tensor<5x?xf32>
  // CHECK: moa.take %[[A]][-9, 0] : tensor<5x?xf32> -> tensor<9x0xf32>
  %3 = moa.take %a[-9, 0] : tensor<5x?xf32> -> tensor<9x0xf32>
  // CHECK: moa.take %[[A]][%[[N]], %[[N]]] : tensor<5x?xf32> -> tensor<3x?xf32>
  %4 = moa.take %a[%n, %n] : tensor<5x?xf32> -> tensor<3x?xf32>
  return
}

// CHECK-LABEL: @drop(
func.func @drop(%a: tensor<5x?xf32>, %n: index) {
  // CHECK: moa.drop %{{.*}}[1, -2] : tensor<5x?xf32> -> tensor<4x?xf32>
  %0 = moa.drop %a[1, -2] : tensor<5x?xf32> -> tensor<4x?xf32>
  // CHECK: moa.drop %{{.*}}[-7, %{{.*}}] : tensor<5x?xf32> -> tensor<0x?xf32>
  %1 = moa.drop %a[-7, %n] : tensor<5x?xf32> -> tensor<0x?xf32>
  // CHECK: moa.drop %{{.*}}[] : tensor<5x?xf32> -> tensor<5x?xf32>
  %2 = moa.drop %a[] : tensor<5x?xf32> -> tensor<5x?xf32>
  return
}

// CHECK-LABEL: @rotate(
func.func @rotate(%a: tensor<5x?xf32>, %n: index) {
  // CHECK: moa.rotate %{{.*}}[1, %{{.*}}] : tensor<5x?xf32>
  %0 = moa.rotate %a[1, %n] : tensor<5x?xf32>
  // CHECK: moa.rotate %{{.*}}[-13] : tensor<5x?xf32>
  %1 = moa.rotate %a[-13] : tensor<5x?xf32>
  // CHECK: moa.rotate %{{.*}}[] : tensor<5x?xf32>
  %2 = moa.rotate %a[] : tensor<5x?xf32>
  return
}

// CHECK-LABEL: @gather(
func.func @gather(%a: tensor<?x4xf32>, %rows: tensor<7xi32>,
                  %table: tensor<2x?xindex>, %one: tensor<i8>) {
  // CHECK: moa.gather %{{.*}}[%{{.*}}] : tensor<?x4xf32>, tensor<7xi32> -> tensor<7x4xf32>
  %0 = moa.gather %a[%rows] axis 0
         : tensor<?x4xf32>, tensor<7xi32> -> tensor<7x4xf32>
  // CHECK: moa.gather %{{.*}}[%{{.*}}] axis 1 : tensor<?x4xf32>, tensor<2x?xindex> -> tensor<?x2x?xf32>
  %1 = moa.gather %a[%table] axis 1
         : tensor<?x4xf32>, tensor<2x?xindex> -> tensor<?x2x?xf32>
  // CHECK: moa.gather %{{.*}}[%{{.*}}] : tensor<?x4xf32>, tensor<i8> -> tensor<4xf32>
  %2 = moa.gather %a[%one] : tensor<?x4xf32>, tensor<i8> -> tensor<4xf32>
  return
}
