// The plugin in Debian's own mlir-opt gives the same IR as moa-opt.

// RUN: %stock_mlir_opt %s \
// RUN:   --load-dialect-plugin=%moa_lib/moa-plugin%shlibext \
// RUN:   --load-pass-plugin=%moa_lib/moa-plugin%shlibext \
// RUN:   --pass-pipeline="builtin.module(func.func(moa-expand,moa-psi-reduce,moa-verify-dnf))" \
// RUN:   -o %t.plugin
// RUN: moa-opt %s \
// RUN:   --pass-pipeline="builtin.module(func.func(moa-expand,moa-psi-reduce,moa-verify-dnf))" \
// RUN:   -o %t.moa
// RUN: diff %t.plugin %t.moa
// RUN: FileCheck %s --input-file=%t.plugin

// Without the dialect plugin the program cannot be read.
// RUN: not %stock_mlir_opt %s 2>&1 | FileCheck %s --check-prefix=ALONE
// ALONE: error: Dialect `moa' not found for custom op 'moa.attention'

// CHECK-LABEL: func.func @attention
// CHECK-NOT:     moa.attention
// CHECK:         moa.array
// CHECK:           moa.fold
func.func @attention(%q: tensor<?x?xf32>, %k: tensor<?x?xf32>,
                     %v: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %o = moa.attention %q, %k, %v causal
      : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %o : tensor<?x?xf32>
}
