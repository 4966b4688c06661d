// RUN: moa-run %s --entry main | FileCheck %s
// RUN: not moa-run %s --entry assertion 2>&1 | FileCheck %s --check-prefix=ASSERT
// RUN: not moa-run %s --entry step 2>&1 | FileCheck %s --check-prefix=STEP
// RUN: not moa-run %s --entry endless 2>&1 | FileCheck %s --check-prefix=ENDLESS

func.func private @halve(%n: i32) -> i32 {
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  %more = arith.cmpi sgt, %n, %one : i32
  %r = scf.if %more -> i32 {
    %h = arith.divsi %n, %two : i32
    %k = func.call @halve(%h) : (i32) -> i32
    %s = arith.addi %k, %one : i32
    scf.yield %s : i32
  } else {
    %z = arith.constant 0 : i32
    scf.yield %z : i32
  }
  return %r : i32
}

func.func @main() -> (i32, tensor<4xi32>, index, tensor<2xi32>) {
  // How often 100 can be halved: a call that calls itself.
  // CHECK: result #0: i32 = 6
  %n = arith.constant 100 : i32
  %0 = call @halve(%n) : (i32) -> i32
  // Arrays are carried by loops: [3, 0, 1, 2] after three steps of rotation.
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c5 = arith.constant 5 : index
  %a = moa.iota : tensor<4xi32>
  // CHECK-NEXT: result #1: 4xi32 = [3, 0, 1, 2]
  // CHECK-NEXT: result #2: index = 6
  %1:2 = scf.for %i = %c0 to %c5 step %c2 iter_args(%x = %a, %s = %c0) -> (tensor<4xi32>, index) {
    %y = moa.rotate %x[1] : tensor<4xi32>
    %t = arith.addi %s, %i : index
    scf.yield %y, %t : tensor<4xi32>, index
  }
  %true = arith.constant true
  cf.assert %true, "holds"
  // Values swap places.
  %e = arith.constant dense<[1, 2]> : tensor<2xi32>
  %f = arith.constant dense<[3, 4]> : tensor<2xi32>
  %2:2 = scf.for %i = %c0 to %c5 step %c1 iter_args(%x = %e, %y = %f) -> (tensor<2xi32>, tensor<2xi32>) {
    scf.yield %y, %x : tensor<2xi32>, tensor<2xi32>
  }
  // CHECK-NEXT: result #3: 2xi32 = [3, 4]
  return %0, %1#0, %1#1, %2#0 : i32, tensor<4xi32>, index, tensor<2xi32>
}

// ASSERT: error: 'cf.assert' op failed: too many
func.func @assertion() {
  %false = arith.constant false
  cf.assert %false, "too many"
  return
}

// STEP: error: 'scf.for' op has step 0, which is not positive
func.func @step(){
  %c0 = arith.constant 0 : index
  %s = arith.subi %c0, %c0 : index
  %0 = scf.for %i = %c0 to %c0 step %s iter_args(%x = %c0) -> index {
    scf.yield %x : index
  }
  return
}

// ENDLESS: error: 'func.call' op is call number 256 of a chain: more than the limit
func.func @endless() {
  call @endless() : () -> ()
  return
}
