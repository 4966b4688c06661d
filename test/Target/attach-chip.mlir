// RUN: moa-opt %s --moa-attach-chip="chip=sm_120a" | FileCheck %s
// RUN: not moa-opt %s --moa-attach-chip="chip=sm_12" 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK:      gpu.module @m [#nvvm.target<O = 3, chip = "sm_120a", features = "+ptx87">]
// CHECK-SAME:   llvm.data_layout = "e-p6:32:32-i64:64

// UNKNOWN: error: unknown chip 'sm_12'; the known ones are sm_75, sm_80, {{.*}}sm_90a, {{.*}}sm_121f
gpu.module @m {
}
