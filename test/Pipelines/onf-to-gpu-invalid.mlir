// RUN: not moa-opt %s --moa-onf-to-gpu="chip=sm_19" 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not moa-opt %s --moa-onf-to-gpu="chip=sm_80 format=elf" 2>&1 | FileCheck %s --check-prefix=FORMAT
// RUN: not moa-opt %s --moa-onf-to-gpu="chip=sm_80 block-size=33" 2>&1 | FileCheck %s --check-prefix=BLOCK
// RUN: not moa-opt %s --moa-onf-to-gpu="chip=sm_80 format=fatbin cuda-root=%t.none" 2>&1 | FileCheck %s --check-prefix=ROOT
// RUN: env -u CUDA_ROOT moa-opt %s --moa-onf-to-gpu="chip=sm_80 format=ptx cuda-root=%t.none" | FileCheck %s --check-prefix=PTX

// CHIP:   unknown chip 'sm_19'; the known ones are sm_75,
// FORMAT: Cannot find option named 'elf'!
// BLOCK:  block-size is 33; it must be a multiple of 32 from 32 to 1024
// ROOT:   cannot make a binary: no bin/ptxas in {{.*}}none (set cuda-root or MOA_CUDA_ROOT
// PTX:    gpu.binary
func.func @f(%o: memref<4xf32>) {
  %x = arith.constant 1.0 : f32
  scf.forall (%i) in (4) {
    memref.store %x, %o[%i] : memref<4xf32>
  }
  return
}
