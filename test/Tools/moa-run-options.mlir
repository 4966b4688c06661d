// Programs, functions, targets and passes that there are not.

// RUN: rm -rf %t && mkdir %t
// RUN: not moa-run %t/missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: moa-run: error: cannot open input file '{{.*}}missing.mlir': {{[Nn]}}o such file or directory
// RUN: not moa-run 2>&1 | FileCheck %s --check-prefix=NOFILE
// NOFILE: moa-run: Not enough positional command line arguments specified
// RUN: not moa-run %s --entry f --speed=high 2>&1 | FileCheck %s --check-prefix=FLAG
// FLAG: moa-run: Unknown command line argument '--speed=high'

// RUN: echo "func.func @f( {" | not moa-run - 2>&1 | FileCheck %s --check-prefix=SYNTAX
// SYNTAX: <stdin>:1:14: error: expected non-function type
// RUN: echo "func.func @f(%%a: tensor<2xf32>) -> tensor<3xf32> { return %%a : tensor<2xf32> }" | not moa-run - 2>&1 | FileCheck %s --check-prefix=VERIFY
// VERIFY: error: type of return operand 0 ('tensor<2xf32>') doesn't match function result type ('tensor<3xf32>')
// RUN: echo "" | not moa-run - 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: moa-run: error: --entry must say which function to run; there are: none

// RUN: not moa-run %s --entry h 2>&1 | FileCheck %s --check-prefix=ENTRY
// ENTRY: moa-run: error: there is no function 'h' with a body; there are: 'f', 'g'
// RUN: not moa-run %s 2>&1 | FileCheck %s --check-prefix=WHICH
// WHICH: moa-run: error: --entry must say which function to run; there are: 'f', 'g'
// RUN: not moa-run %s --entry external 2>&1 | FileCheck %s --check-prefix=EXTERNAL
// EXTERNAL: moa-run: error: there is no function 'external' with a body; there are: 'f', 'g'
// RUN: not moa-run %s --entry g 2>&1 | FileCheck %s --check-prefix=NOBODY
// NOBODY: error: function 'external' has no body to run

// RUN: not moa-run %s --entry f --target=abacus 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: moa-run: error: there is no target 'abacus'; there are: 'reference', 'cpu', 'cuda', 'emulator'
// RUN: env MOA_LIBCUDA=%t/libcuda.so not moa-run %s --entry f --target=cuda 2>&1 | FileCheck %s --check-prefix=CUDA
// CUDA: moa-run: error: there is no CUDA driver: {{.*}}libcuda.so: cannot open shared object file
// RUN: not moa-run %s --entry f --target=cuda --counters=- 2>&1 | FileCheck %s --check-prefix=COUNTERS
// COUNTERS: moa-run: error: --counters is for --target=reference and --target=emulator only, not for 'cuda'
// RUN: not moa-run %s --entry f --target=cpu --partition-seed=1 2>&1 | FileCheck %s --check-prefix=SEED
// SEED: moa-run: error: --partition-seed is for --target=reference only, not for 'cpu'
// RUN: not moa-run %s --entry f --target=cpu --f64-out 2>&1 | FileCheck %s --check-prefix=DOUBLES
// DOUBLES: moa-run: error: --f64-out is for --target=reference only, not for 'cpu'
// RUN: not moa-run %s --entry f --target=cpu --chip=sm_90a 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: moa-run: error: --chip is for --target=cuda and --target=emulator only, not for 'cpu'
// RUN: not moa-run %s --entry f --target=cuda --checks=none 2>&1 | FileCheck %s --check-prefix=CHECKS
// CHECKS: moa-run: error: --checks is for --target=emulator only, not for 'cuda'
// RUN: not moa-run %s --entry f --target=emulator --checks=sanity 2>&1 | FileCheck %s --check-prefix=SANITY
// SANITY: moa-run: error: bad value 'sanity' of option 'checks'
// RUN: not moa-run %s --entry f --target=emulator --chip=sm_1 2>&1 | FileCheck %s --check-prefix=NOCHIP
// NOCHIP: error: {{.*}}sm_1
// RUN: moa-run %s --entry f --target=emulator --counters=- | FileCheck %s --check-prefix=EMULATOR
// EMULATOR:      result #0: 3xi32 = [2, 1, 0]
// EMULATOR-NEXT: [{
// EMULATOR:      "kernel": "f_kernel0"

// RUN: moa-run %s --entry f "--pass-pipeline=builtin.module(func.func(moa-psi-reduce))" | FileCheck %s
// CHECK: result #0: 3xi32 = [2, 1, 0]
// RUN: not moa-run %s --entry f "--pass-pipeline=builtin.module(func.func(moa-magic))" 2>&1 | FileCheck %s --check-prefix=PASS
// PASS: moa-run: error: --pass-pipeline: {{.*}}'moa-magic' does not refer to a registered pass
// RUN: not moa-run %s --entry f "--pass-pipeline=func.func(moa-psi-reduce)" 2>&1 | FileCheck %s --check-prefix=ANCHOR
// ANCHOR: moa-run: error: --pass-pipeline must be 'builtin.module(...)'
// RUN: not moa-run %s --entry f "--pass-pipeline=builtin.module(func.func(moa-verify-dnf))" 2>&1 | FileCheck %s --check-prefix=DNF
// DNF: moa-run-options.mlir:{{[0-9]+}}:{{[0-9]+}}: error: {{.*}}moa.iota

func.func @f() -> tensor<3xi32> {
  %0 = moa.iota : tensor<3xi32>
  %1 = moa.reverse %0 axes [0] : tensor<3xi32>
  return %1 : tensor<3xi32>
}
func.func private @external() -> tensor<3xi32>
func.func @g() -> tensor<3xi32> {
  %0 = call @external() : () -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
