// What the interpreter cannot run is told at its place; nothing crashes.

// RUN: not moa-run %s --entry buffers --arg i8:1 2>&1 | FileCheck %s --check-prefix=BUFFERS
// RUN: not moa-run %s --entry blocks 2>&1 | FileCheck %s --check-prefix=BLOCKS
// RUN: not moa-run %s --entry width 2>&1 | FileCheck %s --check-prefix=WIDTH
// RUN: not moa-run %s --entry wide 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: not moa-run %s --entry overflow 2>&1 | FileCheck %s --check-prefix=OVERFLOW
// RUN: not moa-run %s --entry memory 2>&1 | FileCheck %s --check-prefix=MEMORY
// RUN: not moa-run %s --entry count 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not moa-run %s --entry resource 2>&1 | FileCheck %s --check-prefix=RESOURCE

// BUFFERS: error: argument #0 of 'buffers' has type 'memref<2xf32>', which no array can hold
func.func @buffers(%a: memref<2xf32>) {
  return
}

// BLOCKS: error: function 'blocks' has several blocks, which the reference interpreter does not run
func.func @blocks() {
  cf.br ^bb1
^bb1:
  return
}

// WIDTH: error: result #0 of 'width' has type 'i5', which no array can hold
func.func @width() -> i5 {
  %0 = arith.constant -5 : i5
  return %0 : i5
}

// WIDE: error: the reference interpreter has no values of type 'i128', which 'arith.constant' has
func.func @wide() -> i128 {
  %0 = arith.constant 5 : i128
  return %0 : i128
}

// OVERFLOW: error: 'moa.iota' op cannot make its result: shape [4611686018427387904] has more than 2^63 - 1 bytes
func.func @overflow() -> tensor<?xf32> {
  %n = arith.constant 4611686018427387904 : index
  %0 = moa.iota(%n) : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// MEMORY: error: 'moa.array' op cannot make its result: no memory for 800000000000000000 bytes
func.func @memory() -> tensor<?x?xindex> {
  %n = arith.constant 100000000000000000 : index
  %0 = moa.array (%i, %j) in (%n, 1) {
    moa.yield %i : index
  } : tensor<?x1xindex>
  %1 = tensor.cast %0 : tensor<?x1xindex> to tensor<?x?xindex>
  return %1 : tensor<?x?xindex>
}

// COUNT: error: 'moa.take' op has the count -9223372036854775808, whose absolute value is no index
func.func @count() -> tensor<?xf32> {
  %n = arith.constant -9223372036854775808 : index
  %a = moa.iota : tensor<3xf32>
  %0 = moa.take %a[%n] : tensor<3xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// RESOURCE: error: 'arith.constant' op has a value that the reference interpreter does not understand
func.func @resource() -> tensor<2xf32> {
  %0 = arith.constant dense_resource<r> : tensor<2xf32>
  return %0 : tensor<2xf32>
}
{-# dialect_resources: { builtin: { r: "0x040000000000803f00000040" } } #-}
