// RUN: moa-run %s --entry floats | FileCheck %s --check-prefix=FLOATS
// RUN: moa-run %s --entry integers | FileCheck %s --check-prefix=INTEGERS
// RUN: moa-run %s --entry bits | FileCheck %s --check-prefix=BITS
// RUN: moa-run %s --entry casts | FileCheck %s --check-prefix=CASTS
// RUN: not moa-run %s --entry zero 2>&1 | FileCheck %s --check-prefix=ZERO
// RUN: not moa-run %s --entry overflow 2>&1 | FileCheck %s --check-prefix=OVERFLOW

func.func @floats() -> (tensor<8xf64>, tensor<8xi1>) {
  %a = arith.constant 7.5 : f64
  %b = arith.constant -2.0 : f64
  %nan = arith.constant 0x7FF8000000000000 : f64
  %nz = arith.constant -0.0 : f64
  %pz = arith.constant 0.0 : f64
  %0 = arith.subf %a, %b : f64
  %1 = arith.divf %a, %b : f64
  %2 = arith.remf %a, %b : f64
  %3 = arith.negf %a : f64
  %4 = arith.maximumf %a, %nan : f64
  %5 = arith.maxnumf %a, %nan : f64
  %6 = arith.minimumf %nz, %pz : f64
  %7 = arith.maximumf %nz, %pz : f64
  // FLOATS: result #0: 8xf64 = [9.5, -3.75, 1.5, -7.5, nan, 7.5, -0, 0]
  %l = tensor.from_elements %0, %1, %2, %3, %4, %5, %6, %7 : tensor<8xf64>
  %c0 = arith.cmpf olt, %b, %a : f64
  %c1 = arith.cmpf oeq, %nan, %nan : f64
  %c2 = arith.cmpf une, %nan, %a : f64
  %c3 = arith.cmpf ueq, %nan, %a : f64
  %c4 = arith.cmpf ord, %nan, %a : f64
  %c5 = arith.cmpf uno, %nan, %a : f64
  %c6 = arith.cmpf one, %a, %a : f64
  %c7 = arith.cmpf oeq, %nz, %pz : f64
  // FLOATS-NEXT: result #1: 8xi1 = [1, 0, 1, 1, 0, 1, 0, 1]
  %c = tensor.from_elements %c0, %c1, %c2, %c3, %c4, %c5, %c6, %c7 : tensor<8xi1>
  return %l, %c : tensor<8xf64>, tensor<8xi1>
}

func.func @integers() -> (tensor<8xi8>, tensor<6xi8>, tensor<4xi1>) {
  %a = arith.constant -7 : i8
  %b = arith.constant 2 : i8
  %big = arith.constant 127 : i8
  %0 = arith.addi %big, %b : i8
  %1 = arith.subi %a, %big : i8
  %2 = arith.muli %big, %b : i8
  %3 = arith.divsi %a, %b : i8
  %4 = arith.remsi %a, %b : i8
  %5 = arith.floordivsi %a, %b : i8
  %6 = arith.ceildivsi %a, %b : i8
  // 249 / 2, as unsigned numbers.
  %7 = arith.divui %a, %b : i8
  // INTEGERS: result #0: 8xi8 = [-127, 122, -2, -3, -1, -4, -3, 124]
  %l = tensor.from_elements %0, %1, %2, %3, %4, %5, %6, %7 : tensor<8xi8>
  %8 = arith.remui %a, %b : i8
  %9 = arith.ceildivui %a, %b : i8
  %10 = arith.maxsi %a, %b : i8
  %11 = arith.maxui %a, %b : i8
  %12 = arith.minsi %a, %b : i8
  %13 = arith.minui %a, %b : i8
  // INTEGERS-NEXT: result #1: 6xi8 = [1, 125, 2, -7, -7, 2]
  %m = tensor.from_elements %8, %9, %10, %11, %12, %13 : tensor<6xi8>
  %c0 = arith.cmpi slt, %a, %b : i8
  %c1 = arith.cmpi ult, %a, %b : i8
  // Of i1, true is -1 when read as signed.
  %t = arith.constant true
  %f = arith.constant false
  %c2 = arith.cmpi slt, %t, %f : i1
  %c3 = arith.cmpi ugt, %t, %f : i1
  // INTEGERS-NEXT: result #2: 4xi1 = [1, 0, 1, 1]
  %c = tensor.from_elements %c0, %c1, %c2, %c3 : tensor<4xi1>
  return %l, %m, %c : tensor<8xi8>, tensor<6xi8>, tensor<4xi1>
}

func.func @bits() -> (tensor<8xi32>, i1) {
  %a = arith.constant -8 : i32
  %b = arith.constant 3 : i32
  %w = arith.constant 32 : i32
  %0 = arith.andi %a, %b : i32
  %1 = arith.ori %a, %b : i32
  %2 = arith.xori %a, %b : i32
  %3 = arith.shli %b, %b : i32
  %4 = arith.shrsi %a, %b : i32
  %5 = arith.shrui %a, %b : i32
  %6 = arith.shli %b, %w : i32
  %t = arith.constant true
  %7 = arith.select %t, %a, %b : i32
  // BITS: result #0: 8xi32 = [0, -5, -5, 24, -1, 536870911, 0, -8]
  %l = tensor.from_elements %0, %1, %2, %3, %4, %5, %6, %7 : tensor<8xi32>
  // BITS-NEXT: result #1: i1 = 0
  %s = arith.addi %t, %t : i1
  return %l, %s : tensor<8xi32>, i1
}

func.func @casts() -> (tensor<6xi32>, tensor<4xf64>, tensor<3xi8>, f32) {
  %t = arith.constant true
  %b = arith.constant -1 : i8
  %x = arith.constant -2.75 : f64
  %huge = arith.constant 1.0e+30 : f64
  %0 = arith.extsi %t : i1 to i32
  %1 = arith.extui %t : i1 to i32
  %2 = arith.extsi %b : i8 to i32
  %3 = arith.extui %b : i8 to i32
  %4 = arith.fptosi %x : f64 to i32
  %5 = arith.fptosi %huge : f64 to i32
  // CASTS: result #0: 6xi32 = [-1, 1, -1, 255, -2, 2147483647]
  %l = tensor.from_elements %0, %1, %2, %3, %4, %5 : tensor<6xi32>
  %6 = arith.sitofp %b : i8 to f64
  %7 = arith.uitofp %b : i8 to f64
  // Floats are doubles, whatever their type: nothing is rounded here.
  %third = arith.constant 0.333333333333 : f64
  %8 = arith.truncf %third : f64 to bf16
  %9 = arith.extf %8 : bf16 to f64
  %10 = arith.sitofp %t : i1 to f64
  // CASTS-NEXT: result #1: 4xf64 = [-1, 255, 0.333333333333, -1]
  %f = tensor.from_elements %6, %7, %9, %10 : tensor<4xf64>
  %i = arith.constant 1000 : index
  %11 = arith.index_cast %i : index to i8
  %12 = arith.trunci %3 : i32 to i8
  %13 = arith.fptoui %x : f64 to i8
  // CASTS-NEXT: result #2: 3xi8 = [-24, -1, 0]
  %c = tensor.from_elements %11, %12, %13 : tensor<3xi8>
  // CASTS-NEXT: result #3: f32 = 1
  %one = arith.constant 1065353216 : i32
  %14 = arith.bitcast %one : i32 to f32
  return %l, %f, %c, %14 : tensor<6xi32>, tensor<4xf64>, tensor<3xi8>, f32
}

// ZERO: error: 'arith.divsi' op divides 7 by zero
func.func @zero() -> i32 {
  %a = arith.constant 7 : i32
  %b = arith.constant 0 : i32
  %0 = arith.divsi %a, %b : i32
  return %0 : i32
}

// OVERFLOW: error: 'arith.divsi' op divides -128 by -1, which overflows
func.func @overflow() -> i8 {
  %a = arith.constant -128 : i8
  %b = arith.constant -1 : i8
  %0 = arith.divsi %a, %b : i8
  return %0 : i8
}
