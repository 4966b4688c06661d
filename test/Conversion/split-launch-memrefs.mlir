// RUN: moa-opt %s --allow-unregistered-dialect --moa-split-launch-memrefs | FileCheck %s
// RUN: moa-opt %s --allow-unregistered-dialect --moa-split-launch-memrefs --gpu-kernel-outlining | FileCheck %s --check-prefix=KERNEL

memref.global "private" constant @table : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>

// The kernel gets a pointer and what it needs of offset, strides and extents.

// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x?xf32, strided<[?, 1], offset: ?>>
// CHECK:         %[[BASE:[^,]*]], %[[OFFSET:[^,]*]], %[[SIZES:[^:]*]]:2, %[[STRIDES:[^:]*]]:2 = memref.extract_strided_metadata %[[A]]
// CHECK:         gpu.launch
// CHECK:           %[[ROW:.*]] = arith.muli %[[I:.*]], %[[STRIDES]]#0 : index
// CHECK:           %[[START:.*]] = arith.addi %[[OFFSET]], %[[ROW]] : index
// CHECK:           %[[AT:.*]] = arith.addi %[[START]], %[[J:.*]] : index
// CHECK:           %[[E:.*]] = memref.reinterpret_cast %[[BASE]] to offset: [%[[AT]]], sizes: [], strides: []
// CHECK:           memref.load %[[E]][] : memref<f32, strided<[], offset: ?>>
// CHECK:           memref.reinterpret_cast {{.*}} to offset: [0], sizes: [], strides: [] : memref<index> to memref<index, strided<[]>>
// CHECK:           memref.store %[[SIZES]]#1

// KERNEL:      gpu.module @m
// KERNEL:        gpu.func @dynamic(%{{[^:]*}}: index, %{{[^:]*}}: index, %{{[^:]*}}: memref<f32>, %{{[^:]*}}: memref<index>, %{{[^:]*}}: index) kernel
func.func @dynamic(%a: memref<?x?xf32, strided<[?, 1], offset: ?>>, %o: memref<index>, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) module(@m) function(@dynamic) {
    %x = memref.load %a[%bx, %tx] : memref<?x?xf32, strided<[?, 1], offset: ?>>
    %m = memref.dim %a, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
    "test.use"(%x) : (f32) -> ()
    memref.store %m, %o[] : memref<index>
    gpu.terminator
  }
  return
}

// Static shapes leave the pointer; constants and globals are the kernel's own.

// CHECK-LABEL: func.func @static(
// CHECK:         gpu.launch
// CHECK:           memref.get_global @table
// CHECK:           arith.constant 3 : index
// KERNEL:        gpu.func @static(%{{[^:]*}}: memref<f32>) kernel
// KERNEL:          memref.get_global @table
// KERNEL:        memref.global "private" constant @table
func.func @static(%o: memref<2x4xf32>) {
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %t = memref.get_global @table : memref<4xf32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) module(@m) function(@static) {
    %x = memref.load %t[%c3] : memref<4xf32>
    memref.store %x, %o[%tx, %c3] : memref<2x4xf32>
    gpu.terminator
  }
  return
}

// A use as a whole keeps the memref, rebuilt from its parts.

// CHECK-LABEL: func.func @whole(
// CHECK:         %[[BASE:[^,]*]], %[[OFFSET:[^,]*]], %[[SIZE:[^,]*]], %[[STRIDE:[^ ]*]] = memref.extract_strided_metadata
// CHECK:         gpu.launch
// CHECK:           %[[A:.*]] = memref.reinterpret_cast %[[BASE]] to offset: [%[[OFFSET]]], sizes: [%[[SIZE]]], strides: [%[[STRIDE]]]
// CHECK:           memref.subview %[[A]]
func.func @whole(%a: memref<?xi8, strided<[?], offset: ?>>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) module(@m) function(@whole) {
    %v = memref.subview %a[%tx] [1] [1] : memref<?xi8, strided<[?], offset: ?>> to memref<1xi8, strided<[?], offset: ?>>
    "test.use"(%v) : (memref<1xi8, strided<[?], offset: ?>>) -> ()
    gpu.terminator
  }
  return
}
