// Results as files and as text. Files appear all together, or not at all.

// RUN: rm -rf %t && mkdir %t
// RUN: moa-run %s --entry two --out %t/a.npy --out %t/b.npy --counters %t/c.json | count 0
// RUN: %python -c "import numpy as np; a = np.load(r'%t/a.npy'); b = np.load(r'%t/b.npy'); print(a.dtype, a.tolist(), b.dtype, b.tolist())" | FileCheck %s --check-prefix=FILES
// FILES: float32 [0.0, 1.0, 2.0] int64 [0, 1]
// RUN: %python -c "import json; c = json.load(open(r'%t/c.json')); print(sorted(c), c['results'][0]['written'])" | FileCheck %s --check-prefix=COUNTS
// COUNTS: ['arguments', 'constants', 'float_ops', 'integer_ops', 'intermediates', 'results'] 3
// RUN: ls %t | FileCheck %s --check-prefix=LIST
// LIST: a.npy
// LIST-NEXT: b.npy
// LIST-NEXT: c.json
// LIST-NOT: {{.}}

// Fewer files than results; doubles.
// RUN: moa-run %s --entry two --out %t/double.npy --f64-out
// RUN: %python -c "import numpy as np; print(np.load(r'%t/double.npy').dtype)" | FileCheck %s --check-prefix=DOUBLE
// DOUBLE: float64

// RUN: not moa-run %s --entry two --out %t/x.npy --out %t/y.npy --out %t/z.npy 2>&1 | FileCheck %s --check-prefix=MANY
// MANY: moa-run: error: 'two' has 2 results, but 3 files are given with --out
// RUN: not moa-run %s --entry two --out %t/x.npy --out %t/x.npy 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: moa-run: error: two results are to be written to '{{.*}}x.npy'
// RUN: not moa-run %s --entry two --out %t/x.npy --counters %t/x.npy 2>&1 | FileCheck %s --check-prefix=COUNTSTWICE
// COUNTSTWICE: moa-run: error: a result and the counts are to be written to '{{.*}}x.npy'
// RUN: not moa-run %s --entry two --out %t/x.npy --out %t/none/y.npy 2>&1 | FileCheck %s --check-prefix=NOFOLDER
// NOFOLDER: moa-run: error: cannot write '{{.*}}none/y.npy': there is no directory '{{.*}}none'
// RUN: not moa-run %s --entry two --out %t/x.npy --out %t 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: moa-run: error: cannot write '{{.*}}': it is no regular file

// A run that fails leaves what was there, and nothing new.
// RUN: cp %t/a.npy %t/kept.npy
// RUN: not moa-run %s --entry fails --out %t/kept.npy --counters %t/x.json 2>&1 | FileCheck %s --check-prefix=FAILS
// FAILS: error: 'moa.psi' op index 3 is out of bounds: axis 0 has extent 3
// RUN: cmp %t/a.npy %t/kept.npy
// RUN: ls %t | FileCheck %s --check-prefix=NOTHING --implicit-check-not=part
// NOTHING-NOT: x.npy
// NOTHING-NOT: {{^}}y.npy
// NOTHING-NOT: x.json

// As text: all of a small array, of a large one the first elements and what it
// amounts to.
// RUN: moa-run %s --entry text | FileCheck %s --check-prefix=TEXT
// TEXT: result #0: 65xf32 = first 0, 1, 2, 3, 4, 5, 6, 7, min 0, max 64, mean 32
// TEXT-NEXT: result #1: 2x0x3xf32 = {{\[}}[], []]
// TEXT-NEXT: result #2: f32 = 0.1
// TEXT-NEXT: result #3: f64 = 0.30000000000000004
// TEXT-NEXT: result #4: 2x2xi1 = {{\[\[}}1, 0], [1, 1]]

func.func @two() -> (tensor<3xf32>, tensor<2xindex>) {
  %0 = moa.iota : tensor<3xf32>
  %1 = moa.iota : tensor<2xindex>
  return %0, %1 : tensor<3xf32>, tensor<2xindex>
}
func.func @fails() -> (tensor<3xf32>, f32) {
  %i = arith.constant 1 : index
  %two = arith.constant 2 : index
  %j = arith.addi %i, %two : index
  %0 = moa.iota : tensor<3xf32>
  %1 = moa.psi %0[%j] : tensor<3xf32>
  return %0, %1 : tensor<3xf32>, f32
}
func.func @text() -> (tensor<65xf32>, tensor<2x0x3xf32>, f32, f64, tensor<2x2xi1>) {
  %0 = moa.iota : tensor<65xf32>
  %1 = moa.iota : tensor<2x0x3xf32>
  %2 = arith.constant 0.1 : f32
  %a = arith.constant 0.1 : f64
  %b = arith.constant 0.2 : f64
  %3 = arith.addf %a, %b : f64
  %4 = arith.constant dense<[[true, false], [true, true]]> : tensor<2x2xi1>
  return %0, %1, %2, %3, %4 : tensor<65xf32>, tensor<2x0x3xf32>, f32, f64, tensor<2x2xi1>
}
