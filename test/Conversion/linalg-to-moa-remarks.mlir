// RUN: moa-opt %s --convert-linalg-to-moa -o - --remarks-filter=linalg-to-moa 2>&1 | FileCheck %s
// RUN: moa-opt %s --convert-linalg-to-moa -o /dev/null 2>&1 | count 0

// What does not convert stays, and a remark says why.

#id1 = affine_map<(i) -> (i)>
#id2 = affine_map<(i, j) -> (i, j)>
#rows = affine_map<(i, j) -> (i)>

// CHECK-DAG: remark: [Missed] NotConverted | Category:linalg-to-moa | Remark="'linalg.generic' stays: result #1: its accumulator depends on another one"
func.func @argmax(%a: tensor<3x4xf32>, %m: tensor<3xf32>, %i: tensor<3xi64>) -> (tensor<3xf32>, tensor<3xi64>) {
  %0:2 = linalg.generic {indexing_maps = [#id2, #rows, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<3x4xf32>) outs(%m, %i : tensor<3xf32>, tensor<3xi64>) {
  ^bb0(%x: f32, %max: f32, %at: i64):
    %j = linalg.index 1 : index
    %k = arith.index_cast %j : index to i64
    %new = arith.maximumf %x, %max : f32
    %greater = arith.cmpf ogt, %x, %max : f32
    %first = arith.select %greater, %k, %at : i64
    linalg.yield %new, %first : f32, i64
  } -> (tensor<3xf32>, tensor<3xi64>)
  return %0#0, %0#1 : tensor<3xf32>, tensor<3xi64>
}

// CHECK-DAG: Remark="'linalg.generic' stays: result #0: its indexing map is no projection"
func.func @scatter(%a: tensor<4xf32>, %out: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#id1, affine_map<(i) -> (2 * i)>], iterator_types = ["parallel"]}
      ins(%a : tensor<4xf32>) outs(%out : tensor<8xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// CHECK-DAG: Remark="'linalg.generic' stays: result #0: parallel iterations write one element"
func.func @race(%a: tensor<3x4xf32>, %out: tensor<3xf32>) -> tensor<3xf32> {
  %0 = linalg.generic {indexing_maps = [#id2, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<3x4xf32>) outs(%out : tensor<3xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-DAG: Remark="'linalg.generic' stays: result #0: it keeps the last of several values"
func.func @last(%a: tensor<3x4xf32>, %out: tensor<3xf32>) -> tensor<3xf32> {
  %0 = linalg.generic {indexing_maps = [#id2, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<3x4xf32>) outs(%out : tensor<3xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-DAG: Remark="'linalg.generic' stays: result #0: it depends on an unfinished accumulator"
func.func @prefix(%a: tensor<4xf32>, %sum: tensor<f32>, %out: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = linalg.generic {indexing_maps = [#id1, #id1, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%a : tensor<4xf32>) outs(%out, %sum : tensor<4xf32>, tensor<f32>) {
  ^bb0(%x: f32, %o: f32, %s: f32):
    %t = arith.addf %x, %s : f32
    linalg.yield %t, %t : f32, f32
  } -> (tensor<4xf32>, tensor<f32>)
  return %0#0 : tensor<4xf32>
}

// CHECK-DAG: Remark="'linalg.generic' stays: result #0: no reducer and no function of two values combines its accumulator with the next element"
func.func @recurrence(%a: tensor<3x4xf32>, %b: tensor<3x4xf32>, %out: tensor<3xf32>) -> tensor<3xf32> {
  %0 = linalg.generic {indexing_maps = [#id2, #id2, #rows], iterator_types = ["parallel", "reduction"]}
      ins(%a, %b : tensor<3x4xf32>, tensor<3x4xf32>) outs(%out : tensor<3xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %p = arith.mulf %o, %x : f32
    %s = arith.addf %p, %y : f32
    linalg.yield %s : f32
  } -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-DAG: Remark="'linalg.generic' stays: moa has no arrays of type tensor<4xi16>
func.func @type(%a: tensor<4xi16>, %out: tensor<4xi16>) -> tensor<4xi16> {
  %0 = arith.addi %a, %out : tensor<4xi16>
  return %0 : tensor<4xi16>
}

// CHECK-DAG: Remark="'linalg.generic' stays: its body holds 'scf.while'"
func.func @loop(%a: tensor<4xf32>, %out: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.generic {indexing_maps = [#id1, #id1], iterator_types = ["parallel"]}
      ins(%a : tensor<4xf32>) outs(%out : tensor<4xf32>) {
  ^bb0(%x: f32, %o: f32):
    %one = arith.constant 1.0 : f32
    %r = scf.while (%y = %x) : (f32) -> f32 {
      %more = arith.cmpf olt, %y, %one : f32
      scf.condition(%more) %y : f32
    } do {
    ^bb0(%y: f32):
      %z = arith.addf %y, %one : f32
      scf.yield %z : f32
    }
    linalg.yield %r : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-DAG: Remark="'tensor.gather' stays: there is no array of moa for it"
func.func @gather(%a: tensor<8x4xf32>, %at: tensor<3x1xindex>) -> tensor<3x4xf32> {
  %0 = tensor.gather %a[%at] gather_dims([0]) : (tensor<8x4xf32>, tensor<3x1xindex>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}
