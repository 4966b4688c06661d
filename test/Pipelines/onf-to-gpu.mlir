// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_80 format=ptx" | tr '\134' '\n' | FileCheck %s --check-prefixes=CHECK,SM80
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_75 format=ptx" | tr '\134' '\n' | FileCheck %s --check-prefixes=CHECK,SM75
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_90a format=ptx" | tr '\134' '\n' | FileCheck %s --check-prefixes=CHECK,SM90A
// RUN: moa-opt %s --moa-onf-to-gpu="chip=sm_120a format=ptx block-size=64" | tr '\134' '\n' | FileCheck %s --check-prefixes=CHECK,SM120A

// The line breaks of the PTX text stand as \0A in the attribute, so a line
// begins with 0A here; tabs are \09.

// CHECK:         gpu.launch_func @moa_kernels::@maximum_kernel0
// SM75:        0A.version 8.0
// SM75-NEXT:   0A.target sm_75
// SM80:        0A.version 8.0
// SM80-NEXT:   0A.target sm_80
// SM90A:       0A.version 8.0
// SM90A-NEXT:  0A.target sm_90a
// SM120A:      0A.version 8.7
// SM120A-NEXT: 0A.target sm_120a
// CHECK-NEXT:  0A.address_size 64

// One pointer for each array, its offset and stride, the number of cells; a
// maximum that keeps NaN.

// CHECK:       0A.visible .entry maximum_kernel0(
// CHECK-COUNT-10: .param .{{(u64|u32)}}
// CHECK-NEXT:  0A)
// SM120A:      0A.maxntid 64, 1, 1
// SM80:        max.NaN.f32
// SM90A:       max.NaN.f32
// SM75:        setp.nan.f32
// CHECK:       ret;
#strided = strided<[?], offset: ?>
func.func @maximum(%a: memref<?xf32, #strided>, %b: memref<?xf32, #strided>, %o: memref<?xf32, #strided>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %o, %c0 : memref<?xf32, #strided>
  scf.forall (%i) in (%n) {
    %x = memref.load %a[%i] : memref<?xf32, #strided>
    %y = memref.load %b[%i] : memref<?xf32, #strided>
    %z = arith.maximumf %x, %y : f32
    memref.store %z, %o[%i] : memref<?xf32, #strided>
  }
  return
}

// A square root is rounded correctly; 64-bit loads are not split.

// CHECK:       0A.visible .entry root_kernel0(
// CHECK:       ld.global.b64
// CHECK:       sqrt.rn.f64
// CHECK:       ld.global.b64
// CHECK:       ret;
func.func @root(%a: memref<4xf64>, %b: memref<4xi64>, %o: memref<4xf64>) {
  scf.forall (%i) in (4) {
    %x = memref.load %a[%i] : memref<4xf64>
    %r = math.sqrt %x : f64
    %m = memref.load %b[%i] : memref<4xi64>
    %y = arith.sitofp %m : i64 to f64
    %z = arith.addf %r, %y : f64
    memref.store %z, %o[%i] : memref<4xf64>
  }
  return
}

// exp of bf16 is libdevice's of f32, rounded once; no function is left to link.

// CHECK-NOT:   .extern
// CHECK:       0A.visible .entry exp_kernel0(
// CHECK:       ex2.approx.ftz.f32
// SM80:        cvt.rn.bf16.f32
// SM90A:       cvt.rn.bf16.f32
// SM75:        bfe.u32
// CHECK:       ret;
func.func @exp(%a: memref<?xbf16>, %o: memref<?xbf16>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %o, %c0 : memref<?xbf16>
  scf.forall (%i) in (%n) {
    %x = memref.load %a[%i] : memref<?xbf16>
    %y = math.exp %x : bf16
    memref.store %y, %o[%i] : memref<?xbf16>
  }
  return
}

// A scratch row that is indexed by constants after unrolling is in registers.

// CHECK:       0A.visible .entry scratch_kernel0(
// CHECK-NOT:   .local
// CHECK:       ret;
func.func @scratch(%a: memref<?x4xf32>, %o: memref<?x4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  %n = memref.dim %a, %c0 : memref<?x4xf32>
  scf.forall (%i) in (%n) {
    %row = memref.alloca() : memref<4xf32>
    %s = scf.for %k = %c0 to %c4 step %c1 iter_args(%acc = %zero) -> f32 {
      %x = memref.load %a[%i, %k] : memref<?x4xf32>
      memref.store %x, %row[%k] : memref<4xf32>
      %y = arith.addf %acc, %x : f32
      scf.yield %y : f32
    }
    scf.for %k = %c0 to %c4 step %c1 {
      %x = memref.load %row[%k] : memref<4xf32>
      %y = arith.divf %x, %s : f32
      memref.store %y, %o[%i, %k] : memref<?x4xf32>
    }
  }
  return
}

// Constants that are arrays are in the kernels' module.

// CHECK:       0A.visible .entry table_kernel0(
// CHECK:       ld.global.nc.b32
// CHECK:       ret;
memref.global "private" constant @numbers : memref<5xi32> = dense<[5, 70, 9, 1000, 3]>
func.func @table(%o: memref<5xi32>) {
  %t = memref.get_global @numbers : memref<5xi32>
  scf.forall (%i) in (5) {
    %x = memref.load %t[%i] : memref<5xi32>
    memref.store %x, %o[%i] : memref<5xi32>
  }
  return
}
