// RUN: moa-opt %s --pass-pipeline="builtin.module(gpu.module(moa-legalize-gpu-math))" | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: func.func @floats(
  // CHECK:         llvm.call_intrinsic "llvm.sqrt.f32"(%arg0) : (f32) -> f32
  // CHECK:         llvm.call_intrinsic "llvm.sqrt.f64"(%arg1) : (f64) -> f64
  // CHECK:         llvm.intr.trunc(%arg0)
  // CHECK:         %[[A:.*]] = math.absf %arg0
  // CHECK:         %[[GE:.*]] = arith.cmpf oge, %[[A]], %{{.*}} : f32
  // CHECK:         %[[LT:.*]] = arith.cmpf olt, %[[A]], %{{.*}} : f32
  // CHECK:         arith.andi %[[GE]], %[[LT]] : i1
  func.func @floats(%x: f32, %y: f64) -> (f32, f64, f32, i1) {
    %0 = math.sqrt %x : f32
    %1 = math.sqrt %y : f64
    %2 = math.trunc %x : f32
    %3 = math.isnormal %x : f32
    return %0, %1, %2, %3 : f32, f64, f32, i1
  }

  // One rounding: through f64, after a rounding to odd where f64 is too short.

  // CHECK-LABEL: func.func @to_bf16(
  // CHECK:         %[[D:.*]] = arith.sitofp %arg0 : i32 to f64
  // CHECK:         arith.truncf %[[D]] : f64 to bf16
  // CHECK:         %[[LOW:.*]] = arith.andi %arg1, %c4095_i64
  // CHECK:         arith.xori %arg1, %[[LOW]]
  // CHECK:         %[[ODD:.*]] = arith.ori
  // CHECK:         %[[X:.*]] = arith.select %{{.*}}, %[[ODD]], %arg1
  // CHECK:         arith.uitofp %[[X]] : i64 to f64
  func.func @to_bf16(%x: i32, %y: i64) -> (bf16, bf16) {
    %0 = arith.sitofp %x : i32 to bf16
    %1 = arith.uitofp %y : i64 to bf16
    return %0, %1 : bf16, bf16
  }

  // A true i1 is -1.

  // CHECK-LABEL: func.func @signed_bool(
  // CHECK-DAG:     %[[M:.*]] = arith.constant -1.000000e+00 : bf16
  // CHECK-DAG:     %[[Z:.*]] = arith.constant 0.000000e+00 : bf16
  // CHECK:         arith.select %arg0, %[[M]], %[[Z]] : bf16
  func.func @signed_bool(%x: i1) -> bf16 {
    %0 = arith.sitofp %x : i1 to bf16
    return %0 : bf16
  }

  // CHECK-LABEL: func.func @integers(
  // CHECK:         "llvm.intr.abs"(%arg0)
  // CHECK:         %[[I:.*]] = arith.index_cast %arg1 : index to i64
  // CHECK:         %[[C:.*]] = "llvm.intr.ctlz"(%[[I]])
  // CHECK:         arith.index_cast %[[C]] : i64 to index
  // CHECK:         llvm.intr.ctpop(%arg0)
  // CHECK:         scf.while
  // CHECK:         %[[S:.*]] = arith.addi %arg1, %arg1 : index
  // CHECK:         arith.cmpi ult, %[[S]], %arg1 : index
  func.func @integers(%x: i8, %i: index) -> (i8, index, i8, i8, i1) {
    %0 = math.absi %x : i8
    %1 = math.ctlz %i : index
    %2 = math.ctpop %x : i8
    %3 = math.ipowi %x, %2 : i8
    %4, %5 = arith.addui_extended %i, %i : index, i1
    return %0, %1, %2, %3, %5 : i8, index, i8, i8, i1
  }

  // CHECK-LABEL: func.func @powers(
  // CHECK:         %[[E:.*]] = arith.extsi %arg1 : i8 to i32
  // CHECK:         math.fpowi %arg0, %[[E]] : f32, i32
  // CHECK:         %[[B:.*]] = arith.extf %arg0 : f32 to f64
  // CHECK:         %[[X:.*]] = arith.sitofp %arg2 : i64 to f64
  // CHECK:         %[[P:.*]] = math.powf %[[B]], %[[X]] : f64
  // CHECK:         arith.truncf %[[P]] : f64 to f32
  func.func @powers(%x: f32, %n: i8, %m: i64) -> (f32, f32) {
    %0 = math.fpowi %x, %n : f32, i8
    %1 = math.fpowi %x, %m : f32, i64
    return %0, %1 : f32, f32
  }
}
