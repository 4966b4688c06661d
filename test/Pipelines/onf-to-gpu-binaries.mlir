// REQUIRES: ptxas
// ptxas takes the PTX of each chip; a fatbin holds PTX and machine code.

// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_80 format=cubin" | FileCheck %s
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_90a format=cubin" | FileCheck %s
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_100a format=cubin" | FileCheck %s
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_120a format=cubin" | FileCheck %s
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_90a" | FileCheck %s --check-prefix=FATBIN

// CHECK:  gpu.binary @moa_kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_{{.*}} bin = "\7FELF
// FATBIN: gpu.binary @moa_kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_90a", {{.*}} "P\EDU\BA
func.func @f(%a: memref<?x?xf16>, %m: memref<?xi1>, %o: memref<?x?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %a, %c0 : memref<?x?xf16>
  %k = memref.dim %a, %c1 : memref<?x?xf16>
  scf.forall (%i, %j) in (%n, %k) {
    %x = memref.load %a[%i, %j] : memref<?x?xf16>
    %p = memref.load %m[%j] : memref<?xi1>
    %y = math.tanh %x : f16
    %z = arith.select %p, %x, %y : f16
    %w = arith.extf %z : f16 to f64
    memref.store %w, %o[%i, %j] : memref<?x?xf64>
  }
  return
}
