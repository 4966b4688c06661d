// RUN: moa-opt %s --convert-onf-to-gpu --canonicalize --cse | FileCheck %s
// RUN: moa-opt %s --convert-onf-to-gpu="block-size=256 kernel-module=mine" | FileCheck %s --check-prefix=OPTIONS

// One thread for each cell, the last axis fastest. No launch without cells.

// CHECK-LABEL: func.func @two_axes(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x?xf32, {{.*}}>, %[[S:[^:]*]]: f32, %[[O:[^:]*]]: memref
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C128:.*]] = arith.constant 128 : index
// CHECK-DAG:     %[[LIMIT:.*]] = arith.constant 2147483647 : index
// CHECK-DAG:     %[[N:.*]] = memref.dim %[[A]], %[[C0]]
// CHECK-DAG:     %[[M:.*]] = memref.dim %[[A]], %c1
// CHECK:         %[[CELLS:.*]] = arith.muli %[[N]], %[[M]] : index
// CHECK:         %[[SOME:.*]] = arith.cmpi ne, %[[CELLS]], %[[C0]] : index
// CHECK:         scf.if %[[SOME]] {
// CHECK:           %[[BLOCKS:.*]] = arith.ceildivui %[[CELLS]], %[[C128]] : index
// CHECK:           %[[GRID:.*]] = arith.minui %[[BLOCKS]], %[[LIMIT]] : index
// CHECK:           gpu.launch blocks(%[[BX:[^,]*]], {{.*}}) in (%[[GX:[^ ]*]] = %[[GRID]],
// CHECK-SAME:        threads(%[[TX:[^,]*]], {{.*}}) in (%[[SX:[^ ]*]] = %[[C128]],
// CHECK-SAME:        module(@moa_kernels) function(@two_axes_kernel0) {
// CHECK:             %[[S2:.*]] = arith.mulf %[[S]], %[[S]] : f32
// CHECK:             %[[BLOCK:.*]] = arith.muli %[[BX]], %[[SX]] : index
// CHECK:             %[[FIRST:.*]] = arith.addi %[[BLOCK]], %[[TX]] : index
// CHECK:             %[[THREADS:.*]] = arith.muli %[[GX]], %[[SX]] : index
// CHECK:             scf.for %[[CELL:.*]] = %[[FIRST]] to %[[CELLS]] step %[[THREADS]] {
// CHECK-DAG:           %[[J:.*]] = arith.remui %[[CELL]], %[[M]] : index
// CHECK-DAG:           %[[I:.*]] = arith.divui %[[CELL]], %[[M]] : index
// CHECK:               memref.load %[[A]][%[[I]], %[[J]]]
// CHECK:               memref.store %{{.*}}, %[[O]][%[[I]], %[[J]]]
// CHECK-NOT:     scf.forall

// OPTIONS-LABEL: func.func @two_axes(
// OPTIONS:         gpu.launch {{.*}} threads({{.*}} = %c256_{{[0-9]+}}, {{.*}} module(@mine) function(@two_axes_kernel0)
#strided2 = strided<[?, ?], offset: ?>
func.func @two_axes(%a: memref<?x?xf32, #strided2>, %s: f32, %o: memref<?x?xf32, #strided2>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %a, %c0 : memref<?x?xf32, #strided2>
  %m = memref.dim %a, %c1 : memref<?x?xf32, #strided2>
  %s2 = arith.mulf %s, %s : f32
  scf.forall (%i, %j) in (%n, %m) {
    %x = memref.load %a[%i, %j] : memref<?x?xf32, #strided2>
    %y = arith.mulf %x, %s2 : f32
    memref.store %y, %o[%i, %j] : memref<?x?xf32, #strided2>
  }
  return
}

// Scratch is allocated once in each thread, before its cells; a fold is a loop.

// CHECK-LABEL: func.func @fold_with_scratch(
// CHECK:         gpu.launch
// CHECK-NEXT:      %[[ROW:.*]] = memref.alloca() : memref<8xf32>
// CHECK:           scf.for
// CHECK-NOT:         memref.alloca
// CHECK:             scf.for
// CHECK:               memref.store %{{.*}}, %[[ROW]]
func.func @fold_with_scratch(%a: memref<?x8xf32>, %o: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %n = memref.dim %a, %c0 : memref<?x8xf32>
  scf.forall (%i) in (%n) {
    %row = memref.alloca() : memref<8xf32>
    scf.for %k = %c0 to %c8 step %c1 {
      %x = memref.load %a[%i, %k] : memref<?x8xf32>
      memref.store %x, %row[%k] : memref<8xf32>
    }
    %y = memref.load %row[%c1] : memref<8xf32>
    memref.store %y, %o[%i] : memref<?xf32>
  }
  return
}

// Static extents need no guard, an empty loop no launch; bounds and steps.

// CHECK-LABEL: func.func @static(
// CHECK-NOT:     scf.if
// CHECK:         gpu.launch blocks({{.*}}) in (%{{[^ ]*}} = %c1,
// CHECK:           scf.for %[[CELL:.*]] = %{{.*}} to %c6 step
// CHECK:             %[[R:.*]] = arith.remui %[[CELL]], %c2
// CHECK:             %[[Q:.*]] = arith.divui %[[CELL]], %c2
// CHECK:             %[[J0:.*]] = arith.muli %[[R]], %c2
// CHECK:             %[[J:.*]] = arith.addi %[[J0]], %c1
// CHECK:             memref.store %{{.*}}, %{{.*}}[%[[Q]], %[[J]]]
// CHECK-NOT:     gpu.launch
// CHECK:         return
func.func @static(%o: memref<3x5xi32>, %p: memref<0x4xi32>) {
  %c7 = arith.constant 7 : i32
  scf.forall (%i, %j) = (0, 1) to (3, 5) step (1, 2) {
    memref.store %c7, %o[%i, %j] : memref<3x5xi32>
  }
  scf.forall (%i, %j) in (0, 4) {
    memref.store %c7, %p[%i, %j] : memref<0x4xi32>
  }
  return
}

// An extent that may be negative counts as 0.

// CHECK-LABEL: func.func @difference(
// CHECK:         %[[SPAN:.*]] = arith.subi %{{.*}}, %{{.*}} : index
// CHECK:         %[[CELLS:.*]] = arith.maxsi %[[SPAN]], %c0 : index
// CHECK:         arith.cmpi ne, %[[CELLS]], %c0
func.func @difference(%n: index, %m: index, %o: memref<?xi1>) {
  %true = arith.constant true
  %d = arith.subi %n, %m : index
  scf.forall (%i) in (%d) {
    memref.store %true, %o[%i] : memref<?xi1>
  }
  return
}

// Scalar code runs on the device. What a loop uses is computed in each thread,
// the scalar result in a launch of one thread.

// CHECK-LABEL: func.func @scalar_code(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?xf32>, %[[O:[^:]*]]: memref<?xf32>, %[[R:[^:]*]]: memref<f32> {moa.destination}) {
// CHECK-NOT:     memref.load
// CHECK:         gpu.launch {{.*}} function(@scalar_code_kernel0) {
// CHECK:           %[[SUM:.*]] = scf.for
// CHECK:           scf.for
// CHECK:             %[[X:.*]] = memref.load %[[A]]
// CHECK:             arith.subf %[[X]], %[[SUM]]
// CHECK:         gpu.launch blocks({{.*}}) in (%{{[^ ]*}} = %c1, {{.*}} threads({{.*}}) in (%{{[^ ]*}} = %c1, {{.*}} function(@scalar_code_kernel1) {
// CHECK:           %[[SUM:.*]] = scf.for
// CHECK:           memref.store %[[SUM]], %[[R]][]
// CHECK:         return
// CHECK-NEXT:  }
func.func @scalar_code(%a: memref<?xf32>, %o: memref<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %n = memref.dim %a, %c0 : memref<?xf32>
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %zero) -> f32 {
    %x = memref.load %a[%i] : memref<?xf32>
    %y = arith.addf %acc, %x : f32
    scf.yield %y : f32
  }
  scf.forall (%i) in (%n) {
    %x = memref.load %a[%i] : memref<?xf32>
    %y = arith.subf %x, %sum : f32
    memref.store %y, %o[%i] : memref<?xf32>
  }
  return %sum : f32
}

// A scratch array of scalar code goes with it, and so does what fills it.

// CHECK-LABEL: func.func @scalar_scratch(
// CHECK-NOT:     memref.alloca
// CHECK:         gpu.launch {{.*}} function(@scalar_scratch_kernel0) {
// CHECK:           %[[T:.*]] = memref.alloca() : memref<2xf32>
// CHECK:           scf.for {{.*}} {
// CHECK:             memref.store %{{.*}}, %[[T]]
// CHECK:           memref.load %[[T]]
// CHECK:           memref.store
// CHECK-NOT:     gpu.launch
func.func @scalar_scratch(%a: memref<2xf32>, %o: memref<f32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %t = memref.alloca() : memref<2xf32>
  scf.for %i = %c0 to %c2 step %c1 {
    %x = memref.load %a[%i] : memref<2xf32>
    memref.store %x, %t[%i] : memref<2xf32>
  }
  %y = memref.load %t[%c1] : memref<2xf32>
  memref.store %y, %o[] : memref<f32>
  return
}

// Copies are parallel loops.

// CHECK-LABEL: func.func @copy(
// CHECK-NOT:     memref.copy
// CHECK:         gpu.launch
// CHECK:           %[[X:.*]] = memref.load %arg0[
// CHECK:           memref.store %[[X]], %arg1[
// CHECK:         gpu.launch
// CHECK:           memref.load %arg2[]
func.func @copy(%a: memref<?x?xf64>, %o: memref<?x?xf64>, %s: memref<i64>, %t: memref<i64>) {
  memref.copy %a, %o : memref<?x?xf64> to memref<?x?xf64>
  memref.copy %s, %t : memref<i64> to memref<i64>
  return
}

// Nested parallel loops are sequential.

// CHECK-LABEL: func.func @nested(
// CHECK:         gpu.launch
// CHECK:           scf.for
// CHECK:             scf.for
// CHECK-NOT:     scf.forall
func.func @nested(%o: memref<?x?xindex>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %o, %c0 : memref<?x?xindex>
  %m = memref.dim %o, %c1 : memref<?x?xindex>
  scf.forall (%i) in (%n) {
    scf.forall (%j) in (%m) {
      memref.store %j, %o[%i, %j] : memref<?x?xindex>
    }
  }
  return
}

// The host keeps a contract.

// CHECK-LABEL: func.func @two_axes__contract(
// CHECK-NOT:     gpu.launch
// CHECK:         return %{{.*}} : i64
func.func @two_axes__contract(%a: memref<?x?xf32>) -> i64 attributes {moa.messages = []} {
  %0 = arith.constant 0 : i64
  return %0 : i64
}

// Private functions are not entries.

// CHECK-LABEL: func.func private @hidden(
// CHECK-NEXT:    return %arg0 : memref<?xf32>
func.func private @hidden(%a: memref<?xf32>) -> memref<?xf32> {
  return %a : memref<?xf32>
}
