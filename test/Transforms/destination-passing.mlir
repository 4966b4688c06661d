// RUN: moa-opt %s --moa-destination-passing | FileCheck %s

// CHECK-LABEL: func.func @built_in_place(
// CHECK-SAME:    %[[A:[^:]*]]: tensor<?xf32>, %{{[^:]*}}: index,
// CHECK-SAME:    %[[OUT:[^:]*]]: tensor<?xf32> {bufferization.writable = true, moa.destination}) -> tensor<?xf32>
// CHECK:         %[[R:.*]] = moa.array ({{.*}}) in ({{.*}}) outs(%[[OUT]] : tensor<?xf32>)
// CHECK:         return %[[R]]
func.func @built_in_place(%a: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %0 = moa.array (%i) in (%n) {
    %x = moa.psi %a[%i] : tensor<?xf32>
    moa.yield %x : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// A scalar result stays a result; the second use of an array is copied.

// CHECK-LABEL: func.func @mixed(
// CHECK-SAME:    %[[A:.*]]: tensor<4xf32>, %[[X:[^:]*]]: f32,
// CHECK-SAME:    %[[O0:[^:]*]]: tensor<4xf32> {{{.*}}}, %[[O1:[^:]*]]: tensor<4xf32>
// CHECK:         %[[R:.*]] = moa.array
// CHECK-NOT:       outs
// CHECK:         %[[C0:.*]] = bufferization.materialize_in_destination %[[R]] in %[[O0]]
// CHECK:         %[[C1:.*]] = bufferization.materialize_in_destination %[[R]] in %[[O1]]
// CHECK:         return %[[C0]], %[[X]], %[[C1]]
func.func @mixed(%a: tensor<4xf32>, %x: f32) -> (tensor<4xf32>, f32, tensor<4xf32>) {
  %0 = moa.array (%i) in (4) {
    %y = moa.psi %a[%i] : tensor<4xf32>
    moa.yield %y : f32
  } : tensor<4xf32>
  return %0, %x, %0 : tensor<4xf32>, f32, tensor<4xf32>
}

// CHECK-LABEL: func.func @argument(
// CHECK-SAME:    %[[A:[^:]*]]: tensor<4xf32>, %[[OUT:[^:]*]]: tensor<4xf32>
// CHECK:         bufferization.materialize_in_destination %[[A]] in %[[OUT]]
func.func @argument(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}

// CHECK-LABEL: func.func private @private(
// CHECK-SAME:    %{{[^,]*}}: tensor<4xf32>) -> tensor<4xf32>
func.func private @private(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
