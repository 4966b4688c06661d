// RUN: moa-run %s --entry main | FileCheck %s
// RUN: moa-run %s --entry tower | FileCheck %s --check-prefix=TOWER
// RUN: moa-run %s --entry tower --partition-seed=1 | FileCheck %s --check-prefix=TOWER
// RUN: moa-run %s --entry tower --partition-seed=2 | FileCheck %s --check-prefix=TOWER
// RUN: moa-run %s --entry lawless | FileCheck %s --check-prefix=MEANING
// RUN: moa-run %s --entry lawless --partition-seed=1 | FileCheck %s --check-prefix=PARTS
// RUN: moa-run %s --entry counts --counters - | FileCheck %s --check-prefix=COUNTS

func.func @main() -> (f32, index, f32, i32, f32) {
  %zero = arith.constant 0 : index
  %four = arith.constant 4 : index
  %seven = arith.constant 7 : index
  // CHECK: result #0: f32 = 22
  %f = arith.constant 4.0 : f32
  %0 = moa.fold %k = %four to %seven (%r: add f32) init(%f) {
    %i = arith.index_cast %k : index to i64
    %x = arith.sitofp %i : i64 to f32
    %h = arith.constant 1.0 : f32
    %y = arith.addf %x, %h : f32
    moa.yield %y : f32
  }
  // No index at all: the identity.
  // CHECK-NEXT: result #1: index = -9223372036854775808
  %1 = moa.fold %k = %seven to %four (%r: max index) {
    moa.yield %k : index
  }
  // CHECK-NEXT: result #2: f32 = 4
  %2 = moa.fold %k = %four to %four (%r: mul f32) init(%f) {
    moa.yield %f : f32
  }
  // In ascending order.
  // CHECK-NEXT: result #3: i32 = 456
  %z = arith.constant 0 : i32
  %3 = moa.fold %k = %four to %seven (%r: custom i32 combine (%x, %y) {
    %ten = arith.constant 10 : i32
    %s = arith.muli %x, %ten : i32
    %t = arith.addi %s, %y : i32
    moa.yield %t : i32
  }) init(%z) {
    %i = arith.index_cast %k : index to i32
    moa.yield %i : i32
  }
  // A range that depends on an outer index: the sum of j for j < i < 4.
  // CHECK-NEXT: result #4: f32 = 4
  %4 = moa.fold %i = %zero to %four (%r: add f32) {
    %t = moa.fold %j = %zero to %i (%s: add f32) {
      %l = arith.index_cast %j : index to i64
      %x = arith.sitofp %l : i64 to f32
      moa.yield %x : f32
    }
    moa.yield %t : f32
  }
  return %0, %1, %2, %3, %4 : f32, index, f32, i32, f32
}

// The chain with final values: the maximum 5, how often it is there, where it is
// there first, and how many are there at all.
// TOWER: result #0: 4xi32 = [5, 2, 2, 6]
func.func @tower() -> tensor<4xi32> {
  %a = arith.constant dense<[1, 4, 5, 2, 5, 3]> : tensor<6xi32>
  %zero = arith.constant 0 : index
  %six = arith.constant 6 : index
  %none = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %big = arith.constant 2147483647 : i32
  %m, %c, %w, %n = moa.fold %k = %zero to %six (%rm: max i32, %rc: add i32, %rw: min i32, %rn: add i32) {
    %x = moa.psi %a[%k] : tensor<6xi32>
    %top = arith.cmpi eq, %x, %rm : i32
    %count = arith.select %top, %one, %none : i32
    %i = arith.index_cast %k : index to i32
    %where = arith.select %top, %i, %big : i32
    moa.yield %x, %count, %where, %one : i32, i32, i32, i32
  } correct (%m0, %c0, %w0, %n0) to (%m1, %c1, %w1, %n1) {
    %same = arith.cmpi eq, %m0, %m1 : i32
    %count = arith.select %same, %c0, %none : i32
    %where = arith.select %same, %w0, %big : i32
    moa.yield %m0, %count, %where, %n0 : i32, i32, i32, i32
  }
  %0 = tensor.from_elements %m, %c, %w, %n : tensor<4xi32>
  return %0 : tensor<4xi32>
}

// A `correct` that does not obey the law: parts show it, the meaning does not.
// MEANING: result #1: f32 = 24
// PARTS-NOT: result #1: f32 = 24
// PARTS: result #1: f32 =
func.func @lawless() -> (f32, f32) {
  %zero = arith.constant 0 : index
  %n = arith.constant 8 : index
  %one = arith.constant 1.0 : f32
  %m, %s = moa.fold %k = %zero to %n (%rm: add f32, %rs: add f32) {
    %half = arith.constant 0.375 : f32
    %y = arith.mulf %rm, %half : f32
    moa.yield %one, %y : f32, f32
  } correct (%m0, %s0) to (%m1, %s1) {
    moa.yield %m0, %s0 : f32, f32
  }
  return %m, %s : f32, f32
}

// Five elements and five additions each for two results; the exponential of what
// does not vary once, and only for the second result.
// COUNTS: "float_ops": {
// COUNTS-NEXT: "add": 10,
// COUNTS-NEXT: "exp": 1,
// COUNTS-NEXT: "mul": 5
func.func @counts() -> (f32, f32) {
  %zero = arith.constant 0 : index
  %five = arith.constant 5 : index
  %a = moa.iota : tensor<5xf32>
  %x = arith.constant 0.0 : f32
  %0, %1 = moa.fold %k = %zero to %five (%r: add f32, %s: add f32) {
    %e = math.exp %x : f32
    %v = moa.psi %a[%k] : tensor<5xf32>
    %w = arith.mulf %e, %v : f32
    moa.yield %v, %w : f32, f32
  }
  return %0, %1 : f32, f32
}
