// Nothing is found in an empty folder; no toolkit is needed for PTX without
// functions of libdevice.

// RUN: rm -rf %t && mkdir -p %t/none && split-file %s %t
// RUN: moa-opt %t/plain.mlir --moa-check-cuda-toolkit="cuda-root=%t/none" | FileCheck %s --check-prefix=PLAIN
// RUN: not moa-opt %t/plain.mlir --moa-check-cuda-toolkit="cuda-root=%t/none format=cubin" 2>&1 | FileCheck %s --check-prefix=PTXAS
// RUN: not moa-opt %t/exp.mlir --moa-check-cuda-toolkit="cuda-root=%t/none" 2>&1 | FileCheck %s --check-prefix=LIBDEVICE
// RUN: env MOA_CUDA_ROOT=%t/none not moa-opt %t/exp.mlir --moa-check-cuda-toolkit 2>&1 | FileCheck %s --check-prefix=LIBDEVICE
// RUN: not moa-opt %t/unknown.mlir --moa-check-cuda-toolkit 2>&1 | FileCheck %s --check-prefix=CALL
// RUN: not moa-opt %t/plain.mlir --moa-check-cuda-toolkit="format=elf" 2>&1 | FileCheck %s --check-prefix=FORMAT

// PLAIN:     gpu.module @m
// PTXAS:     error: cannot make a binary: no bin/ptxas in {{.*}}none (set cuda-root or MOA_CUDA_ROOT to the folder of a CUDA toolkit)
// LIBDEVICE: error: 'llvm.call' op needs libdevice for '__nv_expf': no nvvm/libdevice/libdevice.10.bc in {{.*}}none
// CALL:      error: 'llvm.call' op calls 'memrefCopy', which no library for kernels has
// FORMAT:    Cannot find option named 'elf'!

//--- plain.mlir
gpu.module @m {
  llvm.func @f() {
    llvm.return
  }
}

//--- exp.mlir
gpu.module @m {
  llvm.func @__nv_expf(f32) -> f32
  llvm.func @f(%x: f32) {
    %y = llvm.call @__nv_expf(%x) : (f32) -> f32
    llvm.return
  }
}

//--- unknown.mlir
gpu.module @m {
  llvm.func @memrefCopy()
  llvm.func @f() {
    llvm.call @memrefCopy() : () -> ()
    llvm.return
  }
}
