// RUN: moa-opt %s --moa-legalize-cpu-math --split-input-file | FileCheck %s

// The example of the pass description.

// CHECK-LABEL: func.func @example(
// CHECK-SAME:    %[[X:.*]]: f32
// CHECK:         %[[Y:.*]] = call @erff(%[[X]]) : (f32) -> f32
// CHECK:         return %[[Y]]
func.func @example(%x: f32) -> f32 {
  %y = math.erf %x : f32
  return %y : f32
}

// -----

// f64 to 16 bits through an odd f32; NaNs and exact values as they are.

// CHECK-LABEL: func.func @truncate(
// CHECK-SAME:    %[[X:.*]]: f64
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-DAG:     %[[NEAR:.*]] = arith.truncf %[[X]] : f64 to f32
// CHECK-DAG:     %[[BACK:.*]] = arith.extf %[[NEAR]] : f32 to f64
// CHECK-DAG:     %[[BITS:.*]] = arith.bitcast %[[NEAR]] : f32 to i32
// CHECK-DAG:     %[[AWAY:.*]] = arith.cmpf ogt, %{{.*}}, %{{.*}} : f64
// CHECK:         %[[BELOW:.*]] = arith.subi %[[BITS]], %{{.*}} : i32
// CHECK:         %[[CUT:.*]] = arith.select %[[AWAY]], %[[BELOW]], %[[BITS]] : i32
// CHECK:         %[[ODD:.*]] = arith.ori %[[CUT]], %{{.*}} : i32
// CHECK:         %[[INEXACT:.*]] = arith.cmpf one, %[[BACK]], %[[X]] : f64
// CHECK:         %[[CHOSEN:.*]] = arith.select %[[INEXACT]], %[[ODD]], %[[BITS]] : i32
// CHECK:         %[[F32:.*]] = arith.bitcast %[[CHOSEN]] : i32 to f32
// CHECK:         arith.truncf %[[F32]] : f32 to bf16
func.func @truncate(%x: f64) -> bf16 {
  %y = arith.truncf %x : f64 to bf16
  return %y : bf16
}

// -----

// CHECK-LABEL: func.func @extend(
// CHECK:         arith.extf %{{.*}} : bf16 to f32
// CHECK:         arith.extf %{{.*}} : f32 to f64
func.func @extend(%x: bf16) -> f64 {
  %y = arith.extf %x : bf16 to f64
  return %y : f64
}

// -----

// CHECK-LABEL: func.func @multiply_add(
// CHECK-COUNT-3: arith.extf %{{.*}} : f16 to f64
// CHECK:         math.fma %{{.*}} : f64
// CHECK-NOT:     arith.truncf %{{.*}} : f64 to f16
// CHECK:         arith.truncf %{{.*}} : f32 to f16
func.func @multiply_add(%x: f16, %y: f16, %z: f16) -> f16 {
  %r = math.fma %x, %y, %z : f16
  return %r : f16
}

// -----

// What LLVM has stays.

// CHECK-LABEL: func.func @stays(
// CHECK-NOT:     call
// CHECK:         math.exp
// CHECK:         math.fma
// CHECK:         arith.truncf %{{.*}} : f64 to f32
// CHECK:         arith.extf %{{.*}} : f16 to f64
func.func @stays(%x: f64, %h: f16) -> (f64, f64, f32, f64) {
  %a = math.exp %x : f64
  %b = math.fma %x, %a, %a : f64
  %c = arith.truncf %x : f64 to f32
  %d = arith.extf %h : f16 to f64
  return %a, %b, %c, %d : f64, f64, f32, f64
}
