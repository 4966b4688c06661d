// RUN: moa-run %s --entry main | FileCheck %s
// RUN: moa-run %s --entry axes --counters - | FileCheck %s --check-prefix=AXES
// RUN: moa-run %s --entry without | FileCheck %s --check-prefix=WITHOUT
// RUN: not moa-run %s --entry outside 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// RUN: not moa-run %s --entry negative 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// RUN: not moa-run %s --entry destination 2>&1 | FileCheck %s --check-prefix=DESTINATION

func.func @main() -> (tensor<2x3xi32>, tensor<3x2xi32>, tensor<i32>) {
  %n = arith.constant 2 : index
  %a = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %ten = arith.constant 10 : i32
  // Each result by the axes of its map.
  // CHECK: result #0: 2x3xi32 = {{\[\[}}11, 12, 13], [14, 15, 16]]
  // CHECK-NEXT: result #1: 3x2xi32 = {{\[\[}}1, 4], [2, 5], [3, 6]]
  %0:2 = moa.array (%i, %j) in (%n, 3) maps [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1, d0)>] {
    %x = moa.psi %a[%i, %j] : tensor<2x3xi32>
    %y = arith.addi %x, %ten : i32
    moa.yield %y, %x : i32, i32
  } : tensor<2x3xi32>, tensor<3x2xi32>
  // CHECK-NEXT: result #2: i32 = 10
  %1 = moa.array () in () {
    moa.yield %ten : i32
  } : tensor<i32>
  return %0#0, %0#1, %1 : tensor<2x3xi32>, tensor<3x2xi32>, tensor<i32>
}

// What depends on the first axis only runs once for it: two exponentials, not
// six. What no result needs does not run.
// AXES: "index": 1
// AXES: "written": 2
// AXES: "float_ops": {
// AXES-NEXT: "add": 6,
// AXES-NEXT: "exp": 2
// AXES-NEXT: }
func.func @axes() -> (tensor<2x3xf32>, tensor<2xf32>) {
  %a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %0:2 = moa.array (%i, %j) in (2, 3) maps [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>] {
    %x = moa.psi %a[%i] : tensor<2xf32>
    %e = math.exp %x : f32
    %y = moa.psi %b[%j] : tensor<3xf32>
    %s = arith.addf %e, %y : f32
    %dead = arith.divf %s, %s : f32
    moa.yield %s, %e : f32, f32
  } : tensor<2x3xf32>, tensor<2xf32>
  return %0#0, %0#1 : tensor<2x3xf32>, tensor<2xf32>
}

// A result without the empty axis is there all the same; what only the empty
// result needs does not run (its index would be out of bounds).
// WITHOUT: result #0: 2x0xi32 = {{\[\[}}], []]
// WITHOUT-NEXT: result #1: 2xi32 = [1, 2]
func.func @without() -> (tensor<2x?xi32>, tensor<2xi32>) {
  %zero = arith.constant 0 : index
  %n = arith.constant 7 : index
  %a = arith.constant dense<[1, 2]> : tensor<2xi32>
  %0:2 = moa.array (%i, %j) in (2, %zero) maps [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>] {
    %x = moa.psi %a[%i] : tensor<2xi32>
    %k = arith.addi %j, %n : index
    %y = moa.psi %a[%k] : tensor<2xi32>
    moa.yield %y, %x : i32, i32
  } : tensor<2x?xi32>, tensor<2xi32>
  return %0#0, %0#1 : tensor<2x?xi32>, tensor<2xi32>
}

// OUTSIDE: error: 'moa.psi' op index 2 is out of bounds: axis 0 has extent 2
func.func @outside() -> tensor<3xi32> {
  %a = arith.constant dense<[1, 2]> : tensor<2xi32>
  %0 = moa.array (%i) in (3) {
    %x = moa.psi %a[%i] : tensor<2xi32>
    moa.yield %x : i32
  } : tensor<3xi32>
  return %0 : tensor<3xi32>
}

// NEGATIVE: error: 'moa.array' op has the negative extent -3 along axis 1
func.func @negative() -> tensor<2x?xindex> {
  %n = arith.constant -3 : index
  %0 = moa.array (%i, %j) in (2, %n) {
    moa.yield %j : index
  } : tensor<2x?xindex>
  return %0 : tensor<2x?xindex>
}

// DESTINATION: error: 'moa.array' op destination #0 has shape [3], but its result has [2]
func.func @destination() -> tensor<?xindex> {
  %n = arith.constant 2 : index
  %m = arith.constant 3 : index
  %to = tensor.empty(%m) : tensor<?xindex>
  %0 = moa.array (%i) in (%n) outs(%to : tensor<?xindex>) {
    moa.yield %i : index
  } : tensor<?xindex>
  return %0 : tensor<?xindex>
}
