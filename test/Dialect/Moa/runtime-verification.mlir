// RUN: moa-opt %s --generate-runtime-verification --canonicalize | FileCheck %s

// What is not known to hold becomes a cf.assert in front of the operation; what
// is known leaves nothing behind.

// CHECK-LABEL: @iota(
// CHECK-SAME: %[[N:.*]]: index, %[[M:.*]]: index
func.func @iota(%n: index, %m: index) -> (tensor<?x3x?xf32>, tensor<3xf32>) {
  // CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
  // CHECK: %[[P:.*]] = arith.cmpi sge, %[[N]], %[[C0]] : index
  // CHECK: cf.assert %[[P]], "{{.*}}moa.iota{{.*}}extent operand #0 is negative
  // CHECK: %[[P:.*]] = arith.cmpi sge, %[[M]], %[[C0]] : index
  // CHECK: cf.assert %[[P]], "{{.*}}moa.iota{{.*}}extent operand #1 is negative
  // CHECK: moa.iota(%[[N]], %[[M]])
  %0 = moa.iota(%n, %m) : tensor<?x3x?xf32>
  // CHECK-NOT: cf.assert
  %1 = moa.iota : tensor<3xf32>
  return %0, %1 : tensor<?x3x?xf32>, tensor<3xf32>
}

// The type of the result says more than the operands do.
// CHECK-LABEL: @reshape(
// CHECK-SAME: %[[A:.*]]: tensor<?xf32>, %[[N:.*]]: index
func.func @reshape(%a: tensor<?xf32>, %n: index) -> tensor<2x5xf32> {
  // CHECK: cf.assert %{{.*}}, "{{.*}}extent operand #0 is negative
  // CHECK: arith.cmpi eq, %[[N]], %c5 : index
  // CHECK: cf.assert %{{.*}}, "{{.*}}extent of the result along axis 1 is not the 5 of its type
  // CHECK-NOT: cf.assert
  %0 = moa.reshape %a[2, %n] : tensor<?xf32> -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// CHECK-LABEL: @nothing_to_check(
// CHECK-NEXT: moa.transpose
// CHECK-NEXT: moa.ravel
// CHECK-NEXT: moa.take
// CHECK-NEXT: return
func.func @nothing_to_check(%a: tensor<?x4xf32>)
    -> (tensor<4x?xf32>, tensor<?xf32>, tensor<2x4xf32>) {
  %0 = moa.transpose %a permutation [1, 0] : tensor<?x4xf32> -> tensor<4x?xf32>
  %1 = moa.ravel %a : tensor<?x4xf32> -> tensor<?xf32>
  %2 = moa.take %a[2] : tensor<?x4xf32> -> tensor<2x4xf32>
  return %0, %1, %2 : tensor<4x?xf32>, tensor<?xf32>, tensor<2x4xf32>
}

// Axes of the static extent 1 and missing ones are not compared.
// CHECK-LABEL: @map(
// CHECK-SAME: %[[A:.*]]: tensor<?x?xf32>, %[[B:.*]]: tensor<?xf32>, %[[C:.*]]: tensor<?x1xf32>
func.func @map(%a: tensor<?x?xf32>, %b: tensor<?xf32>, %c: tensor<?x1xf32>)
    -> tensor<?x?xf32> {
  // CHECK: %[[DA:.*]] = tensor.dim %[[A]], %c0
  // CHECK: %[[DC:.*]] = tensor.dim %[[C]], %c0
  // CHECK: %[[P:.*]] = arith.cmpi eq, %[[DA]], %[[DC]]
  // CHECK: cf.assert %[[P]], "{{.*}}moa.map{{.*}}extent of operand #0 along axis 0 and of operand #2 along axis 0 differ
  // CHECK: %[[DA:.*]] = tensor.dim %[[A]], %c1
  // CHECK: %[[DB:.*]] = tensor.dim %[[B]], %c0
  // CHECK: %[[P:.*]] = arith.cmpi eq, %[[DA]], %[[DB]]
  // CHECK: cf.assert %[[P]], "{{.*}}extent of operand #0 along axis 1 and of operand #1 along axis 0 differ
  // CHECK-NOT: cf.assert
  %0 = moa.map %a, %b, %c {
  ^bb0(%x: f32, %y: f32, %z: f32):
    moa.yield %x : f32
  } : tensor<?x?xf32>, tensor<?xf32>, tensor<?x1xf32> -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK-LABEL: @select(
func.func @select(%m: tensor<?xi1>, %a: tensor<4xf32>, %b: tensor<1xf32>)
    -> tensor<4xf32> {
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.select{{.*}}extent of operand #0 along axis 0 and of operand #1 along axis 0 differ
  // CHECK-NOT: cf.assert
  %0 = moa.select %m, %a, %b : tensor<?xi1>, tensor<4xf32>, tensor<1xf32>
      -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @cat(
func.func @cat(%a: tensor<?x4xf32>, %b: tensor<2x?xf32>) -> tensor<?x4xf32> {
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.cat{{.*}}extent of operand #0 along axis 1 and of operand #1 along axis 1 differ
  // CHECK-NOT: cf.assert
  %0 = moa.cat %a, %b : tensor<?x4xf32>, tensor<2x?xf32> -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @inner(
func.func @inner(%a: tensor<?x4xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.inner{{.*}}extent of operand #0 along axis 1 and of operand #1 along axis 0 differ
  // CHECK-NOT: cf.assert
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<?x4xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// Every other operation has the extents of its result to check only.
// CHECK-LABEL: @result_types(
func.func @result_types(%a: tensor<?x?xf32>, %p: tensor<?xi32>)
    -> (tensor<3x?xf32>, tensor<2x?xf32>, tensor<?x9xf32>, tensor<5xf32>,
        tensor<?x3xf32>, tensor<?x?x6x?xf32>) {
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.transpose{{.*}}extent of the result along axis 0 is not the 3 of its type
  %0 = moa.transpose %a permutation [1, 0] : tensor<?x?xf32> -> tensor<3x?xf32>
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.drop{{.*}}extent of the result along axis 0 is not the 2 of its type
  %1 = moa.drop %a[1] : tensor<?x?xf32> -> tensor<2x?xf32>
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.gather{{.*}}extent of the result along axis 1 is not the 9 of its type
  %2 = moa.gather %a[%p] axis 1 : tensor<?x?xf32>, tensor<?xi32> -> tensor<?x9xf32>
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.reduce{{.*}}extent of the result along axis 0 is not the 5 of its type
  %3 = moa.reduce add %a axes [0] : tensor<?x?xf32> -> tensor<5xf32>
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.take{{.*}}extent of the result along axis 1 is not the 3 of its type
  %4 = moa.take %a[] : tensor<?x?xf32> -> tensor<?x3xf32>
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.outer{{.*}}extent of the result along axis 2 is not the 6 of its type
  // CHECK-NOT: cf.assert
  %5 = moa.outer %a, %a {
  ^bb0(%x: f32, %y: f32):
    moa.yield %x : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?x6x?xf32>
  return %0, %1, %2, %3, %4, %5
    : tensor<3x?xf32>, tensor<2x?xf32>, tensor<?x9xf32>, tensor<5xf32>,
      tensor<?x3xf32>, tensor<?x?x6x?xf32>
}

// CHECK-LABEL: @psi(
// CHECK-SAME: %[[A:.*]]: tensor<?x4xf32>, %[[I:.*]]: index
func.func @psi(%a: tensor<?x4xf32>, %i: index) -> (tensor<4xf32>, f32) {
  // CHECK: %[[D:.*]] = tensor.dim %[[A]], %c0
  // CHECK: %[[P:.*]] = arith.cmpi ult, %[[I]], %[[D]]
  // CHECK: cf.assert %[[P]], "{{.*}}moa.psi{{.*}}index #0 is out of bounds along axis 0
  // CHECK: moa.psi
  %0 = moa.psi %a[%i] : tensor<?x4xf32>
  // One index is known to be good, the other one known to be bad.
  // CHECK: cf.assert %{{.*}}, "{{.*}}index #0 is out of bounds along axis 0
  // CHECK-NOT: cf.assert
  // CHECK: moa.psi
  %c3 = arith.constant 3 : index
  %1 = moa.psi %a[%i, %c3] : tensor<?x4xf32>
  return %0, %1 : tensor<4xf32>, f32
}

// CHECK-LABEL: @never_in_bounds(
func.func @never_in_bounds(%a: tensor<4xf32>) -> f32 {
  // CHECK: %[[FALSE:.*]] = arith.constant false
  // CHECK: cf.assert %[[FALSE]], "{{.*}}index #0 is out of bounds along axis 0
  %c4 = arith.constant 4 : index
  %0 = moa.psi %a[%c4] : tensor<4xf32>
  return %0 : f32
}

// CHECK-LABEL: @array(
func.func @array(%n: index, %a: tensor<?xf32>, %o: tensor<3x?xf32>)
    -> tensor<3x?xf32> {
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.array{{.*}}extent operand #0 is negative
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.array{{.*}}extent of result #0 along axis 0 is not the 3 of its type
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.array{{.*}}destination #0 differs in extent along axis 0
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.array{{.*}}destination #0 differs in extent along axis 1
  // Scalar code has no checks: a psi in it is guarded or in bounds.
  // CHECK: moa.array
  // CHECK-NOT: cf.assert
  %0 = moa.array (%i, %j) in (%n, 4) outs(%o : tensor<3x?xf32>) {
    %x = moa.psi %a[%j] : tensor<?xf32>
    moa.yield %x : f32
  } : tensor<3x?xf32>
  return %0 : tensor<3x?xf32>
}

// CHECK-LABEL: @attention(
// CHECK-SAME: %[[Q:[^:]*]]: tensor<?x?x?x?xf32>, %[[K:[^:]*]]: tensor<?x?x?x?xf32>
func.func @attention(%q: tensor<?x?x?x?xf32>, %k: tensor<?x?x?x?xf32>,
                     %v: tensor<?x?x?x?xf32>, %w: index)
    -> (tensor<?x?x?x64xf32>, tensor<?x8x?xf32>) {
  // CHECK: cf.assert %{{.*}}, "{{.*}}moa.attention{{.*}}key dimension of query and key differs
  // CHECK: cf.assert %{{.*}}, "{{.*}}number of keys and values differs
  // CHECK: cf.assert %{{.*}}, "{{.*}}batch of query and key differs
  // CHECK: cf.assert %{{.*}}, "{{.*}}batch of key and value differs
  // CHECK: cf.assert %{{.*}}, "{{.*}}number of key and value heads differs
  // CHECK: %[[HKV:.*]] = arith.maxsi %[[HK:.*]], %c1
  // CHECK: %[[GROUP:.*]] = arith.divui %[[HQ:.*]], %[[HKV]]
  // CHECK: %[[ALL:.*]] = arith.muli %[[GROUP]], %[[HK]]
  // CHECK: %[[P:.*]] = arith.cmpi eq, %[[ALL]], %[[HQ]]
  // CHECK: cf.assert %[[P]], "{{.*}}number of query heads is not a multiple of the key heads
  // CHECK: cf.assert %{{.*}}, "{{.*}}window_left is negative
  // CHECK: cf.assert %{{.*}}, "{{.*}}window_right is negative
  // CHECK: cf.assert %{{.*}}, "{{.*}}extent of lse along axis 1 is not the 8 of its type
  // CHECK: cf.assert %{{.*}}, "{{.*}}extent of output along axis 3 is not the 64 of its type
  // CHECK-NOT: cf.assert
  %o, %l = moa.attention %q, %k, %v window_left(%w) window_right(%w)
    : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>
   -> tensor<?x?x?x64xf32>, tensor<?x8x?xf32>
  return %o, %l : tensor<?x?x?x64xf32>, tensor<?x8x?xf32>
}

// CHECK-LABEL: @attention_without_heads(
func.func @attention_without_heads(%q: tensor<?x64xf32>, %k: tensor<?x64xf32>)
    -> tensor<?x64xf32> {
  // CHECK-NOT: cf.assert
  %c2 = arith.constant 2 : index
  %o = moa.attention %q, %k, %k window_left(%c2)
    : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32> -> tensor<?x64xf32>
  return %o : tensor<?x64xf32>
}
