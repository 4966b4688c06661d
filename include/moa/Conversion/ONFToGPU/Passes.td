//===- Passes.td - From loops to GPU kernels ---------------*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_ONFTOGPU_PASSES_TD
#define MOA_CONVERSION_ONFTOGPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertONFToGPU : Pass<"convert-onf-to-gpu", "::mlir::func::FuncOp"> {
  let summary = "Give each cell of a parallel loop a GPU thread (SIMT)";
  let description = [{
    Turns every `scf.forall` of a function in operational normal form into a
    `gpu.launch`. The iteration space is flattened to one dimension of *cells*,
    counted in 64 bits, the last axis fastest. The host computes the number of
    cells from the extents, launches nothing where it is zero, and otherwise
    `ceil(cells / block-size)` blocks, at most 2^31 - 1. A thread starts at its
    own number and strides by the number of threads, so that the kernel is right
    for every one-dimensional grid, and for more cells than a grid can have.

    - Static `memref.alloca`s become memory of the thread.
    - Nested `scf.forall`s run as loops within the thread.
    - `memref.copy` becomes a parallel loop.
    - Scalar code of the function that reads or writes arrays runs on the device
      too: what it stores, in a launch of one thread; what a parallel loop uses,
      once in each thread of that loop (a remark says so where it has loops).
    - Scalar results of the function become destinations of rank 0, arguments
      that are appended with the attribute `moa.destination`.

    Destinations must not overlap other arguments. Private functions are left as
    they are, and so are functions with the attribute `moa.messages` (contracts),
    which only the host calls.

    The launches name their kernels `<function>_kernel0`, `<function>_kernel1`,
    ... in program order, and `kernel-module` as the module to outline them into.

    Example (`%c1` and the indices of the launch's other dimensions are left out):

    ```mlir
    scf.forall (%i) in (%n) {
      %x = memref.load %a[%i] : memref<?xf32>
      memref.store %x, %b[%i] : memref<?xf32>
    }
    ```

    becomes

    ```mlir
    %some = arith.cmpi ne, %n, %c0 : index
    scf.if %some {
      %blocks = arith.ceildivui %n, %c128 : index
      %grid = arith.minui %blocks, %c2147483647 : index
      gpu.launch blocks(%bx) in (%gx = %grid) threads(%tx) in (%sx = %c128)
          module(@moa_kernels) function(@f_kernel0) {
        %0 = arith.muli %bx, %sx : index
        %first = arith.addi %0, %tx : index
        %threads = arith.muli %gx, %sx : index
        scf.for %i = %first to %n step %threads {
          %x = memref.load %a[%i] : memref<?xf32>
          memref.store %x, %b[%i] : memref<?xf32>
        }
        gpu.terminator
      }
    }
    ```
  }];
  let options = [
    Option<"blockSize", "block-size", "int64_t", "128",
           "Threads of a block: a multiple of 32, at most 1024">,
    Option<"kernelModule", "kernel-module", "std::string", "\"moa_kernels\"",
           "Name of the gpu.module for the kernels">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def SplitLaunchMemrefs : Pass<"moa-split-launch-memrefs", "::mlir::func::FuncOp"> {
  let summary = "Pass a pointer and indices to kernels, not memref descriptors";
  let description = [{
    Replaces each memref that a `gpu.launch` uses from outside by its base
    pointer (a memref of rank 0) and by those of its offset, strides and extents
    that are not static and that the kernel needs, as index values. An element
    is addressed by its linear offset. Constants and the names of globals are
    repeated in the launch. The parameters of the outlined kernel are then
    pointers and scalars, and none is passed that is not used.

    Run `gpu-kernel-outlining` right after this pass: canonicalization would
    put the memref back together.

    Example:

    ```mlir
    gpu.launch ... {
      %x = memref.load %a[%i] : memref<?xf32, strided<[?], offset: ?>>
      ...
    ```

    becomes

    ```mlir
    %base, %offset, %size, %stride = memref.extract_strided_metadata %a
        : memref<?xf32, strided<[?], offset: ?>> -> memref<f32>, index, index, index
    gpu.launch ... {
      %0 = arith.muli %i, %stride : index
      %1 = arith.addi %offset, %0 : index
      %e = memref.reinterpret_cast %base to offset: [%1], sizes: [], strides: []
          : memref<f32> to memref<f32, strided<[], offset: ?>>
      %x = memref.load %e[] : memref<f32, strided<[], offset: ?>>
      ...
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"
  ];
}

def LegalizeGPUMath : Pass<"moa-legalize-gpu-math", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Rewrite scalar operations that NVVM lacks or rounds differently";
  let description = [{
    Prepares the scalar code of kernels for `convert-gpu-to-nvvm`, so that all
    of `arith` and `math` compiles for every element type and is rounded as its
    definition says.

    - `math.sqrt` becomes LLVM's intrinsic, which is correctly rounded
      (libdevice's is not, unless it is told to).
    - An integer is converted to bf16 through f64, with one rounding (NVVM
      would round to f32 first).
    - A signed i1 becomes a choice between -1.0 and 0.0 (NVVM would make 1.0 of
      a true one where the result is bf16).
    - `math.fpowi` with an i64 becomes a power of f64 (libdevice has i32 only).
    - `math.ipowi` becomes a loop over the bits of the exponent, `math.isnormal`
      two comparisons; `math.trunc`, `math.absi`, `math.ctlz`, `math.cttz` and
      `math.ctpop` become LLVM intrinsics.

    Functions of f16 and bf16 have been widened to f32 before, by
    `math-extend-to-supported-types`.

    Example:

    ```mlir
    %y = arith.sitofp %x : i32 to bf16
    ```

    becomes

    ```mlir
    %0 = arith.sitofp %x : i32 to f64
    %y = arith.truncf %0 : f64 to bf16
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::LLVM::LLVMDialect"
  ];
}

def AnnotateGPULoops : Pass<"moa-annotate-gpu-loops", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Leave unrolling at run time to ptxas";
  let description = [{
    Marks every loop of the kernels of a `gpu.module`, in the LLVM dialect, so
    that LLVM does not unroll it where the number of iterations is known only at
    run time. ptxas unrolls such loops itself, with the registers and latencies
    of the chip in view; doing so twice only makes code larger and compilation
    slower. Loops of constant length are unrolled as
    ever.

    Example (a block that ends a loop's body):

    ```mlir
    llvm.br ^header(%next : i64)
    ```

    becomes

    ```mlir
    llvm.br ^header(%next : i64) {loop_annotation = #loop}
    ```

    with `#loop` = `#llvm.loop_annotation<unroll = <runtimeDisable = true>>`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // MOA_CONVERSION_ONFTOGPU_PASSES_TD
