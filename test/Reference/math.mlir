// RUN: moa-run %s | FileCheck %s

func.func @main() -> (tensor<8xf64>, tensor<6xf64>, tensor<4xi32>, tensor<3xi1>) {
  %z = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %four = arith.constant 4.0 : f64
  %m = arith.constant -2.5 : f64
  %0 = math.exp %z : f64
  %1 = math.log %one : f64
  %2 = math.sqrt %four : f64
  %3 = math.rsqrt %four : f64
  %4 = math.exp2 %four : f64
  %5 = math.tanh %z : f64
  %6 = math.absf %m : f64
  %7 = math.roundeven %m : f64
  // CHECK: result #0: 8xf64 = [1, 0, 2, 0.5, 16, 0, 2.5, -2]
  %l = tensor.from_elements %0, %1, %2, %3, %4, %5, %6, %7 : tensor<8xf64>
  %8 = math.fma %four, %m, %one : f64
  %9 = math.powf %four, %m : f64
  %10 = math.copysign %four, %m : f64
  %11 = math.floor %m : f64
  %12 = math.round %m : f64
  %three = arith.constant 3 : i32
  %13 = math.fpowi %m, %three : f64, i32
  // CHECK-NEXT: result #1: 6xf64 = [-9, 0.03125, -4, -3, -3, -15.625]
  %k = tensor.from_elements %8, %9, %10, %11, %12, %13 : tensor<6xf64>
  %minus = arith.constant -3 : i32
  %14 = math.ipowi %minus, %three : i32
  %15 = math.absi %minus : i32
  %16 = math.ctlz %three : i32
  %17 = math.ctpop %minus : i32
  // CHECK-NEXT: result #2: 4xi32 = [-27, 3, 30, 31]
  %i = tensor.from_elements %14, %15, %16, %17 : tensor<4xi32>
  %inf = arith.divf %one, %z : f64
  %18 = math.isinf %inf : f64
  %19 = math.isnan %inf : f64
  %20 = math.isfinite %m : f64
  // CHECK-NEXT: result #3: 3xi1 = [1, 0, 1]
  %p = tensor.from_elements %18, %19, %20 : tensor<3xi1>
  return %l, %k, %i, %p : tensor<8xf64>, tensor<6xf64>, tensor<4xi32>, tensor<3xi1>
}
