// RUN: moa-opt %s --convert-moa-to-onf --split-input-file -o /dev/null --remarks-filter=moa-to-onf 2>&1 | FileCheck %s
// RUN: moa-opt %s --convert-moa-to-onf --split-input-file -o /dev/null 2>&1 | count 0

// A fold for each row and one for each column: one of them is repeated.

// CHECK: moa-to-onf-remarks.mlir:[[#@LINE+8]]:{{.*}}: remark: [Missed] RepeatedFold | Category:moa-to-onf
// CHECK-SAME: the fold is computed again for each index of axis 0, on which it does not depend
func.func @rows_and_columns(%a: memref<4x?xf32>, %out: memref<4x?xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i, %k) in (4, %m) outs(%out : memref<4x?xf32>) {
    %row = moa.fold %j = %c0 to %m (%acc: add f32) {
      %x = moa.psi %a[%i, %j] : memref<4x?xf32>
      moa.yield %x : f32 }
    %column = moa.fold %j = %c0 to %n (%acc: add f32) {
      %x = moa.psi %a[%j, %k] : memref<4x?xf32>
      moa.yield %x : f32
    }
    %s = arith.addf %row, %column : f32
    moa.yield %s : f32
  }
  return
}

// -----

// A fold in a fold on whose index it does not depend.

// CHECK: moa-to-onf-remarks.mlir:[[#@LINE+6]]:{{.*}}: remark: [Missed] RepeatedFold | Category:moa-to-onf
// CHECK-SAME: the fold is computed again for each index of an outer fold, on which it does not depend
func.func @inner(%a: memref<?x?xf32>, %out: memref<?xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i) in (%n) outs(%out : memref<?xf32>) {
    %r = moa.fold %k = %c0 to %m (%acc: add f32) {
      %s = moa.fold %j = %c0 to %m (%inner: add f32) {
        %x = moa.psi %a[%i, %j] : memref<?x?xf32>
        moa.yield %x : f32
      }
      %x = moa.psi %a[%i, %k] : memref<?x?xf32>
      %y = arith.divf %x, %s : f32
      moa.yield %y : f32
    }
    moa.yield %r : f32
  }
  return
}

// -----

// A correction that depends on an axis on which the result does not. The meaning of
// the tower does not know it: it runs in two passes.

// CHECK: moa-to-onf-remarks.mlir:[[#@LINE+6]]:{{.*}}: remark: [Missed] UnusedCorrection | Category:moa-to-onf
// CHECK-SAME: the fold runs in several passes: its correct region depends on an axis on which a result does not
func.func @correction(%a: memref<?xf32>, %b: memref<?xf32>, %out: memref<?xf32>, %n: index, %m: index) {
  %c0 = arith.constant 0 : index
  moa.array (%i) in (%n) outs(%out : memref<?xf32>) {
    %z = moa.psi %b[%i] : memref<?xf32>
    %r:2 = moa.fold %k = %c0 to %m (%rm: max f32, %rl: add f32) {
      %x = moa.psi %a[%k] : memref<?xf32>
      %y = arith.subf %x, %rm : f32
      moa.yield %x, %y : f32, f32
    } correct (%m0, %l0) to (%m1, %l1) {
      %zl = arith.mulf %z, %l0 : f32
      moa.yield %m0, %zl : f32, f32
    }
    moa.yield %r#1 : f32
  }
  return
}
