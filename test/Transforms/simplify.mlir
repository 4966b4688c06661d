// Laws of the algebra. That each holds for all shapes is proved by
// test/Proof/test_simplify.py, which takes its left sides from here.

// RUN: moa-opt %s --moa-simplify | FileCheck %s

// CHECK-LABEL: func.func @reverse_reverse(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK-NEXT:    %[[R:.*]] = moa.reverse %[[A]] axes [0] :
// CHECK-NEXT:    return %[[R]]
func.func @reverse_reverse(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = moa.reverse %a axes [1] : tensor<?x?xf32>
  %1 = moa.reverse %0 axes [0, 1] : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @transpose_transpose(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK-NEXT:    %[[R:.*]] = moa.transpose %[[A]] permutation [0, 2, 1] :
// CHECK-NEXT:    return %[[R]]
func.func @transpose_transpose(%a: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %0 = moa.transpose %a permutation [1, 2, 0] : tensor<?x?x?xf32> -> tensor<?x?x?xf32>
  %1 = moa.transpose %0 permutation [2, 1, 0] : tensor<?x?x?xf32> -> tensor<?x?x?xf32>
  return %1 : tensor<?x?x?xf32>
}

// CHECK-LABEL: func.func @rotate_rotate(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?x?xf32>, %[[C:[a-z0-9]+]]: index, %[[D:[a-z0-9]+]]: index
// CHECK:         %[[SUM:.*]] = affine.apply
// CHECK:         %[[R:.*]] = moa.rotate %[[A]][%[[SUM]], 1] :
// CHECK-NEXT:    return %[[R]]
func.func @rotate_rotate(%a: tensor<?x?xf32>, %c: index, %d: index) -> tensor<?x?xf32> {
  %0 = moa.rotate %a[%c] : tensor<?x?xf32>
  %1 = moa.rotate %0[%d, 1] : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @take_take(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?x?xf32>, %[[B:[a-z0-9]+]]: tensor<?xf32>
// CHECK:         %[[C:.*]] = tensor.dim %[[B]]
// CHECK:         %[[T:.*]] = moa.take %[[A]][%[[C]], 4] :
// CHECK-NEXT:    %[[R:.*]] = tensor.cast %[[T]] : tensor<?x4xf32> to tensor<?x?xf32>
// CHECK-NEXT:    return %[[R]]
func.func @take_take(%a: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c = tensor.dim %b, %c0 : tensor<?xf32>
  %d = arith.addi %c, %c3 : index
  %0 = moa.take %a[%d, 4] : tensor<?x?xf32> -> tensor<?x4xf32>
  %1 = moa.take %0[%c] : tensor<?x4xf32> -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// A count that may be larger than the other stays.
// CHECK-LABEL: func.func @take_more(
// CHECK:         moa.take
// CHECK:         moa.take
func.func @take_more(%a: tensor<?xf32>, %c: index, %d: index) -> tensor<?xf32> {
  %0 = moa.take %a[%d] : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.take %0[%c] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// CHECK-LABEL: func.func @take_all(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK:         return %[[A]]
func.func @take_all(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c1 = arith.constant 1 : index
  %m = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %0 = moa.take %a[%n, %m] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @drop_drop(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?x?xf32>
// CHECK:         %[[SUM:.*]] = affine.apply
// CHECK:         %[[R:.*]] = moa.drop %[[A]][%[[SUM]], 1] :
// CHECK-NEXT:    return %[[R]]
func.func @drop_drop(%a: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c = tensor.dim %b, %c0 : tensor<?xf32>
  %0 = moa.drop %a[2, 1] : tensor<?x?xf32> -> tensor<?x?xf32>
  %1 = moa.drop %0[%c] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @drop_take(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?xf32>, %[[B:[a-z0-9]+]]: tensor<?xf32>
// CHECK:         %[[D:.*]] = moa.drop %[[A]][%{{.*}}] :
// CHECK-NEXT:    %[[R:.*]] = moa.take %[[D]][%{{.*}}] fill(%{{.*}} : f32) :
// CHECK-NEXT:    return %[[R]]
func.func @drop_take(%a: tensor<?xf32>, %b: tensor<?xf32>, %x: f32) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c = tensor.dim %b, %c0 : tensor<?xf32>
  %d = arith.addi %c, %c3 : index
  %0 = moa.take %a[%d] fill(%x : f32) : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.drop %0[%c] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// CHECK-LABEL: func.func @take_cat(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?x?xf32>
// CHECK-NOT:     moa.cat
// CHECK:         %[[R:.*]] = moa.take %[[A]][%{{.*}}, -2] :
// CHECK-NOT:     moa.cat
// CHECK:         return
func.func @take_cat(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x2xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %half = arith.divui %n, %c2 : index
  %0 = moa.cat %a, %b axis 0 : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  %1 = moa.take %0[%half, -2] : tensor<?x?xf32> -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @drop_cat(
// CHECK-SAME:      %{{.*}}: tensor<?xf32>, %[[B:[a-z0-9]+]]: tensor<?xf32>, %[[C:[a-z0-9]+]]: tensor<?xf32>
// CHECK:         %[[REST:.*]] = moa.cat %[[B]], %[[C]] :
// CHECK:         moa.drop %[[REST]][%{{.*}}] :
// CHECK:         return
func.func @drop_cat(%a: tensor<?xf32>, %b: tensor<?xf32>, %c: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %n1 = arith.addi %n, %c1 : index
  %0 = moa.cat %a, %b, %c axis 0 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %1 = moa.drop %0[%n1] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// CHECK-LABEL: func.func @cat_parts(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK:         return %[[A]]
func.func @cat_parts(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %half = arith.divui %n, %c2 : index
  %0 = moa.take %a[%half] : tensor<?x?xf32> -> tensor<?x?xf32>
  %1 = moa.drop %a[%half] : tensor<?x?xf32> -> tensor<?x?xf32>
  %2 = moa.cat %0, %1 axis 0 : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %2 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @drop_reverse(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?x?xf32>
// CHECK:         %[[T:.*]] = moa.take %[[A]][%{{.*}}] :
// CHECK:         moa.reverse %[[T]] axes [0] :
// CHECK-NOT:     moa.drop
// CHECK:         return
func.func @drop_reverse(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = moa.reverse %a axes [0] : tensor<?x?xf32>
  %1 = moa.drop %0[2] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @take_reverse(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor<?x?xf32>
// CHECK:         %[[D:.*]] = moa.drop %[[A]][0, %{{.*}}] :
// CHECK:         moa.reverse %[[D]] axes [1] :
// CHECK-NOT:     moa.take
// CHECK:         return
func.func @take_reverse(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %m = tensor.dim %a, %c1 : tensor<?x?xf32>
  %half = arith.divui %m, %c2 : index
  %0 = moa.reverse %a axes [1] : tensor<?x?xf32>
  %1 = moa.take %0[%n, %half] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @reshape_reshape(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK-NEXT:    %[[R:.*]] = moa.reshape %[[A]]
// CHECK-NEXT:    return %[[R]]
func.func @reshape_reshape(%a: tensor<4x6xf32>) -> tensor<3x8xf32> {
  %0 = moa.reshape %a[2, 12] : tensor<4x6xf32> -> tensor<2x12xf32>
  %1 = moa.reshape %0[3, 8] : tensor<2x12xf32> -> tensor<3x8xf32>
  return %1 : tensor<3x8xf32>
}

// CHECK-LABEL: func.func @gather_iota(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK:         moa.take %[[A]][%{{.*}}] :
// CHECK-NOT:     moa.gather
// CHECK:         return
func.func @gather_iota(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %half = arith.divui %n, %c2 : index
  %0 = moa.iota(%half) : tensor<?xindex>
  %1 = moa.gather %a[%0] axis 0 : tensor<?x?xf32>, tensor<?xindex> -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// Several laws, one after the other: the last of the first half.
// CHECK-LABEL: func.func @several(
// CHECK-SAME:      %[[A:[a-z0-9]+]]: tensor
// CHECK-NOT:     moa.cat
// CHECK-NOT:     moa.reverse
// CHECK:         return
func.func @several(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %0 = moa.cat %a, %b axis 0 : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %1 = moa.take %0[%n] : tensor<?xf32> -> tensor<?xf32>
  %2 = moa.reverse %1 axes [0] : tensor<?xf32>
  %3 = moa.drop %2[1] : tensor<?xf32> -> tensor<?xf32>
  %4 = moa.reverse %3 axes [0] : tensor<?xf32>
  return %4 : tensor<?xf32>
}
