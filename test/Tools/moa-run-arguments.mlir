// Arguments that do not fit are told with their number, what they must be and
// what they are; the exit status is 1.

// RUN: rm -rf %t && mkdir %t
// RUN: %python -c "import numpy as np; np.save(r'%t/f32.npy', np.ones((2, 3), np.float32)); np.save(r'%t/f64.npy', np.ones((2, 3))); np.save(r'%t/vector.npy', np.ones(3, np.float32)); np.save(r'%t/wide.npy', np.ones((2, 4), np.float32)); np.save(r'%t/u16.npy', np.full((2, 2), 0x3f80, np.uint16)); np.save(r'%t/empty.npy', np.ones((0, 3), np.float32)); np.save(r'%t/i64.npy', np.arange(2)); np.save(r'%t/bool.npy', np.array([True, False]))"
// RUN: head -c 130 %t/f32.npy > %t/short.npy
// RUN: head -c 20 %t/f32.npy > %t/header.npy
// RUN: echo "no array" > %t/text.npy

// What fits.
// RUN: moa-run %s --entry f --arg %t/f32.npy --arg f32:0.5 | FileCheck %s --check-prefix=FITS
// FITS: result #0: 2x3xf32 = {{\[\[}}0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
// RUN: moa-run %s --entry f --arg %t/empty.npy --arg f32:0.5 | FileCheck %s --check-prefix=EMPTY
// EMPTY: result #0: 0x3xf32 = []
// Bit patterns for bf16, int64 for index, bool for i1, a 0-d array for a scalar.
// RUN: moa-run %s --entry others --arg %t/u16.npy --arg %t/i64.npy --arg %t/bool.npy --arg i8:-3 | FileCheck %s --check-prefix=OTHERS
// OTHERS: result #0: 2x2xbf16 = {{\[\[}}1, 1], [1, 1]]
// OTHERS: result #1: 2xindex = [0, 1]
// OTHERS: result #2: 2xi1 = [1, 0]
// OTHERS: result #3: i8 = -3

// Too few, too many.
// RUN: not moa-run %s --entry f --arg %t/f32.npy 2>&1 | FileCheck %s --check-prefix=FEW
// FEW: moa-run: error: 'f' takes 2 arguments, but 1 are given with --arg
// RUN: not moa-run %s --entry f --arg %t/f32.npy --arg f32:1 --arg f32:2 2>&1 | FileCheck %s --check-prefix=MANY
// MANY: moa-run: error: 'f' takes 2 arguments, but 3 are given with --arg

// Another element type, rank, extent.
// RUN: not moa-run %s --entry f --arg %t/f64.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=TYPE
// TYPE: moa-run: error: argument #0: {{.*}}f64.npy{{.*}}f64{{.*}}f32
// RUN: not moa-run %s --entry f --arg %t/f32.npy --arg f64:1 2>&1 | FileCheck %s --check-prefix=SCALAR
// SCALAR: moa-run-arguments.mlir:[[@LINE+29]]:1: error: argument #1 of 'f' must be 'f32', but is f64: another element type
// RUN: not moa-run %s --entry f --arg %t/vector.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=RANK
// RANK: error: argument #0 of 'f' must be 'tensor<?x3xf32>', but is 3xf32: rank 1 instead of 2
// RUN: not moa-run %s --entry f --arg %t/wide.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=EXTENT
// EXTENT: error: argument #0 of 'f' must be 'tensor<?x3xf32>', but is 2x4xf32: extent 4 along axis 1 instead of 3
// RUN: not moa-run %s --entry f --arg f32:1 --arg f32:1 2>&1 | FileCheck %s --check-prefix=ARRAY
// ARRAY: error: argument #0 of 'f' must be 'tensor<?x3xf32>', but is f32: rank 0 instead of 2
// RUN: not moa-run %s --entry f --arg %t/f32.npy --arg %t/f32.npy 2>&1 | FileCheck %s --check-prefix=NOSCALAR
// NOSCALAR: error: argument #1 of 'f' must be 'f32', but is 2x3xf32: rank 2 instead of 0

// Scalars that cannot be read.
// RUN: not moa-run %s --entry f --arg %t/f32.npy --arg f31:1 2>&1 | FileCheck %s --check-prefix=SPELLED
// SPELLED: moa-run: error: argument #1: {{.*}}f31
// RUN: not moa-run %s --entry f --arg %t/f32.npy --arg f32:one 2>&1 | FileCheck %s --check-prefix=NUMBER
// NUMBER: moa-run: error: argument #1: {{.*}}f32:one
// RUN: not moa-run %s --entry others --arg %t/u16.npy --arg %t/i64.npy --arg %t/bool.npy --arg i8:300 2>&1 | FileCheck %s --check-prefix=LIMIT
// LIMIT: moa-run: error: argument #3: {{.*}}i8:300{{.*}}127

// Files that are missing, cut off, or something else.
// RUN: not moa-run %s --entry f --arg %t/missing.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: moa-run: error: argument #0: {{.*}}missing.npy{{.*}}{{[Nn]}}o such file
// RUN: not moa-run %s --entry f --arg %t/short.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=SHORT
// SHORT: moa-run: error: argument #0: {{.*}}short.npy
// RUN: not moa-run %s --entry f --arg %t/header.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=HEADER
// HEADER: moa-run: error: argument #0: {{.*}}header.npy
// RUN: not moa-run %s --entry f --arg %t/text.npy --arg f32:1 2>&1 | FileCheck %s --check-prefix=TEXT
// TEXT: moa-run: error: argument #0: {{.*}}text.npy
// RUN: not moa-run %s --entry f --arg %t --arg f32:1 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: moa-run: error: argument #0: {{.*}}directory
func.func @f(%a: tensor<?x3xf32>, %x: f32) -> tensor<?x3xf32> {
  %0 = moa.map %a {
  ^bb0(%e: f32):
    %y = arith.mulf %e, %x : f32
    moa.yield %y : f32
  } : tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}
func.func @others(%a: tensor<2x2xbf16>, %b: tensor<?xindex>, %c: tensor<2xi1>, %d: i8) -> (tensor<2x2xbf16>, tensor<?xindex>, tensor<2xi1>, i8) {
  return %a, %b, %c, %d : tensor<2x2xbf16>, tensor<?xindex>, tensor<2xi1>, i8
}
