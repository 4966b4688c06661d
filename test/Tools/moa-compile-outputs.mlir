// REQUIRES: ptxas
// All outputs for a GPU, what -v tells, and standard output.

// RUN: rm -rf %t && mkdir %t
// RUN: moa-compile %s --chip=sm_80 --entry f -v -o %t/f.ptx -o %t/f.cubin -o %t/f.fatbin -o %t/f.ll -o %t/f.mlir -o %t/f.h 2>&1 | FileCheck %s --check-prefix=VERBOSE
// RUN: FileCheck %s --check-prefix=PTX --input-file=%t/f.ptx
// RUN: llvm-readelf -h %t/f.cubin | FileCheck %s --check-prefix=CUBIN
// RUN: llvm-readelf -s %t/f.cubin | FileCheck %s --check-prefix=SYMBOLS
// RUN: FileCheck %s --check-prefix=LLVM --input-file=%t/f.ll
// RUN: FileCheck %s --check-prefix=MLIR --input-file=%t/f.mlir
// RUN: ls %t | count 6
// RUN: moa-compile %s --chip=sm_100a --emit=ptx -o - | FileCheck %s --check-prefix=STDOUT
// RUN: moa-compile - --target=cuda --emit=ptx -o - < %s | FileCheck %s --check-prefix=DEFAULT
// RUN: moa-compile %s --chip=sm_120a --emit=cubin --emit=ptx -o %t/f.bin -o %t/f.text
// RUN: llvm-readelf -h %t/f.bin | FileCheck %s --check-prefix=CUBIN
// RUN: FileCheck %s --check-prefix=TEXT --input-file=%t/f.text

// VERBOSE:      kernel f_kernel0: {{[1-9][0-9]*}} registers, 0 bytes stack, 0 bytes spill stores, 0 bytes spill loads, 0 bytes shared memory
// VERBOSE-NOT:  kernel
// VERBOSE:      wrote {{.*}}f.ptx: {{[0-9]+}} bytes
// VERBOSE-NEXT: wrote {{.*}}f.cubin: {{[0-9]+}} bytes
// VERBOSE-NEXT: wrote {{.*}}f.fatbin: {{[0-9]+}} bytes

// PTX:      .version 8.0
// PTX-NEXT: .target sm_80
// PTX:      .visible .entry f_kernel0(
// PTX-NOT:  .entry
// CUBIN:    Machine: NVIDIA CUDA
// SYMBOLS:  f_kernel0
// LLVM:     target triple = "nvptx64-nvidia-cuda"
// LLVM:     define ptx_kernel void @f_kernel0(
// LLVM:     call float @__nv_expf(
// MLIR:     func.func @f(
// MLIR:     gpu.launch_func @moa_kernels::@f_kernel0
// MLIR:     gpu.module @moa_kernels [#nvvm.target<O = 3, chip = "sm_80"
// STDOUT:   .target sm_100a
// DEFAULT:  .target sm_80
// TEXT:     .target sm_120a
// TEXT:     .visible .entry f_kernel0(
// TEXT:     .visible .entry g_kernel0(
func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.map %a {
  ^bb0(%x: f32):
    %y = math.exp %x : f32
    moa.yield %y : f32
  } : tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
func.func @g(%a: tensor<?xbf16>) -> tensor<?xbf16> {
  %0 = moa.reverse %a axes [0] : tensor<?xbf16>
  return %0 : tensor<?xbf16>
}
