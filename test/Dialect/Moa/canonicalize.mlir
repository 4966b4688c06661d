// RUN: moa-opt %s --canonicalize --split-input-file | FileCheck %s

// Canonical forms of level 1.

//===----------------------------------------------------------------------===//
// Constants in mixed lists become static, and types follow.
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @static_iota(
// CHECK-SAME: %[[N:.*]]: index
func.func @static_iota(%n: index) -> tensor<?x?xindex> {
  // CHECK: %[[I:.*]] = moa.iota(%[[N]]) axis 1 {test.note} : tensor<?x3xindex>
  // CHECK: %[[C:.*]] = tensor.cast %[[I]] : tensor<?x3xindex> to tensor<?x?xindex>
  // CHECK: return %[[C]]
  %c3 = arith.constant 3 : index
  %0 = moa.iota(%n, %c3) axis 1 {test.note} : tensor<?x?xindex>
  return %0 : tensor<?x?xindex>
}

// A negative extent is an error of the run time.
// CHECK-LABEL: @negative_iota(
func.func @negative_iota() -> tensor<?xindex> {
  // CHECK: %[[C:.*]] = arith.constant -3 : index
  // CHECK: moa.iota(%[[C]]) : tensor<?xindex>
  %c = arith.constant -3 : index
  %0 = moa.iota(%c) : tensor<?xindex>
  return %0 : tensor<?xindex>
}

// CHECK-LABEL: @static_counts(
// CHECK-SAME: %[[A:.*]]: tensor<5x?xf32>, %[[N:.*]]: index, %[[X:.*]]: f32
func.func @static_counts(%a: tensor<5x?xf32>, %n: index, %x: f32)
    -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<5x?xf32>) {
  %c3 = arith.constant 3 : index
  %m2 = arith.constant -2 : index
  // CHECK: %[[T:.*]] = moa.take %[[A]][3, %[[N]]] fill(%[[X]] : f32) : tensor<5x?xf32> -> tensor<3x?xf32>
  // CHECK: %[[TC:.*]] = tensor.cast %[[T]] : tensor<3x?xf32> to tensor<?x?xf32>
  %0 = moa.take %a[%c3, %n] fill(%x : f32) : tensor<5x?xf32> -> tensor<?x?xf32>
  // CHECK: %[[D:.*]] = moa.drop %[[A]][-2] : tensor<5x?xf32> -> tensor<3x?xf32>
  // CHECK: %[[DC:.*]] = tensor.cast %[[D]] : tensor<3x?xf32> to tensor<?x?xf32>
  %1 = moa.drop %a[%m2] : tensor<5x?xf32> -> tensor<?x?xf32>
  // CHECK: %[[R:.*]] = moa.rotate %[[A]][3, %[[N]]] : tensor<5x?xf32>
  %2 = moa.rotate %a[%m2, %n] : tensor<5x?xf32>
  // CHECK: return %[[TC]], %[[DC]], %[[R]]
  return %0, %1, %2 : tensor<?x?xf32>, tensor<?x?xf32>, tensor<5x?xf32>
}

// CHECK-LABEL: @static_extents(
// CHECK-SAME: %[[A:.*]]: tensor<?xf32>, %[[N:.*]]: index
func.func @static_extents(%a: tensor<?xf32>, %n: index)
    -> (tensor<?x?xf32>, tensor<4xf32>) {
  %c3 = arith.constant 3 : index
  // CHECK-DAG: %[[C3:.*]] = arith.constant 3 : index
  // CHECK: %[[R:.*]] = moa.reshape %[[A]][%[[N]], 3] : tensor<?xf32> -> tensor<?x3xf32>
  // CHECK: tensor.cast %[[R]]
  %0 = moa.reshape %a[%n, %c3] : tensor<?xf32> -> tensor<?x?xf32>
  // The constant contradicts the type: it stays for the run time to find.
  // CHECK: moa.reshape %[[A]][%[[C3]]] : tensor<?xf32> -> tensor<4xf32>
  %1 = moa.reshape %a[%c3] : tensor<?xf32> -> tensor<4xf32>
  return %0, %1 : tensor<?x?xf32>, tensor<4xf32>
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @casts(
// CHECK-SAME: %[[A:.*]]: tensor<3x4xf32>, %[[I:.*]]: index
func.func @casts(%a: tensor<3x4xf32>, %i: index)
    -> (tensor<?x?xf32>, f32, tensor<?xf32>, tensor<?x?xf32>, tensor<?xf32>) {
  %c = tensor.cast %a : tensor<3x4xf32> to tensor<?x?xf32>
  // CHECK: %[[T:.*]] = moa.transpose %[[A]] permutation [1, 0] : tensor<3x4xf32> -> tensor<4x3xf32>
  // CHECK: %[[TC:.*]] = tensor.cast %[[T]] : tensor<4x3xf32> to tensor<?x?xf32>
  %0 = moa.transpose %c permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  // CHECK: %[[P:.*]] = moa.psi %[[A]][%[[I]], %[[I]]] : tensor<3x4xf32>
  %1 = moa.psi %c[%i, %i] : tensor<?x?xf32>
  // CHECK: %[[Q:.*]] = moa.psi %[[A]][%[[I]]] : tensor<3x4xf32>
  // CHECK: %[[QC:.*]] = tensor.cast %[[Q]] : tensor<4xf32> to tensor<?xf32>
  %2 = moa.psi %c[%i] : tensor<?x?xf32>
  // CHECK: %[[R:.*]] = moa.reverse %[[A]] axes [0] : tensor<3x4xf32>
  // CHECK: %[[RC:.*]] = tensor.cast %[[R]] : tensor<3x4xf32> to tensor<?x?xf32>
  %3 = moa.reverse %c axes [0] : tensor<?x?xf32>
  // Through two operations.
  // CHECK: %[[M:.*]] = moa.map %[[A]]
  // CHECK: : tensor<3x4xf32> -> tensor<3x4xf32>
  // CHECK: %[[S:.*]] = moa.reduce add %[[M]] axes [1] : tensor<3x4xf32> -> tensor<3xf32>
  // CHECK: %[[SC:.*]] = tensor.cast %[[S]] : tensor<3xf32> to tensor<?xf32>
  %4 = moa.map %c {
  ^bb0(%x: f32):
    %y = math.exp %x : f32
    moa.yield %y : f32
  } : tensor<?x?xf32> -> tensor<?x?xf32>
  %5 = moa.reduce add %4 axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  // CHECK: return %[[TC]], %[[P]], %[[QC]], %[[RC]], %[[SC]]
  return %0, %1, %2, %3, %5
    : tensor<?x?xf32>, f32, tensor<?xf32>, tensor<?x?xf32>, tensor<?xf32>
}

// CHECK-LABEL: @cast_into_attention(
// CHECK-SAME: %[[Q:.*]]: tensor<8x64xf32>
func.func @cast_into_attention(%q: tensor<8x64xf32>) -> tensor<?x?xf32> {
  // CHECK: moa.attention %[[Q]], %[[Q]], %[[Q]] : tensor<8x64xf32>, tensor<8x64xf32>, tensor<8x64xf32> -> tensor<?x?xf32>
  %c = tensor.cast %q : tensor<8x64xf32> to tensor<?x?xf32>
  %o = moa.attention %c, %c, %c
    : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %o : tensor<?x?xf32>
}

// Extents that contradict each other stay for the run time to find.
// CHECK-LABEL: @contradiction(
func.func @contradiction(%a: tensor<2x3xf32>, %b: tensor<4xf32>) -> tensor<2xf32> {
  // CHECK: %[[C:.*]] = tensor.cast
  // CHECK: moa.inner add %{{.*}}, %[[C]]
  %c = tensor.cast %b : tensor<4xf32> to tensor<?xf32>
  %0 = moa.inner add %a, %c {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<2x3xf32>, tensor<?xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// The static extent 1 would be repeated, the dynamic one is not.
// CHECK-LABEL: @no_broadcast(
func.func @no_broadcast(%m: tensor<?xi1>, %a: tensor<1xf32>) -> tensor<?xf32> {
  // CHECK: %[[C:.*]] = tensor.cast %{{.*}} : tensor<1xf32> to tensor<?xf32>
  // CHECK: moa.select %{{.*}}, %[[C]], %{{.*}} : tensor<?xi1>, tensor<?xf32>, tensor<1xf32>
  %c = tensor.cast %a : tensor<1xf32> to tensor<?xf32>
  %0 = moa.select %m, %c, %a : tensor<?xi1>, tensor<?xf32>, tensor<1xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @refine(
func.func @refine(%a: tensor<2x?xf32>, %b: tensor<?x5xf32>)
    -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  // CHECK: moa.inner
  // CHECK: } : tensor<2x?xf32>, tensor<?x5xf32> -> tensor<2x5xf32>
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    %z = arith.mulf %x, %y : f32
    moa.yield %z : f32
  } : tensor<2x?xf32>, tensor<?x5xf32> -> tensor<?x?xf32>
  // CHECK: moa.cat %{{.*}}, %{{.*}} : tensor<2x?xf32>, tensor<?x5xf32> -> tensor<?x5xf32>
  %1 = moa.cat %a, %b axis 0 : tensor<2x?xf32>, tensor<?x5xf32> -> tensor<?x?xf32>
  return %0, %1 : tensor<?x?xf32>, tensor<?x?xf32>
}

//===----------------------------------------------------------------------===//
// psi
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @psi_of_constant(
func.func @psi_of_constant(%i: index) -> (f32, i32, tensor<3xf32>, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %splat = arith.constant dense<2.5> : tensor<2x3xf32>
  %list = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %odd = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK-DAG: %[[ROW:.*]] = arith.constant dense<2.500000e+00> : tensor<3xf32>
  // CHECK-DAG: %[[X:.*]] = arith.constant 2.500000e+00 : f32
  // CHECK-DAG: %[[Y:.*]] = arith.constant 3 : i32
  %0 = moa.psi %splat[%i, %i] : tensor<2x3xf32>
  %1 = moa.psi %list[%c1, %c0] : tensor<2x2xi32>
  %2 = moa.psi %splat[%i] : tensor<2x3xf32>
  // Out of bounds: left alone.
  // CHECK: %[[Z:.*]] = moa.psi
  %3 = moa.psi %odd[%c7] : tensor<2xf32>
  // CHECK: return %[[X]], %[[Y]], %[[ROW]], %[[Z]]
  return %0, %1, %2, %3 : f32, i32, tensor<3xf32>, f32
}

// CHECK-LABEL: @psi_of_psi(
// CHECK-SAME: %[[A:.*]]: tensor<?x4x?xf32>, %[[I:.*]]: index, %[[J:.*]]: index, %[[K:.*]]: index
func.func @psi_of_psi(%a: tensor<?x4x?xf32>, %i: index, %j: index, %k: index)
    -> (f32, tensor<4x?xf32>) {
  // CHECK: %[[E:.*]] = moa.psi %[[A]][%[[I]], %[[J]], %[[K]]]
  %0 = moa.psi %a[%i] : tensor<?x4x?xf32>
  %1 = moa.psi %0[%j] : tensor<4x?xf32>
  %2 = moa.psi %1[%k] : tensor<?xf32>
  // CHECK: %[[R:.*]] = moa.psi %[[A]][%[[I]]]
  %3 = moa.psi %a[] : tensor<?x4x?xf32>
  %4 = moa.psi %3[%i] : tensor<?x4x?xf32>
  // CHECK: return %[[E]], %[[R]]
  return %2, %4 : f32, tensor<4x?xf32>
}

//===----------------------------------------------------------------------===//
// Reordering
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @reverse(
// CHECK-SAME: %[[A:.*]]: tensor<?x4x1xf32>
func.func @reverse(%a: tensor<?x4x1xf32>)
    -> (tensor<?x4x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>) {
  // CHECK: %[[R:.*]] = moa.reverse %[[A]] axes [0] : tensor<?x4x1xf32>
  %0 = moa.reverse %a axes [0, 1] : tensor<?x4x1xf32>
  %1 = moa.reverse %0 axes [1, 2] : tensor<?x4x1xf32>
  %2 = moa.reverse %0 axes [0, 1] : tensor<?x4x1xf32>
  %3 = moa.reverse %a axes [2] : tensor<?x4x1xf32>
  // CHECK: return %[[R]], %[[A]], %[[A]]
  return %1, %2, %3 : tensor<?x4x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>
}

// CHECK-LABEL: @transpose(
// CHECK-SAME: %[[A:.*]]: tensor<?x4x5xf32>
func.func @transpose(%a: tensor<?x4x5xf32>)
    -> (tensor<5x?x4xf32>, tensor<?x4x5xf32>, tensor<2x4x?xf32>) {
  // CHECK: %[[T:.*]] = moa.transpose %[[A]] permutation [2, 0, 1] : tensor<?x4x5xf32> -> tensor<5x?x4xf32>
  %0 = moa.transpose %a permutation [1, 2, 0] : tensor<?x4x5xf32> -> tensor<4x5x?xf32>
  %1 = moa.transpose %0 permutation [1, 2, 0] : tensor<4x5x?xf32> -> tensor<5x?x4xf32>
  %2 = moa.transpose %1 permutation [1, 2, 0] : tensor<5x?x4xf32> -> tensor<?x4x5xf32>
  // CHECK: %[[C:.*]] = tensor.cast %[[A]] : tensor<?x4x5xf32> to tensor<2x4x?xf32>
  %3 = moa.transpose %a permutation [0, 1, 2] : tensor<?x4x5xf32> -> tensor<2x4x?xf32>
  // CHECK: return %[[T]], %[[A]]
  return %1, %2, %3 : tensor<5x?x4xf32>, tensor<?x4x5xf32>, tensor<2x4x?xf32>
}

// CHECK-LABEL: @rotate(
// CHECK-SAME: %[[A:.*]]: tensor<5x1x?xf32>, %[[N:.*]]: index
func.func @rotate(%a: tensor<5x1x?xf32>, %n: index)
    -> (tensor<5x1x?xf32>, tensor<5x1x?xf32>) {
  // CHECK: %[[R:.*]] = moa.rotate %[[A]][4, 0, %[[N]]] : tensor<5x1x?xf32>
  %0 = moa.rotate %a[-6, %n, %n] : tensor<5x1x?xf32>
  %1 = moa.rotate %a[10, 3] : tensor<5x1x?xf32>
  // CHECK: return %[[R]], %[[A]]
  return %0, %1 : tensor<5x1x?xf32>, tensor<5x1x?xf32>
}

// CHECK-LABEL: @reshape(
// CHECK-SAME: %[[A:.*]]: tensor<3x4xf32>, %[[B:.*]]: tensor<?x4xf32>
func.func @reshape(%a: tensor<3x4xf32>, %b: tensor<?x4xf32>)
    -> (tensor<2x9xf32>, tensor<12xf32>, tensor<7xf32>, tensor<5xf32>, tensor<3x4xf32>) {
  // CHECK: %[[R:.*]] = moa.reshape %[[A]][2, 9] : tensor<3x4xf32> -> tensor<2x9xf32>
  %0 = moa.reshape %a[6, 2] : tensor<3x4xf32> -> tensor<6x2xf32>
  %1 = moa.reshape %0[2, 9] : tensor<6x2xf32> -> tensor<2x9xf32>
  // CHECK: %[[V:.*]] = moa.ravel %[[A]] : tensor<3x4xf32> -> tensor<12xf32>
  %2 = moa.ravel %0 : tensor<6x2xf32> -> tensor<12xf32>
  // CHECK: %[[S:.*]] = moa.reshape %[[B]][7] : tensor<?x4xf32> -> tensor<7xf32>
  %3 = moa.ravel %b : tensor<?x4xf32> -> tensor<?xf32>
  %4 = moa.reshape %3[7] : tensor<?xf32> -> tensor<7xf32>
  // Fewer elements than the source has: what comes after sees them repeated.
  // CHECK: %[[F:.*]] = moa.reshape %[[A]][3] : tensor<3x4xf32> -> tensor<3xf32>
  // CHECK: %[[G:.*]] = moa.reshape %[[F]][5] : tensor<3xf32> -> tensor<5xf32>
  %5 = moa.reshape %a[3] : tensor<3x4xf32> -> tensor<3xf32>
  %6 = moa.reshape %5[5] : tensor<3xf32> -> tensor<5xf32>
  %7 = moa.reshape %0[3, 4] : tensor<6x2xf32> -> tensor<3x4xf32>
  // CHECK: return %[[R]], %[[V]], %[[S]], %[[G]], %[[A]]
  return %1, %2, %4, %6, %7
    : tensor<2x9xf32>, tensor<12xf32>, tensor<7xf32>, tensor<5xf32>, tensor<3x4xf32>
}

// CHECK-LABEL: @ravel_of_vector(
// CHECK-SAME: %[[A:.*]]: tensor<?xf32>
func.func @ravel_of_vector(%a: tensor<?xf32>) -> (tensor<?xf32>, tensor<5xf32>) {
  // CHECK: %[[C:.*]] = tensor.cast %[[A]] : tensor<?xf32> to tensor<5xf32>
  %0 = moa.ravel %a : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.ravel %a : tensor<?xf32> -> tensor<5xf32>
  // CHECK: return %[[A]], %[[C]]
  return %0, %1 : tensor<?xf32>, tensor<5xf32>
}

//===----------------------------------------------------------------------===//
// Whole arrays
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @whole(
// CHECK-SAME: %[[A:.*]]: tensor<5x3xf32>, %[[B:.*]]: tensor<5x?xf32>
func.func @whole(%a: tensor<5x3xf32>, %b: tensor<5x?xf32>)
    -> (tensor<5x3xf32>, tensor<5x?xf32>, tensor<2xindex>) {
  %0 = moa.take %a[-5, 3] : tensor<5x3xf32> -> tensor<5x3xf32>
  %1 = moa.drop %b[0, 0] : tensor<5x?xf32> -> tensor<5x?xf32>
  // CHECK: %[[S:.*]] = arith.constant dense<[5, 3]> : tensor<2xindex>
  %2 = moa.shape %a : tensor<5x3xf32> -> tensor<2xindex>
  // CHECK: return %[[A]], %[[B]], %[[S]]
  return %0, %1, %2 : tensor<5x3xf32>, tensor<5x?xf32>, tensor<2xindex>
}

// CHECK-LABEL: @cat(
// CHECK-SAME: %[[A:.*]]: tensor<?x4xf32>, %[[E:.*]]: tensor<0x4xf32>
func.func @cat(%a: tensor<?x4xf32>, %e: tensor<0x4xf32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<0x4xf32>, tensor<6x4xf32>) {
  %0 = moa.cat %a : tensor<?x4xf32> -> tensor<?x4xf32>
  // CHECK: %[[C:.*]] = moa.cat %[[A]], %[[A]] : tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  %1 = moa.cat %a, %e, %a, %e axis 0
    : tensor<?x4xf32>, tensor<0x4xf32>, tensor<?x4xf32>, tensor<0x4xf32> -> tensor<?x4xf32>
  %2 = moa.cat %e, %e axis 0 : tensor<0x4xf32>, tensor<0x4xf32> -> tensor<0x4xf32>
  // CHECK: %[[D:.*]] = tensor.cast %[[A]] : tensor<?x4xf32> to tensor<6x4xf32>
  %3 = moa.cat %e, %a axis 0 : tensor<0x4xf32>, tensor<?x4xf32> -> tensor<6x4xf32>
  // CHECK: return %[[A]], %[[C]], %[[E]], %[[D]]
  return %0, %1, %2, %3
    : tensor<?x4xf32>, tensor<?x4xf32>, tensor<0x4xf32>, tensor<6x4xf32>
}

// CHECK-LABEL: @map_identity(
// CHECK-SAME: %[[A:.*]]: tensor<?x4xf32>, %[[B:.*]]: tensor<4xf32>
func.func @map_identity(%a: tensor<?x4xf32>, %b: tensor<4xf32>, %x: f32)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = moa.map %b, %a {
  ^bb0(%y: f32, %z: f32):
    moa.yield %z : f32
  } : tensor<4xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  // Repeated, or from outside: no identity.
  // CHECK: %[[M:.*]] = moa.map %[[B]], %[[A]]
  %1 = moa.map %b, %a {
  ^bb0(%y: f32, %z: f32):
    moa.yield %y : f32
  } : tensor<4xf32>, tensor<?x4xf32> -> tensor<?x4xf32>
  // CHECK: %[[O:.*]] = moa.map %[[A]]
  %2 = moa.map %a {
  ^bb0(%y: f32):
    moa.yield %x : f32
  } : tensor<?x4xf32> -> tensor<?x4xf32>
  // CHECK: return %[[A]], %[[M]], %[[O]]
  return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: @select(
// CHECK-SAME: %[[M:.*]]: tensor<4xi1>, %[[A:.*]]: tensor<4xf32>, %[[B:.*]]: tensor<4xf32>
func.func @select(%m: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %true = arith.constant dense<true> : tensor<i1>
  %false = arith.constant dense<false> : tensor<4xi1>
  %0 = moa.select %true, %a, %b : tensor<i1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %1 = moa.select %false, %a, %b : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %2 = moa.select %m, %a, %a : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  // CHECK: return %[[A]], %[[B]], %[[A]]
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// Canonical forms of level 2.

// CHECK-LABEL: @array_extents(
// CHECK-SAME: %[[N:.*]]: index
func.func @array_extents(%n: index) -> tensor<?x?xindex> {
  // CHECK: %[[A:.*]] = moa.array (%i, %j) in (%[[N]], 4) {
  // CHECK: } : tensor<?x4xindex>
  // CHECK: %[[C:.*]] = tensor.cast %[[A]] : tensor<?x4xindex> to tensor<?x?xindex>
  // CHECK: return %[[C]]
  %c4 = arith.constant 4 : index
  %0 = moa.array (%i, %j) in (%n, %c4) {
    moa.yield %i : index
  } : tensor<?x?xindex>
  return %0 : tensor<?x?xindex>
}

// CHECK-LABEL: @array_with_destination(
func.func @array_with_destination(%o: tensor<?xindex>, %b: memref<?xindex>)
    -> tensor<?xindex> {
  // CHECK: moa.array (%i) in (4) outs(%{{.*}} : tensor<?xindex>) {
  // CHECK: } : tensor<?xindex>
  %c4 = arith.constant 4 : index
  %0 = moa.array (%i) in (%c4) outs(%o : tensor<?xindex>) {
    moa.yield %i : index
  } : tensor<?xindex>
  // CHECK: moa.array (%i) in (4) outs(%{{.*}} : memref<?xindex>) {
  moa.array (%i) in (%c4) outs(%b : memref<?xindex>) {
    moa.yield %i : index
  }
  return %0 : tensor<?xindex>
}

// Constants that contradict types, or are negative, stay.
// CHECK-LABEL: @array_contradiction(
func.func @array_contradiction() -> (tensor<3xindex>, tensor<?xindex>) {
  // CHECK: moa.array (%i) in (%c4) {
  // CHECK: moa.array (%i) in (%c-1) {
  %c4 = arith.constant 4 : index
  %m1 = arith.constant -1 : index
  %0 = moa.array (%i) in (%c4) {
    moa.yield %i : index
  } : tensor<3xindex>
  %1 = moa.array (%i) in (%m1) {
    moa.yield %i : index
  } : tensor<?xindex>
  return %0, %1 : tensor<3xindex>, tensor<?xindex>
}

// CHECK-LABEL: @array_results(
// CHECK-SAME: %[[A:.*]]: tensor<4xf32>
func.func @array_results(%a: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<4xindex>) {
  // The third result is dead, the fourth equals the first, the fifth has another
  // map.
  // CHECK: %[[R:.*]]:3 = moa.array (%i) in (4) maps [#{{.*}}, #{{.*}}, #{{.*}}] attributes {test.note} {
  // CHECK-NOT: math.exp
  // CHECK: moa.yield %{{.*}}, %{{.*}}, %i : f32, f32, index
  // CHECK: } : tensor<4xf32>, tensor<f32>, tensor<4xindex>
  %c0 = arith.constant 0 : index
  %0:5 = moa.array (%i) in (4)
      maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>,
            affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>,
            affine_map<(d0) -> (d0)>] attributes {test.note} {
    %x = moa.psi %a[%i] : tensor<4xf32>
    %y = math.exp %x : f32
    %z = moa.psi %a[%c0] : tensor<4xf32>
    moa.yield %x, %y, %x, %z, %i : f32, f32, f32, f32, index
  } : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<4xindex>
  // CHECK: return %[[R]]#0, %[[R]]#0, %[[R]]#1, %[[R]]#2
  return %0#0, %0#2, %0#3, %0#4
    : tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<4xindex>
}

// CHECK-LABEL: @empty_folds(
// CHECK-SAME: %[[N:.*]]: index, %[[X:.*]]: f32
func.func @empty_folds(%n: index, %x: f32) -> (f32, f32, i32, i8, f32, f32) {
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[INF:.*]] = arith.constant 0xFF800000 : f32
  // CHECK-DAG: %[[ALL:.*]] = arith.constant -1 : i32
  // CHECK-DAG: %[[MOST:.*]] = arith.constant 127 : i8
  // CHECK-NOT: moa.fold
  %c3 = arith.constant 3 : index
  %c2 = arith.constant 2 : index
  %i32 = arith.constant 5 : i32
  %i8 = arith.constant 5 : i8
  %0:4 = moa.fold %k = %c3 to %c2 (%a: add f32, %b: max f32, %c: and i32, %d: min i8) {
    moa.yield %x, %x, %i32, %i8 : f32, f32, i32, i8
  }
  %1 = moa.fold %k = %n to %n (%a: mul f32) init(%x) {
    moa.yield %x : f32
  }
  %2 = moa.fold %k = %c2 to %c2 (%a: custom f32 combine (%p, %q) {
    moa.yield %q : f32
  }) init(%x) {
    moa.yield %x : f32
  }
  // CHECK: return %[[ZERO]], %[[INF]], %[[ALL]], %[[MOST]], %[[X]], %[[X]]
  return %0#0, %0#1, %0#2, %0#3, %1, %2 : f32, f32, i32, i8, f32, f32
}

// A result stays if one that is used needs it: result 2 needs result 0 through
// its element, and 1 is needed by none.
// CHECK-LABEL: @fold_results(
func.func @fold_results(%a: tensor<?xf32>, %n: index) -> f32 {
  // CHECK: %[[F:.*]]:2 = moa.fold %k = %c0 to %{{.*}} (%r: max f32, %[[R1:.*]]: add f32) attributes {test.note} {
  // CHECK-NEXT: %[[S:.*]] = moa.psi
  // CHECK-NEXT: %[[T:.*]] = arith.subf %[[S]], %r
  // CHECK-NEXT: moa.yield %[[S]], %[[T]] : f32, f32
  // CHECK-NEXT: } correct (%old, %[[O1:.*]]) to (%new, %{{.*}}) {
  // CHECK-NEXT: %[[D:.*]] = arith.subf %old, %new
  // CHECK-NEXT: %[[C:.*]] = arith.addf %[[O1]], %[[D]]
  // CHECK-NEXT: moa.yield %old, %[[C]] : f32, f32
  // CHECK-NEXT: }
  // CHECK: return %[[F]]#1
  %c0 = arith.constant 0 : index
  %0:3 = moa.fold %k = %c0 to %n (%r0: max f32, %r1: mul f32, %r2: add f32)
      attributes {test.note} {
    %s = moa.psi %a[%k] : tensor<?xf32>
    %e = arith.divf %s, %r0 : f32
    %t = arith.subf %s, %r0 : f32
    moa.yield %s, %e, %t : f32, f32, f32
  } correct (%o0, %o1, %o2) to (%n0, %n1, %n2) {
    %d = arith.subf %o0, %n0 : f32
    %b = arith.mulf %o1, %d : f32
    %c = arith.addf %o2, %d : f32
    moa.yield %o0, %b, %c : f32, f32, f32
  }
  return %0#2 : f32
}

// Through a correction alone.
// CHECK-LABEL: @fold_correct(
func.func @fold_correct(%a: tensor<?xf32>, %n: index) -> f32 {
  // CHECK: moa.fold %k = %{{.*}} (%r: max f32, %{{.*}}: add f32) {
  %c0 = arith.constant 0 : index
  %0:2 = moa.fold %k = %c0 to %n (%r0: max f32, %r1: add f32) {
    %s = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %s, %s : f32, f32
  } correct (%o0, %o1) to (%n0, %n1) {
    %b = arith.mulf %o1, %n0 : f32
    moa.yield %o0, %b : f32, f32
  }
  return %0#1 : f32
}

// A dead running value that live code still carries along: only the branch's
// second result uses it, which is dead.
// CHECK-LABEL: @fold_branch(
func.func @fold_branch(%a: tensor<?xf32>, %n: index, %x: f32) -> (f32, f32) {
  // CHECK: moa.fold %k = %{{.*}} (%r: custom f32 combine (%acc, %next) {
  // CHECK: }, %{{.*}}: add f32) init(%{{.*}}, %{{.*}}) {
  %c0 = arith.constant 0 : index
  %0:3 = moa.fold %k = %c0 to %n (%r0: add f32, %r1: custom f32 combine (%p, %q) {
    %d = arith.subf %q, %p : f32
    moa.yield %d : f32
  }, %r2: add f32) init(%x, %x, %x) {
    %s = moa.psi %a[%k] : tensor<?xf32>
    %t = arith.cmpf olt, %s, %x : f32
    %b:2 = scf.if %t -> (f32, f32) {
      %y = math.exp %s : f32
      scf.yield %y, %r0 : f32, f32
    } else {
      scf.yield %x, %s : f32, f32
    }
    moa.yield %s, %b#0, %b#0 : f32, f32, f32
  }
  return %0#1, %0#2 : f32, f32
}
